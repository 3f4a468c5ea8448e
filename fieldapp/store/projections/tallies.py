"""Counts by area, kept by the database itself with every row that comes, changes or goes.

A count over 300,000 households reads every one of them; the sum over their grids reads some hundreds of rows. Triggers
keep the sums, so no writer of projections can forget one. Rebuilt tables have none: their sums are taken at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fieldapp.store.connection import Connection, rows
from fieldapp.store.spans import span

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx

#: More than any round asks for; a door tried a hundred times makes no hundred rows.
MOST_ATTEMPTS = 9
#: What the names in an answer's key mean: ``answer`` is '' while two stand against each other, ``attempts`` counts only
#: where nobody was home, ``day`` is the UTC day. An answer taken back counts nowhere.
_ANSWER = (
    "coalesce({row}.round, ''), {row}.area, coalesce(substr({row}.at, 1, 10), ''), coalesce({row}.answer, ''), "
    f"CASE WHEN {{row}}.answer = 'nobody_home' THEN min({{row}}.attempts, {MOST_ATTEMPTS}) ELSE 0 END"
)
_COUNTS = "({row}.answer IS NOT NULL OR {row}.conflicts > 0)"
_LIVING = "coalesce((SELECT people FROM {p}card WHERE subject = {row}.household), 0)"
_HOME = "({row}.kind = 'household'), {row}.people"
_CHANGED = "(OLD.area, OLD.kind, OLD.people) <> (NEW.area, NEW.kind, NEW.people)"


@dataclass(frozen=True)
class Tally:
    """``columns`` of the table, its ``key`` and ``sums``; ``made`` selects all its rows from what it counts.

    ``follows`` are (table, event, statement): the rows that are added when a row of ``table`` changes.
    """

    name: str
    key: str
    sums: str
    made: str
    follows: tuple[tuple[str, str, str], ...]

    def table(self) -> str:
        columns = f"{self.key}, {self.sums}"
        return f"CREATE TABLE {self.name}({columns}, PRIMARY KEY({self.key})) WITHOUT ROWID"

    def triggers(self) -> dict[str, str]:
        """By name. What comes back to nothing leaves a row of noughts, which says the same as none."""
        sums = [name.strip() for name in self.sums.split(",")]
        more = ", ".join(f"{name} = {name} + excluded.{name}" for name in sums)
        found = {}
        for number, (table, event, statement) in enumerate(self.follows):
            body = f"INSERT INTO {self.name} {statement} ON CONFLICT({self.key}) DO UPDATE SET {more};"
            name = f"{self.name}_{number}"
            found[name] = f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {body} END"
        return found

    def whole(self) -> str:
        """Its rows without those that say nothing, to be compared."""
        some = " OR ".join(f"{name.strip()} <> 0" for name in self.sums.split(","))
        return f"SELECT * FROM {self.name} WHERE {some}"


def _with(template: str, row: str) -> str:
    return template.format(row=row, p="")


def _answer(row: str, sign: str) -> str:
    """An answer comes (``sign`` empty) or goes (``-``)."""
    key, people = _with(_ANSWER, row), _with(_LIVING, row)
    return f"SELECT {key}, {sign}1, {sign}{people} WHERE {_with(_COUNTS, row)}"


def _family(sign: str, household: str, people: str) -> str:
    """The answered doors of a family whose number of people changes."""
    key = _with(_ANSWER, "a")
    return (
        f"SELECT {key}, 0, sum({sign}{people}) FROM door_answer a WHERE a.household = {household} "
        f"AND {_with(_COUNTS, 'a')} GROUP BY 1, 2, 3, 4, 5"
    )


HOMES = Tally(
    "home_tally",
    "area",
    "households, people",
    "SELECT area, sum(kind = 'household'), sum(people) FROM {p}card GROUP BY 1 "
    "HAVING sum(kind = 'household') <> 0 OR sum(people) <> 0",
    (
        ("card", "INSERT", f"SELECT NEW.area, {_with(_HOME, 'NEW')} WHERE true"),
        ("card", "DELETE", "SELECT OLD.area, -(OLD.kind = 'household'), -OLD.people WHERE true"),
        ("card", "UPDATE", f"SELECT OLD.area, -(OLD.kind = 'household'), -OLD.people WHERE {_CHANGED}"),
        ("card", "UPDATE", f"SELECT NEW.area, {_with(_HOME, 'NEW')} WHERE {_CHANGED}"),
    ),
)
DOORS = Tally(
    "door_tally",
    "round, area, day, answer, attempts",
    "doors, people",
    f"SELECT {_ANSWER.format(row='a', p='{p}')}, count(*), sum({_LIVING.format(row='a', p='{p}')}) "
    f"FROM {{p}}door_answer a WHERE {_COUNTS.format(row='a')} GROUP BY 1, 2, 3, 4, 5",
    (
        ("door_answer", "INSERT", _answer("NEW", "")),
        ("door_answer", "DELETE", _answer("OLD", "-")),
        ("door_answer", "UPDATE", _answer("OLD", "-")),
        ("door_answer", "UPDATE", _answer("NEW", "")),
        ("card", "INSERT", _family("", "NEW.subject", "NEW.people")),
        ("card", "DELETE", _family("-", "OLD.subject", "OLD.people")),
        ("card", "UPDATE OF people", _family("", "NEW.subject", "(NEW.people - OLD.people)")),
    ),
)
ALL = (HOMES, DOORS)


def create(connection: Connection) -> None:
    """Empty tables and what keeps them, beside empty projections."""
    for tally in ALL:
        connection.execute(tally.table())
        for statement in tally.triggers().values():
            connection.execute(statement)


def drop(connection: Connection) -> None:
    """A trigger must not see the tables it names renamed under it."""
    for (name,) in rows(connection, "SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        if name.rpartition("_")[0] in {tally.name for tally in ALL}:
            connection.execute(f"DROP TRIGGER {name}")
    for tally in ALL:
        connection.execute(f"DROP TABLE IF EXISTS {tally.name}")


def settle(connection: Connection) -> None:
    """Made anew from the rows in force, which no trigger saw."""
    drop(connection)
    create(connection)
    for tally in ALL:
        connection.execute(f"INSERT INTO {tally.name} {tally.made.format(p='')}")


def untrue(connection: Connection, prefix: str) -> dict[str, int]:
    """Rows by table in which the sums kept differ from those of the tables of this prefix."""
    found = {}
    for tally in ALL:
        kept, counted = (set(rows(connection, sql)) for sql in (tally.whole(), tally.made.format(p=prefix)))
        if different := len(kept ^ counted):
            found[tally.name] = different
    return found


def definitions() -> list[str]:
    return [text for tally in ALL for text in (tally.table(), tally.made, *tally.triggers().values())]


class Homes(NamedTuple):
    """What lives in one area itself. People entered twice count once; members of a household that has not arrived
    count, it does not."""

    area: str
    households: int
    people: int


def homes(tx: ReadTx, area_prefix: str = "") -> list[Homes]:
    """Every area at or below ``area_prefix`` where somebody lives, in the order of codes."""
    sql = "SELECT area, households, people FROM home_tally WHERE area >= ? AND area < ? ORDER BY area"
    return [Homes(*row) for row in tx.rows(sql, span(area_prefix))]


class Doors(NamedTuple):
    """How many ``doors`` of an area, and how many living ``people`` behind them, have this answer since this day."""

    area: str
    day: str
    answer: str
    attempts: int
    doors: int
    people: int

    def settled(self, attempts_wanted: int) -> bool:
        """Whether such a door no longer keeps its round open."""
        return bool(self.answer) and (self.answer != "nobody_home" or self.attempts >= attempts_wanted)


def doors(tx: ReadTx, round_id: str, area_prefix: str = "") -> list[Doors]:
    """The answers of a round counted; ``answer`` is ``""`` for doors in conflict."""
    sql = (
        "SELECT area, day, answer, attempts, doors, people FROM door_tally "
        "WHERE round = ? AND area >= ? AND area < ?"
    )
    return [Doors(*row) for row in tx.rows(sql, (round_id, *span(area_prefix)))]
