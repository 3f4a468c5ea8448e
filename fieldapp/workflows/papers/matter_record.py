"""The record of one matter (事项记录): what it is about, each step with its day, who, what came of it and every answer
of its forms; the same paper for applications, help at once, mutual aid, referrals, services and conferences, in the
words of the county's own procedure and forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

from fieldapp.errors import StateError
from fieldapp.reports.content import Grid, Line, Paper, Section, SignHere
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matter_words import answer_words, entry_outcome, read, step_title
from fieldapp.workflows.matters import readings
from fieldapp.workflows.matters.course import Entry
from fieldapp.workflows.matters.readings import Application, Base, Conference, Emergency, Handed, MutualAid
from fieldapp.workflows.papers.asking import Ask, asked_document, family_name, imprint_for
from fieldapp.workflows.report_data_answers import local_time
from fieldapp.workflows.report_data_masking import hide_numbers

HEAD, WIDTHS = ("步骤", "日期", "经办人", "结果", "说明", "金额（元）"), (2.4, 1.5, 1.4, 1.8, 3.4, 1.3)
SIGN = {
    "emergency": ("领取人", "发放人", "乡镇负责人"), "mutual_aid": ("互助会负责人", "经手人", "受助户"),
    "conference": ("主持人", "记录人", "责任单位"), "application": ("经办人", "乡镇负责人", "县级审核人（盖章）"),
}  # fmt: skip
SIGN_HERE = ("经办人", "承办单位", "服务对象或家属")


def paper(tx: ReadTx, actor: Actor, ask: Ask, *, title: str) -> Paper:
    """``ask.subject`` is a matter. Raises StateError ``state.unknown``."""
    view = asked_document(tx, ask)
    matter = readings.read(tx, view.id)
    if matter is None:
        raise StateError("state.unknown")
    steps = tuple(_row(tx, matter, entry) for entry in matter.steps)
    sections = (
        Section("", tuple(_about(tx, matter))), Section("概况", tuple(_summary(tx, ask, matter))),
        Section("办理过程", (Grid("", HEAD, steps, WIDTHS),) if steps else (Line("办理", "还没有开始"),)),
        *_details(tx, ask, matter), Section("签字", (SignHere(SIGN.get(matter.type, SIGN_HERE)),)),
    )  # fmt: skip
    draft = "" if matter.closed_on else "尚未办结"
    return Paper(imprint_for(tx, actor, ask, view, title), sections, (view.id,), draft)


def record_of(title: str) -> Callable[[ReadTx, Actor, Ask], Paper]:
    """The record under this title."""
    return partial(paper, title=title)


def _about(tx: ReadTx, matter: Base) -> Iterator[Line]:
    head, address = family_name(tx, matter.household)
    person = tx.document(matter.person) if matter.person else None
    yield Line("事项", hide_numbers(matter.title))
    yield Line("户主", head)
    if person is not None:
        yield Line("对象", str(person.state.get("full_name") or ""))
    yield Line("住址", address)
    yield Line("开始", " ".join(filter(None, (matter.opened_on, matter.opened_by))))
    yield Line("办结", " ".join(filter(None, (matter.closed_on, matter.outcome))) or "尚未办结")


def _summary(tx: ReadTx, ask: Ask, matter: Base) -> Iterator[Line]:
    lines: Iterator[Line] = iter(())
    match matter:
        case Emergency():
            lines = _emergency(tx, ask, matter)
        case MutualAid():
            lines = _mutual_aid(tx, ask, matter)
        case Application():
            lines = _application(tx, ask, matter)
        case Handed():
            lines = _handed(tx, ask, matter)
        case Conference():
            lines = _conference(tx, ask, matter)
    yield from (line for line in lines if line.answer)


def _emergency(tx: ReadTx, ask: Ask, each: Emergency) -> Iterator[Line]:
    """First help, then papers: no check, no notice, three days (S9; 社会救助法 §50)."""
    yield Line("响应时间", local_time(each.answered_at))
    yield Line("给予日", each.given_on)
    yield Line("方式", answer_words(ask.forms, each, "help", "measures"))
    yield Line("受助人数", "" if each.people is None else f"{each.people} 人")
    yield Line("金额", _yuan(each.amount))
    yield Line("安置地点", each.relocated_to)
    yield Line("用餐", each.meals)
    yield Line("本年内次数", f"第 {each.times_this_year} 次")
    yield Line("补办手续期限", each.papers_due)
    yield Line("手续补办日", each.papers_on or "尚未补办")
    yield Line("程序", "小额快救：不作家庭经济状况核对，不公示；急难缓解后补办手续。")


def _mutual_aid(tx: ReadTx, ask: Ask, each: MutualAid) -> Iterator[Line]:
    yield Line("为谁", each.for_whom)
    yield Line("事由", hide_numbers(each.reason))
    yield Line("表决日", each.voted_on)
    counted = ((each.committee, "委员"), (each.present, "到会"), (each.in_favour, "同意"))
    yield Line("表决", "，".join(f"{word} {number} 人" for number, word in counted if number is not None))
    yield Line("逐人", "、".join(f"{member}（{vote}）" for member, vote in _votes(ask, each)))
    yield Line("议定金额", _yuan(each.voted_amount))
    yield Line("支付", " ".join(filter(None, (each.paid_on, _yuan(each.paid)))))
    yield Line("支付后余额", _yuan(each.balance_after))
    yield Line("公示", f"{each.notice_from} 至 {each.notice_until}" if each.notice_from else "")
    yield Line("异议", each.objection)


def _votes(ask: Ask, each: MutualAid) -> Iterator[tuple[str, str]]:
    """The members with their votes in the form's words."""
    entry = each.last("vote")
    spoken = [text for name, _label, text in read(ask.forms, entry) if name == "vote"] if entry else []
    for (member, code), words in zip(each.votes, spoken or [vote for _, vote in each.votes], strict=False):
        yield member, words or code


