"""An enrolled store of one grid worker, fresh for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.store.api import Store
from tests.store.county import County, make_store


@pytest.fixture
def county() -> County:
    return County()


@pytest.fixture
def store(tmp_path: Path, county: County) -> Iterator[Store]:
    made, _ = make_store(tmp_path / "profile", county)
    with made:
        yield made
