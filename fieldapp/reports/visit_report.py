"""The visit report (入户核查情况报告): what goes into the file for years (trade.md, "Visit report").

Data in, bytes out: ``VisitReport`` is made by ``fieldapp/workflows``; nothing is looked up here. Any form prints, for
its sections arrive as labels and answers in the form's order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table

from fieldapp.reports.document import WIDTH, Imprint, Sheet
from fieldapp.reports.marks import QrCode, Signature, Tag, photo

NUMERALS = "一二三四五六七八九十"
SIGNING = "签字"
VERDICT_KINDS = {
    "first_match": "done",
    "has": "done",
    "to_check": "changed",
    "papers": "changed",
    "no_match": "quiet",
    "conflict": "abnormal",
}


@dataclass(frozen=True)
class Line:
    """A question and its answer, both as people read them."""

    label: str
    answer: str


@dataclass(frozen=True)
class Grid:
    """A repeat as a table: one row per row, ``head`` the questions. ``rows`` hold answers as texts."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A section of the form in its order; lines and grids as they were asked."""

    title: str
    parts: tuple[Line | Grid, ...]


@dataclass(frozen=True)
class Comparison:
    """One rule's result: ``verdict`` of ``VERDICT_KINDS``, its Chinese word, the arithmetic by lines, the clause."""

    name: str
    verdict: str
    word: str
    arithmetic: tuple[str, ...]
    clause: str


@dataclass(frozen=True)
class Signed:
    """A signature: strokes (JSON) or a picture (thumb print), who, as what."""

    label: str
    data: bytes
    is_strokes: bool = True


@dataclass(frozen=True)
class Picture:
    """A photo (JPEG or PNG bytes) and what it shows."""

    label: str
    data: bytes


@dataclass(frozen=True)
class VisitReport:
    """Everything a visit report prints. ``summary`` stands on top; ``history`` are the reviews, oldest first;
    ``verification`` is the text of the QR code, empty for a draft, which is marked as such."""

    imprint: Imprint
    summary: tuple[Line, ...]
    sections: tuple[Section, ...]
    comparisons: tuple[Comparison, ...] = ()
    needs: tuple[str, ...] = ()
    signatures: tuple[Signed, ...] = ()
    photos: tuple[Picture, ...] = ()
    history: tuple[Line, ...] = ()
    form: str = ""
    verification: str = ""


@dataclass(frozen=True)
class Rendered:
    """The PDF and the characters no font could draw (printed as boxed codes)."""

    pdf: bytes
    missing: frozenset[str]


def render(report: VisitReport) -> Rendered:
    """Draw the report. Raises InputError for an unreadable photo or signature."""
    sheet = Sheet(report.imprint)
    sheet.title()
    if not report.verification:
        sheet.add(sheet.text("草稿：尚未经县级接收与审核，不作为正式材料。", "small"))
    sheet.add(_pairs(sheet, report.summary))
    for number, (title, flowables) in enumerate(_chapters(sheet, report)):
        sheet.section(f"{_numeral(number + 1)}、{title}", 60 * mm if title == SIGNING else 30 * mm)
        sheet.add(*flowables)
    sheet.add(*_closing(sheet, report))
    return Rendered(sheet.pdf(), frozenset(sheet.typesetter.missing))


def _chapters(sheet: Sheet, report: VisitReport) -> Iterator[tuple[str, list[Flowable]]]:
    for section in report.sections:
        parts = list(_section_parts(sheet, section))
        if parts:
            yield section.title, parts
    if report.comparisons:
        yield "政策比对（仅供参考，以审核确认为准）", list(_comparisons(sheet, report))
    if report.needs:
        yield "需求", [sheet.text("、".join(report.needs))]
    if report.history:
        yield "审核记录", [_lines(sheet, report.history)]
    yield SIGNING, list(_signatures(sheet, report))
    if report.photos:
        yield "照片", [_gallery(sheet, report.photos)]


def _section_parts(sheet: Sheet, section: Section) -> Iterator[Flowable]:
    """Neighbouring lines share one table; a grid is a table with its head repeated on every page."""
    pending: list[Line] = []
    for part in section.parts:
        if isinstance(part, Line):
            pending.append(part)
            continue
        if pending:
            yield _pairs(sheet, tuple(pending))
            pending = []
        if part.rows:
            yield Spacer(0, 4)
            yield sheet.text(part.title, "label")
            yield sheet.table([part.head, *part.rows], [1] * len(part.head), head=1)
    if pending:
        yield _pairs(sheet, tuple(pending))


