"""The search box: candidates by tokens, checked by the texts themselves, ordered and highlighted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from fieldapp.domain import identity_number
from fieldapp.domain.roles import READ, may
from fieldapp.store.codec import unpack_json
from fieldapp.store.search.fold import fold, fold_with_places
from fieldapp.store.search.pinyin import place_of
from fieldapp.store.search.tokens import area_token, match_expression, terms

if TYPE_CHECKING:
    from fieldapp.store.connection import Row
    from fieldapp.store.reading import ReadTx

CANDIDATES = 200
EXACT, PREFIX, INSIDE = 0, 1, 2


@dataclass(frozen=True)
class Match:
    """One text that matched. ``field``: ``name`` | ``nickname`` | ``family`` | ``id_number`` | ``phone`` | ``address``
    | ``door``; ``text`` as it may be shown (numbers masked); ``spans``: (start, end) in ``text``."""

    field: str
    person: str | None
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Hit:
    """A household, or a person without one. ``quality``: 0 exact, 1 prefix, 2 inside."""

    subject: str
    kind: str
    area: str
    head_name: str | None
    people: int
    address: str | None
    door: str | None
    conflicts: int
    quality: int
    matches: tuple[Match, ...]


def find(tx: ReadTx, query: str, *, own_areas: Sequence[str] = (), limit: int = 50) -> list[Hit]:
    """Households and people matching every word of ``query``: own areas first, then exact, then prefix.

    Words may be a surname, part of a name, initials, full pinyin, the last digits of an ID number or of a phone,
    parts of an address, a door number, a nickname. Nothing is found for roles that read no households.
    """
    expression = match_expression(query)
    if expression is None or (tx.identity and not may(tx.identity.role, READ, "household")):
        return []
    words = terms(query)
    found: dict[str, tuple[bool, Hit]] = {}
    for own, row in _candidates(tx, expression, own_areas):
        if row[0] not in found and (hit := _check(row, words)):
            found[row[0]] = (own, hit)
    ordered = sorted(found.values(), key=lambda item: (not item[0], item[1].quality, item[1].area, item[1].subject))
    return [hit for _, hit in ordered[:limit]]


def _candidates(tx: ReadTx, expression: str, own_areas: Sequence[str]) -> Iterator[tuple[bool, Row]]:
    sql = (
        "SELECT c.subject, c.kind, c.area, c.head_name, c.people, c.conflicts, c.content "
        "FROM card_index i JOIN card c ON c.num = i.rowid WHERE card_index MATCH ? LIMIT ?"
    )
    left = CANDIDATES
    for area in own_areas:
        # Own areas are asked for apart, so that a common surname elsewhere cannot crowd them out.
        for row in tx.rows(sql, (f"{area_token(area)}* AND ({expression})", left)):
            left -= 1
            yield True, row
    for row in tx.rows(sql, (expression, max(left, CANDIDATES // 4))):
        yield any(row[2].startswith(area) for area in own_areas), row


def _check(row: Row, words: Sequence[str]) -> Hit | None:
    content = unpack_json(row[6])
    matches: list[Match] = []
    worst = EXACT
    for word in words:
        best = INSIDE + 1
        for match, quality in _matches(content, word):
            best = min(best, quality)
            matches.append(match)
        if best > INSIDE:
            return None
        worst = max(worst, best)
    first_address = content["addresses"][0] if content["addresses"] else None
    first_door = content["doors"][0] if content["doors"] else None
    return Hit(
        row[0], row[1], row[2], row[3], row[4], first_address, first_door, row[5], worst, tuple(dict.fromkeys(matches))
    )


def _matches(content: dict[str, Any], word: str) -> Iterator[tuple[Match, int]]:
    """Digits are looked for in numbers, words in names, both in addresses; ``002x`` is the end of an ID number."""
    digits = word.isascii() and word.isdigit()
    numbered = digits or (word.isascii() and word[:-1].isdigit())
    letters = word.isascii() and word.isalpha()
    in_name = partial(_spelled, content["spelled"]) if letters else _in_text
    for person, name, others, number, phone in content["people"]:
        if letters or not word.isascii():
            if name:
                yield from in_name("name", person, name, word)
            for other in others:
                yield from in_name("nickname", person, other, word)
        if numbered:
            yield from _in_number(person, number, word)
        if digits:
            yield from _in_phone(person, phone, word)
    if digits:
        for phone in content["phones"]:
            yield from _in_phone(None, phone, word)
    elif letters or not word.isascii():
        for name in content["families"]:
            yield from in_name("family", None, name, word)
    for field, texts in (("address", content["addresses"]), ("door", content["doors"])):
        for text in texts:
            yield from _in_text(field, None, text, word)


def _spelled(
    spelled: Mapping[str, Sequence[Any]], field: str, person: str | None, name: str, word: str
) -> Iterator[tuple[Match, int]]:
    for initials, full, starts in spelled[name]:
        place = place_of(word, initials, full, starts)
        if place is not None:
            exact = place == (0, len(starts)) and word in (initials, full)
            # Syllables and characters are one to one, apart from names with letters and double surnames' readings.
            span = place if len(starts) == len(name) else (0, len(name))
            yield Match(field, person, name, (span,)), EXACT if exact else PREFIX if place[0] == 0 else INSIDE
            return


def _in_text(field: str, person: str | None, text: str, word: str) -> Iterator[tuple[Match, int]]:
    folded = fold(text)
    at = folded.find(word)
    if at < 0:
        return
    _, places = fold_with_places(text)
    if word.isdigit() and field in ("address", "door") and not _whole_number(folded, at, len(word)):
        return
    span = (places[at], places[at + len(word) - 1] + 1)
    yield Match(field, person, text, (span,)), EXACT if folded == word else PREFIX if at == 0 else INSIDE


def _whole_number(folded: str, at: int, length: int) -> bool:
    """House number 12 is not found in 112 or 120."""
    before = folded[at - 1] if at else " "
    after = folded[at + length] if at + length < len(folded) else " "
    return not (before.isdigit() or after.isdigit())


def _in_number(person: str, number: str | None, word: str) -> Iterator[tuple[Match, int]]:
    if not number or len(word) < 4:
        return
    folded = fold(number)
    if folded == word or (len(word) in (4, 6) and folded.endswith(word)):
        shown = identity_number.mask(number)
        start = max(len(shown) - len(word), 0)
        yield Match("id_number", person, shown, ((start, len(shown)),)), EXACT if folded == word else INSIDE


def _in_phone(person: str | None, phone: str | None, word: str) -> Iterator[tuple[Match, int]]:
    digits = "".join(ch for ch in fold(phone or "") if ch.isdigit())
    if not digits or not word.isdigit() or len(word) < 3:
        return
    shown = identity_number.mask_phone(digits)
    if digits.endswith(word) and len(word) >= 4:
        yield (
            Match("phone", person, shown, ((len(shown) - len(word), len(shown)),)),
            EXACT if digits == word else INSIDE,
        )
    elif digits.startswith(word):
        yield Match("phone", person, shown, ((0, len(word)),)), PREFIX


__all__ = ["CANDIDATES", "Hit", "Match", "find"]
