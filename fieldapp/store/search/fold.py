"""Texts made alike before they are compared: width, case, traditional and regional forms, 〇 and 零, dots in names."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
_DROPPED = "·•・‧∙.．。’'`-－—_（）()[]【】,，、/\\：:；;\"“”"
_ZEROS = "〇○◯Ｏ"


@cache
def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for line in (DATA / "variants.txt").read_text(encoding="utf-8").splitlines():
        for variant in line[1:]:
            table[ord(variant)] = line[0]
    table.update({ord(ch): None for ch in _DROPPED})
    table.update({ord(ch): "零" for ch in _ZEROS})
    return table


def fold(text: str) -> str:
    """The form texts are compared in; ``fold(fold(x)) == fold(x)``."""
    if text.isascii():
        return "".join(text.lower().translate(_table()).split())
    plain = text.translate({ord(ch): "零" for ch in _ZEROS})
    return "".join(unicodedata.normalize("NFKC", plain).lower().translate(_table()).split())


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """``fold`` character by character, with the place in ``text`` each folded character comes from."""
    folded, places = [], []
    for place, character in enumerate(text):
        for out in fold(character):
            folded.append(out)
            places.append(place)
    return "".join(folded), places


def is_han(character: str) -> bool:
    """Chinese characters of every plane, 〇 and the ideographs fonts often lack included."""
    code = ord(character)
    return 0x3400 <= code <= 0x9FFF or 0x20000 <= code <= 0x3FFFF or 0xF900 <= code <= 0xFAFF or code == 0x3007
