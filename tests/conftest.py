"""What every room's tests share: the long option and the shared reference folder."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings

#: Machines differ and are shared: no property fails by the clock.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("FIELD_SHARED", ROOT.parent / "shared"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the tests that take minutes")
    parser.addoption("--packaged", help="folder of the packaged program to be driven (tests/packaged)")
    parser.addoption("--pictures", help="folder for pictures of every step of the packaged program")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    skip = pytest.mark.skip(reason="takes minutes; run with --long")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(skip)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Once a window test has taken collecting to the GUI thread (``ui/garbage.py``), tests without a window need it too.

    A window that a test left behind goes first, whole: collected in pieces it would take the process with it.
    """
    yield
    if not gc.isenabled():
        from PySide6.QtWidgets import QApplication

        from ui.garbage import collect_due, let_windows_go

        running = QApplication.instance()
        if isinstance(running, QApplication):
            let_windows_go(running)
        collect_due()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference folder beside the checkout (policy, cases, conformance, inputs)."""
    if not SHARED.is_dir():
        pytest.skip(f"reference folder {SHARED} is absent: its cases are NOT tested here")
    return SHARED


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL started for this test run."""
    postgres = pytest.importorskip("tests.postgres", reason="PostgreSQL tests run on Linux")
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not on this machine: its half of the server tests is NOT run here")
    with postgres.cluster() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of an empty PostgreSQL database, dropped after the test."""
    from tests import postgres

    with postgres.database(postgres_server, f"t{uuid4().hex}") as url:
        yield url
