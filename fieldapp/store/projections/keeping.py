"""Keeping projections true: create, replace one document's rows, drop them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from fieldapp.store.connection import Connection, rows
from fieldapp.store.projections import DERIVED, DIRECT, tallies
from fieldapp.store.projections.registry import Direct, Rows
from fieldapp.store.views import DocumentView


def create_tables(connection: Connection, prefix: str = "", generation: int = 1) -> None:
    for module in DIRECT:
        for table, columns in module.TABLES.items():
            connection.execute(f"CREATE TABLE {prefix}{table}({columns})")
        for name, on in module.INDEXES:
            connection.execute(f"CREATE INDEX {name}_{generation} ON {prefix}{on}")
    for derived in DERIVED:
        derived.create(connection, prefix, generation)
    if not prefix:
        tallies.create(connection)


def direct_tables() -> list[str]:
    return [table for module in DIRECT for table in module.TABLES]


def table_names() -> list[str]:
    return direct_tables() + [table for derived in DERIVED for table in derived.tables()]


def project_all(view: DocumentView) -> tuple[dict[str, Sequence[tuple[Any, ...]]], set[str]]:
    """All direct rows of a document, and the subjects whose derived rows depend on them."""
    made: dict[str, Sequence[tuple[Any, ...]]] = {}
    stale: set[str] = set()
    for module in DIRECT:
        if module.TYPES is None or view.type in module.TYPES:
            rows_of_module = module.project(view)
            made.update(rows_of_module)
            stale |= module.subjects(view.id, rows_of_module)
    return made, stale


def put_fresh(connection: Connection, made: Iterable[Rows], prefix: str = "") -> None:
    """Insert the rows of documents that have none yet."""
    by_table: dict[str, list[tuple[Any, ...]]] = {}
    for one_document in made:
        for table, found in one_document.items():
            by_table.setdefault(table, []).extend(found)
    for table, found in by_table.items():
        if found:
            marks = ",".join("?" * len(found[0]))
            connection.executemany(f"INSERT INTO {prefix}{table} VALUES ({marks})", found)


def put_view(connection: Connection, document: str, view: DocumentView | None, prefix: str = "") -> set[str]:
    """Replace the direct rows of ``document`` (None removes them); the subjects whose derived rows are now stale."""
    stale: set[str] = set()
    for module in DIRECT:
        if view is not None and module.TYPES is not None and view.type not in module.TYPES:
            continue
        stale |= module.subjects(document, _present(connection, prefix, module, document))
        made = module.project(view) if view is not None else {}
        for table in module.TABLES:
            connection.execute(f"DELETE FROM {prefix}{table} WHERE document = ?", (document,))
            for row in made.get(table, ()):
                marks = ",".join("?" * len(row))
                connection.execute(f"INSERT INTO {prefix}{table} VALUES ({marks})", row)
        stale |= module.subjects(document, made) if made else set()
    return stale


def _present(connection: Connection, prefix: str, module: Direct, document: str) -> Rows:
    if module.TYPES is None:
        return {}
    return {
        table: rows(connection, f"SELECT * FROM {prefix}{table} WHERE document = ?", (document,))
        for table in module.TABLES
    }


def derive(connection: Connection, subjects: Iterable[str], prefix: str = "") -> None:
    """Bring the derived projections up to date for ``subjects``."""
    stale = set(subjects)
    for module in DERIVED:
        if stale:
            stale = module.derive(connection, prefix, stale)