def _pairs(sheet: Sheet, lines: tuple[Line, ...]) -> Table:
    """Short answers two to a line, long ones on a line of their own."""
    rows: list[list[str | Flowable]] = []
    spans: list[tuple[str, tuple[int, int], tuple[int, int]]] = []
    waiting: Line | None = None

    def alone(line: Line) -> None:
        spans.append(("SPAN", (1, len(rows)), (3, len(rows))))
        rows.append([line.label, line.answer, "", ""])

    for line in lines:
        if _is_long(line):
            if waiting:
                alone(waiting)
                waiting = None
            alone(line)
        elif waiting:
            rows.append([waiting.label, waiting.answer, line.label, line.answer])
            waiting = None
        else:
            waiting = line
    if waiting:
        alone(waiting)
    table = sheet.table(rows, [2.2, 3, 2.2, 3], labels=(0, 2))
    plain = [("BACKGROUND", (2, row), (2, row), None) for _, (_, row), _ in spans]
    table.setStyle([*spans, *plain])
    return table


def _is_long(line: Line) -> bool:
    return len(line.answer) > 16 or "\n" in line.answer


def _lines(sheet: Sheet, lines: tuple[Line, ...]) -> Table:
    return sheet.table([[line.label, line.answer] for line in lines], [1, 3], labels=(0,))


def _comparisons(sheet: Sheet, report: VisitReport) -> Iterator[Flowable]:
    rows: list[list[str | Flowable]] = [["政策", "结果", "计算与依据"]]
    for result in report.comparisons:
        why: str | Flowable = "\n".join((*result.arithmetic, result.clause)).strip("\n")
        rows.append([result.name, Tag(result.word, VERDICT_KINDS.get(result.verdict, "quiet")), why])
    yield sheet.table(rows, [2.4, 1.4, 6], head=1)
    yield sheet.text("比对由程序按当日参数计算，只供调查人员参考；不作为不予受理的理由。", "small")


def _signatures(sheet: Sheet, report: VisitReport) -> Iterator[Flowable]:
    cells = [_signed(sheet, signed, WIDTH / 3 - 12) for signed in report.signatures]
    cells += [_blank(sheet, label) for label in ("村（居）见证人", "乡镇经办人", "乡镇负责人（盖章）")]
    yield sheet.table(_in_rows(cells, 3), [1, 1, 1])


def _blank(sheet: Sheet, label: str) -> list[Flowable]:
    """A place to sign on paper."""
    return [sheet.text(label, "label"), Spacer(0, 14 * mm), sheet.text("年　　月　　日", "small")]


def _in_rows(cells: list[list[Flowable]], count: int) -> list[list[Any]]:
    """``cells`` in rows of ``count``, the last filled up with empty ones."""
    filled = cells + [[]] * (-len(cells) % count)
    return [filled[at : at + count] for at in range(0, len(filled), count)]


def _signed(sheet: Sheet, signed: Signed, width: float) -> list[Flowable]:
    drawn = Signature(signed.data, width) if signed.is_strokes else photo(signed.data, width, 16 * mm)
    return [sheet.text(signed.label, "label"), drawn]


def _gallery(sheet: Sheet, photos: tuple[Picture, ...]) -> Flowable:
    width = WIDTH / 2 - 12
    cells = [[photo(item.data, width, 62 * mm), sheet.text(item.label, "small")] for item in photos]
    return sheet.table(_in_rows(cells, 2), [1, 1])


def _closing(sheet: Sheet, report: VisitReport) -> Iterator[Flowable]:
    words: list[Flowable] = [sheet.text(f"表单：{report.form}", "small")]
    if not report.verification:
        yield Spacer(0, 6)
        yield words[0]
        return
    words.append(sheet.text("扫描二维码，或用本程序的“验证”功能，可核对本报告是否原件。", "small"))
    block: list[list[Flowable | list[Flowable]]] = [[QrCode(report.verification, 26 * mm), words]]
    table = Table(block, [30 * mm, WIDTH - 30 * mm], style=[("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    yield KeepTogether([Spacer(0, 8), table])


def _numeral(number: int) -> str:
    """一 … 十, 十一 … 九十九."""
    tens, ones = divmod(number, 10)
    if number <= 10:
        return NUMERALS[number - 1]
    return ("" if tens == 1 else NUMERALS[tens - 1]) + "十" + (NUMERALS[ones - 1] if ones else "")


