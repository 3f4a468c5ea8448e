"""A county with a real server for whoever asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.county import JourneyCounty, copy_of, template


@pytest.fixture(scope="session")
def county_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("county") / "made")


@pytest.fixture
def county_server(county_template: Path, tmp_path: Path) -> Iterator[JourneyCounty]:
    county = copy_of(county_template, tmp_path / "county")
    yield county
    county.close()
