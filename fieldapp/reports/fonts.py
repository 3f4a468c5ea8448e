"""Fonts in the PDF: which font draws which character, and a text layer that can be copied and searched.

Noto Sans SC draws almost everything, HanaMinB the rare characters of names beyond the basic plane. A character no
font has is printed as its code in a box and named in the report's warnings, never silently lost.

Hazards: reportlab has no font fallback, so text is split into runs by glyph coverage; and its ToUnicode map writes
code points beyond U+FFFF as five hex digits, which readers drop, so the map is replaced on import of this module.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from reportlab.pdfbase import pdfmetrics, ttfonts

import resources

REGULAR, BOLD, RARE = "NotoSansSC", "NotoSansSC-Bold", "HanaMinB"
FILES = {REGULAR: "NotoSansSC-Regular.ttf", BOLD: "NotoSansSC-Bold.ttf", RARE: "HanaMinB.ttf"}
CODES_PER_BLOCK = 100  # PDF Reference 5.9.2: at most 100 entries in one bfchar block


def unicode_map(font_name: str | bytes, subset: list[int]) -> str:
    """The ToUnicode CMap of a font subset, code points beyond the basic plane as UTF-16 surrogate pairs."""
    name = font_name.decode("latin-1") if isinstance(font_name, bytes) else font_name
    head = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        f"<00> <{len(subset) - 1:02X}>",
        "endcodespacerange",
    ]
    body = []
    entries = [f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset)]
    for start in range(0, len(entries), CODES_PER_BLOCK):
        block = entries[start : start + CODES_PER_BLOCK]
        body += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join([*head, *body, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])


ttfonts.makeToUnicodeCMap = unicode_map


@functools.cache
def register() -> None:
    """Make the bundled fonts known to reportlab, once a process (about 60 ms a font)."""
    for name, file in FILES.items():
        pdfmetrics.registerFont(ttfonts.TTFont(name, str(resources.path("fonts", file)), shapable=False))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


@functools.cache
def _glyphs(font: str) -> frozenset[int]:
    register()
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


@dataclass
class Typesetter:
    """Turns plain text into reportlab's mark-up for one document and remembers what could not be drawn."""

    missing: set[str] = field(default_factory=set)

    def markup(self, text: str, *, bold: bool = False) -> str:
        """``text`` escaped, rare characters in their own font, undrawable ones as boxed codes, line ends kept."""
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return "<br/>".join("".join(self._line(line, bold)) for line in lines)

    def _line(self, text: str, bold: bool) -> Iterator[str]:
        main = BOLD if bold else REGULAR
        for font, run in runs(text, main):
            if font is None:
                yield from (self._boxed(character, main) for character in run)
            else:
                yield f'<font name="{font}">{escape(run, quote=False)}</font>'

    def _boxed(self, character: str, main: str) -> str:
        self.missing.add(character)
        return f'<font name="{main}" backColor="#EDF0F3">[U+{ord(character):04X}]</font>'


def runs(text: str, main: str = REGULAR) -> Iterator[tuple[str | None, str]]:
    """``text`` in pieces with the font that draws each; None where no font does. Control characters are dropped."""
    visible = (character for character in text if character == "\t" or ord(character) >= 0x20)
    for font, piece in groupby(visible, lambda character: _font_of(character, main)):
        yield font, "".join(" " if character == "\t" else character for character in piece)


@functools.lru_cache(maxsize=8192)
def _font_of(character: str, main: str) -> str | None:
    point = ord(" " if character == "\t" else character)
    return next((font for font in (main, RARE) if point in _glyphs(font)), None)
