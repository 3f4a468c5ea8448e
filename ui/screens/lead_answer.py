"""The answer to a lead: what is true, what was seen, which visit shows it, whether help follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from fieldapp.domain.documents import HOW_KNOWN, LEAD_OUTCOMES
from fieldapp.workflows.leads import LeadAnswer, LeadPage
from ui import formats
from ui.screens.evidence import EvidenceBox
from ui.widgets.button import Button
from ui.widgets.field import TextField
from ui.widgets.labels import label
from ui.widgets.pick_sheet import Picks
from ui.widgets.sheet import Sheet
from ui.words import t

NO_VISIT = ""


class LeadAnswerSheet(Sheet):
    """Digits choose the outcome; Enter in the words saves. Without a visit: how it is known, photos and files."""

    def __init__(self, window: QWidget, page: LeadPage, today: date, take: Callable[[LeadAnswer], None]) -> None:
        super().__init__(window, t("leads.answer_title", name=page.line.name), width=640)
        self._take = take
        self.outcome = Picks([(code, t(f"outcome.{code}")) for code in LEAD_OUTCOMES], several=False, columns=2)
        self.body.addWidget(self.outcome)
        self.seen = TextField(t("leads.seen"), hint=t("leads.seen_hint"))
        self.seen.field.returnPressed.connect(self.save)
        self.body.addWidget(self.seen)
        self.how = Picks([(code, t(f"how.{code}")) for code in HOW_KNOWN], several=False, keys="SPLC", columns=4)
        self.evidence = EvidenceBox()
        days = [(visit, formats.day_text(at, today=today)) for visit, at in page.visits]
        days = [*days, (NO_VISIT, t("leads.no_visit"))] if days else []
        self.visit = Picks(days, several=False, keys="", columns=3)
        self.visit.on_change = self._show_ways
        if days:
            self.body.addWidget(label(t("leads.evidence"), "second"))
            self.body.addWidget(self.visit)
            self.visit.choose(days[0][0])
        self.how_words = label(t("leads.how_known"), "second")
        for part in (self.how_words, self.how, self.evidence):
            self.body.addWidget(part)
        self._show_ways()
        self.body.addWidget(label(t("leads.into_help"), "second"))
        self.help = Picks(
            [("yes", t("leads.into_help_yes")), ("no", t("leads.into_help_no"))], several=False, keys="YN", columns=2
        )
        self.body.addWidget(self.help)
        self.message = label("", "error", wrap=True)
        self.message.hide()
        self.body.addWidget(self.message)
        button = Button(t("leads.send"), kind="primary", key="Enter")
        button.clicked.connect(self.save)
        self.foot.addWidget(button)

    def open_first(self) -> None:
        self.open()

    def _show_ways(self) -> None:
        """Without a visit that shows it: how it is known, and what proves it."""
        without = self._visit() is None
        for part in (self.how_words, self.how, self.evidence):
            part.setVisible(without)

    def _visit(self) -> str | None:
        picked = self.visit.picked()
        return picked[0] if picked and picked[0] != NO_VISIT else None

    def save(self) -> None:
        outcome, into, visit = self.outcome.picked(), self.help.picked(), self._visit()
        missing = t("leads.wanted_outcome") if not outcome else "" if self.seen.text() else t("leads.wanted_seen")
        self.message.setText(missing)
        self.message.setVisible(bool(missing))
        if missing:
            return
        taken = None if not into else into[0] == "yes"
        self.close_sheet()
        how = "" if visit else "".join(self.how.picked())
        evidence = () if visit else tuple(self.evidence.items)
        self._take(LeadAnswer(outcome[0], self.seen.text(), visit, taken, how, evidence))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.save()
        elif event.matches(QKeySequence.StandardKey.Paste) and not self.evidence.isHidden():
            self.evidence.paste()
        elif (not self.how.isHidden() and self.how.press(event.text())) or self.outcome.press(event.text()):
            self.seen.field.setFocus(Qt.FocusReason.TabFocusReason)
        elif not self.help.press(event.text()):
            super().keyPressEvent(event)
