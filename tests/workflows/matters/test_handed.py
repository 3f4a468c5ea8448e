"""Referrals, tasks for several offices, services, conferences, crisis, sealed reports, filings: to their results."""

from __future__ import annotations

import base64
from datetime import date
from pathlib import Path

import pytest

from fieldapp.errors import RefusedError
from fieldapp.store.projections import helps
from fieldapp.workflows.matters import lists, readings, slips
from fieldapp.workflows.matters.services import read_services
from fieldapp.workflows.matters.shelf import CONTROL, FOLDER
from tests.store.county import COUNTY
from tests.workflows.matters.office import Office


def test_a_referral_is_asked_after_until_it_is_answered(office: Office) -> None:
    home = office.family("周老")
    matter = office.open("referral", home, title="就近找活", provider="县人社局")
    office.do(matter, "send", words="提前返乡，干不了重活", until="2026-12-05")
    assert office.page(matter).provider == "县人社局"
    office.do(matter, "answer", outcome="going", words="正在联系用工单位", until="2026-12-10")
    answer = office.page(matter).step("answer")
    assert (answer.state, str(answer.due.on if answer.due else "")) == ("open", "2026-12-10")
    office.do(matter, "answer", outcome="done", words="食品厂上班，月薪 4000 元")
    office.do(matter, "close", words="已上班", family_word="很满意")
    (found,) = office.store.read(lambda tx: list(readings.handed(tx, office.actor("supervisor")))).result()
    assert [(outcome, words) for _who, _on, outcome, words in found.answers] == [
        ("going", "正在联系用工单位"), ("done", "食品厂上班，月薪 4000 元"),
    ]  # fmt: skip
    assert found.word == "很满意"
    assert [kind for kind, _ in office.chain(home)] == ["help", "step", "step", "step", "step", "served", "due"]


def test_several_offices_at_once_each_with_its_day_and_result(office: Office) -> None:
    home = office.family("逄姓男子")
    matter = office.open("joint", home, title="查明身份、评残、监护")
    departments = [{"department": "police", "what": "查明身份", "until": "2026-11-27"},
                   {"department": "disabled", "what": "评残", "until": "2026-12-11"}]  # fmt: skip
    office.do(matter, "task", words="林场发现", departments=departments)
    step = office.page(matter).step("offices")
    assert [name for _row, name in step.left] == ["公安", "残联"]
    assert step.due is not None
    assert step.due.on == date(2026, 11, 27), "the nearest of their days"
    first, second = (row for row, _name in step.left)
    office.do(matter, "offices", row=first, outcome="done", words="身份已查明")
    assert [name for _row, name in office.page(matter).step("offices").left] == ["残联"]
    office.do(matter, "offices", row=second, outcome="done", words="精神二级")
    assert office.do(matter, "close", words="手续齐了").closed_on


def test_a_service_ends_with_hours_receipt_photo_and_the_familys_word(office: Office) -> None:
    home = office.family("向军")
    matter = office.open("service", home, title="十天内帮采茶", provider="镇志愿者队", due_on=date(2026, 11, 30))
    office.do(matter, "order", service="labour", hours=12)
    order = office.page(matter).step("order").entries[0]
    assert (order.words, order.until) == ("十天内帮采茶", "2026-11-30"), "what was said when it was opened is filled in"
    office.day = date(2026, 11, 28)
    done = office.do(matter, "serve", served_on="2026-11-27", hours=12, done="采茶 60 斤", family_word="帮了大忙", satisfied="5")
    assert done.closed_on
    (found,) = office.store.read(lambda tx: list(readings.handed(tx, office.actor("county")))).result()
    assert (found.served_on, found.hours, found.word, found.satisfied) == ("2026-11-27", 12.0, "帮了大忙", "5")
    assert found.receipt
    assert found.photo


def test_a_conference_says_who_does_what_until_when_and_it_is_followed(office: Office) -> None:
    home = office.family("黎建")
    matter = office.open("conference", home, "supervisor", words="能否给支出型临时救助")
    offices = ("civil", "medical", "education", "veteran", "disabled", "rural")
    office.do(
        matter, "confer", "supervisor", chair="邓丽", decision_text="公示后按两人给予", responsible="镇民政所",
        opinions=[{"department": each, "opinion": f"{each} 同意"} for each in offices],
        actions=[{"who": "civil", "what": "张贴公示", "until": "2026-12-01"}],
    )  # fmt: skip
    (row, _name), = office.page(matter, "supervisor").step("actions").left
    done = office.do(matter, "actions", "supervisor", row=row, outcome="done", words="已公示")
    assert [name for name, _title in done.opens][:1] == ["temp_expense"]
    office.do(matter, "close", "supervisor", words="已落实")
    (found,) = office.store.read(lambda tx: list(readings.conferences(tx, office.actor("county")))).result()
    assert [department for department, _p, _o in found.opinions] == list(offices)
    assert found.actions == (("civil", "张贴公示", "2026-12-01", "已公示"),)


