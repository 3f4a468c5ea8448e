"""What every ledger of matters begins with: place, family, title."""

from __future__ import annotations

from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.store.projections import households, people
from fieldapp.workflows.ledgers.cells import PLACE, town_village_grid
from fieldapp.workflows.matters.readings import Base
from fieldapp.workflows.papers.asking import family_name
from fieldapp.workflows.places import Places

FAMILY = (
    *PLACE,
    Column("head", "户主"), Column("id_number", "户主证号", Kind.ID), Column("address", "住址", width=26),
    Column("phone", "电话", Kind.PHONE), Column("person", "对象"), Column("title", "事项", width=22),
)  # fmt: skip


def family_cells(tx: ReadTx, names: Places, matter: Base) -> tuple[Cell, ...]:
    """The cells under ``FAMILY``; the person is the one it is about, else the whole family."""
    head, address = family_name(tx, matter.household)
    home = households.household(tx, matter.household) if matter.household else None
    standing = people.members(tx, matter.household) if matter.household else ()
    first = next((one for one in standing if one.relation == "head"), None)
    about = people.person(tx, matter.person) if matter.person else None
    return (
        *town_village_grid(names, matter.area), head, first.id_number if first else None, address,
        home.phone if home else None, about.full_name if about else "全家", matter.title,
    )  # fmt: skip
