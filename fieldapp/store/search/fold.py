"""Texts made alike before they are compared: width, case, traditional and regional forms, 〇 and 零, dots in names."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
_DROPPED = "·•・‧∙.．。’'`-－—_（）()[]【】,，、/\\：:；;\"“”"
_ZEROS = {ord(ch): "零" for ch in "〇○◯"}


@cache
def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for line in (DATA / "variants.txt").read_text(encoding="utf-8").splitlines():
        for variant in line[1:]:
            table[ord(variant)] = line[0]
    table.update({ord(ch): None for ch in _DROPPED})
    table.update(_ZEROS)
    return table


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The form texts are compared in; ``fold(fold(x)) == fold(x)``."""
    if text.isascii():
        return "".join(text.lower().translate(_table()).split())
    # Before NFKC, which would turn the circles people type for zero into letters.
    plain = unicodedata.normalize("NFKC", text.translate(_ZEROS))
    return "".join(plain.lower().translate(_table()).split())


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """``fold`` character by character, with the place in ``text`` each folded character comes from."""
    whole = fold(text)
    if len(whole) == len(text):
        return whole, list(range(len(text)))
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
