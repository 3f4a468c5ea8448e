"""The collector's one-minute report: who, where, what, how pressing; the town sees it after the next sync."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from fieldapp.workflows import difficulty, quick_report
from fieldapp.workflows.difficulty import Questions
from fieldapp.workflows.quick_report import Quick, Reported
from ui.desk import Desk
from ui.screens.visit.kit import form_language, kit_of
from ui.widgets.fields_sheet import FieldsSheet
from ui.widgets.labels import label
from ui.widgets.notices import ErrorLine
from ui.widgets.pick_sheet import Picks
from ui.words import t

WIDE = 800


class QuickReportSheet(FieldsSheet):
    """``start`` asks the county's form for its signals and opens."""

    def __init__(self, window: QWidget, desk: Desk) -> None:
        names = ("person_name", "place", "phone", "note")
        super().__init__(window, t("quick.title"), names, words="quick", width=WIDE)
        self.desk = desk
        self.signals: Picks | None = None
        self.urgent = Picks([("urgent", t("report.urgent"))], several=True, keys="", columns=1, room=WIDE - 48)
        self.message = ErrorLine()

    def start(self) -> None:
        self.open_first()
        shelf, actor = kit_of(self.desk).shelf, self.desk.actor

        def ask() -> Questions:
            form = shelf.newest(quick_report.FORM)
            return difficulty.questions(form, actor, form_language(form))

        self.desk.read(ask, self._offer, owner=self, failed=self._refused)

    def _offer(self, asked: Questions) -> None:
        self.body.addWidget(label(t("report.signals"), "second"))
        self.signals = Picks(asked.signals, several=True, keys="", columns=4, room=WIDE - 48)
        for part in (self.signals, self.urgent, self.message):
            self.body.addWidget(part)

    def save(self) -> None:
        wanted = self.wanted("person_name", t("quick.who_wanted")) and self.wanted("place", t("quick.where_wanted"))
        if not wanted or self.signals is None or not self.save_button.isEnabled():
            return
        signals = tuple(self.signals.picked())
        if not signals:
            self.message.say(t("report.wanted"))
            return
        who, where, phone, note = (field.text() for field in self.fields.values())
        quick = Quick(who, where, signals, bool(self.urgent.picked()), phone, note)
        self.save_button.setEnabled(False)
        store, actor, shelf = self.desk.store, self.desk.actor, kit_of(self.desk).shelf
        self.desk.write(
            lambda: quick_report.send(store, actor, shelf.newest(quick_report.FORM), quick),
            self._sent, owner=self, failed=self._refused,
        )  # fmt: skip

    def _sent(self, reported: Reported) -> None:
        self.close_sheet()
        self.desk.say(t("quick.sent_linked" if reported.household else "quick.sent"))

    def _refused(self, error: BaseException) -> None:
        self.save_button.setEnabled(True)
        self.message.tell(error)
