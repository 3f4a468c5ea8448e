"""A county with a real server for whoever asks for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.journeys.county import JourneyCounty, copy_of, template
from tests.journeys.laptop import Laptop


@pytest.fixture(scope="session")
def county_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("county") / "made")


@pytest.fixture
def county_server(county_template: Path, tmp_path: Path) -> Iterator[JourneyCounty]:
    county = copy_of(county_template, tmp_path / "county")
    yield county
    county.close()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A photo to drop into forms."""
    from PySide6.QtGui import QColor, QImage

    image = QImage(640, 480, QImage.Format.Format_RGB32)
    image.fill(QColor(90, 120, 60))
    path = tmp_path / "photo.jpg"
    assert image.save(str(path), "JPEG")
    return path


@pytest.fixture
def the_case(shared: Path) -> Callable[[str], dict[str, Any]]:
    """A case by its id: facts, path, and what it must show."""
    cases = yaml.safe_load((shared / "cases/cases.yaml").read_text(encoding="utf-8"))["cases"]
    return lambda case_id: next(case for case in cases if case["id"] == case_id)


@pytest.fixture
def two_laptops(county_server: JourneyCounty) -> Iterator[tuple[Laptop, Laptop]]:
    """(worker, supervisor) with their windows, over the real server."""
    made = (Laptop.of(county_server.laptop("worker")), Laptop.of(county_server.laptop("supervisor")))
    yield made
    for laptop in made:
        laptop.leave()
