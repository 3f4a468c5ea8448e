"""The list of one's visits speaks words: forms by their titles, no code of a form or a procedure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from fieldapp.store.api import ReadTx
from fieldapp.workflows.form_shelf import FormShelf
from tests.ui.hands import Hands, at_work, settle
from tests.ui.town import village
from ui.screens.visit.screen import Visits
from ui.widgets.pick_sheet import PickSheet
from ui.widgets.rows import RowList, RowModel


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    profile, store, actor = village(tmp_path)
    FormShelf(profile.folder / "forms").newest("application_acceptance")
    with at_work(profile, store, actor) as made:
        yield made


def a_household(tx: ReadTx) -> str:
    return next(view.id for view in tx.of_type("household"))


def test_an_unfinished_step_is_called_by_its_form(hands: Hands) -> None:
    hands.open("household", household=hands.desk.store.read(a_household).result())
    hands.press(Qt.Key.Key_M)
    hands.click(hands.frame.findChildren(PickSheet)[-1].picks.chips["dibao"])
    settle(lambda: hands.frame.current == "matters")
    settle(lambda: hands.frame.screens["matters"].page is not None)  # type: ignore[attr-defined]
    hands.press(Qt.Key.Key_Return)
    settle(lambda: "visit" in hands.frame.screens and hands.frame.screens["visit"].form is not None)  # type: ignore[attr-defined]
    visits = hands.frame.screens["visit"]
    assert isinstance(visits, Visits)
    assert visits.form is not None
    assert visits.form.session.definition.id == "application_acceptance"
    hands.open("today")
    visits.to_list()
    rows = visits.board.findChildren(RowList)[0].model()
    assert isinstance(rows, RowModel)
    settle(lambda: bool(rows.rows))
    (mine,) = [row for row in rows.rows if row.beside == "救助申请受理"]
    assert not re.search("[a-z_]{4,}", f"{mine.title} {mine.beside} {mine.second}"), mine
