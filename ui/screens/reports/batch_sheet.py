"""Hundreds of visit reports in one go: which, how, whereto; then how far it is, with a way to stop and go on."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QProgressBar, QWidget

from fieldapp.reports.protecting import Protection
from fieldapp.workflows import batch_choice
from fieldapp.workflows.batch_choice import Choice, ChosenVisit
from fieldapp.workflows.batch_export import Batch, Order
from fieldapp.workflows.report_data import Forms
from fieldapp.workflows.report_subjects import Subject
from ui import tasks
from ui.desk import Desk
from ui.messages import words_for
from ui.screens.reports.asking import AskingRow
from ui.widgets.button import Button
from ui.widgets.labels import label
from ui.widgets.pick_sheet import Picks
from ui.widgets.sheet import Sheet
from ui.words import t

STATES = ("", batch_choice.APPROVED, batch_choice.WAITING, batch_choice.RETURNED)
WIDE = 760


class BatchSheet(Sheet):
    """Closing the sheet stops the batch; what is on disk stays, and the next run leaves it as it is."""

    def __init__(
        self, desk: Desk, window: QWidget, areas: list[Subject], forms: Forms, *, unmask: bool, protection: Protection
    ) -> None:
        super().__init__(window, t("reports.batch"), width=WIDE)
        self.desk, self._forms, self._unmask, self._protection = desk, forms, unmask, protection
        self.visits: list[ChosenVisit] = []
        self.batch: Batch | None = None
        self._halt = Event()
        self.asking = AskingRow()
        self.asking.offer(period=True, policy=False)
        self.asking.offer_subjects(areas)
        self.asking.changed.connect(self.count)
        self.body.addWidget(self.asking)
        self.states = Picks([(state, t(f"reports.state.{state or 'all'}")) for state in STATES], several=False)
        self.states.choose(batch_choice.APPROVED)
        self.states.on_change = self.count
        self.body.addWidget(self.states)
        kinds = [("each", t("reports.batch_each")), ("bound", t("reports.batch_bound"))]
        self.kinds = Picks(kinds, several=False, keys="EB", columns=2)
        self.kinds.choose("each")
        self.body.addWidget(self.kinds)
        self.told = label("", "secondbody", wrap=True)
        self.body.addWidget(self.told)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(t("common.waiting"))
        self.bar.hide()
        self.body.addWidget(self.bar)
        self.stop = Button(t("common.cancel"))
        self.stop.clicked.connect(self._halt.set)
        self.stop.hide()
        self.foot.addWidget(self.stop)
        self.start_button = Button(t("reports.batch_start"), kind="primary", key="Enter")
        self.start_button.clicked.connect(self.start)
        self.foot.addWidget(self.start_button)
        self.closed.connect(self._halt.set)
        self.count()

    def choice(self) -> Choice:
        asked = self.asking.asked()
        state = next(iter(self.states.picked()), "")
        return Choice(self.asking.chosen(), asked["since"], asked["until"], state)

    def count(self) -> None:
        wanted = self.choice()
        self.desk.read(lambda: batch_choice.chosen(self.desk.store, wanted), self._counted, owner=self)

    def _counted(self, found: list[ChosenVisit]) -> None:
        self.visits, self.batch = found, None
        self.told.setText(t("reports.batch_count", n=len(found)))
        self.start_button.setEnabled(bool(found))

    def start(self) -> None:
        """Into a folder somebody picks; begun again in the same folder it goes on."""
        if self.batch is not None and not self.batch.finished:
            self.go_on()
            return
        folder = QFileDialog.getExistingDirectory(self, t("reports.where"))
        if folder:
            self.begin(Path(folder))

    def begin(self, folder: Path) -> None:
        bound = self.kinds.picked() == ["bound"]
        order = Order(tuple(self.visits), folder, bound, self._unmask, self._protection)
        self.batch = Batch(self.desk.store, self.desk.actor, self._forms, order)
        self.go_on()

    def go_on(self) -> None:
        batch = self.batch
        assert batch is not None
        self._halt.clear()
        self._busy(True)
        self.bar.setRange(0, batch.total)
        self.bar.setValue(batch.done)
        tasks.run(
            lambda: batch.run(self._progress, self._halt.is_set), self._ran, failed=self._failed, owner=self,
            on_cancel=self._halt.set, lasting=True,
        )  # fmt: skip

    def _progress(self, done: int, total: int) -> None:
        """Called on the batch's thread."""
        tasks.tasks().post(lambda: self._show(done, total))

    def _show(self, done: int, total: int) -> None:
        from shiboken6 import isValid

        if isValid(self):
            self.bar.setValue(done)
            self.told.setText(t("reports.batch_progress", n=done, all=total))

    def _ran(self, finished: bool) -> None:
        self._busy(False)
        batch = self.batch
        assert batch is not None
        if not finished:
            self.told.setText(t("reports.batch_stopped", n=batch.done, all=batch.total))
            self.start_button.set_text(t("reports.batch_go_on"))
            return
        skipped = t("reports.batch_skipped", n=len(batch.skipped)) if batch.skipped else ""
        missing = t("reports.missing", n=len(batch.missing)) if batch.missing else ""
        self.desk.changed.emit()
        self.desk.say(t("reports.batch_done", n=len(batch.paths)) + skipped + missing)
        self.close_sheet()

    def _failed(self, error: BaseException) -> None:
        self._busy(False)
        words = words_for(error)
        self.told.setText(words.in_line())
        self.start_button.set_text(t("reports.batch_go_on"))

    def _busy(self, busy: bool) -> None:
        self.bar.setVisible(busy)
        self.stop.setVisible(busy)
        for part in (self.start_button, self.asking, self.states, self.kinds):
            part.setEnabled(not busy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.start_button.isEnabled():
                self.start()
        elif not self.kinds.press(event.text()) and not self.states.press(event.text()):
            super().keyPressEvent(event)
