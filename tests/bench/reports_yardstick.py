"""A visit report in bare reportlab: the same texts in the same paragraphs, tables and vectors, and nothing else: no font
fallback, no page count, no code, no seal."""

from __future__ import annotations

import io
import json
from html import escape
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Spacer, Table

from fieldapp.reports.content import Comparison, Grid, Line, Signed, VisitReport
from fieldapp.reports.document import GROUND, INK, LINE, MARGIN, STYLES, WIDTH
from fieldapp.reports.fonts import REGULAR


def plain(report: VisitReport) -> bytes:
    """The report's sections, comparisons and signatures as PDF."""
    made = io.BytesIO()
    document = BaseDocTemplate(made, pagesize=A4, topMargin=18 * mm, bottomMargin=18 * mm, initialFontName=REGULAR)
    frame = Frame(MARGIN, 18 * mm, WIDTH, A4[1] - 36 * mm, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate("page", [frame], onPage=_foot)])
    document.build(list(_story(report)))
    return made.getvalue()


def _story(report: VisitReport) -> Any:
    yield _text(report.imprint.letterhead, "letterhead")
    yield _text(report.imprint.title, "title")
    yield _text(f"编号：{report.imprint.number}", "number")
    yield _pairs(report.summary)
    for number, section in enumerate(report.sections, 1):
        yield from (Spacer(0, 8), _text(f"{number}、{section.title}", "section"))
        lines = [part for part in section.parts if isinstance(part, Line)]
        if lines:
            yield _pairs(tuple(lines))
        for part in section.parts:
            if isinstance(part, Grid):
                yield _table([part.head, *part.rows], [1] * len(part.head), 1)
    yield from (Spacer(0, 8), _text("政策比对", "section"))
    yield _table([("政策", "结果", "计算与依据"), *map(_compared, report.comparisons)], [2.4, 1.4, 6.2], 1)
    yield from (Spacer(0, 8), _text("签字", "section"))
    yield _grid([[[_text(signed.label, "label"), _Strokes(signed)] for signed in report.signatures]], [1] * len(report.signatures), 0)


def _compared(result: Comparison) -> tuple[Any, ...]:
    why = [_text(line, "cell") for line in result.arithmetic] + [_text(f"依据：{result.clause}", "small")]
    return result.name, result.word, why


def _text(text: str, style: str) -> Paragraph:
    return Paragraph(escape(text, quote=False), STYLES[style])


def _pairs(lines: tuple[Line, ...]) -> Table:
    rows: list[list[str]] = []
    for line in lines:
        if len(line.answer) > 16 or not rows or len(rows[-1]) == 4:
            rows.append([line.label, line.answer] if len(line.answer) <= 16 else [line.label, line.answer, "", ""])
        else:
            rows[-1] += [line.label, line.answer]
    filled = [row + [""] * (4 - len(row)) for row in rows]
    table = _table(filled, [2.2, 3, 2.2, 3], 0)
    table.setStyle([("SPAN", (1, n), (3, n)) for n, row in enumerate(filled) if not row[2]])
    return table


def _table(rows: Any, shares: list[float], head: int) -> Table:
    return _grid([[_text(cell, "cell") if isinstance(cell, str) else cell for cell in row] for row in rows], shares, head)


def _grid(cells: Any, shares: list[float], head: int) -> Table:
    table = Table(cells, [share * WIDTH / sum(shares) for share in shares], repeatRows=head)
    table.setStyle([("FONTNAME", (0, 0), (-1, -1), REGULAR), ("GRID", (0, 0), (-1, -1), 0.4, LINE), ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 4), ("BACKGROUND", (0, 0), (0, -1), GROUND)])  # fmt: skip
    return table


class _Strokes(Flowable):  # type: ignore[misc]
    def __init__(self, signed: Signed) -> None:
        super().__init__()
        assert isinstance(signed.data, bytes)
        self.strokes = json.loads(signed.data)["strokes"]
        self.width, self.height = WIDTH / 3 - 12, 50

    def wrap(self, *_room: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        self.canv.setStrokeColor(INK)
        for stroke in self.strokes:
            path = self.canv.beginPath()
            path.moveTo(stroke[0][0] * self.width, (1 - stroke[0][1]) * self.height)
            for x, y in stroke[1:]:
                path.lineTo(x * self.width, (1 - y) * self.height)
            self.canv.drawPath(path)


def _foot(canvas: Canvas, document: Any) -> None:
    canvas.setFont(REGULAR, 8)
    canvas.drawString(MARGIN, 10 * mm, f"第 {document.page} 页")