def _application(tx: ReadTx, ask: Ask, each: Application) -> Iterator[Line]:
    yield Line("受理日", each.accepted_on)
    yield Line("一次性告知补正", " ".join(filter(None, (each.papers_told_on, each.papers_missing))))
    yield Line("承诺与授权", "、".join(f"{name} {on}" for name, on in each.signed))
    yield Line("信息核对", f"{each.checked_on}，{len(each.differences)} 项有差异" if each.checked_on else "")
    yield Line("入户调查", each.visited_on)
    yield Line("公示", f"{each.notice_from} 至 {each.notice_until}" if each.notice_from else "")
    yield Line("异议", each.objection)
    yield Line("确认", " ".join(filter(None, (each.decided_on, each.number))))
    yield Line("保障人口", "" if each.people is None else f"{each.people} 人")
    yield Line("月金额", _yuan(each.amount))
    yield Line("起始", each.starts_on)
    yield Line("理由", hide_numbers(each.reasons))
    yield Line("书面告知", each.told_on)


def _handed(tx: ReadTx, ask: Ask, each: Handed) -> Iterator[Line]:
    yield Line("承办", each.provider)
    yield Line("请办事项", hide_numbers(each.what))
    yield Line("转出日", each.handed_on)
    yield Line("期限", each.due_on)
    yield Line("服务日", each.served_on)
    yield Line("工时", "" if each.hours is None else f"{each.hours:g} 小时")
    yield Line("满意度", answer_words(ask.forms, each, "serve", "satisfied"))
    yield Line("家庭评价", hide_numbers(each.word))


def _conference(tx: ReadTx, ask: Ask, each: Conference) -> Iterator[Line]:
    yield Line("会商日", each.held_on)
    yield Line("主持", each.chair)
    yield Line("会商问题", hide_numbers(each.question))
    for department, person, opinion in each.opinions:
        yield Line("意见", f"{department} {person}：{hide_numbers(opinion)}")
    yield Line("决定", hide_numbers(each.decision))
    yield Line("责任单位", each.responsible)
    for who, what, until, result in each.actions:
        yield Line("分工", f"{who}：{hide_numbers(what)}（{until}）{hide_numbers(result)}")


def _row(tx: ReadTx, matter: Base, entry: Entry) -> tuple[str, ...]:
    amount = "" if entry.amount is None else f"{Decimal(entry.amount) / 100:.2f}"
    outcome = entry_outcome(tx, matter, entry)
    return step_title(tx, matter, entry), entry.on, entry.by, outcome, hide_numbers(entry.words), amount


def _details(tx: ReadTx, ask: Ask, matter: Base) -> Iterator[Section]:
    for entry in matter.steps:
        lines = tuple(Line(label, text) for _name, label, text in read(ask.forms, entry, mask=True))
        if lines:
            yield Section(f"{step_title(tx, matter, entry)}（{entry.on}）", lines)


def _yuan(amount: int | None) -> str:
    return "" if amount is None else f"{Decimal(amount) / 100:.2f} 元"
