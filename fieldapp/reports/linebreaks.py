"""Where lines of Chinese end: no 。 at a line's start, no （ at its end, numbers and Latin words whole while they fit.

reportlab's own rule hangs one closing mark into the margin and lets a second one (。”) start the next line; in narrow
table cells the hanging mark stands outside the cell. Here what cannot be torn goes to the next line together.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Paragraph
from reportlab.platypus.paragraph import ParaLines, cjkU, makeCJKParaLine

CANNOT_START = frozenset("，。、；：？！）》】」』’”〉〕｝…—～·％,.;:?!)]}%'\"")
CANNOT_END = frozenset("（《【「『‘“〈〔｛([{￥＄$#＃")
_TIGHT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.@_-+*/%,:")
_SLACK = 1e-6


class ChineseParagraph(Paragraph):  # type: ignore[misc]
    """A reportlab paragraph whose lines end as Chinese lines do."""

    def breakLinesCJK(self, maxWidths: Any) -> Any:
        frags = self.frags
        if getattr(self, "_splitpara", 0) or not frags or self.bulletText:
            return super().breakLinesCJK(maxWidths)
        widths = maxWidths if isinstance(maxWidths, list | tuple) else [maxWidths]
        self.height = 0
        if len(frags) == 1 and not hasattr(frags[0], "lineBreak"):
            return self._plain(frags[0], widths)
        units = [cjkU(letter, frag, "utf8") for frag in frags for letter in (frag.text or [""])]
        forced = [hasattr(unit.frag, "lineBreak") for unit in units]
        lines = []
        for number, (start, end, after) in enumerate(line_ends(units, [unit.width for unit in units], widths, forced)):
            room = widths[min(number, len(widths) - 1)]
            used = sum(unit.width for unit in units[start:end])
            broken = forced[after - 1] if after else False
            lines.append(makeCJKParaLine(units[start:end], room, used, room - used, broken, False))
        return ParaLines(kind=1, lines=lines)

    def _plain(self, frag: Any, widths: Sequence[float]) -> Any:
        # A paragraph split over pages holds the lines it had, and no text.
        text = frag.text if hasattr(frag, "text") else "".join(frag.words)
        measured = [_width(letter, frag.fontName) * frag.fontSize for letter in text]
        lines = []
        for number, (start, end, _) in enumerate(line_ends(text, measured, widths)):
            room = widths[min(number, len(widths) - 1)]
            lines.append((room - sum(measured[start:end]), [text[start:end]]))
        return frag.clone(kind=0, lines=lines, ascent=frag.fontSize, descent=-0.2 * frag.fontSize)


@functools.lru_cache(maxsize=16384)
def _width(letter: str, font: str) -> float:
    return float(stringWidth(letter, font, 1.0))


def line_ends(
    letters: Sequence[str], widths: Sequence[float], rooms: Sequence[float], forced: Sequence[bool] = ()
) -> Iterator[tuple[int, int, int]]:
    """(start, end, start of the next) of each line: ``letters`` of ``widths`` into ``rooms`` (the last serves all
    further lines); ``forced`` marks letters that end their line."""
    start, number, count = 0, 0, len(letters)
    while start < count:
        room = rooms[min(number, len(rooms) - 1)]
        end, used, broken = start, 0.0, False
        while end < count and (used + widths[end] <= room + _SLACK or end == start):
            used += widths[end]
            end += 1
            if forced and forced[end - 1]:
                broken = True
                break
        if not broken and end < count:
            end = _allowed(letters, start, end)
        after = end
        while not broken and after < count and letters[after] == " " and not (forced and forced[after]):
            after += 1
        yield start, _without_blanks(letters, start, end), after
        start, number = after, number + 1


def _allowed(letters: Sequence[str], start: int, end: int) -> int:
    """The last place at or before ``end`` where a line may end; ``end`` itself when there is none (a long word)."""
    for place in range(end, start, -1):
        if _may_break(letters[place - 1], letters[place]):
            return place
    return end


def _may_break(before: str, after: str) -> bool:
    if after == " " or before == " ":
        return True
    if after in CANNOT_START or before in CANNOT_END:
        return False
    return not (before in _TIGHT and after in _TIGHT)


def _without_blanks(letters: Sequence[str], start: int, end: int) -> int:
    while end > start + 1 and letters[end - 1] == " ":
        end -= 1
    return end
