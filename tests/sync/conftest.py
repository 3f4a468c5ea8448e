"""Counties on both databases; every server test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.county import County
from tests.sync.postgres import Postgres

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres.start()
    if server is None:
        pytest.skip("PostgreSQL 15 or newer is not installed: the county server is NOT tested on it here")
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'county.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.database(f"county_{next(_numbers)}")


@pytest.fixture
def office(database: str, tmp_path: Path) -> Iterator[County]:
    """A county without a server process: the admin command's view of it."""
    made = County.make(tmp_path / "county", database)
    yield made
    made.close()


@pytest.fixture
def county(database: str, tmp_path: Path) -> Iterator[County]:
    """A county with one server process running."""
    made = County.make(tmp_path / "county", database)
    made.serve()
    yield made
    made.close()


@pytest.fixture
def second_database(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> str:
    """Another empty database of the same kind."""
    if database.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'second.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.database(f"county_{next(_numbers)}")
