"""Many values in one statement whose text never changes: arrays on PostgreSQL, JSON or prepared rows on SQLite."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    LargeBinary,
    Table,
    Text,
)
from sqlalchemy import bindparam as bind
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

Rows = Sequence[Sequence[Any]]


class _Many(TypeDecorator[list[Any]]):
    """A list as one parameter."""

    impl = Text
    cache_ok = True

    def __init__(self, *, numbers: bool = False) -> None:
        super().__init__()
        self.numbers = numbers

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(postgresql.ARRAY(BigInteger if self.numbers else Text))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps(value)


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True
    name = "among"


def among(column: Column[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Whether ``column`` is one of ``values`` (texts or numbers), however many they are."""
    numbers = isinstance(column.type, Integer)
    return _Among(column, bind(None, sorted(set(values)), type_=_Many(numbers=numbers), unique=True))


@compiles(_Among)
def _in_json(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY({values})"


def insert_many(
    connection: Connection, table: Table, names: Sequence[str], rows: Rows, *, ignore: bool = False
) -> None:
    """Insert ``rows`` of the columns ``names``; ``ignore`` passes over those that are there already."""
    if not rows:
        return
    columns = ", ".join(f'"{name}"' for name in names)
    end = " ON CONFLICT DO NOTHING" if ignore else ""
    if connection.dialect.name == "postgresql":
        sql = f"INSERT INTO {table.name} ({columns}) SELECT * FROM unnest({_arrays(table, names)}){end}"
        connection.exec_driver_sql(sql, tuple(map(list, zip(*rows, strict=True))))
    else:
        sql = f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(names))}){end}"
        connection.exec_driver_sql(sql, [tuple(row) for row in rows])


def update_many(connection: Connection, table: Table, keys: Sequence[str], names: Sequence[str], rows: Rows) -> None:
    """Set the columns ``names`` where the columns ``keys`` are; a row has the keys' values first."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        both = [*keys, *names]
        given = ", ".join(f'"{name}"' for name in both)
        sets = ", ".join(f'"{name}" = given."{name}"' for name in names)
        where = " AND ".join(f'{table.name}."{name}" = given."{name}"' for name in keys)
        source = f"unnest({_arrays(table, both)}) AS given({given})"
        connection.exec_driver_sql(
            f"UPDATE {table.name} SET {sets} FROM {source} WHERE {where}", tuple(map(list, zip(*rows, strict=True)))
        )
    else:
        sets, where = (joint.join(f'"{n}" = ?' for n in part) for joint, part in ((", ", names), (" AND ", keys)))
        ordered = [(*row[len(keys) :], *row[: len(keys)]) for row in rows]
        connection.exec_driver_sql(f"UPDATE {table.name} SET {sets} WHERE {where}", ordered)


def _arrays(table: Table, names: Sequence[str]) -> str:
    return ", ".join(f"%b::{_kind(table.c[name])}[]" for name in names)


def _kind(column: Column[Any]) -> str:
    if isinstance(column.type, LargeBinary):
        return "bytea"
    return "bigint" if isinstance(column.type, Integer) else "text"
