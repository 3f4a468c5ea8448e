"""Which family a lead is about: searched by what the lead says of it, or made new."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from fieldapp.workflows import lead_link
from fieldapp.workflows.leads import LeadPage
from fieldapp.workflows.new_family import NewFamily
from ui import privacy
from ui.desk import Desk
from ui.screens.household_finder import HouseholdFinder
from ui.screens.screening.sheets import NewFamilySheet
from ui.widgets.button import Button
from ui.widgets.labels import label
from ui.widgets.sheet import Sheet
from ui.words import t


class LinkSheet(Sheet):
    """Enter takes the family found first or chosen with ↑ ↓; Ctrl+N makes one nobody had on a list."""

    def __init__(
        self, window: QWidget, desk: Desk, page: LeadPage, pick: Callable[[str], None],
        make: Callable[[NewFamily], None],
    ) -> None:  # fmt: skip
        super().__init__(window, t("leads.link_title", name=privacy.name(page.line.name)), width=640)
        self._over, self._page, self._pick, self._make = window, page, pick, make
        self.body.addWidget(label(t("leads.link_words"), "second"))
        self.finder = HouseholdFinder(desk, t("leads.link_which"), text=page.line.name)
        self.finder.chosen.connect(self._found)
        self.finder.taken.connect(self.take)
        self.body.addWidget(self.finder)
        self.fresh = Button(t("leads.link_new"), key="Ctrl N")
        self.fresh.clicked.connect(self.make_new)
        self.foot.addWidget(self.fresh)
        self.button = Button(t("leads.link"), kind="primary", key="Enter")
        self.button.clicked.connect(self.take)
        self.button.setEnabled(False)
        self.foot.addWidget(self.button)
        shortcut = QShortcut(QKeySequence("Ctrl+N"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(self.make_new)

    def open_first(self) -> None:
        self.open(self.finder.line)
        self.finder.line.selectAll()

    def _found(self, household: str) -> None:
        self.button.setEnabled(bool(household))

    def take(self) -> None:
        if self.finder.household:
            household = self.finder.household
            self.close_sheet()
            self._pick(household)

    def make_new(self) -> None:
        """What the lead already says stands in the fields."""
        page = self._page
        told = lead_link.proposal(page.line.name, page.address, page.phone)
        self.close_sheet()
        NewFamilySheet(self._over, self._make, told).open_first()
