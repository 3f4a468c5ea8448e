"""Applications, help at once, mutual aid and referrals as papers and ledgers: what was done at the desk is on paper,
and nothing was typed for it.

M1  an application from acceptance to the first payment fills 受理登记; its letter says the right of appeal
M2  help at once fills 临时救助 with its number in the year; its record says that there was no check and no notice
M3  the village's vote, payment and balance are the record's and the ledger's
M4  a referral stands with each office's answer
M5  近亲属备案 is the desk's alone
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fieldapp.errors import RefusedError, StateError
from fieldapp.reports.api import render_paper
from fieldapp.reports.table import Cell
from fieldapp.store.api import WriteTx
from fieldapp.workflows.ledgers.making import ledger
from fieldapp.workflows.ledgers.registry import BOOKS
from fieldapp.workflows.papers.asking import Ask
from fieldapp.workflows.papers.registry import KINDS
from tests.store.county import VILLAGE
from tests.workflows.matters.office import Office
from tests.workflows.matters.test_application import FAMILY, through_notice

PRINTED = datetime(2026, 11, 30, 2, tzinfo=UTC)
TEXT = Callable[[bytes], str]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = Office.at(tmp_path_factory.mktemp("office"))
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def decided(office: Office) -> str:
    _home, matter = through_notice(office)
    office.do(matter, "confirm", "county", outcome="granted", people=4, amount=3490, starts_on="2026-12-01",
              number="安民救〔2026〕7号")  # fmt: skip
    return matter


def ask(office: Office, subject: str) -> Ask:
    return Ask(subject, PRINTED, office.shelf.best)


def rows(office: Office, book: str, role: str = "county") -> list[dict[str, Cell]]:
    made = office.store.read_now(lambda tx: ledger(tx, office.actor(role), book, ask(office, VILLAGE)))
    return [dict(zip((column.key for column in made.columns), row, strict=True)) for row in made.rows]


def printed(office: Office, kind: str, subject: str, text_of: TEXT) -> str:
    paper = office.store.read_now(lambda tx: KINDS[kind].make(tx, office.actor("county"), ask(office, subject)))
    return text_of(render_paper(paper).pdf)


def test_an_application_fills_its_ledger_and_its_letter(office: Office, decided: str, text_of: TEXT) -> None:
    """M1."""
    [row] = rows(office, "acceptance")
    assert (row["head"], row["title"], row["amount"], row["people"]) == ("肖雨", "低保申请", 349000, 4)
    assert row["signed"] == 2
    assert row["notice_from"] == date(2026, 11, 21)
    assert row["notice_until"] == date(2026, 11, 28)
    assert row["decision"] not in ("", "granted"), "in words"
    record = printed(office, "application_record", decided, text_of)
    for wanted in ("低保申请", "肖雨", "邓山2026-11-21", "安民救〔2026〕7号", "3490.00", "2026-11-21至2026-11-28"):
        assert wanted in record, wanted
    letter = printed(office, "decision_letter", decided, text_of)
    for wanted in ("肖雨", "3490.00元", "2026-12", "行政复议", "行政诉讼"):
        assert wanted in letter, wanted
    assert "3417" not in letter


def test_nothing_is_told_before_it_is_decided(office: Office, decided: str) -> None:
    waiting = office.open("dibao", office.family("向军"))
    with pytest.raises(StateError, match=r"report\.undecided"):
        office.store.read_now(lambda tx: KINDS["decision_letter"].make(tx, office.actor("county"), ask(office, waiting)))


def test_help_at_once_comes_first_and_is_counted(office: Office, text_of: TEXT) -> None:
    """M2."""
    home = office.family("曹梅")
    for amount in (600, 300):
        matter = office.open("emergency", home)
        office.do(matter, "respond", outcome="relocated", place="村委会二楼", meals="村食堂")
        office.do(matter, "help", measures="cash", amount=amount, people=1, words="低温断电")
    found = [row for row in rows(office, "temporary_help") if row["head"] == "曹梅"]
    assert sorted((row["amount"], row["times"], row["first"]) for row in found) == [(30000, 2, "是"), (60000, 1, "是")]
    record = printed(office, "emergency_record", matter, text_of)
    for wanted in ("曹梅", "300.00元", "第2次", "不作家庭经济状况核对，不公示", "村委会二楼", "领取人"):
        assert wanted in record, wanted


def test_mutual_aid_is_voted_paid_and_shown(office: Office, text_of: TEXT) -> None:
    """M3."""
    home = office.family("罗桂花")

    def give(tx: WriteTx) -> str:
        return tx.create("fund_entry", VILLAGE, {
            "account": "mutual_aid", "amount": 500000, "on": "2026-11-01", "words": "乡贤捐助", "who": "周有才", "by": "王敏",
        })  # fmt: skip

    office.store.write_now(give)
    matter = office.open("mutual_aid", home, "supervisor")
    votes = [{"member": f"委员{n}", "vote": "for"} for n in range(1, 6)]
    office.do(matter, "vote", "supervisor", for_whom="罗桂花", reason="房屋失火", committee=7, votes=votes, amount=1200)
    office.do(matter, "pay", "supervisor", amount=1200)
    found = rows(office, "mutual_aid")
    assert [(row["amount_in"], row["amount_out"], row["balance"]) for row in found] == [
        (500000, None, 500000), (None, 120000, 380000),
    ]  # fmt: skip
    assert found[1]["vote"] == "5/5/7"
    record = printed(office, "mutual_aid_record", matter, text_of)
    for wanted in ("罗桂花", "房屋失火", "委员7人，到会5人，同意5人", "委员3（同意）", "1200.00元"):
        assert wanted in record, wanted


def test_a_referral_stands_with_every_answer(office: Office, text_of: TEXT) -> None:
    """M4."""
    home = office.family("谢冬梅")
    matter = office.open("referral", home, provider="县医保局", title="申请医疗救助")
    office.do(matter, "send", until="2026-12-05")
    office.do(matter, "answer", outcome="done", words="已受理，十日内办结")
    [row] = rows(office, "referrals")
    assert (row["head"], row["provider"]) == ("谢冬梅", "县医保局")
    assert row["answer_words"] == "已受理，十日内办结"
    assert row["answer"] not in ("", None)
    assert "已受理，十日内办结" in printed(office, "referral_record", matter, text_of)


def test_near_relatives_are_the_desks(office: Office) -> None:
    """M5."""
    matter = office.open("near_relative", office.family("钱福"), "supervisor")
    office.do(matter, "file", "supervisor", cadre="钱大江", post="村支书", relation="sibling")
    [row] = rows(office, "near_relatives")
    assert (row["head"], row["cadre"], row["post"], row["relation"]) == ("钱福", "钱大江", "村支书", "兄弟姐妹")
    with pytest.raises(RefusedError):
        rows(office, "near_relatives", "grid_worker")


def test_every_ledger_of_the_trade_is_there(office: Office) -> None:
    titles = " ".join(book.title for book in BOOKS.values())
    for wanted in ("排查", "预警", "受理登记", "在册", "动态调整", "近亲属备案", "临时救助", "特困", "服务", "互助", "转介",
                   "热线信访", "物资", "冬春"):  # fmt: skip
        assert wanted in titles, wanted
    for book in BOOKS:
        rows(office, book)


def test_supported_people_stand_with_their_care(office: Office, tmp_path: Path) -> None:
    program = {"p1": {"@row": True, "policy": "tekun", "amount_month": 98000, "since": "2025-03-01"}}
    office.family("周老", programs=program)
    [row] = rows(office, "tekun")
    assert (row["name"], row["amount"]) == ("周老", 98000)
    assert len(FAMILY) == 3


def test_what_the_check_found_stands_in_the_visit_report(
    office: Office, tmp_path: Path, text_of: TEXT
) -> None:
    from fieldapp.reports.api import render_visit
    from fieldapp.workflows.matters import check_report
    from fieldapp.workflows.report_data import visit_report
    from tests.workflows.matters.test_check import declared, report

    home = office.family("孙强", programs={"dibao": {"@row": True, "policy": "dibao", "amount_month": 64000}})
    declared(office, home, {office.made["孙强"]: {"member.income.wage_month": "2400"}}, {})
    matter = office.open("adjust", home)
    office.do(matter, "found", reason="income", outcome="decrease", words="找到工作")
    found = check_report.lay_beside(office.store, matter, report(tmp_path, "孙强,,工资,3400,县人社局,2026-11-20\n")).result()
    check_report.keep(office.store, office.actor("supervisor"), matter, "check", found).result()
    office.do(matter, "check", "supervisor")
    visit = office.visit(home)
    drawn = office.store.read_now(
        lambda tx: visit_report(tx, office.actor("county"), office.shelf.best, visit, printed_at=PRINTED)
    )
    text = text_of(render_visit(drawn).pdf)
    assert "信息核对差异" in text
    assert "工资孙强2400元/月3400县人社局2026-11-20" in text
