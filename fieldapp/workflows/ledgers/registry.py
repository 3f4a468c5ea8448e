"""Every ledger. To add one: its file beside this one (TITLE, COLUMNS, rows), its line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fieldapp.reports.table import Cell, Column
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers import (
    acceptance,
    adjustments,
    alerts,
    hotline,
    materials,
    mutual_aid,
    near_relatives,
    people_book,
    rechecks_book,
    referrals,
    revisits,
    roster,
    screening,
    service_orders,
    tekun,
    temporary_help,
    visit_book,
    winter,
)
from fieldapp.workflows.papers.asking import Ask

Rows = Callable[[ReadTx, Actor, Ask], Iterator[tuple[Cell, ...]]]


@dataclass(frozen=True)
class Book:
    """A ledger: ``columns`` without the running number, which every file begins with; ``desk`` that it is the
    supervisor's."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: Rows
    desk: bool = False


BOOKS: dict[str, Book] = {
    "screening": Book("screening", screening.TITLE, screening.COLUMNS, screening.rows),
    "alerts": Book("alerts", alerts.TITLE, alerts.COLUMNS, alerts.rows),
    "visits": Book("visits", visit_book.TITLE, visit_book.COLUMNS, visit_book.rows),
    "roster": Book("roster", roster.TITLE, roster.COLUMNS, roster.rows),
    "people": Book("people", people_book.TITLE, people_book.COLUMNS, people_book.rows),
    "acceptance": Book("acceptance", acceptance.TITLE, acceptance.COLUMNS, acceptance.rows),
    "adjustments": Book("adjustments", adjustments.TITLE, adjustments.COLUMNS, adjustments.rows),
    "near_relatives": Book(
        "near_relatives", near_relatives.TITLE, near_relatives.COLUMNS, near_relatives.rows, desk=True
    ),
    "temporary_help": Book("temporary_help", temporary_help.TITLE, temporary_help.COLUMNS, temporary_help.rows),
    "tekun": Book("tekun", tekun.TITLE, tekun.COLUMNS, tekun.rows),
    "mutual_aid": Book("mutual_aid", mutual_aid.TITLE, mutual_aid.COLUMNS, mutual_aid.rows),
    "rechecks": Book("rechecks", rechecks_book.TITLE, rechecks_book.COLUMNS, rechecks_book.rows, desk=True),
    "referrals": Book("referrals", referrals.TITLE, referrals.COLUMNS, referrals.rows),
    "hotline": Book("hotline", hotline.TITLE, hotline.COLUMNS, hotline.rows),
    "materials": Book("materials", materials.TITLE, materials.COLUMNS, materials.rows),
    "winter": Book("winter", winter.TITLE, winter.COLUMNS, winter.rows),
    "service_orders": Book("service_orders", service_orders.TITLE, service_orders.COLUMNS, service_orders.rows),
    "revisits": Book("revisits", revisits.TITLE, revisits.COLUMNS, revisits.rows),
}
