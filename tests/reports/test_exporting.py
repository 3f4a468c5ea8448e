"""Papers leave the program: logged before they exist, named without anybody's name, verified without a passphrase."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.errors import RefusedError
from fieldapp.reports.api import Verdict, verify_file
from fieldapp.reports.saving import ExportError
from fieldapp.workflows import exporting
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.trust_cards import cards_in
from tests.reports.homes import NAMES, Home, visited_home
from tests.workflows.doors import actor


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return visited_home(tmp_path_factory.mktemp("home"), photos=1)


def kinds(home: Home) -> list[str]:
    return [line.kind for line in exporting.log_of_exports(home.store).result()]


def test_an_export_is_logged_sealed_and_named_by_number(home: Home, forms: FormShelf, tmp_path: Path) -> None:
    before = len(kinds(home))
    made = exporting.export_visit(home.store, home.actor, forms.best, home.visit, tmp_path).result()
    assert kinds(home)[: len(kinds(home)) - before] == ["export"]
    assert not any(name in made.path.name for name in NAMES)
    (trust,) = cards_in(home.store.profile.folder.parent)
    assert verify_file(made.path, trust) is Verdict.GENUINE
    assert list(tmp_path.iterdir()) == [made.path]


def test_a_preview_leaves_no_file_and_carries_no_code(home: Home, forms: FormShelf) -> None:
    drawn = exporting.preview_visit(home.store, home.actor, forms.best, home.visit).result()
    assert drawn.pdf.startswith(b"%PDF")
    assert b"TJB-SEAL" not in drawn.pdf


def test_a_failed_export_was_logged_and_left_nothing(home: Home, forms: FormShelf, tmp_path: Path) -> None:
    before = len(kinds(home))
    with pytest.raises(ExportError):
        exporting.export_visit(home.store, home.actor, forms.best, home.visit, tmp_path / "gone").result()
    assert len(kinds(home)) == before + 1


def test_a_walker_does_not_unmask(home: Home, forms: FormShelf, tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        exporting.export_visit(home.store, actor(), forms.best, home.visit, tmp_path, unmask=True).result()
    assert not list(tmp_path.iterdir())
