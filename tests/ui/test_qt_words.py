"""Qt's own words follow the language too: the menu of a text field, the file dialog, the calendar, standard buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QDate, QLocale
from PySide6.QtWidgets import (
    QAbstractButton,
    QCalendarWidget,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from ui.app import make_application, speak

HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{3,}")
ACCELERATOR = re.compile(r"\(&.\)|\t.*|&")


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    speak(make_application(), request.param)
    yield request.param
    speak(make_application(), "zh")


def foreign(texts: Iterator[str] | list[str], language: str) -> set[str]:
    wrong = LATIN if language == "zh" else HAN
    return {text for text in texts if wrong.search(ACCELERATOR.sub("", text))}


def test_the_menus_of_text_fields(language: str) -> None:
    for field in (QLineEdit("王"), QPlainTextEdit("王")):
        menu = field.createStandardContextMenu()
        texts = [action.text() for action in menu.actions() if action.text()]
        assert len(texts) >= 6
        assert foreign(texts, language) == set()


def test_standard_buttons(language: str) -> None:
    kinds = QDialogButtonBox.StandardButton
    box = QDialogButtonBox(kinds.Ok | kinds.Cancel | kinds.Save | kinds.Open | kinds.Yes | kinds.No | kinds.Close)
    assert foreign([button.text() for button in box.buttons()], language) == set()


def test_the_file_dialog(language: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    dialog = QFileDialog(None, "", str(tmp_path_factory.mktemp("空")), "*.xlsx")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    texts = [part.text() for part in dialog.findChildren(QWidget) if isinstance(part, QLabel | QAbstractButton)]
    texts += [part.toolTip() for part in dialog.findChildren(QAbstractButton)]
    assert len([text for text in texts if text]) >= 8
    assert foreign(texts, language) == set()


def test_the_calendar(language: str) -> None:
    calendar = QCalendarWidget()
    calendar.setSelectedDate(QDate(2026, 11, 21))
    shown = [QLocale().standaloneMonthName(n) for n in range(1, 13)] + [QLocale().dayName(n) for n in range(1, 8)]
    assert foreign(shown, language) == set()
