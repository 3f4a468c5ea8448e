"""The family's written answer to an application or a review: what was decided, why, from when, and the right of appeal
(审核确认告知书、不予通知书、调整告知书; 社会救助法 §45, §48, §76). It lies on the family's table: no ID number, no
income, nothing about illness."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from fieldapp.errors import StateError
from fieldapp.reports.content import Line, Paper, Section, SignHere, Words
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matter_words import outcome_words
from fieldapp.workflows.matters import readings
from fieldapp.workflows.matters.readings import Adjustment, Application
from fieldapp.workflows.papers.asking import Ask, asked_document, family_name, imprint_for
from fieldapp.workflows.report_data_layout import layout
from fieldapp.workflows.report_data_masking import hide_numbers


def paper(tx: ReadTx, actor: Actor, ask: Ask) -> Paper:
    """``ask.subject`` is an application. Raises StateError ``state.unknown``, ``report.undecided``."""
    view = asked_document(tx, ask, "application")
    matter = readings.read(tx, view.id)
    if not isinstance(matter, Application | Adjustment):
        raise StateError("state.unknown")
    if not matter.decided_on:
        raise StateError("report.undecided")
    head, _ = family_name(tx, matter.household)
    opening = f"您家{matter.opened_on}提出的{matter.title}，已经办完审核，现将结果告知如下："
    if isinstance(matter, Adjustment):
        opening = f"按照规定对您家享受的救助进行了复核，现将{matter.title}的结果告知如下："
    sections = (
        Section("", (Words(f"{head}：", "heading"), Words(opening))), Section("", tuple(_result(tx, matter))),
        Section("", (Words(str(layout(tx)["notice"]["appeal"])),)),
        Section("", (SignHere(("告知人", "家庭成员签收", "单位（盖章）")),)),
    )  # fmt: skip
    title = "救助调整告知书" if isinstance(matter, Adjustment) else "救助审核确认告知书"
    return Paper(imprint_for(tx, actor, ask, view, title), sections, (view.id,), numbered=False, manner="large")


def _result(tx: ReadTx, matter: Application | Adjustment) -> Iterator[Line]:
    yield Line("决定日期", matter.decided_on)
    if isinstance(matter, Application):
        yield Line("文号", matter.number or "　")
        yield Line("结果", outcome_words(tx, matter, "confirm", "confirm_town"))
        yield Line("保障人口", "—" if matter.people is None else f"{matter.people} 人")
        amount = matter.amount
    else:
        yield Line("结果", outcome_words(tx, matter, "decide"))
        yield Line("调整前", _yuan(matter.amount_before))
        amount = matter.amount_after
    yield Line("每月金额", _yuan(amount))
    yield Line("起始月", matter.starts_on[:7] or "—")
    yield Line("理由", hide_numbers(matter.reasons) or "—")


def _yuan(amount: int | None) -> str:
    return "—" if amount is None else f"{Decimal(amount) / 100:.2f} 元"
