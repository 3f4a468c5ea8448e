"""Flat surfaces with thin lines."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QLayoutItem, QVBoxLayout, QWidget

from ui.widgets.labels import ElidedText


def line() -> QFrame:
    """A thin line between two rows."""
    made = QFrame()
    made.setProperty("role", "line")
    return made


def clear(layout: QLayout) -> None:
    """Take everything out of ``layout`` and let it go."""
    while layout.count():
        _let_go(layout.takeAt(0))


def _let_go(item: QLayoutItem) -> None:
    held: tuple[QWidget | None, QLayout | None] = item.widget(), item.layout()
    widget, inner = held
    if widget is not None:
        widget.hide()
        widget.setParent(None)
        widget.deleteLater()
    elif inner is not None:
        clear(inner)


class Card(QFrame):
    """A surface with an optional heading; put things into ``body``. ``flush`` lets rows reach the edges."""

    def __init__(self, heading: str = "", *, flush: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        self.head = QHBoxLayout()
        self.heading = ElidedText(heading, bold=True)
        if heading:
            self.head.setContentsMargins(16, 12, 16, 12 if flush else 4)
            self.head.addWidget(self.heading, 1)
            outer.addLayout(self.head)
            if flush:
                outer.addWidget(line())
        self.body = QVBoxLayout()
        edge = 0 if flush else 16
        self.body.setContentsMargins(edge, edge if not heading else 0, edge, edge)
        self.body.setSpacing(0 if flush else 8)
        outer.addLayout(self.body)

    def add(self, widget: QWidget, stretch: int = 0) -> QWidget:
        self.body.addWidget(widget, stretch)
        return widget

    def add_row(self, widget: QWidget) -> None:
        """Add a row under a thin line (none above the first)."""
        if self.body.count():
            self.body.addWidget(line())
        self.body.addWidget(widget)
