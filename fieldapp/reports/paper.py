"""Any report that is sections of parts: lists, tables, maps, curves, places to sign."""

from __future__ import annotations

from reportlab.platypus import Spacer

from fieldapp.reports import blocks
from fieldapp.reports.code import Sealer
from fieldapp.reports.content import Paper, Rendered
from fieldapp.reports.document import Sheet
from fieldapp.reports.visit_report import closing


def render(paper: Paper, sealer: Sealer | None = None, password: str = "") -> Rendered:
    """Draw the paper; a draft gets no code. Raises InputError ``report.password``."""
    sealer = None if paper.draft else sealer
    sheet = Sheet(paper.imprint, landscape=paper.landscape, manner=paper.manner)
    sheet.title()
    if paper.draft:
        sheet.add(sheet.text(f"草稿：{paper.draft}，不作为正式材料。", "warning"), Spacer(0, 4))
    number = 0
    for section in paper.sections:
        found = list(blocks.parts(sheet, section.parts))
        if section.title:
            number += 1
            title = f"{blocks.numeral(number)}、{section.title}" if paper.numbered else section.title
            sheet.section(title, found)
        sheet.add(*found)
    if paper.note:
        sheet.add(Spacer(0, 6), sheet.text(paper.note, "small"))
    sheet.add(*closing(sheet, "", sealer))
    return Rendered(sheet.pdf(sealer, password), frozenset(sheet.typesetter.missing))
