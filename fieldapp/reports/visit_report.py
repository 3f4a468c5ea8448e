"""The visit report (入户核查情况报告): what goes into the file for years (trade.md, "Visit report").

Data in, bytes out: ``VisitReport`` is made by ``fieldapp/workflows/report_data.py``; nothing is looked up here. Any
form prints, for its sections arrive as labels and answers in the form's order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from fieldapp.reports import blocks
from fieldapp.reports.code import Sealer
from fieldapp.reports.content import Rendered, VisitReport
from fieldapp.reports.document import WIDTH, Sheet
from fieldapp.reports.fonts import REGULAR
from fieldapp.reports.marks import CodePlace, code_width

DEFAULTS: Mapping[str, Any] = {
    "order": ("summary", "sections", "checks", "comparisons", "needs", "history", "files", "signing", "photos"),
    "sign_here": ("村（居）见证人", "乡镇经办人", "乡镇负责人（盖章）"),
    "photos_per_row": 2,
}
SIGNING = "签字"
SIGNING_ROOM = 60 * mm

Chapter = tuple[str, list[Flowable]]


def render(report: VisitReport, sealer: Sealer | None = None, password: str = "") -> Rendered:
    """Draw the report; a draft gets no code. Raises InputError for an unreadable photo or signature."""
    sealer = None if report.draft else sealer
    sheet = Sheet(report.imprint)
    sheet.title()
    if report.draft:
        sheet.add(sheet.text(f"草稿：{report.draft}，不作为正式材料。", "warning"), Spacer(0, 4))
    number = 0
    for name in _choice(report, "order"):
        for title, flowables in CHAPTERS[name](sheet, report):
            if title:
                number += 1
                room = SIGNING_ROOM if title == SIGNING else 24 * mm
                sheet.section(f"{blocks.numeral(number)}、{title}", flowables, room)
            sheet.add(*flowables)
    sheet.add(*closing(sheet, report.form, sealer))
    return Rendered(sheet.pdf(sealer, password), frozenset(sheet.typesetter.missing))


def _choice(report: VisitReport, name: str) -> Any:
    return report.layout.get(name, DEFAULTS[name])


def _summary(sheet: Sheet, report: VisitReport) -> Iterator[Chapter]:
    yield "", [blocks.facts(sheet, [line for line in report.summary if line.answer])]


def _sections(sheet: Sheet, report: VisitReport) -> Iterator[Chapter]:
    for section in report.sections:
        found = list(blocks.parts(sheet, section.parts))
        if found:
            yield section.title, found


def _checks(sheet: Sheet, report: VisitReport) -> Iterator[Chapter]:
    if report.checks:
        yield report.checks.title, [blocks.grid(sheet, report.checks)]


def _comparisons(sheet: Sheet, report: VisitReport) -> Iterator[Chapter]:
    if report.comparisons:
        yield "政策比对（仅供参考，以审核确认为准）", list(blocks.comparisons(sheet, report.comparisons))


def _needs(sheet: Sheet, report: VisitReport) -> Iterator[Chapter]:
    if report.needs:
        yield "需求", [sheet.text("、".join(report.needs))]


def _history(sheet: Sheet, report: VisitReport) -> Iterator[Chapter]:
    if report.history:
        yield "审核记录", [blocks.lines(sheet, report.history)]


def _files(sheet: Sheet, report: VisitReport) -> Iterator[Chapter]:
    if report.files:
        yield "附件", [sheet.text("\n".join(report.files))]


def _signing(sheet: Sheet, report: VisitReport) -> Iterator[Chapter]:
    yield SIGNING, [blocks.signatures(sheet, report.signatures, _choice(report, "sign_here"))]


def _photos(sheet: Sheet, report: VisitReport) -> Iterator[Chapter]:
    if report.photos:
        yield "照片", [blocks.gallery(sheet, report.photos, int(_choice(report, "photos_per_row")))]


CHAPTERS: Mapping[str, Callable[[Sheet, VisitReport], Iterator[Chapter]]] = {
    "summary": _summary,
    "sections": _sections,
    "checks": _checks,
    "comparisons": _comparisons,
    "needs": _needs,
    "history": _history,
    "files": _files,
    "signing": _signing,
    "photos": _photos,
}


def closing(sheet: Sheet, form: str, sealer: Sealer | None) -> Iterator[Flowable]:
    """The form's version and, on a final paper, the code with what to do with it."""
    words: list[Flowable] = [sheet.text(f"表单：{form}", "small")] if form else []
    if sealer is None:
        yield from (Spacer(0, 6), *words)
        return
    words.append(sheet.text("核对真伪：用本程序打开本文件的“验证”，或在县级网页上扫描二维码。", "small"))
    words.append(sheet.text("核对结果只有：真实、已被改动、无法识别。", "small"))
    side = code_width(sealer.code_length)
    block: list[list[Flowable | list[Flowable]]] = [[CodePlace(sealer.code_length), words]]
    # A table names its font even for cells of flowables; reportlab's own would not be embedded.
    style = [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("FONTNAME", (0, 0), (-1, -1), REGULAR)]
    table = Table(block, [side + 4 * mm, WIDTH - side - 4 * mm], style=style)
    yield blocks.kept(Spacer(0, 8), table)
