"""How projections are kept: pure rows per document, replaced when the document changes.

A direct projection reads one document (``project(view) -> {table: rows}``, first column the document id). A derived
one reads the direct tables and is told which subjects changed. Table names carry a prefix so that a rebuild can fill
shadow tables, index names a generation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from fieldapp.store.connection import Connection
from fieldapp.store.views import DocumentView

Rows = Mapping[str, Sequence[tuple[Any, ...]]]


class Direct(Protocol):
    """A module of ``projections/``. ``TABLES`` maps a table to its columns, ``document`` first; ``INDEXES`` are
    (name, "table(columns)"). ``subjects`` names the documents whose derived rows depend on these rows."""

    NAME: str
    TYPES: frozenset[str] | None
    TABLES: Mapping[str, str]
    INDEXES: Sequence[tuple[str, str]]

    def project(self, view: DocumentView) -> Rows: ...

    def subjects(self, document: str, rows: Rows) -> set[str]: ...


class Derived(Protocol):
    NAME: str

    def create(self, connection: Connection, prefix: str, generation: int) -> None: ...

    def tables(self) -> Sequence[str]: ...

    def derive(self, connection: Connection, prefix: str, subjects: Iterable[str]) -> set[str]:
        """Write the rows of ``subjects`` anew; the subjects the next derived projections have to look at."""
        ...
