"""Parts of a form on paper: answers in pairs, rows as tables, people side by side, signatures, photos."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table

from fieldapp.reports.content import (
    AreaMap,
    Choices,
    Comparison,
    Counts,
    Curve,
    Grid,
    Line,
    Matrix,
    Part,
    Picture,
    Signed,
    SignHere,
    Words,
)
from fieldapp.reports.document import GROUND, LINE, PAPER, WIDTH, Sheet
from fieldapp.reports.drawings import CountsDrawing, CurveDrawing, MapDrawing
from fieldapp.reports.fonts import REGULAR
from fieldapp.reports.marks import Signature, Tag, photo

#: Colours of a rule's states (fieldapp.policy names them).
VERDICT_KINDS = {
    "first_match": "done",
    "has": "done",
    "to_check": "changed",
    "papers": "changed",
    "no_match": "quiet",
    "not_asked": "quiet",
    "conflict": "abnormal",
}
PEOPLE_ABREAST = 5
LONG_ANSWER = 16
FACTS_ABREAST = 3
CELL_SIZE = 9.5
BOX = "□"
CHOICE_WIDTHS = (2.2, 8.2)
PAIR_WIDTHS = (2.2, 3, 2.2, 3)
NUMERALS = "一二三四五六七八九十"


def parts(sheet: Sheet, found: Iterable[Part]) -> Iterator[Flowable]:
    """Neighbouring lines share one table; tables repeat their head on every page."""
    pending: list[Line] = []
    for part in found:
        if isinstance(part, Line):
            pending.append(part)
            continue
        if pending:
            yield pairs(sheet, pending)
            pending = []
        yield from _part(sheet, part)
    if pending:
        yield pairs(sheet, pending)


def _part(sheet: Sheet, part: Part) -> Iterator[Flowable]:
    yield from DRAWN[type(part)](sheet, part)


def _words(sheet: Sheet, part: Words) -> Iterator[Flowable]:
    plain = (Spacer(0, 3), sheet.text(part.text, part.style), Spacer(0, 3))
    yield from sheet.heading(part.text) if part.style == "heading" else plain


def _grid(sheet: Sheet, part: Grid) -> Iterator[Flowable]:
    table = grid(sheet, part)
    yield from sheet.heading(part.title, (table,)) if part.title else ()
    yield table


def _matrix(sheet: Sheet, part: Matrix) -> Iterator[Flowable]:
    yield from sheet.heading(part.title) if part.title else ()
    yield from matrix(sheet, part)


def _choices(sheet: Sheet, part: Choices) -> Iterator[Flowable]:
    yield sheet.table([[part.label, boxes(part.choices)]], CHOICE_WIDTHS, labels=(0,))


def boxes(choices: Sequence[str]) -> str:
    """Boxes to tick in lines of the cell's width; a choice is never torn from its box."""
    room = WIDTH * CHOICE_WIDTHS[1] / sum(CHOICE_WIDTHS) - 12
    found: list[str] = [""]
    for choice in choices:
        longer = f"{found[-1]}　{BOX}{choice}" if found[-1] else f"{BOX}{choice}"
        if found[-1] and stringWidth(longer, REGULAR, CELL_SIZE) > room:
            found.append(f"{BOX}{choice}")
        else:
            found[-1] = longer
    return "\n".join(found)


def _sign_here(sheet: Sheet, part: SignHere) -> Iterator[Flowable]:
    abreast = min(len(part.labels), 3)
    cells = [blank(sheet, label) for label in part.labels]
    yield sheet.table(in_rows(cells, abreast), [1] * abreast)


DRAWN: dict[type, Callable[[Sheet, Any], Iterator[Flowable]]] = {
    Words: _words,
    Grid: _grid,
    Matrix: _matrix,
    Choices: _choices,
    SignHere: _sign_here,
    Counts: lambda _sheet, part: iter((CountsDrawing(part),)),
    AreaMap: lambda _sheet, part: iter((MapDrawing(part), Spacer(0, 4))),
    Curve: lambda _sheet, part: iter((CurveDrawing(part), Spacer(0, 4))),
}


