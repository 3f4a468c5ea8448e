"""Texts made alike before they are compared: width, case, traditional and regional forms, 〇 and 零, dots in names."""

from __future__ import annotations

import string
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
_DROPPED = string.punctuation + "·•・‧∙.．。’'`-－—_（）()[]【】,，、/\\：:；;\"“”"
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
    bare = "".join(plain.lower().translate(_table()).split())
    # What was dropped may have kept a letter and its accent apart.
    again = unicodedata.normalize("NFKC", bare).lower()
    return again if again == bare else fold(again)


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """``fold`` character by character, with the place in ``text`` each folded character comes from."""
    whole = fold(text)
    if len(whole) == len(text):
        return whole, list(range(len(text)))
    places = [place for place, character in enumerate(text) for _ in fold(character)]
    if len(places) != len(whole):  # characters that join when folded together: the place is near enough
        places = [min(index, len(text) - 1) for index in range(len(whole))]
    return whole, places
