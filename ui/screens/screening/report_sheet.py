"""The signals behind "3": ticked with single keys, Enter makes the finished report."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldapp.errors import StateError
from fieldapp.workflows import difficulty
from fieldapp.workflows.difficulty import Noticed, Questions
from fieldapp.workflows.screening import DoorPage, Given
from ui import privacy
from ui.desk import Desk
from ui.screens.visit.kit import form_language, kit_of
from ui.widgets.button import Button
from ui.widgets.card import clear
from ui.widgets.field import TextField
from ui.widgets.labels import label
from ui.widgets.notices import ErrorLine
from ui.widgets.pick_sheet import Picks
from ui.widgets.sheet import Sheet
from ui.words import t

WHOM_KEYS = "QRSTVWXYZ"
EVERYBODY = ""
WIDE = 800

Taken = Callable[[Given, tuple[str, ...]], None]


class ReportSheet(Sheet):
    """``start`` asks the form for its signals; ``taken`` gets what was saved and the words of the signals."""

    def __init__(
        self, window: QWidget, desk: Desk, round_id: str, page: DoorPage, taken: Taken, how: str = "seen"
    ) -> None:
        super().__init__(window, t("report.title", name=privacy.name(page.head)), width=WIDE)
        self.desk, self.round_id, self.page, self.taken, self.how = desk, round_id, page, taken, how
        self.picks: Picks | None = None
        self.asked: Questions | None = None
        self.body.addWidget(label(t("common.reading"), "secondbody"))

    def start(self) -> None:
        self.open()
        shelf, actor = kit_of(self.desk).shelf, self.desk.actor

        def ask() -> Questions:
            form = shelf.newest(difficulty.FORM)
            return difficulty.questions(form, actor, form_language(form))

        self.desk.read(ask, self._got, owner=self, failed=self._fail, words=t("common.reading"))

    def _fail(self, error: BaseException) -> None:
        clear(self.body)
        message = ErrorLine()
        self.body.addWidget(message)
        message.tell(error)

    def _got(self, asked: Questions) -> None:
        self.asked = asked
        clear(self.body)
        self.body.addWidget(label(t("report.signals"), "second"))
        self.picks = Picks(asked.signals, several=True, columns=4, room=WIDE - 64)
        self.body.addWidget(self.picks)
        self.body.addWidget(label(t("report.whom"), "second"))
        people = [(EVERYBODY, t("report.everybody"))]
        people += [(one.name, privacy.name(one.name)) for one in self.page.members if one.whereabouts != "died"]
        self.whom = Picks(people[: len(WHOM_KEYS)], several=False, keys=WHOM_KEYS, columns=4, room=WIDE - 64)
        self.whom.choose(EVERYBODY)
        self.body.addWidget(self.whom)
        self.urgent = Picks([("urgent", t("report.urgent"))], several=True, keys="U", columns=1, room=WIDE - 64)
        if asked.asks_urgent:
            self.body.addWidget(self.urgent)
        self.note = TextField(t("report.note"))
        self.note.field.returnPressed.connect(self.save)
        self.body.addWidget(self.note)
        self.message = ErrorLine()
        self.body.addWidget(self.message)
        self._draw_foot()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _draw_foot(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.button = Button(t("report.save"), kind="primary", key="Enter")
        self.button.clicked.connect(self.save)
        row.addWidget(self.button)
        self.foot.addLayout(row)

    def save(self) -> None:
        """The finished report and the door's answer, in one go."""
        if self.picks is None or not self.button.isEnabled():
            return
        signals = tuple(self.picks.picked())
        if not signals:
            self.message.say(t("report.wanted"))
            return
        self.button.setEnabled(False)
        person = self.whom.picked()
        noticed = Noticed(
            signals, bool(self.urgent.picked()), (person[0] or None) if person else None, self.how, self.note.text()
        )
        store, actor, shelf = self.desk.store, self.desk.actor, kit_of(self.desk).shelf
        round_id, household = self.round_id, self.page.household
        self.desk.write(
            lambda: difficulty.report(store, actor, shelf.newest(difficulty.FORM), round_id, household, noticed),
            lambda given: self._saved(given, signals), owner=self, failed=self._refused,
        )  # fmt: skip

    def _saved(self, given: Given, signals: tuple[str, ...]) -> None:
        words = dict(self.asked.signals) if self.asked else {}
        self.close_sheet()
        self.taken(given, tuple(words.get(signal, signal) for signal in signals))

    def _refused(self, error: BaseException) -> None:
        self.button.setEnabled(True)
        if isinstance(error, StateError) and error.code == "report.asks_more":
            # The county's version of the form asks more than the signals: open it whole.
            self.close_sheet()
            self.desk.go("visit", household=self.page.household, form=difficulty.FORM, round=self.round_id)
            return
        self.message.tell(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.save()
        elif self.picks is None or not any(part.press(event.text()) for part in (self.picks, self.urgent, self.whom)):
            super().keyPressEvent(event)
