"""Pairs said to be the same person or household, and the components they make. Off undoes on exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from fieldapp.domain.documents import SameAs
from fieldapp.store.connection import Connection, one, rows, select_in
from fieldapp.store.projections.registry import Rows
from fieldapp.store.views import DocumentView

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx

NAME = "same_as"
TYPES: frozenset[str] | None = frozenset({"same_as"})
TABLES = {
    "same_as": "document TEXT PRIMARY KEY, one TEXT NOT NULL, other TEXT NOT NULL, joined INTEGER NOT NULL, "
    "conflicts INTEGER NOT NULL"
}
INDEXES = (("same_as_one", "same_as(one)"), ("same_as_other", "same_as(other)"))

#: documents that are the same as the one given as ?1, itself among them, as a condition of a query
ALL_OF = (
    "(SELECT ?1 UNION SELECT o.document FROM component m JOIN component o ON o.canonical = m.canonical "
    "WHERE m.document = ?1)"
)


def project(view: DocumentView) -> Rows:
    pair = SameAs.read(view.id, view.state)
    if not pair.one or not pair.other:
        return {"same_as": []}
    return {"same_as": [(view.id, pair.one, pair.other, int(bool(pair.on)), len(view.merged.conflicts))]}


def subjects(document: str, rows: Rows) -> set[str]:
    return {name for row in rows.get("same_as", ()) for name in row[1:3]}


def component(tx: ReadTx, document: str) -> tuple[str, ...]:
    """All documents said to be the same as this one, itself included, sorted: the first is the canonical one."""
    sql = "SELECT o.document FROM component m JOIN component o ON o.canonical = m.canonical WHERE m.document = ?"
    return tuple(sorted(row[0] for row in tx.rows(sql, (document,)))) or (document,)


class Components:
    """``component(document, canonical)``: only documents that are joined to others have a row."""

    NAME = "components"

    def create(self, connection: Connection, prefix: str, generation: int) -> None:
        connection.execute(
            f"CREATE TABLE {prefix}component(document TEXT PRIMARY KEY, canonical TEXT NOT NULL) WITHOUT ROWID"
        )
        connection.execute(f"CREATE INDEX component_canonical_{generation} ON {prefix}component(canonical)")

    def tables(self) -> Sequence[str]:
        return ("component",)

    def derive(self, connection: Connection, prefix: str, subjects: Iterable[str]) -> set[str]:
        """Recompute the components ``subjects`` touch; returns the subjects widened by everybody who was or is in
        one of them."""
        touched = set(subjects)
        if not any(one(connection, f"SELECT 1 FROM {prefix}{table} LIMIT 1") for table in ("same_as", "component")):
            return touched
        touched |= _households(connection, prefix, touched)
        for subject in sorted(touched):
            touched |= _known(connection, prefix, subject) | _reach(connection, prefix, subject)
        done: set[str] = set()
        for subject in sorted(touched):
            if subject in done:
                continue
            members = _reach(connection, prefix, subject)
            done |= members
            canonical = min(members)
            for member in members:
                connection.execute(f"DELETE FROM {prefix}component WHERE document = ?", (member,))
                if len(members) > 1:
                    connection.execute(f"INSERT INTO {prefix}component VALUES (?, ?)", (member, canonical))
        return touched


def _households(connection: Connection, prefix: str, people: Iterable[str]) -> set[str]:
    """A person joined to another changes how their households count."""
    sql = f"SELECT household FROM {prefix}person WHERE household IS NOT NULL AND document"
    return {row[0] for row in select_in(connection, sql, people)}


def _known(connection: Connection, prefix: str, subject: str) -> set[str]:
    sql = (
        f"SELECT o.document FROM {prefix}component m JOIN {prefix}component o ON o.canonical = m.canonical "
        "WHERE m.document = ?"
    )
    return {row[0] for row in rows(connection, sql, (subject,))}


def _reach(connection: Connection, prefix: str, subject: str) -> set[str]:
    found, queue = {subject}, [subject]
    sql = (
        f"SELECT other FROM {prefix}same_as WHERE one = ?1 AND joined = 1 "
        f"UNION SELECT one FROM {prefix}same_as WHERE other = ?1 AND joined = 1"
    )
    while queue:
        for (neighbour,) in rows(connection, sql, (queue.pop(),)):
            if neighbour not in found:
                found.add(neighbour)
                queue.append(neighbour)
    return found
