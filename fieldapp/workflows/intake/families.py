"""Which rows are one family: by household number, by 户主, by the head's name, by what merged cells hold together.

Ledgers disagree with themselves, so the signs have an order: a number that stands on the row itself, then 户主 in the
relation column, then a new head's name, then a merged cell that began in this family, then nothing: the row goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldapp.workflows.intake.headers import Header
from fieldapp.workflows.intake.people import is_head_word
from fieldapp.workflows.intake.sheets import SheetRow, is_blank
from fieldapp.workflows.intake.values import person_name, text

_SHARED_FIELDS = ("household_number", "serial", "head_name", "stated_count", "address")


@dataclass
class FamilyMark:
    """What is known of the family being read: enough to say whether the next row belongs to it."""

    rows: set[int] = field(default_factory=set)
    number: str = ""
    head_name: str = ""
    address: str = ""
    has_head: bool = False
    members_with_serial: int = 0
    members_without_serial: int = 0

    def next(self) -> FamilyMark:
        """A blank mark that remembers how this ledger uses its serial numbers."""
        return FamilyMark(
            members_with_serial=self.members_with_serial, members_without_serial=self.members_without_serial
        )

    @property
    def serial_counts_families(self) -> bool:
        return self.members_without_serial > 0 and self.members_with_serial == 0


@dataclass(frozen=True)
class _Signs:
    number: str
    serial: str
    head_name: str
    address: str
    is_head: bool
    continues_merge: bool


def starts_family(row: SheetRow, header: Header, mark: FamilyMark | None) -> bool:
    """Whether ``row`` opens a new family after the one ``mark`` describes."""
    if mark is None:
        return True
    signs = _signs(row, header, mark)
    if signs.number:
        other_head = bool(signs.head_name and mark.head_name and signs.head_name != mark.head_name)
        return signs.number != mark.number or (signs.is_head and other_head)
    if signs.is_head:
        return mark.has_head or not signs.continues_merge
    if signs.head_name and signs.head_name != mark.head_name:
        return True
    if signs.continues_merge:
        return False
    if header.column("relation") is not None or header.column("head_name") is not None:
        return bool(signs.serial) and not signs.head_name and mark.serial_counts_families
    return _opens_without_family_columns(signs, header, mark)


def _opens_without_family_columns(signs: _Signs, header: Header, mark: FamilyMark) -> bool:
    """No relation, no head: a household number column continues while blank, then a serial, then the address."""
    if header.column("household_number") is not None:
        return False
    if header.column("serial") is not None:
        return bool(signs.serial)
    return not (signs.address and signs.address == mark.address)


def mark_row(row: SheetRow, header: Header, mark: FamilyMark) -> None:
    """Add ``row`` to what is known of its family."""
    signs = _signs(row, header, mark)
    if mark.rows:
        mark.members_with_serial += bool(signs.serial)
        mark.members_without_serial += not signs.serial
    mark.rows.add(row.number)
    mark.number = mark.number or signs.number
    mark.head_name = mark.head_name or signs.head_name
    mark.address = mark.address or signs.address
    mark.has_head = mark.has_head or signs.is_head


def is_head_row(row: SheetRow, header: Header) -> bool:
    """户主 in the relation column; where there is none, the person whose name the head's column says."""
    column = header.column("relation")
    if column is not None:
        return is_head_word(text(row.own(column)))
    name, head = header.column("name"), header.column("head_name")
    if name is None:
        return True
    if head is None or is_blank(row.own(name)):
        return False
    return person_name(row.own(name)) == person_name(row.seen(head))


def _signs(row: SheetRow, header: Header, mark: FamilyMark) -> _Signs:
    def own(field_name: str) -> str:
        column = header.column(field_name)
        return text(row.own(column)) if column is not None else ""

    return _Signs(
        number=own("household_number"),
        serial=own("serial"),
        head_name=person_name(own("head_name")),
        address=own("address"),
        is_head=is_head_word(own("relation")),
        continues_merge=_continues_merge(row, header, mark),
    )


def _continues_merge(row: SheetRow, header: Header, mark: FamilyMark) -> bool:
    """Whether a household cell merged over this row began at a row of the same family, not at a blank line."""
    columns = [column for name in _SHARED_FIELDS if (column := header.column(name)) is not None]
    return any((cover := row.covered.get(column)) and cover.top in mark.rows for column in columns)
