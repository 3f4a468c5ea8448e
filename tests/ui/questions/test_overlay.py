"""What hangs under a field goes with it: a section left by a key must not leave its list behind."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget
from shiboken6 import isValid

from tests.ui.hands import settle
from ui.app import make_application
from ui.questions.overlay import Overlay
from ui.questions.searchable import SearchBox


def unfolded() -> tuple[QMainWindow, QWidget, Overlay]:
    make_application()
    window, section = QMainWindow(), QWidget()
    box = SearchBox("走访目的")
    QVBoxLayout(section).addWidget(box)
    window.setCentralWidget(section)
    window.show()
    settle()
    box.unfold("")
    [overlay] = window.findChildren(Overlay)
    assert overlay.isVisible()
    return window, section, overlay


def test_a_list_folds_when_its_field_is_no_longer_shown() -> None:
    _window, section, overlay = unfolded()
    section.hide()
    assert not overlay.isVisible()


def test_a_list_dies_with_its_field() -> None:
    window, section, overlay = unfolded()
    section.deleteLater()
    for _ in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(section)
    assert not isValid(overlay)
    window.close()
