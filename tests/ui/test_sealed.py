"""A report of harm: written once by whoever saw it, read by the desk, and nowhere else on the worker's screens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from fieldapp.store.api import ReadTx
from fieldapp.workflows.form_shelf import FormShelf
from tests.ui.hands import Hands, at_work, settle
from tests.ui.town import HEADS, village
from ui.screens.visit.screen import Visits
from ui.widgets.pick_sheet import PickSheet

PLACE = HEADS.index("周老")


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    profile, store, actor = village(tmp_path)
    FormShelf(profile.folder / "forms").newest("harm_report")
    with at_work(profile, store, actor) as made:
        yield made


def household(hands: Hands) -> str:
    def work(tx: ReadTx) -> str:
        return next(view.id for view in tx.of_type("household") if view.state["head_name"] == "周老")

    found: str = hands.desk.store.read(work).result()
    return found


def test_it_is_written_once_and_gone_from_the_workers_screens(hands: Hands) -> None:
    home = household(hands)
    hands.open("household", household=home)
    hands.press(Qt.Key.Key_M)
    sheet = hands.frame.findChildren(PickSheet)[-1]
    hands.click(sheet.picks.chips["sealed_report"])
    settle(lambda: "visit" in hands.frame.screens and hands.frame.screens["visit"].form is not None)  # type: ignore[attr-defined]
    visits = hands.frame.screens["visit"]
    assert isinstance(visits, Visits)
    assert visits.form is not None
    session = visits.form.session
    for node, said in (("who", "elder"), ("kind", ("neglect",)), ("words", "两天没有吃饭"), ("danger", "yes"), ("called", "no")):
        session.set(f"/basics/{node}", said)
    visits.submit()
    settle(lambda: visits.form is None)
    assert hands.frame.current == "household"
    page = hands.frame.screens["household"]
    settle(lambda: page.page is not None)  # type: ignore[attr-defined]
    assert page.page.chain == () or all(link.what != "侵害报告（封存）" for link in page.page.chain)  # type: ignore[attr-defined]
    screen = hands.open("matters", all=True)
    assert [line.type for line in screen.board.open if line.type == "sealed_report"] == []  # type: ignore[attr-defined]
    kept = hands.desk.store.read(lambda tx: [view.state for view in tx.of_type("sealed_report")]).result()
    assert [state["next"] for state in kept] == [["notify"]], "the desk's duty to notify is open"
