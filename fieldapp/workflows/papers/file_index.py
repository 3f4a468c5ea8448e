"""The index of a family's file (一户一档目录): every paper there is of it, in time order."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.reports.content import Grid, Line, Paper, Section
from fieldapp.store.api import DocumentView, ReadTx
from fieldapp.store.projections import helps, leads, visits
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.papers.asking import Ask, asked_document, family_name, family_size, imprint_for
from fieldapp.workflows.places import places
from fieldapp.workflows.report_data import report_number
from fieldapp.workflows.report_data_layout import layout
from fieldapp.workflows.report_words import PURPOSES, TASK_KINDS, words

HEAD = ("序号", "日期", "材料名称", "编号", "责任人", "照片", "页号", "备注")
WIDTHS = (0.7, 1.5, 3.2, 2.2, 1.6, 0.8, 0.8, 1.4)


def paper(tx: ReadTx, actor: Actor, ask: Ask) -> Paper:
    """``ask.subject`` is a household."""
    home = asked_document(tx, ask, "household")
    head, address = family_name(tx, home.id)
    about = (
        Line("户主", head), Line("家庭人口", f"{family_size(tx, actor, home.id)} 人"), Line("住址", address),
        Line("所属网格", places(tx).grid_words(home.area)),
    )  # fmt: skip
    found = sorted(_papers(tx, ask, home))
    rows = tuple((str(n), day, *rest, "", "") for n, (day, *rest) in enumerate(found, 1))
    listed = (Grid("", HEAD, rows, WIDTHS),) if rows else (Line("材料", "还没有"),)
    note = f"{layout(tx)['retention']}。页号由装订人填写。"
    sections = (Section("", about), Section("材料目录", listed))
    return Paper(imprint_for(tx, actor, ask, home, "一户一档目录"), sections, (home.id,), note=note, numbered=False)


def _papers(tx: ReadTx, ask: Ask, home: DocumentView) -> Iterator[tuple[str, str, str, str, str]]:
    """(day, what, number, by whom, photos)."""
    for visit in visits.of_household(tx, home.id):
        view = tx.document(visit.id)
        if view is None:
            continue
        form = ask.forms(visit.form_id or "", visit.form_version)
        what = f"{form.title()}（{words(PURPOSES, visit.purpose)}）" if visit.purpose else form.title()
        photos = sum(blob.kind == "photo" for blob in tx.blobs_of(visit.id))
        by = "、".join(visits.investigators(tx, visit.id))
        yield _day(visit.finished_at or visit.last_at), what, report_number(view), by, str(photos or "")
    for lead in leads.of_household(tx, home.id):
        yield _day(lead.issued_on), f"预警线索：{lead.source or ''}", lead.number or "", lead.assigned_to or "", ""
    for help_ in helps.of_household(tx, home.id):
        what = help_.title or words(TASK_KINDS, help_.kind or help_.type)
        yield _day(help_.first_at), what, "", help_.provider or "", ""


def _day(text: str | None) -> str:
    return (text or "")[:10]
