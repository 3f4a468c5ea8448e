"""People who may have been entered twice: shown to a person, never joined by the program.

Same number; or a similar name together with the same birth date, phone, address or door. Pairs somebody
has decided (``same_as`` on or off) are not shown again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from fieldapp.domain.identity_number import check_digit, normal_form
from fieldapp.store.connection import select_in
from fieldapp.store.projections.people import PersonRow, phone_key, with_ids
from fieldapp.store.search.fold import fold
from fieldapp.store.search.pinyin import ways

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx

Door: TypeAlias = tuple[str, str] | None
_PARTNERS = 200
_HOME = "p.document, h.address, h.area, h.door FROM person p LEFT JOIN household h ON h.document = p.household"
_AT_DOOR = f"SELECT {_HOME} JOIN door d ON d.document = p.household WHERE d.area = ? AND d.number = ? LIMIT ?"


@dataclass(frozen=True)
class Suspect:
    """Somebody who may be the same. ``reasons``: ``number`` alone, or ``name`` with ``birth_date`` | ``phone`` |
    ``address`` | ``door``, strongest first."""

    person: PersonRow
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two people who may be one; ``one`` has the smaller id."""

    one: PersonRow
    other: PersonRow
    reasons: tuple[str, ...]


def suspects(
    tx: ReadTx,
    *,
    full_name: str | None = None,
    id_number: str | None = None,
    birth_date: str | None = None,
    phone: str | None = None,
    address: str | None = None,
    door: Door = None,
    without: str | None = None,
) -> list[Suspect]:
    """Who here may be the one being entered; ``door`` is (grid, number), ``without`` the person's own id when it has
    one. Strongest first."""
    keys = {"p.id_number": number_forms(id_number or ""), "p.birth_date": _exact(birth_date), "p.phone_key": ()}
    keys["p.phone_key"] = tuple(filter(None, (phone_key(phone),)))
    found: dict[str, tuple[Any, Door]] = {}
    for column, values in keys.items():
        for value in values:
            found.update(_homes(tx.rows(f"SELECT {_HOME} WHERE {column} = ? LIMIT ?", (value, _PARTNERS))))
    if address and full_name:
        sql = f"SELECT {_HOME} WHERE h.address_key = ? LIMIT ?"
        found.update(_homes(tx.rows(sql, (fold(address), _PARTNERS))))
    if door and full_name:
        found.update(_homes(tx.rows(_AT_DOOR, (*door, _PARTNERS))))
    found.pop(without or "", None)
    me = _Features(full_name, id_number, birth_date, phone, address, door)
    made = []
    for row in with_ids(tx, found):
        reasons = me.like(_Features(row.full_name, row.id_number, row.birth_date, row.phone, *found[row.id]))
        if reasons and not (without and _decided(tx, without, row.id)):
            made.append(Suspect(row, reasons))
    return sorted(made, key=lambda item: (item.reasons[0] != "number", -len(item.reasons), item.person.id))


def pairs(tx: ReadTx, people: Iterable[str]) -> list[Pair]:
    """Suspicious pairs that one of ``people`` is part of: asked after a save or a pull with what it brought."""
    found: dict[tuple[str, str], Pair] = {}
    homes = _homes(select_in(tx.connection, f"SELECT {_HOME} WHERE p.document", people := list(people)))
    for row in with_ids(tx, people):
        for suspect in suspects(
            tx, full_name=row.full_name, id_number=row.id_number, birth_date=row.birth_date, phone=row.phone,
            address=homes[row.id][0], door=homes[row.id][1], without=row.id,
        ):  # fmt: skip
            one, other = sorted((row, suspect.person), key=lambda person: person.id)
            found.setdefault((one.id, other.id), Pair(one, other, suspect.reasons))
    return [found[key] for key in sorted(found)]


def similar_names(one: str, other: str) -> bool:
    """Equal once folded, alike in pinyin without tones, or one character wrong, missing or swapped (of three and
    more: of two, 王伟 and 王芳 are simply two people)."""
    a, b = fold(one), fold(other)
    if sounds_alike(one, other):
        return True
    return max(len(a), len(b)) >= 3 and _one_slip(a, b)


def sounds_alike(one: str, other: str) -> bool:
    """Equal once folded, or alike in pinyin without tones."""
    a, b = fold(one), fold(other)
    return bool(a) if a == b else bool(set(ways(a)) & set(ways(b)))


def number_forms(id_number: str) -> tuple[str, ...]:
    """The number in normal form, and its 15- or 18-digit sibling."""
    text = normal_form(id_number)
    if len(text) == 18 and text[6:8] == "19":
        return (text, text[:6] + text[8:17])
    if len(text) == 15 and text.isdigit():
        long = text[:6] + "19" + text[6:]
        return (text, long + check_digit(long))
    return (text,) if text else ()


@dataclass(frozen=True)
class _Features:
    name: str | None
    number: str | None
    birth_date: str | None
    phone: str | None
    address: str | None
    door: Door

    def like(self, other: _Features) -> tuple[str, ...]:
        if set(number_forms(self.number or "")) & set(number_forms(other.number or "")):
            return ("number",)
        if not (self.name and other.name and similar_names(self.name, other.name)):
            return ()
        same = {
            "birth_date": bool(_exact(self.birth_date)) and self.birth_date == other.birth_date,
            "phone": bool(phone_key(self.phone)) and phone_key(self.phone) == phone_key(other.phone),
            "address": bool(self.address) and fold(self.address or "") == fold(other.address or ""),
            # brothers live behind one door, and their names differ in one character
            "door": self.door is not None and self.door == other.door and sounds_alike(self.name, other.name),
        }
        shared = [name for name, held in same.items() if held]
        return ("name", *shared) if shared else ()


def _exact(birth_date: str | None) -> tuple[str, ...]:
    """A year alone is no evidence."""
    return (birth_date,) if birth_date and len(birth_date) == 10 else ()


def _one_slip(a: str, b: str) -> bool:
    if len(a) == len(b):
        wrong = [index for index in range(len(a)) if a[index] != b[index]]
        if len(wrong) == 1:
            return wrong[0] > 0  # another surname is another person
        return len(wrong) == 2 and a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]]
    short, long = sorted((a, b), key=len)
    return len(long) - len(short) == 1 and any(long[:i] + long[i + 1 :] == short for i in range(1, len(long)))


def _decided(tx: ReadTx, one: str, other: str) -> bool:
    sql = "SELECT 1 FROM same_as WHERE (one = ?1 AND other = ?2) OR (one = ?2 AND other = ?1)"
    return tx.one(sql, (one, other)) is not None or tx.canonical(one) == tx.canonical(other)


def _homes(rows: Iterable[Any]) -> dict[str, tuple[Any, Door]]:
    """person -> (address, door) of the household; no door without a number."""
    return {row[0]: (row[1], (row[2], row[3]) if row[3] else None) for row in rows}