def pairs(sheet: Sheet, lines: Sequence[Line]) -> Table:
    """Short answers two to a line, long ones on a line of their own."""
    rows: list[list[str | Flowable]] = []
    alone: list[int] = []
    waiting: Line | None = None
    for line in lines:
        if _is_long(line):
            if waiting:
                alone.append(len(rows))
                rows.append([waiting.label, waiting.answer, "", ""])
                waiting = None
            alone.append(len(rows))
            rows.append([line.label, line.answer, "", ""])
        elif waiting:
            rows.append([waiting.label, waiting.answer, line.label, line.answer])
            waiting = None
        else:
            waiting = line
    if waiting:
        alone.append(len(rows))
        rows.append([waiting.label, waiting.answer, "", ""])
    table = sheet.table(rows, PAIR_WIDTHS, labels=(0, 2))
    table.setStyle([("SPAN", (1, row), (3, row)) for row in alone])
    table.setStyle([("BACKGROUND", (2, row), (2, row), PAPER) for row in alone])
    return table


def facts(sheet: Sheet, lines: Sequence[Line]) -> Table:
    """What stands on top of a report: each answer large under its small label, three abreast, thin lines between."""
    cells: list[list[Flowable]] = [
        [sheet.text(line.label, "small"), sheet.text(line.answer, "fact", bold=place == 0)]
        for place, line in enumerate(lines)
    ]
    table = sheet.table(in_rows(cells, FACTS_ABREAST), [1] * FACTS_ABREAST)
    table.setStyle([
        ("GRID", (0, 0), (-1, -1), 0, PAPER), ("BACKGROUND", (0, 0), (-1, -1), GROUND),
        ("LINEBELOW", (0, 0), (-1, -2), 0.4, LINE), ("LEFTPADDING", (0, 0), (-1, -1), 9),
        ("TOPPADDING", (0, 0), (-1, -1), 4), ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
    ])  # fmt: skip
    return table


def _is_long(line: Line) -> bool:
    return len(line.answer) > LONG_ANSWER or "\n" in line.answer


def lines(sheet: Sheet, found: Sequence[Line]) -> Table:
    """One answer to a line."""
    return sheet.table([[line.label, line.answer] for line in found], [1, 3], labels=(0,))


def grid(sheet: Sheet, part: Grid) -> Table:
    """One line per row, its head on every page."""
    return sheet.table([part.head, *part.rows], part.widths or shares([part.head, *part.rows]), head=1)


def shares(rows: Sequence[Sequence[str]]) -> list[float]:
    """Column widths by what stands in them: the widest text counts up to twelve characters."""
    least, most = 2.5 * CELL_SIZE, 12 * CELL_SIZE
    return [
        max(least, min(most, max(stringWidth(cell, REGULAR, CELL_SIZE) for cell in column)))
        for column in zip(*rows, strict=True)
    ]


def matrix(sheet: Sheet, part: Matrix) -> Iterator[Flowable]:
    """Questions downwards, people side by side; more people than fit make further tables."""
    for start in range(0, len(part.names), PEOPLE_ABREAST):
        names = part.names[start : start + PEOPLE_ABREAST]
        rows = [(label, *texts[start : start + PEOPLE_ABREAST]) for label, texts in part.lines]
        if start:
            yield Spacer(0, 6)
        yield sheet.table([("", *names), *rows], [part.label_share, *[1.6] * len(names)], head=1, labels=(0,))


def comparisons(sheet: Sheet, results: Sequence[Comparison]) -> Iterator[Flowable]:
    """The rules' results: a table with arithmetic and clause of what counts; what does not fit with its reason in one
    line each; the rest by name."""
    against = ("no_match", "not_asked")
    told = [result for result in results if result.verdict not in against]
    reasoned = [result for result in results if result.verdict in against and result.arithmetic]
    if told:
        yield _comparison_table(sheet, told)
    if reasoned:
        table = _reasons_table(sheet, reasoned)
        yield from sheet.heading("初步不符合或不再比对的", (table,))
        yield table
    named = [result.name for result in results if result.verdict in against and not result.arithmetic]
    if named:
        yield from (Spacer(0, 4), sheet.text(f"其余政策初步不符合：{'、'.join(named)}。", "small"))
    yield Spacer(0, 3)
    yield sheet.text("比对由程序按当日参数计算，只供调查人员参考；不作为不予受理的理由。", "small")


