"""Ledgers leave the program: as spreadsheet or text, in own columns or the provincial system's, always logged."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from fieldapp.reports import mapping, sheets
from fieldapp.reports.saving import file_name, save
from fieldapp.reports.table import Ledger
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.exporting import EXPORT, Exported, in_background
from fieldapp.workflows.ledgers.flat_forms import flat_form
from fieldapp.workflows.ledgers.making import NUMBER, ledger
from fieldapp.workflows.ledgers.registry import BOOKS
from fieldapp.workflows.papers.asking import Ask
from forms.api import FormDefinition

T = TypeVar("T")
FORMS = ("xlsx", *sheets.ENCODINGS)


def preview_ledger(store: Store, actor: Actor, book: str, ask: Ask) -> Future[Ledger]:
    """What the file would hold, numbers masked; nothing is written."""
    return in_background(lambda: store.read_now(lambda tx: ledger(tx, actor, book, ask)))


def export_ledger(
    store: Store, actor: Actor, book: str, ask: Ask, folder: Path, *, form: str = "xlsx", unmask: bool = False,
    columns: bytes = b"",
) -> Future[Exported]:  # fmt: skip
    """A ledger of ``BOOKS`` into ``folder``. ``form`` of ``FORMS``; ``columns`` is the county's mapping (``mapping``).

    Raises RefusedError ``refused.unmask``, MappingError, ExportError.
    """

    def work() -> Exported:
        targets = mapping.read(columns, (NUMBER, *BOOKS[book].columns)) if columns else ()
        made = _read(store, unmask, lambda tx: ledger(tx, actor, book, ask, unmask=unmask))
        shown = mapping.apply(made, targets) if targets else made
        data = _bytes([shown], form, ask, actor)
        return Exported(save(folder / _name(made.title, ask, form), data), frozenset())

    return in_background(work)


def export_flat_form(
    store: Store, actor: Actor, definition: FormDefinition, ask: Ask, folder: Path, *, unmask: bool = False
) -> Future[Exported]:  # fmt: skip
    """All submissions of a form as flat tables in one workbook."""

    def work() -> Exported:
        made = _read(store, unmask, lambda tx: flat_form(tx, actor, definition, ask, unmask=unmask))
        data = _bytes(made, "xlsx", ask, actor)
        return Exported(save(folder / _name(definition.title(), ask, "xlsx"), data), frozenset())

    return in_background(work)


def mapping_template(store: Store, actor: Actor, book: str, ask: Ask, folder: Path) -> Future[Path]:
    """A workbook in which the county maps a ledger to the provincial system's columns; it holds no data."""

    def work() -> Path:
        empty = Ledger(BOOKS[book].title, (NUMBER, *BOOKS[book].columns), ())
        path = folder / file_name(f"{empty.title}列对照模板", ending="xlsx")
        return save(path, mapping.template(empty, made_at=ask.printed_at))

    return in_background(work)


def _read(store: Store, unmask: bool, make: Callable[[ReadTx], T]) -> T:
    def write(tx: WriteTx) -> T:
        tx.log_access(EXPORT)
        return make(tx)

    if unmask:
        return store.write_now(write)
    store.write_now(lambda tx: tx.log_access(EXPORT))
    return store.read_now(make)


def _bytes(made: list[Ledger] | tuple[Ledger, ...], form: str, ask: Ask, actor: Actor) -> bytes:
    if form == "xlsx":
        at = ask.printed_at.astimezone()
        return sheets.xlsx(made, made_at=at, footer=f"{actor.name} 导出于 {at:%Y-%m-%d %H:%M}")
    return sheets.text(made[0], form)


def _name(title: str, ask: Ask, form: str) -> str:
    ending = "xlsx" if form == "xlsx" else "csv"
    return file_name(title, ask.subject, f"{ask.printed_at.astimezone():%Y%m%d}", ending=ending)
