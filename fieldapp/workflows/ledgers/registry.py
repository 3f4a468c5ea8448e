"""Every ledger. To add one: its file beside this one (TITLE, COLUMNS, rows), its line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fieldapp.reports.table import Cell, Column
from fieldapp.store.api import ReadTx
from fieldapp.workflows.ledgers import (
    alerts,
    people_book,
    revisits,
    roster,
    screening,
    service_orders,
    visit_book,
)
from fieldapp.workflows.papers.asking import Ask

Rows = Callable[[ReadTx, Ask], Iterator[tuple[Cell, ...]]]


@dataclass(frozen=True)
class Book:
    """A ledger: ``columns`` without the running number, which every file begins with."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: Rows


BOOKS: dict[str, Book] = {
    "screening": Book("screening", screening.TITLE, screening.COLUMNS, screening.rows),
    "alerts": Book("alerts", alerts.TITLE, alerts.COLUMNS, alerts.rows),
    "visits": Book("visits", visit_book.TITLE, visit_book.COLUMNS, visit_book.rows),
    "roster": Book("roster", roster.TITLE, roster.COLUMNS, roster.rows),
    "people": Book("people", people_book.TITLE, people_book.COLUMNS, people_book.rows),
    "service_orders": Book("service_orders", service_orders.TITLE, service_orders.COLUMNS, service_orders.rows),
    "revisits": Book("revisits", revisits.TITLE, revisits.COLUMNS, revisits.rows),
}
