"""The page of every report: A4, letterhead, footer with page x of y, who printed it and when.

The same content, printer and time give the same bytes (``invariant``), so that a report can be made again and
compared. Text styles and tables follow the screen's tokens (ui.md).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from typing import Any

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, PageTemplate, Paragraph, Spacer, Table

from fieldapp.reports.code import SEALED, Sealer
from fieldapp.reports.content import Imprint
from fieldapp.reports.drawn import Drawn
from fieldapp.reports.fonts import BOLD, REGULAR, Typesetter, register, runs
from fieldapp.reports.linebreaks import ChineseParagraph
from fieldapp.reports.protecting import with_password

#: Streams as bytes: reportlab's text armour costs more than half of a report's time and a quarter of its size.
rl_config.useA85 = 0

INK, SECOND, LINE, GROUND, ACCENT = (HexColor(c) for c in ("#1C2430", "#556070", "#CFD6DE", "#F5F7F9", "#1D5799"))
PAPER = HexColor("#FFFFFF")
STATE = {
    "done": (HexColor("#25703F"), HexColor("#E6F3EA")),
    "changed": (HexColor("#8F5600"), HexColor("#FFF2D9")),
    "abnormal": (HexColor("#B3261E"), HexColor("#FCE8E6")),
    "absent": (HexColor("#5D4C9E"), HexColor("#EFECF8")),
    "todo": (HexColor("#5C6674"), HexColor("#EDF0F3")),
    "quiet": (HexColor("#5C6674"), HexColor("#EDF0F3")),
}
MARGIN = 20 * mm
WIDTH = A4[0] - 2 * MARGIN
#: The verification code is a form of its own, named alike in every report, so that its place can be drawn before it.
CODE_FORM = "verification-code"
CODE_SIDE = 100


class Sheet:
    """One report under construction: text becomes flowables, flowables become bytes."""

    def __init__(self, imprint: Imprint, *, landscape: bool = False, manner: str = "") -> None:
        """``manner``: ``large`` letters for families and walls, ``pen`` room to write by hand."""
        register()
        self.imprint = imprint
        self.styles = LARGE_STYLES if manner == "large" else STYLES
        self.padding = PEN_PADDING if manner == "pen" else CELL_PADDING
        self.pagesize = (A4[1], A4[0]) if landscape else A4
        self.width = self.pagesize[0] - 2 * MARGIN
        self.typesetter = Typesetter()
        self.story: list[Flowable] = []

    def text(self, text: str, style: str = "body", *, bold: bool = False) -> Paragraph:
        """A paragraph that breaks lines as Chinese does (no 。 at a line's start)."""
        return ChineseParagraph(self.typesetter.markup(text, bold=bold or style in BOLD_STYLES), self.styles[style])

    def add(self, *flowables: Flowable) -> None:
        self.story.extend(flowables)

    def title(self) -> None:
        """Letterhead, title and number over the double rule that official papers begin with."""
        self.add(self.text(self.imprint.letterhead, "letterhead"), self.text(self.imprint.title, "title"))
        if self.imprint.number:
            self.add(self.text(f"编号：{self.imprint.number}", "number"))
        self.add(DoubleRule(self.width), Spacer(0, 8))

    def section(self, title: str, first: Sequence[Flowable] = (), room: float = 24 * mm) -> None:
        """A heading that never stands alone: where ``first``, what comes under it, does not begin on this page, it goes
        to the next one too; so it does with less than ``room`` points left."""
        needed = max(room, self._beginning(first) + 14 * mm)
        self.add(CondPageBreak(needed), Spacer(0, 10), Marked(self.text(title, "section"), self.width), Spacer(0, 4))

    def heading(self, title: str, first: Sequence[Flowable] = ()) -> Iterator[Flowable]:
        """A small heading within a section, never alone at a page's foot."""
        yield from (CondPageBreak(max(22 * mm, self._beginning(first) + 10 * mm)), self.text(title, "heading"))

    def _beginning(self, found: Sequence[Flowable]) -> float:
        """Points that the first table among ``found`` needs for its head and first row; a row as tall as a page is torn
        anyway."""
        table = next(iter(found), None)
        if not isinstance(table, Table):
            return 0.0
        table.wrap(self.width, self.pagesize[1])  # kept by the table: it is not measured twice
        heights = table._rowHeights[: int(table.repeatRows) + 1]
        needed = float(sum(heights))
        return needed if needed < self.pagesize[1] - 60 * mm else 0.0

    def table(
        self,
        rows: Sequence[Sequence[str | Flowable]],
        widths: Sequence[float],
        *,
        head: int = 0,
        labels: Sequence[int] = (),
    ) -> Table:
        """Rows of texts or flowables; ``widths`` are shares of the page; ``head`` rows repeat on every page;
        columns in ``labels`` are quiet label cells."""
        cells = [
            [self._cell(cell, at < head, column in labels) for column, cell in enumerate(row)]
            for at, row in enumerate(rows)
        ]
        share = self.width / sum(widths)
        # A row is torn between pages only when it may be longer than one.
        tall = any(isinstance(cell, str) and len(cell) > LONG_CELL for row in rows for cell in row)
        table = Table(cells, [w * share for w in widths], repeatRows=head, splitInRow=int(tall))
        table.setStyle(_table_style(head, labels, self.padding))
        return table

    def _cell(self, cell: str | Flowable, head: bool, label: bool) -> Any:
        if not isinstance(cell, str):
            return cell
        return self.text(cell, "label" if head or label else "cell")

    def pdf(self, sealer: Sealer | None = None, password: str = "") -> bytes:
        """The finished document, under a ``password`` and sealed when there are such. Page numbers need a second look
        at every page, so pages are held until the end."""
        made = io.BytesIO()
        document = BaseDocTemplate(
            made,
            pagesize=self.pagesize,
            leftMargin=MARGIN,
            rightMargin=MARGIN,
            topMargin=18 * mm,
            bottomMargin=18 * mm,
            title=self.imprint.title,
            author="",
            creator="铁脚板",
            keywords=SEALED if sealer else "",
            invariant=1,
        )
        frame = Frame(MARGIN, 18 * mm, self.width, self.pagesize[1] - 36 * mm, 0, 0, 0, 0)
        document.addPageTemplates([PageTemplate("page", [frame])])
        drawn = _Drawn(self.imprint, sealer)
        document.build(self.story, canvasmaker=drawn.canvas)
        finished = with_password(made.getvalue(), password) if password else made.getvalue()
        return sealer.seal(finished, drawn.code) if sealer else finished


class DoubleRule(Drawn):
    """A thick line over a thin one, as wide as the text."""

    def __init__(self, width: float) -> None:
        super().__init__()
        self.width, self.height = width, 4.0

    def draw(self) -> None:
        self.canv.setStrokeColor(ACCENT)
        for y, thick in ((3.0, 1.6), (0.4, 0.5)):
            self.canv.setLineWidth(thick)
            self.canv.line(0, y, self.width, y)


class Marked(Drawn):
    """A section's heading behind a bar of the accent colour."""

    def __init__(self, inside: Paragraph, width: float) -> None:
        super().__init__()
        self.inside, self.width = inside, width

    def wrap(self, *room: float) -> tuple[float, float]:
        _, self.height = self.inside.wrap(self.width - 9, room[1] if len(room) > 1 else 0)
        return self.width, self.height

    def draw(self) -> None:
        style = self.inside.style
        self.canv.setFillColor(ACCENT)
        self.canv.rect(0, (self.height - style.fontSize) / 2, 3, style.fontSize, stroke=0, fill=1)
        self.inside.drawOn(self.canv, 9, 0)


class _Drawn:
    """Makes the canvas of one document and keeps the code that was drawn into it."""

    def __init__(self, imprint: Imprint, sealer: Sealer | None) -> None:
        self.imprint, self.sealer, self.code = imprint, sealer, ""

    def canvas(self, *args: Any, **options: Any) -> Canvas:
        return FootedCanvas(self, *args, **options)


class FootedCanvas(Canvas):  # type: ignore[misc]
    """Keeps finished pages back until their number is known; the verification code is drawn last, for it holds the
    digest of everything drawn before it."""

    def __init__(self, drawn: _Drawn, *args: Any, **options: Any) -> None:
        # Without an initial font of ours the canvas names Helvetica, which no reader finds embedded.
        options.update(invariant=1, initialFontName=REGULAR)
        super().__init__(*args, **options)
        self._drawn = drawn
        self._held: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._held.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        pages = hashlib.sha256()
        for number, page in enumerate(self._held, 1):
            self.__dict__.update(page)
            draw_footer(self, self._drawn.imprint, number, len(self._held))
            super().showPage()
            stream = self._doc.Pages.pages[-1].stream.encode("latin-1")
            pages.update(len(stream).to_bytes(8, "big") + stream)
        # Pages held here would live until the next full collection, a hundred reports long.
        self._held.clear()
        if self._drawn.sealer:
            self._drawn.code = self._drawn.sealer.code(pages.digest())
            self._draw_code(self._drawn.code)
        # A form without fields: a signature added later then changes nothing but its fields (``signing.only_signs``).
        self._doc.Catalog.AcroForm = PDFDictionary({"Fields": PDFArray([]), "SigFlags": 3})
        super().save()

    def _draw_code(self, text: str) -> None:
        from fieldapp.reports.marks import draw_qr

        self.beginForm(CODE_FORM, 0, 0, CODE_SIDE, CODE_SIDE)
        draw_qr(self, text, CODE_SIDE)
        self.endForm()


def draw_footer(canvas: Canvas, imprint: Imprint, number: int, count: int) -> None:
    """The line at the foot of a page."""
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    right = canvas._pagesize[0] - MARGIN
    canvas.line(MARGIN, 14 * mm, right, 14 * mm)
    canvas.setFillColor(SECOND)
    left = "　".join(part for part in (imprint.code, f"{imprint.printed_by} 打印于 {imprint.printed_at}") if part)
    draw_line(canvas, MARGIN, 10 * mm, left, 8)
    page = f"第 {number} 页 共 {count} 页"
    canvas.setFont(REGULAR, 8)
    canvas.drawRightString(right, 10 * mm, page)


def draw_line(canvas: Canvas, x: float, y: float, text: str, size: float, font: str = REGULAR) -> float:
    """One line of text with font fallback; returns the x behind it."""
    for name, piece in runs(text, font):
        shown = piece if name else "".join(f"[U+{ord(c):04X}]" for c in piece)
        canvas.setFont(name or font, size)
        canvas.drawString(x, y, shown)
        x += canvas.stringWidth(shown, name or font, size)
    return x


CELL_PADDING, PEN_PADDING = (3.0, 3.4), (6.0, 8.0)
LONG_CELL = 600
LARGER = 1.3


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    made = {"fontName": REGULAR, "fontSize": size, "leading": size * 1.45, "wordWrap": "CJK", "textColor": INK}
    return ParagraphStyle(name, **{**made, **more})


STYLES = {
    "letterhead": _style("letterhead", 13, alignment=TA_CENTER, textColor=SECOND),
    "title": _style("title", 22, leading=30, alignment=TA_CENTER, fontName=BOLD, spaceAfter=2),
    "number": _style("number", 9, alignment=TA_CENTER, textColor=SECOND, spaceAfter=4),
    "section": _style("section", 12.5, leading=17, fontName=BOLD),
    "fact": _style("fact", 11, leading=15),
    "heading": _style("heading", 10, fontName=BOLD, spaceBefore=4, spaceAfter=2),
    "body": _style("body", 10.5),
    "cell": _style("cell", 9.5),
    "label": _style("label", 9.5, textColor=SECOND),
    "small": _style("small", 8.5, textColor=SECOND),
    "warning": _style("warning", 9.5, textColor=STATE["abnormal"][0], alignment=TA_CENTER),
}


def _enlarged(style: ParagraphStyle) -> ParagraphStyle:
    return ParagraphStyle(style.name, style, fontSize=style.fontSize * LARGER, leading=style.leading * LARGER)


LARGE_STYLES = {
    name: style if name in ("title", "number", "letterhead") else _enlarged(style) for name, style in STYLES.items()
}
BOLD_STYLES = frozenset({"title", "section", "heading"})


def _table_style(head: int, labels: Sequence[int], padding: tuple[float, float]) -> list[tuple[Any, ...]]:
    style: list[tuple[Any, ...]] = [
        # Tables set a font for every cell, empty ones too; reportlab's own default would not be embedded.
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),
        ("GRID", (0, 0), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), padding[0]),
        ("BOTTOMPADDING", (0, 0), (-1, -1), padding[1]),
    ]
    if head:
        style.append(("BACKGROUND", (0, 0), (-1, head - 1), GROUND))
    return style + [("BACKGROUND", (column, 0), (column, -1), GROUND) for column in labels]
