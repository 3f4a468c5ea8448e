"""How a name may be typed in Latin letters: readings without tones, surnames read their own way."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from fieldapp.store.search.fold import DATA, fold

MAX_WAYS = 4


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    first: dict[str, str] = {}
    also: dict[str, list[str]] = {}
    for line in (DATA / "readings.txt").read_text(encoding="utf-8").splitlines():
        syllable, _, rest = line.partition(" ")
        leading, _, trailing = rest.partition(" ")
        first.update(dict.fromkeys(leading, syllable))
        for character in trailing:
            also.setdefault(character, []).append(syllable)
    return {character: (syllable, *also.get(character, ())) for character, syllable in first.items()}


@cache
def _surnames() -> dict[str, tuple[str, ...]]:
    lines = (DATA / "surnames.txt").read_text(encoding="utf-8").splitlines()
    return {line.split()[0]: tuple(dict.fromkeys(line.split()[1:])) for line in lines}


_SPLIT = {
    "yuchi": ("yu", "chi"), "zhangsun": ("zhang", "sun"), "moqi": ("mo", "qi"), "linghu": ("ling", "hu"),
    "tantai": ("tan", "tai"), "xianyu": ("xian", "yu"), "huyan": ("hu", "yan"),
}  # fmt: skip


def ways(name: str) -> tuple[tuple[str, ...], ...]:
    """The likeliest ways to spell ``name``, each a tuple of syllables; at most ``MAX_WAYS``. Letters and digits in a
    name count as they are; a character nobody has a reading for is left out."""
    folded = fold(name)
    head, rest = _surname(folded)
    choices = [[(syllable,) for syllable in _of(character)] for character in rest]
    given = [character for character in choices if character]
    spelled: list[tuple[str, ...]] = []
    for parts in product(*([head] if head else []), *given):
        spelled.append(tuple(syllable for part in parts for syllable in part))
        if len(spelled) == MAX_WAYS:
            break
    return tuple(way for way in dict.fromkeys(spelled) if way)


class Spelling(NamedTuple):
    """One way to spell a name: ``starts`` are the places in ``full`` where its syllables begin."""

    initials: str
    full: str
    starts: tuple[int, ...]


def place_of(word: str, initials: str, full: str, starts: Sequence[int]) -> tuple[int, int] | None:
    """The syllables (start, end) of a spelling that ``word`` spells, by initials or in full from a syllable on."""
    at = initials.find(word)
    if at >= 0:
        return at, at + len(word)
    if word not in full:
        return None
    for number, start in enumerate(starts):
        if full.startswith(word, start):
            end = start + len(word)
            return number, sum(1 for begin in starts if begin < end)
    return None


@lru_cache(maxsize=16384)
def spellings(name: str) -> tuple[Spelling, ...]:
    """Everything letters are compared with, for each of ``ways``."""
    made = []
    for way in ways(name):
        starts = tuple(sum(map(len, way[:index])) for index in range(len(way)))
        made.append(Spelling("".join(part[0] for part in way), "".join(way), starts))
    return tuple(made)


def warm() -> None:
    """Load the tables."""
    ways("曾")


def _surname(folded: str) -> tuple[list[tuple[str, ...]], str]:
    for length in (2, 1):
        known = _surnames().get(folded[:length]) if len(folded) > length or length == 1 else None
        if known and len(folded[:length]) == length:
            return [_SPLIT.get(syllable, (syllable,)) for syllable in known], folded[length:]
    return [], folded


def _of(character: str) -> tuple[str, ...]:
    if character.isascii() and character.isalnum():
        return (character,)
    return _readings().get(character, ())
