"""Begin a visit: which family, why, with whom. A draft of the same family and form is taken up again instead."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from fieldapp.workflows import households as workflow
from fieldapp.workflows.visits import VisitStart
from forms.api import Choice
from ui.desk import Desk
from ui.finding import row
from ui.questions.choice_bar import ChoiceBar
from ui.questions.line import Line
from ui.widgets.button import Button
from ui.widgets.labels import label
from ui.widgets.rows import RowList
from ui.widgets.sheet import Sheet
from ui.words import t

PURPOSES = ("routine", "lead", "difficulty", "application", "review", "revisit", "policy")
#: how -> form; a call is counted as a call, whatever it is about
HOW = {"home": "home_visit", "short": "revisit", "phone": "phone_visit"}
FOUND = 6
WAIT_MS = 60


class StartSheet(Sheet):
    """``begun(VisitStart)``."""

    begun = Signal(object)

    def __init__(self, desk: Desk, window: QWidget, household: str = "") -> None:
        super().__init__(window, t("visit.new"), width=640)
        self._desk, self._household, self._purpose = desk, household, "routine"
        self._found: list[workflow.HouseholdLine] = []
        self._line = Line(t("visit.which"))
        self._line.setPlaceholderText(t("search.hint"))
        self._wait = QTimer(self, interval=WAIT_MS, singleShot=True)
        self._wait.timeout.connect(self._search)
        self._line.textChanged.connect(lambda _text: self._wait.start())
        self._line.leave.connect(self._to_partner)
        self._line.installEventFilter(self)
        self._list = RowList(accessible=t("visit.which"))
        self._list.setFixedHeight(200)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.chosen_row.connect(self._choose)
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
        for words, widget in (("visit.which", self._line), ("", self._list), ("visit.why", self._why),
                              ("visit.how", self._ways), ("visit.partner", self._partner)):  # fmt: skip
            if words:
                self.body.addWidget(label(t(words), "second"))
            self.body.addWidget(widget)
        self._go = Button(t("visit.begin"), kind="primary", key="Enter")
        self._go.clicked.connect(self._begin)
        self._go.setEnabled(False)
        self.foot.addWidget(self._go)

    def open_sheet(self) -> None:
        self.open(self._line)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step:
                self._list.step(step)
                return True
        return super().eventFilter(watched, event)

    def _to_partner(self) -> None:
        self._partner.setFocus(Qt.FocusReason.TabFocusReason)

    def _search(self) -> None:
        text = self._line.text().strip()
        if not text:
            self._show([])
            return
        store, actor = self._desk.store, self._desk.actor
        self._desk.read(lambda: workflow.find(store, actor, text, limit=FOUND), self._show, owner=self)

    def _show(self, found: list[workflow.HouseholdLine]) -> None:
        self._found = [each for each in found if each.kind == "household"]
        self._list.set_rows([row(each) for each in self._found])
        self._list.choose(0)
        self._choose(self._list.chosen())

    def _choose(self, place: int) -> None:
        self._household = self._found[place].id if 0 <= place < len(self._found) else ""
        self._go.setEnabled(bool(self._household))

    def _because(self, purpose: str) -> None:
        self._purpose = purpose
        self._why.show_picked([purpose])
        if purpose in ("revisit", "policy") and self._how == "home":
            self._by("short")

    def _by(self, how: str) -> None:
        self._how = how
        self._ways.show_picked([how])

    def _begin(self) -> None:
        if self._household:
            partner = self._partner.text().strip() or None
            self.close_sheet()
            purpose = "phone" if self._how == "phone" else self._purpose
            self.begun.emit(VisitStart(self._household, purpose, partner=partner, form_id=HOW[self._how]))
