"""A ledger read from the store: numbered, in the county's order, masked unless the desk asks otherwise."""

from __future__ import annotations

from fieldapp.domain.identity_number import mask, mask_phone
from fieldapp.errors import RefusedError
from fieldapp.reports.table import Cell, Column, Kind, Ledger
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.registry import BOOKS, Book
from fieldapp.workflows.papers.asking import Ask
from fieldapp.workflows.report_data import log_unmasking
from fieldapp.workflows.report_data_masking import hide_numbers

NUMBER = Column("serial", "序号", Kind.NUMBER, width=6)


def ledger(tx: ReadTx, actor: Actor, book_id: str, ask: Ask, *, unmask: bool = False) -> Ledger:
    """``ask.subject`` is an area. Raises RefusedError ``refused.unmask`` | ``refused.role``; unmasking is logged and
    needs a WriteTx."""
    if unmask:
        log_unmasking(tx, actor)
    book = BOOKS[book_id]
    if book.desk and not actor.at_desk:
        raise RefusedError("refused.role", document_type=book_id)
    rows = sorted(book.rows(tx, actor, ask), key=_order)
    shown = rows if unmask else [_masked(book, row) for row in rows]
    return Ledger(book.title, (NUMBER, *book.columns), tuple((n, *row) for n, row in enumerate(shown, 1)))


def _masked(book: Book, row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    return tuple(masked(column.kind, cell) for column, cell in zip(book.columns, row, strict=True))


def masked(kind: Kind, cell: Cell) -> Cell:
    """A cell as somebody sees it who may not see numbers."""
    if not isinstance(cell, str) or not cell:
        return cell
    if kind is Kind.ID:
        return mask(cell)
    return mask_phone(cell) if kind is Kind.PHONE else hide_numbers(cell)


def _order(row: tuple[Cell, ...]) -> tuple[str, ...]:
    """By town, village, grid, then as the columns come: the same documents in any order of arrival, the same file."""
    return tuple("" if cell is None else str(cell) for cell in row)
