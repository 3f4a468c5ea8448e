"""The tokens of a card and of a query: plain ASCII words whose first letter says what they are.

SQLite's tokenizers know an old Unicode and would cut names at the rarer ideographs, so characters are written as hex.

    n6bb5        a character of a name           d2342      last 4, last 6 or all of an ID number
    m8303 79cb   two neighbouring characters     t5678      a phone number's last 4 and more digits
    ifqe jf jfq  initials, their first letters   u138...    a phone number, for what it begins with
    pfanqiue     full pinyin from a syllable on  a5468 5cad two neighbouring characters of an address
    qf qfa       its first letters               k12        a number in an address or on a door
    g3417...     the grid

One- and two-letter queries use exact tokens, for a short prefix would walk half the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from fieldapp.store.search.fold import fold
from fieldapp.store.search.pinyin import ways

_RUNS = re.compile(r"[0-9]+|[a-z]+|[^0-9a-z]+")


def name_tokens(name: str) -> Iterator[str]:
    folded = fold(name)
    for character in folded:
        if not (character.isascii() and character.isalnum()):
            yield f"n{ord(character):x}"
    yield from _pairs("m", folded)
    for way in ways(name):
        yield from _latin("i", "j", "".join(syllable[0] for syllable in way), range(len(way)))
        full = "".join(way)
        starts = [sum(map(len, way[:index])) for index in range(len(way))]
        yield from _latin("p", "q", full, starts)


def _latin(kind: str, short: str, text: str, starts: Iterable[int]) -> Iterator[str]:
    for start in starts:
        rest = text[start:]
        yield kind + rest
        yield short + rest[:1]
        yield short + rest[:2]


def _pairs(kind: str, folded: str) -> Iterator[str]:
    for one, other in pairwise(folded):
        yield f"{kind}{ord(one):x}x{ord(other):x}"


def number_tokens(id_number: str) -> Iterator[str]:
    text = fold(id_number)
    if text.isalnum() and text.isascii():
        yield from {"d" + text, "d" + text[-4:], "d" + text[-6:]}


def phone_tokens(phone: str) -> Iterator[str]:
    digits = "".join(ch for ch in fold(phone) if ch.isascii() and ch.isdigit())
    if digits:
        yield "u" + digits
        for length in range(4, len(digits) + 1):
            yield "t" + digits[-length:]


def address_tokens(address: str) -> Iterator[str]:
    folded = fold(address)
    yield from _pairs("a", folded)
    for run in _RUNS.findall(folded):
        if run.isascii():
            yield "k" + run


def area_token(area: str) -> str:
    return "g" + "".join(ch for ch in area if ch.isascii() and ch.isalnum())


def terms(query: str) -> list[str]:
    """The words of a query, folded; all of them must be found. At most eight words of at most forty characters."""
    return [folded for word in query.split()[:8] if (folded := fold(word[:40]))]


def match_expression(query: str) -> str | None:
    """The FTS5 expression that finds candidates; None when the query says nothing that can be found."""
    parts = [part for term in terms(query) if (part := _term(term))]
    return " AND ".join(f"({part})" for part in parts) or None


def _term(term: str) -> str:
    if term.isascii() and term.isdigit():
        return _digits(term)
    if term.isascii() and term.isalnum():
        return _letters(term)
    return _han(term)


def _digits(term: str) -> str:
    ways_to = [f"k{term}"]
    if len(term) >= 4:
        ways_to += [f"t{term}", f"d{term}"]
    if len(term) >= 3:
        ways_to.append(f"u{term}*")
    return " OR ".join(ways_to)


def _letters(term: str) -> str:
    if any(ch.isdigit() for ch in term):
        return " OR ".join(f"{kind}{term}" for kind in "dk")
    if len(term) <= 2:
        return f"j{term} OR q{term}"
    return f"i{term}* OR p{term}* OR k{term}"


def _han(term: str) -> str:
    """A term with characters: in one name, or across one address (its numbers apart)."""
    if len(term) == 1:
        return f"n{ord(term):x}"
    in_name = " AND ".join(_pairs("m", term))
    in_address = " AND ".join(_pairs("a", term))
    runs = _RUNS.findall(term)
    mixed = [_term(run) for run in runs] if len(runs) > 1 else []
    either = [in_name, in_address, " AND ".join(f"({part})" for part in mixed if part)]
    return " OR ".join(f"({part})" for part in either if part)