def test_a_crisis_is_followed_session_by_session(office: Office) -> None:
    home = office.family("某人")
    matter = office.open("crisis", home, person=office.made["某人"])
    office.do(matter, "open", permission="yes", words="睡不着，说不想活", provider="李秋", until="2026-11-22")
    for day, closed in ((22, "no"), (25, "no"), (28, "yes")):
        office.day = date(2026, 11, day)
        more = {"next_on": f"2026-11-{day + 3}"} if closed == "no" else {}
        office.do(matter, "session", level="watch", permission="yes", seen="能说话", done="陪同", closed=closed, **more)
    found = office.page(matter)
    assert found.closed_on
    assert [entry.answers["basics"]["session"] for entry in found.step("session").entries] == [1, 2, 3]


def test_a_report_of_harm_is_sealed(office: Office) -> None:
    home = office.family("某家", ("孩子", "son", "2018-01-01"))
    worker = office.actor("grid_worker")
    matter = office.open("sealed_report", home, person=office.made["孩子"])
    with pytest.raises(RefusedError):
        office.page(matter)
    with pytest.raises(RefusedError):  # what is written is read back by the desk alone
        office.do(matter, "report", who="child", kind=("violence",), words="身上有伤", danger="yes", called="yes")
    assert office.chain(home) == []
    assert office.chain(home, "supervisor") == []
    assert lists.board(office.store, worker, "zh").result().open == ()
    desk = office.page(matter, "supervisor")
    assert desk.step("report").state == "done"
    notify = desk.next
    assert notify is not None
    assert notify.due is not None
    assert (notify.id, notify.due.at) == ("notify", "2026-11-22T01:30:00Z")
    assert [row.type for row in office.store.read(helps.running).result()] == ["sealed_report"]


def test_near_relatives_are_filed_and_visited_by_the_county(office: Office) -> None:
    matter = office.open("near_relative", office.family("邓家"), "supervisor")
    office.do(matter, "file", "supervisor", cadre="邓书记", post="村支部书记", relation="sibling", title="低保")
    with pytest.raises(RefusedError, match=r"refused\.step"):
        office.do(matter, "county_visit", "supervisor", outcome="fits", by_2="李四")
    office.do(matter, "county_visit", "county", outcome="fits", by_2="李四")
    (found,) = office.store.read(lambda tx: list(readings.filings(tx, office.actor("county")))).result()
    assert (found.cadre, found.post, found.relation, found.conclusion) == ("邓书记", "村支部书记", "sibling", "fits")
    assert list(office.store.read(lambda tx: list(readings.filings(tx, office.actor("grid_worker")))).result()) == []


def test_the_countys_list_of_services_is_read_from_its_table(tmp_path: Path) -> None:
    table = tmp_path / "服务清单.csv"
    table.write_text("服务清单,,\n服 务,类别,机构（电话）\n幸福食堂助餐,照料护理,柏叶镇食堂\n适老化改造,其他,县民政局\n", "utf-8")
    listed = read_services(table)["services"]
    assert listed == [
        {"name": "幸福食堂助餐", "kind": "care", "provider": "柏叶镇食堂"},
        {"name": "适老化改造", "kind": "", "provider": "县民政局"},
    ]


def test_a_slip_says_what_was_ordered_whatever_else_was_done_since(office: Office) -> None:
    """A county's own procedure has another step beside the one somebody outside serves."""
    text = (FOLDER / "42-service.yaml").read_text("utf-8").replace(
        "  serve:\n", "  asked:\n    zh: 问过进展\n    en: Asked after\n    level: village\n    roles: [grid_worker]\n"
        "    form: service_closing\n    reads: {day: served_on, words: done}\n    needs: [order]\n    optional: true\n"
        "  serve:\n",
    )  # fmt: skip
    content = {"base64": base64.b64encode(text.encode()).decode()}
    body = {"name": f"{CONTROL}service", "version": 1, "content": content, "effective": None, "at": "2026-11-01T00:00:00Z"}
    office.store.write_now(lambda tx: tx.apply_statements([office.county.sign("control", "control", **body)]))
    task = office.open("service", office.family("向军"), title="送餐", provider="青禾社工")
    office.do(task, "order", service="care", what="送餐", due="2026-11-28")
    slip = slips.slip_id(COUNTY, task)
    ordered = office.page(slip).step("order").entries
    assert [(entry.on, entry.until) for entry in ordered] == [("2026-11-21", "2026-11-28")]
    office.day = date(2026, 11, 24)
    office.do(task, "asked", served_on="2026-11-24", hours=1, done="已联系", family_word="好", satisfied="5")
    assert office.page(slip).step("order").entries == ordered
