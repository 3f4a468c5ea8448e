"""The questions of one section: what is said at the last moment may bring more of them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtTest import QTest

from forms.api import FormSession
from tests.ui.hands import settle
from tests.ui.questions.host import KeepingHost
from tests.ui.small_forms import small_form
from ui.app import make_application
from ui.screens.visit.pane import QuestionPane


def rising(folder: Path) -> FormSession:
    """A number that brings a question when it is large, and a line behind it."""
    return small_form(
        folder, "账单", "bills",
        ("type", "name", "label", "relevant"),
        ("begin group", "bills", "医疗", ""),
        ("integer", "paid", "自付", ""),
        ("text", "where", "在哪里看病", "${paid} > 1000"),
        ("text", "words", "备注", ""),
        ("end group", "", "", ""),
    )  # fmt: skip


def test_a_number_said_at_the_last_moment_brings_a_question_and_the_line_behind_it_is_said_too(tmp_path: Path) -> None:
    make_application()
    session = rising(tmp_path)
    pane = QuestionPane(session, KeepingHost(), "/bills")
    pane.answered.connect(session.set)
    session.observe(pane.apply)
    pane.show()
    for name, typed in (("paid", "118000"), ("words", "票据齐")):
        frame = pane.frame(f"/bills/{name}")
        assert frame is not None
        field = frame.field.focus_widget()
        field.setFocus()
        if typed.isascii():
            QTest.keyClicks(field, typed)
        else:
            field.setText(typed)
            field.textEdited.emit(typed)
    pane.commit()
    assert session.view("/bills/paid").value == 118000
    assert session.view("/bills/words").value == "票据齐"
    settle()
    assert pane.frame("/bills/where") is not None
    pane.deleteLater()
    settle()
