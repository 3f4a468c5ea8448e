"""Store values as cells: days as dates where they are whole, times on this machine's clock."""

from __future__ import annotations

from datetime import date, datetime

from fieldapp.domain.areas import parent
from fieldapp.reports.table import Column
from fieldapp.store.api import DocumentView, ReadTx
from fieldapp.workflows.places import Places

#: Every ledger begins with them, after its running number.
PLACE = (Column("town", "乡镇"), Column("village", "村（社区）"), Column("grid", "网格"))


def day(text: object) -> date | str | None:
    """A whole ISO day or time as a date; ``1958`` and ``1958-03`` stay texts."""
    if not isinstance(text, str) or not text:
        return None
    try:
        at = moment(text) if "T" in text else None
        return at.date() if at is not None else date.fromisoformat(text)
    except ValueError:
        return text


def moment(text: object) -> datetime | None:
    """An RFC 3339 time on this machine's clock, without its zone."""
    if not isinstance(text, str) or not text:
        return None
    try:
        return datetime.fromisoformat(text).astimezone().replace(tzinfo=None)
    except ValueError:
        return None


def whole(value: object) -> int | None:
    """An integer, or nothing."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def said(value: object) -> str:
    return "" if value is None else str(value)


def town_village_grid(names: Places, area: str) -> tuple[str, str, str]:
    """The three names of a place, "" where the area is larger."""
    plain = area.rstrip("*")
    town = names.name(plain[:9]) if len(plain) >= 9 else ""
    village = names.name(plain[:12]) if len(plain) >= 12 else ""
    grid = names.name(plain) if len(plain) == 16 and parent(plain) else ""
    return town, village, grid


def state_of(tx: ReadTx, document: str | None) -> DocumentView | None:
    return tx.document(document) if document else None
