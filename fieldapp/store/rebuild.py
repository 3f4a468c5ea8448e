"""Projections made anew from revisions, in chunks into shadow tables; the lists stay usable meanwhile.

What is written during the rebuild is remembered and projected again in the last transaction, which swaps the tables.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from fieldapp.children import pool
from fieldapp.store import projections
from fieldapp.store.connection import Connection, Row, one, rows, select_in
from fieldapp.store.projections import keeping, tallies
from fieldapp.store.projections.registry import Rows
from fieldapp.store.views import REVISION_COLUMNS, compute_view, current_areas, view_of

if TYPE_CHECKING:
    from fieldapp.store.store import Store

SHADOW = "new_"
CHUNK, AHEAD = 400, 2
WORTH_A_CHILD = 4000  # documents; starting a process takes about as long as projecting these
Progress = Callable[[int, int], None]
Source = tuple[str, str, list[Row]]


def rebuild(store: Store, progress: Progress | None = None) -> int:
    """Rebuild every projection; how many documents. Raises StorageError; the old tables stay in force then."""
    documents = fill_shadows(store, progress)
    store.maintain(_swap).result()
    return documents


def differences(store: Store) -> dict[str, int]:
    """Rows by table in which the projections differ from what a rebuild gives; empty when they are true."""
    fill_shadows(store, None)
    return store.maintain(_compare).result()


def fill_shadows(store: Store, progress: Progress | None) -> int:
    """``progress`` is told twice the number of documents as its total: each is read, and then what follows from it."""
    documents = store.maintain(_begin).result()
    total = len(documents)
    subjects: set[str] = set()
    done = 0
    for many, made in _projected(store, documents):
        subjects |= store.maintain(partial(_insert, made=made)).result()
        done += many
        if progress:
            progress(done, total * 2)
    ordered = sorted(subjects)
    for start in range(0, len(ordered), CHUNK):
        store.maintain(partial(_derive, subjects=ordered[start : start + CHUNK])).result()
        if progress:
            progress(total + min(start + CHUNK, len(ordered)) * total // max(len(ordered), 1), total * 2)
    return total


def _projected(store: Store, documents: list[str]) -> Iterator[tuple[int, list[tuple[Rows, set[str]]]]]:
    """Portions of documents with their rows; of many documents merged in a child, so that the window is not starved
    and the next portion is ready when the one before is written."""
    if len(documents) < WORTH_A_CHILD:
        for part, sources in _portions(store, documents):
            yield part, project_sources(sources)
        return
    ahead: deque[tuple[int, Future[list[tuple[Rows, set[str]]]]]] = deque()
    with pool(1) as child:
        for part, sources in _portions(store, documents):
            ahead.append((part, child.submit(project_sources, sources)))
            if len(ahead) > AHEAD:
                many, made = ahead.popleft()
                yield many, made.result()
        for many, made in ahead:
            yield many, made.result()


def _portions(store: Store, documents: list[str]) -> Iterator[tuple[int, list[Source]]]:
    for start in range(0, len(documents), CHUNK):
        part = documents[start : start + CHUNK]
        yield len(part), store.maintain(partial(_sources, documents=part)).result()


def drop_leftovers(connection: Connection) -> None:
    """After a rebuild that was cut off; inside the caller's transaction."""
    for table in [*keeping.table_names(), *_shadow_tables(connection)]:
        shadow = table if table.startswith(SHADOW) else SHADOW + table
        connection.execute(f"DROP TABLE IF EXISTS {shadow}")
    connection.execute("DELETE FROM meta WHERE key = 'rebuilding'")
    connection.execute("DELETE FROM rebuild_touched")


def project_sources(sources: list[Source]) -> list[tuple[Rows, set[str]]]:
    """Pure: the direct rows of documents and the subjects that depend on them."""
    return [keeping.project_all(view_of(document, area, found)) for document, area, found in sources]


