"""Begin a visit: which family, why, with whom. A draft of the same family and form is taken up again instead."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from fieldapp.workflows.visits import VisitStart
from forms.api import Choice
from ui.desk import Desk
from ui.questions.choice_bar import ChoiceBar
from ui.questions.line import Line
from ui.screens.household_finder import HouseholdFinder
from ui.widgets.button import Button
from ui.widgets.labels import label
from ui.widgets.sheet import Sheet
from ui.words import t

PURPOSES = ("routine", "lead", "difficulty", "application", "review", "revisit", "policy")
#: how -> form; a call is counted as a call, whatever it is about
HOW = {"home": "home_visit", "short": "revisit", "phone": "phone_visit"}
#: a purpose with a form of its own, unless it is a call
OWN_FORMS = {"policy": "policy_telling"}


class StartSheet(Sheet):
    """``begun(VisitStart)``."""

    begun = Signal(object)

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window, t("visit.new"), width=640)
        self._desk, self._purpose = desk, "routine"
        self.finder = HouseholdFinder(desk, t("visit.which"))
        self.finder.chosen.connect(self._found)
        self.finder.taken.connect(self._to_partner)
        self._why = ChoiceBar(t("visit.why"))
        self._why.set_choices([Choice(one, t(f"purpose.{one}")) for one in PURPOSES])
        self._why.show_picked([self._purpose])
        self._why.picked.connect(self._because)
        self._how = "home"
        self._ways = ChoiceBar(t("visit.how"))
        self._ways.set_choices([Choice(one, t(f"visit.how.{one}")) for one in HOW])
        self._ways.show_picked([self._how])
        self._ways.picked.connect(self._by)
        self._partner = Line(t("visit.partner"))
        self._partner.setPlaceholderText(t("visit.partner_hint"))
        self._partner.leave.connect(self._begin)
        for words, widget in (("visit.which", self.finder), ("visit.why", self._why), ("visit.how", self._ways),
                              ("visit.partner", self._partner)):  # fmt: skip
            self.body.addWidget(label(t(words), "second"))
            self.body.addWidget(widget)
        self._go = Button(t("visit.begin"), kind="primary", key="Enter")
        self._go.clicked.connect(self._begin)
        self._go.setEnabled(False)
        self.foot.addWidget(self._go)

    def open_sheet(self) -> None:
        self.open(self.finder.line)

    def _found(self, household: str) -> None:
        self._go.setEnabled(bool(household))

    def _to_partner(self) -> None:
        self._partner.setFocus(Qt.FocusReason.TabFocusReason)

    def _because(self, purpose: str) -> None:
        self._purpose = purpose
        self._why.show_picked([purpose])
        if purpose == "revisit" and self._how == "home":
            self._by("short")

    def _by(self, how: str) -> None:
        self._how = how
        self._ways.show_picked([how])

    def _begin(self) -> None:
        household = self.finder.household
        if household:
            partner = self._partner.text().strip() or None
            self.close_sheet()
            form = HOW[self._how] if self._how == "phone" else OWN_FORMS.get(self._purpose, HOW[self._how])
            purpose = "phone" if self._how == "phone" else self._purpose
            self.begun.emit(VisitStart(household, purpose, partner=partner, form_id=form))