def _reasons_table(sheet: Sheet, found: Sequence[Comparison]) -> Table:
    rows: list[list[str | Flowable]] = [["政策", "结果", "原因"]]
    for result in found:
        why = "；".join(result.arithmetic) + (f"。依据：{result.clause}" if result.clause else "")
        rows.append([result.name, sheet.text(result.word, "label"), sheet.text(why, "small")])
    return sheet.table(rows, [2.4, 1.2, 6.4], head=1)


def _comparison_table(sheet: Sheet, found: Sequence[Comparison]) -> Table:
    rows: list[list[str | Flowable]] = [["政策", "结果", "计算与依据"]]
    for result in found:
        why: list[Flowable] = [sheet.text(line, "cell") for line in result.arithmetic]
        if result.clause:
            why.append(sheet.text(f"依据：{result.clause}", "small"))
        rows.append([result.name, Tag(result.word, VERDICT_KINDS.get(result.verdict, "quiet")), _stack(why)])
    return sheet.table(rows, [2.4, 1.4, 6.2], head=1)


def _stack(found: list[Flowable]) -> Any:
    return found or ""


def signatures(sheet: Sheet, signed: Sequence[Signed], sign_here: Sequence[str]) -> Table:
    """Signatures given on screen, then places to sign by pen, three to a row."""
    cells = [_signed(sheet, each, WIDTH / 3 - 12) for each in signed]
    cells += [blank(sheet, label) for label in sign_here]
    return sheet.table(in_rows(cells, 3), [1, 1, 1])


def _signed(sheet: Sheet, signed: Signed, width: float) -> list[Flowable]:
    drawn = Signature(signed.data, width) if signed.is_strokes else photo(signed.data, width, 16 * mm)
    return [sheet.text(signed.label, "label"), drawn]


def blank(sheet: Sheet, label: str) -> list[Flowable]:
    """A place to sign on paper."""
    return [sheet.text(label, "label"), Spacer(0, 14 * mm), sheet.text("＿＿＿＿年＿＿月＿＿日", "small")]


def gallery(sheet: Sheet, photos: Sequence[Picture], per_row: int) -> Table:
    """Photos with what they show below them; a row is never torn between pages."""
    width = WIDTH / per_row - 12
    cells = [_photo(sheet, item, width, width * 0.75) for item in photos]
    table = sheet.table(in_rows(cells, per_row), [1] * per_row)
    table.setStyle([("NOSPLIT", (0, row), (-1, row)) for row in range(len(cells) // per_row + 1)])
    return table


def _photo(sheet: Sheet, item: Picture, width: float, height: float) -> list[Flowable]:
    if item.data is None:
        return [Spacer(0, height / 3), sheet.text("照片尚未下载到本机", "small"), sheet.text(item.label, "small")]
    return [photo(item.data, width, height), sheet.text(item.label, "small")]


def in_rows(cells: list[list[Flowable]], count: int) -> list[list[Any]]:
    """``cells`` in rows of ``count``, the last filled up with empty ones."""
    filled = cells + [[]] * (-len(cells) % count)
    return [filled[at : at + count] for at in range(0, len(filled), count)]


def kept(*flowables: Flowable) -> KeepTogether:
    return KeepTogether(list(flowables))


def numeral(number: int) -> str:
    """一 … 十, 十一 … 九十九."""
    tens, ones = divmod(number, 10)
    if number <= 10:
        return NUMERALS[number - 1]
    return ("" if tens == 1 else NUMERALS[tens - 1]) + "十" + (NUMERALS[ones - 1] if ones else "")