def _shadow_tables(connection: Connection) -> list[str]:
    """Virtual tables first: their own tables go with them."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'new\\_%' ESCAPE '\\' AND sql LIKE ?"
    return [row[0] for row in rows(connection, sql, ("CREATE VIRTUAL%",))]


def _begin(connection: Connection) -> list[str]:
    def work(c: Connection) -> list[str]:
        drop_leftovers(c)
        generation = _generation(c) + 1
        keeping.create_tables(c, SHADOW, generation)
        c.execute("INSERT INTO meta VALUES ('rebuilding', ?)", (generation,))
        return [row[0] for row in rows(c, "SELECT DISTINCT document FROM place ORDER BY document")]

    found: list[str] = _in_transaction(connection, work)
    return found


def _generation(connection: Connection) -> int:
    found = one(connection, "SELECT value FROM meta WHERE key = 'generation'")
    return int(found[0]) if found else 1


def _sources(connection: Connection, documents: list[str]) -> list[Source]:
    areas = current_areas(connection, documents)
    found: dict[str, list[Row]] = {}
    sql = (
        f"SELECT {REVISION_COLUMNS}, r.document FROM revision r LEFT JOIN verdict v ON v.revision = r.id "
        "WHERE r.document"
    )
    for *columns, document in select_in(connection, sql, areas):
        found.setdefault(document, []).append(tuple(columns))
    return [(document, areas[document], found[document]) for document in documents if document in found]


def _insert(connection: Connection, made: Iterable[tuple[Rows, set[str]]]) -> set[str]:
    def work(c: Connection) -> set[str]:
        keeping.put_fresh(c, [found for found, _ in made], SHADOW)
        return set().union(*(subjects for _, subjects in made))

    stale: set[str] = _in_transaction(connection, work)
    return stale


def _derive(connection: Connection, subjects: Iterable[str]) -> None:
    _in_transaction(connection, lambda c: keeping.derive(c, subjects, SHADOW))


def _catch_up(connection: Connection) -> None:
    """Project into the shadows what was written since they were begun."""
    stale: set[str] = set()
    for (document,) in rows(connection, "SELECT document FROM rebuild_touched"):
        stale |= keeping.put_view(connection, document, compute_view(connection, document), SHADOW)
    keeping.derive(connection, stale, SHADOW)


def _swap(connection: Connection) -> None:
    def work(c: Connection) -> None:
        _catch_up(c)
        tallies.drop(c)
        generation = one(c, "SELECT value FROM meta WHERE key = 'rebuilding'")
        for table in keeping.table_names():
            c.execute(f"DROP TABLE IF EXISTS {table}")
            c.execute(f"ALTER TABLE {SHADOW}{table} RENAME TO {table}")
        tallies.settle(c)
        c.execute("INSERT OR REPLACE INTO meta VALUES ('generation', ?)", generation)
        c.execute("INSERT OR REPLACE INTO meta VALUES ('projections', ?)", (projections.fingerprint(),))
        c.execute("DELETE FROM meta WHERE key = 'rebuilding'")
        c.execute("DELETE FROM rebuild_touched")

    _in_transaction(connection, work)


def _compare(connection: Connection) -> dict[str, int]:
    def work(c: Connection) -> dict[str, int]:
        _catch_up(c)
        found = {}
        for table in keeping.table_names():
            here, there = _comparable(c, table, ""), _comparable(c, table, SHADOW)
            if different := len(here ^ there):
                found[table] = different
        found |= tallies.untrue(c, SHADOW)
        drop_leftovers(c)
        return found

    made: dict[str, int] = _in_transaction(connection, work)
    return made


def _comparable(connection: Connection, table: str, prefix: str) -> set[Any]:
    """The rows of a table, card numbers left out; of the index its (token, subject) pairs."""
    if table == "card_index":
        words = f"temp.{prefix}words"
        connection.execute(f"CREATE VIRTUAL TABLE {words} USING fts5vocab('main', '{prefix}card_index', 'instance')")
        sql = f"SELECT w.term, c.subject FROM {words} w LEFT JOIN {prefix}card c ON c.num = w.doc"
        pairs = set(rows(connection, sql))
        connection.execute(f"DROP TABLE {words}")
        return pairs
    columns = "subject, kind, area, head_name, people, conflicts, content" if table == "card" else "*"
    return set(rows(connection, f"SELECT {columns} FROM {prefix}{table}"))


def _in_transaction(connection: Connection, work: Callable[[Connection], Any]) -> Any:
    connection.execute("BEGIN IMMEDIATE")
    try:
        made = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return made
