"""The list under a search line: a child of the window that goes with its field."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from tests.ui.hands import settle
from ui.app import make_application
from ui.questions.overlay import Overlay
from ui.questions.searchable import SearchBox


def test_an_unfolded_list_goes_with_its_field() -> None:
    make_application()
    window = QWidget()
    lines = QVBoxLayout(window)
    box = SearchBox("户主", window)
    lines.addWidget(box)
    window.show()
    box.unfold()
    overlay = window.findChild(Overlay)
    assert isinstance(overlay, Overlay)
    box.deleteLater()
    settle()
    assert not isValid(overlay)
    window.close()
    window.deleteLater()
    settle()
