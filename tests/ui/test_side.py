"""The column beside the form keeps its width whatever is missing."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from forms.api import AnswerProblem
from tests.ui.hands import settle
from ui.app import make_application
from ui.screens.visit.side import Side

LONG = "是否经办人员或村（社区）干部近亲属，以及与该干部是什么关系"


def test_a_long_question_is_cut_to_the_column_it_was_not_yet_in() -> None:
    make_application()
    side = Side(None)
    side.show_missing([AnswerProblem("/near", "required", LONG, ("基本情况",), "必答")])  # before it has its place
    side.setFixedWidth(296)
    side.resize(296, 600)
    side.show()
    settle()
    shown = [each for each in side.findChildren(QPushButton) if each.isVisible()]
    assert [each.text().startswith("基本情况：") and each.text().endswith("…") for each in shown] == [True]
    assert all(each.mapTo(side, each.rect().topRight()).x() <= side.width() for each in shown)
    side.deleteLater()
