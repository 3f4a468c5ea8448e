"""People as lists, search and duplicate detection need them. Membership is the person's alone."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp.domain import identity_number
from fieldapp.domain.documents import Person
from fieldapp.store.codec import to_text
from fieldapp.store.connection import Row, select_in
from fieldapp.store.projections import tallies
from fieldapp.store.projections.registry import Rows
from fieldapp.store.spans import span
from fieldapp.store.views import DocumentView

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx

NAME = "people"
TYPES: frozenset[str] | None = frozenset({"person"})
TABLES = {
    "person": "document TEXT PRIMARY KEY, area TEXT NOT NULL, household TEXT, relation TEXT, full_name TEXT, "
    "other_names TEXT NOT NULL, sex TEXT, birth_date TEXT, id_kind TEXT, id_number TEXT, phone TEXT, whereabouts TEXT, "
    "deceased_on TEXT, lives_with_family INTEGER, conflicts INTEGER NOT NULL, "
    "phone_key TEXT",
    # The households a person may belong to while two moves stand against each other: shown, a member of neither.
    "membership_claim": "document TEXT NOT NULL, household TEXT NOT NULL",
}
INDEXES = (
    ("person_household", "person(household)"),
    ("person_number", "person(id_number)"),
    ("person_name", "person(full_name)"),
    ("person_area", "person(area)"),
    ("person_nowhere", "person(area) WHERE household IS NULL AND deceased_on IS NULL"),
    ("person_birth", "person(birth_date) WHERE birth_date IS NOT NULL"),
    ("person_phone", "person(phone_key) WHERE phone_key IS NOT NULL"),
    ("membership_claim_document", "membership_claim(document)"),
    ("membership_claim_household", "membership_claim(household)"),
)
_PATH = "/membership/household"


@dataclass(frozen=True)
class PersonRow:
    """``id_number`` in its normal form (unmasked: showing it is logged); ``relation`` to the head."""

    id: str
    area: str
    household: str | None
    relation: str | None
    full_name: str | None
    other_names: tuple[str, ...]
    sex: str | None
    birth_date: str | None
    id_kind: str | None
    id_number: str | None
    phone: str | None
    whereabouts: str | None
    deceased_on: str | None
    lives_with_family: bool | None
    conflicts: int


def project(view: DocumentView) -> Rows:
    person = Person.read(view.id, view.state)
    if person.withdrawn:
        return {"person": [], "membership_claim": []}
    number = identity_number.normal_form(person.id_number) if person.id_number else None
    together = person.membership.get("lives_with_family")
    row = (
        view.id, view.area, person.household, person.membership.get("relation"), person.full_name,
        to_text(list(person.other_names)), person.sex, person.birth_date, person.id_kind, number, person.phone,
        person.whereabouts, person.deceased_on, None if together is None else int(bool(together)),
        len(view.merged.conflicts), phone_key(person.phone),
    )  # fmt: skip
    claims = [str(value.value) for value in view.merged.conflicts.get(_PATH, ()) if value.value]
    return {"person": [row], "membership_claim": [(view.id, household) for household in claims]}


def phone_key(phone: str | None) -> str | None:
    """The digits of a phone number, the country code dropped; None without any."""
    digits = "".join(ch for ch in unicodedata.normalize("NFKC", phone or "") if ch.isascii() and ch.isdigit())
    return digits.removeprefix("86") if len(digits) == 13 else digits or None


def subjects(document: str, rows: Rows) -> set[str]:
    """The person's household, or the person alone who has none."""
    named = {row[2] or document for row in rows.get("person", ())}
    return named | {claim[1] for claim in rows.get("membership_claim", ())}


_COLUMNS = (
    "p.document, p.area, p.household, p.relation, p.full_name, p.other_names, p.sex, p.birth_date, p.id_kind, "
    "p.id_number, p.phone, p.whereabouts, p.deceased_on, p.lives_with_family, p.conflicts"
)
_RANK = "CASE p.relation WHEN 'head' THEN 0 WHEN 'spouse' THEN 1 ELSE 2 END"


def person(tx: ReadTx, person_id: str) -> PersonRow | None:
    found = tx.one(f"SELECT {_COLUMNS} FROM person p WHERE p.document = ?", (person_id,))
    return _read(found) if found else None


def members(tx: ReadTx, household_id: str, *, joined: bool = True) -> list[PersonRow]:
    """The members of a household and of all it is the same as, head first, then by birth.

    A person entered twice stands once, under the canonical id when that one is a member. Not ``joined``: only those
    whose own document names this household, each by its own id.
    """
    if not joined:
        sql = f"SELECT {_COLUMNS} FROM person p WHERE p.household = ? ORDER BY {_RANK}, p.birth_date, p.document"
        return [_read(row) for row in tx.rows(sql, (household_id,))]
    sql = (
        f"SELECT {_COLUMNS}, coalesce(k.canonical, p.document) FROM person p "
        "LEFT JOIN component k ON k.document = p.document WHERE p.household IN "
        "(SELECT ? UNION SELECT o.document FROM component m JOIN component o ON o.canonical = m.canonical "
        f"WHERE m.document = ?) ORDER BY {_RANK}, p.birth_date, p.document"
    )
    once: dict[str, PersonRow] = {}
    for *columns, canonical in tx.rows(sql, (household_id, household_id)):
        if canonical not in once or columns[0] == canonical:
            once[canonical] = _read(columns)
    return list(once.values())


def claimed_members(tx: ReadTx, household_id: str) -> list[PersonRow]:
    """People whose move to or from this household is in conflict."""
    sql = f"SELECT {_COLUMNS} FROM membership_claim c JOIN person p ON p.document = c.document WHERE c.household = ?"
    return [_read(row) for row in tx.rows(sql, (household_id,))]


def without_household(tx: ReadTx, area_prefix: str, limit: int = -1) -> list[PersonRow]:
    """Living people of an area whom no household holds: never placed, or two moves stand against each other."""
    sql = (
        f"SELECT {_COLUMNS} FROM person p WHERE p.area >= ? AND p.area < ? AND p.household IS NULL "
        "AND p.deceased_on IS NULL ORDER BY p.area, p.document LIMIT ?"
    )
    return [_read(row) for row in tx.rows(sql, (*span(area_prefix), limit))]


def with_number(tx: ReadTx, id_number: str) -> list[PersonRow]:
    """Everybody entered under this number, in its normal form."""
    normal = identity_number.normal_form(id_number)
    return [_read(row) for row in tx.rows(f"SELECT {_COLUMNS} FROM person p WHERE p.id_number = ?", (normal,))]


def with_name(tx: ReadTx, full_name: str) -> list[PersonRow]:
    """Everybody entered under exactly this name."""
    return [_read(row) for row in tx.rows(f"SELECT {_COLUMNS} FROM person p WHERE p.full_name = ?", (full_name,))]


def with_ids(tx: ReadTx, ids: Iterable[str]) -> list[PersonRow]:
    found = select_in(tx.connection, f"SELECT {_COLUMNS} FROM person p WHERE p.document", ids)
    return [_read(row) for row in found]


def count(tx: ReadTx, area_prefix: str = "") -> int:
    """People of an area who are not dead; those entered twice count once."""
    return sum(home.people for home in tallies.homes(tx, area_prefix))


def _read(row: Row | Sequence[object]) -> PersonRow:
    values = list(row)
    values[5] = tuple(json.loads(str(values[5])))
    values[13] = None if values[13] is None else bool(values[13])
    return PersonRow(*values)
