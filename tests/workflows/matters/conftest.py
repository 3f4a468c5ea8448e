"""An office for every test of matters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workflows.matters.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office.at(tmp_path)
    yield made
    made.store.close()
