"""A screen of two parts: a list in a card at the left, the page of what is chosen in it at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.desk import Desk
from ui.screens.base import UNBOUNDED, Screen, scroll_area
from ui.theme import look
from ui.widgets.card import Card, clear, line
from ui.widgets.notices import EmptyState
from ui.widgets.rows import Row, RowList

CARD_AT_LEAST, CARD_IN_LARGE = 320, 480  # pixels
LIST_SHARE = 4


class Line(Protocol):
    @property
    def id(self) -> str: ...


class ListAndPage(Screen):
    """Call ``lay_out`` once and ``show_rows`` whenever the list is drawn; ``line_chosen`` says whose page to read.

    ``wanted`` is the id of what is chosen, or asked for and not yet there; ``page`` what ``detail`` shows of it.
    """

    line_chosen = Signal(str)

    card_at_most = 420
    page_share = 7
    page_edge = 0

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.wanted = ""
        self.page: Any = None
        self._lines: Sequence[Line] = ()

    def lay_out(self, card: Card, accessible: str, empty: EmptyState, *, foot: QWidget | None = None) -> None:
        """Put the list below what ``card`` has so far, and the page beside it; ``foot`` under the list, and nowhere
        while it is empty: the empty state has the same way on."""
        self.card, self.empty = card, empty
        card.setMinimumWidth(CARD_AT_LEAST)
        self.views = QStackedWidget()
        self.list = RowList(accessible=accessible)
        self.list.chosen_row.connect(self._choose)
        self.views.addWidget(self.list)
        self.views.addWidget(empty)
        card.body.addWidget(self.views, 1)
        self.foot = QWidget()
        if foot is not None:
            under = QVBoxLayout(self.foot)
            under.setContentsMargins(0, 0, 0, 0)
            under.setSpacing(0)
            under.addWidget(line())
            within = QHBoxLayout()
            within.setContentsMargins(16, 8, 16, 8)
            within.addWidget(foot)
            within.addStretch(1)
            under.addLayout(within)
            card.body.addWidget(self.foot)
        self._has_foot = foot is not None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(self.margins(), self.margins(), self.margins(), self.margins())
        across = QHBoxLayout()
        across.setSpacing(24)
        outer.addLayout(across, 1)
        across.addWidget(card, LIST_SHARE)
        self.area, inner = scroll_area()
        self.detail = QVBoxLayout(inner)
        self.detail.setContentsMargins(0, 0, self.page_edge, 0)
        self.detail.setSpacing(16)
        across.addWidget(self.area, self.page_share)

    def show_rows(self, lines: Sequence[Line], rows: list[Row]) -> None:
        """Fill the list, a row for each line, and choose the wanted one, else the first."""
        self._lines = lines
        self._give_room(bool(lines))
        self.list.set_rows(rows)
        if not lines:
            self.page = None
            self.no_page()
            return
        place = next((n for n, line in enumerate(lines) if line.id == self.wanted), 0)
        if self.list.chosen() == place:
            self._choose(place)
        else:
            self.list.choose(place)

    def no_page(self) -> None:
        """There is nothing to choose: take away what the page showed. A page built once stays, out of sight."""
        clear(self.detail)

    def down(self) -> None:
        self.list.step(1)

    def up(self) -> None:
        self.list.step(-1)

    def _give_room(self, chosen: bool) -> None:
        """With nothing to choose from the list stands alone: no empty half without a word."""
        self.views.setCurrentIndex(0 if chosen else 1)
        self.area.setVisible(chosen)
        self.foot.setVisible(chosen and self._has_foot)
        most = CARD_IN_LARGE if look.theme().large else self.card_at_most
        self.card.setMaximumWidth(most if chosen else UNBOUNDED)

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._lines):
            self.wanted = self._lines[place].id
            self.line_chosen.emit(self.wanted)
