"""The answer to an alert (预警线索核查反馈单): its four dates, what was seen, the loop closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.domain.documents import Lead
from fieldapp.domain.identity_number import mask
from fieldapp.reports.content import Grid, Line, Paper, Section, SignHere
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.papers.asking import Ask, asked_document, imprint_for
from fieldapp.workflows.places import places
from fieldapp.workflows.report_data import report_number
from fieldapp.workflows.report_data_masking import hide_numbers
from fieldapp.workflows.report_words import CHANNELS, HOW_KNOWN, LEAD_OUTCOMES, words

TAKEN: dict[object, str] = {True: "已纳入救助", False: "未纳入"}


def paper(tx: ReadTx, actor: Actor, ask: Ask) -> Paper:
    """``ask.subject`` is a lead."""
    view = asked_document(tx, ask, "lead")
    lead = Lead.read(view.id, view.state)
    about = (
        Line("线索编号", lead.number or ""), Line("来源", lead.source or ""),
        Line("渠道", words(CHANNELS, lead.channel)), Line("所属网格", places(tx).grid_words(view.area)),
        Line("姓名", lead.person_name or ""), Line("证号", mask(lead.id_number) if lead.id_number else ""),
        Line("住址", lead.address or ""), Line("预警内容", hide_numbers(lead.content or "")),
    )  # fmt: skip
    clock = Grid("", ("下发", "分派", "核查", "反馈", "办理期限"), ((
        lead.issued_on or "—", lead.assigned_on or "—", lead.checked_on or "—", lead.answered_on or "—",
        lead.due_on or "未定",
    ),))  # fmt: skip
    said = lead.answer
    visit = tx.document(str(said.get("visit"))) if said.get("visit") else None
    result = (
        Line("核查结果", words(LEAD_OUTCOMES, said.get("outcome")) or "尚未反馈"),
        Line("是否纳入", TAKEN.get(said.get("taken_into_help"), "待定")),
        Line("核查所见", hide_numbers(str(said.get("seen") or ""))),
        Line("核查方式", _how(said)), Line("佐证", _evidence(said)), Line("核查人", str(said.get("by") or "")),
        Line("入户报告", report_number(visit) if visit else ""),
    )  # fmt: skip
    sections = (
        Section("线索", about), Section("办理时间", (clock,)), Section("核查反馈", result),
        Section("签字", (SignHere(("核查人", "乡镇负责人（盖章）")),)),
    )  # fmt: skip
    draft = "" if lead.answered_on else "尚未反馈"
    documents = (view.id, *((visit.id,) if visit else ()))
    return Paper(imprint_for(tx, actor, ask, view, "预警线索核查反馈单"), sections, documents, draft)


def _how(said: Mapping[str, Any]) -> str:
    return "入户走访" if said.get("visit") else words(HOW_KNOWN, said.get("how"))


def _evidence(said: Mapping[str, Any]) -> str:
    """How many photos and files are kept with the answer."""
    counted = ((len(said.get("photos") or ()), "照片 {} 张"), (len(said.get("files") or ()), "文件 {} 份"))
    return "、".join(told.format(number) for number, told in counted if number)
