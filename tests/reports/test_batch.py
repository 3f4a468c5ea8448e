"""Many reports in one go: each its file or all in one, cancelled and gone on with, failures named and passed over."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from fieldapp.reports.api import Verdict
from fieldapp.reports.binding import bind
from fieldapp.reports.verify import verify_bytes
from fieldapp.workflows.batch_choice import Choice, ChosenVisit, choose, chosen
from fieldapp.workflows.batch_export import Batch, Order
from fieldapp.workflows.exporting import log_of_exports
from fieldapp.workflows.form_shelf import FormShelf
from tests.reports.homes import Home, _fill, receive, review, visited_home
from tests.store.county import GRID, OTHER_GRID, VILLAGE

COUNT = 4


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = visited_home(tmp_path_factory.mktemp("home"), photos=1)
    for _ in range(COUNT - 1):
        _, visit = made.store.write_now(lambda tx: _fill(tx, 3, 0, {}))
        receive(made.store, made.county, visit)
    return made


def visits(home: Home) -> tuple[ChosenVisit, ...]:
    return tuple(chosen(home.store, Choice(VILLAGE)).result())


def batch(home: Home, forms: FormShelf, folder: Path, **how: bool) -> Batch:
    return Batch(home.store, home.actor, forms.best, Order(visits(home), folder, **how))


def never() -> bool:
    return False


def test_visits_are_chosen_by_area_time_and_state(home: Home) -> None:
    review(home, "approved")
    read = home.store.read_now
    assert len(read(lambda tx: choose(tx, Choice(GRID)))) == COUNT
    assert not read(lambda tx: choose(tx, Choice(OTHER_GRID)))
    assert not read(lambda tx: choose(tx, Choice(GRID, until="2026-11-20")))
    assert len(read(lambda tx: choose(tx, Choice(GRID, "2026-11-21", "2026-11-21")))) == COUNT
    assert [v.id for v in read(lambda tx: choose(tx, Choice(GRID, state="approved")))] == [home.visit]
    assert len(read(lambda tx: choose(tx, Choice(GRID, state="waiting")))) == COUNT - 1


def test_one_file_each_cancelled_and_gone_on_with(home: Home, forms: FormShelf, tmp_path: Path) -> None:
    logged = len(log_of_exports(home.store).result())
    made = batch(home, forms, tmp_path)
    seen: list[tuple[int, int]] = []
    assert not made.run(lambda *n: seen.append(n), lambda: made.done >= 2)
    assert len(list(tmp_path.iterdir())) == 2
    assert made.run(lambda *n: seen.append(n), never)
    assert seen == [(n, COUNT) for n in range(1, COUNT + 1)]
    files = sorted(tmp_path.iterdir())
    assert [path.suffix for path in files] == [".pdf"] * COUNT
    assert all(verify_bytes(path.read_bytes(), home.county.trust) is Verdict.GENUINE for path in files)
    assert len(log_of_exports(home.store).result()) == logged + 1


def test_a_batch_begun_anew_leaves_complete_files_alone(home: Home, forms: FormShelf, tmp_path: Path) -> None:
    assert batch(home, forms, tmp_path).run(lambda *_: None, never)
    first, *rest = sorted(tmp_path.iterdir())
    first.write_bytes(first.read_bytes()[:1000])
    before = {path: path.stat().st_mtime_ns for path in rest}
    assert batch(home, forms, tmp_path).run(lambda *_: None, never)
    assert {path: path.stat().st_mtime_ns for path in rest} == before
    assert verify_bytes(first.read_bytes(), home.county.trust) is Verdict.GENUINE


def test_bound_in_one_file_with_bookmarks(home: Home, forms: FormShelf, tmp_path: Path) -> None:
    made = batch(home, forms, tmp_path, bound=True)
    assert made.run(lambda *_: None, never)
    (path,) = made.paths
    assert list(tmp_path.iterdir()) == [path]
    assert verify_bytes(path.read_bytes(), home.county.trust) is Verdict.GENUINE
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == [visit.number for visit in visits(home)]
        assert len(pdf.pages) > COUNT


def test_what_cannot_be_drawn_is_named_and_passed_over(home: Home, forms: FormShelf, tmp_path: Path) -> None:
    gone = ChosenVisit("0190-not-here", "20261121-000000", "", "", "", "waiting")
    made = Batch(home.store, home.actor, forms.best, Order((gone, *visits(home)[:1]), tmp_path))
    assert made.run(lambda *_: None, never)
    assert made.skipped == [("20261121-000000", "visit.unknown")]
    assert len(made.paths) == 1


def test_the_same_parts_bind_to_the_same_bytes() -> None:
    page = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(page, deterministic_id=True)
    parts = [("一", page.getvalue()), ("二", page.getvalue())]
    assert bind(parts, "汇编") == bind(parts, "汇编")
    assert bind(parts, "汇编") != bind([replace_name(part) for part in parts], "汇编")


def replace_name(part: tuple[str, bytes]) -> tuple[str, bytes]:
    return part[0] + "改", part[1]


