"""Somebody of this household may also stand elsewhere: who, why, and the two answers a person can give."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.workflows import same_people
from fieldapp.workflows.same_people import Twin
from ui import privacy
from ui.desk import Desk
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.labels import label
from ui.words import t


class TwinCard(Card):
    """Hidden while nobody is suspected. ``changed`` is called after a pair was decided."""

    def __init__(self, desk: Desk, household: str, changed: Callable[[], None]) -> None:
        super().__init__(t("twin.title"), flush=True)
        self._desk, self._changed = desk, changed
        self.twins: list[Twin] = []
        self.same: list[Button] = []
        self.hide()
        desk.read(lambda: same_people.twins_of(desk.store, household), self._got, owner=self)

    def _got(self, twins: list[Twin]) -> None:
        self.twins = twins
        for twin in twins:
            self.add_row(self._row(twin))
        self.setVisible(bool(twins))

    def _row(self, twin: Twin) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(4)
        names = t("twin.pair", one=privacy.name(twin.name), other=privacy.name(twin.other_name))
        column.addWidget(label(names, "strong", wrap=True))
        why = "、".join(t(f"twin.reason.{reason}") for reason in twin.reasons)
        about = " · ".join(privacy.secret(part) for part in twin.about)
        column.addWidget(label(t("twin.why", why=why, about=about), "second", wrap=True))
        row = QHBoxLayout()
        for words, same in (("twin.same", True), ("twin.other", False)):
            button = Button(t(words))
            button.setAccessibleName(f"{button.text()} {names}")
            button.clicked.connect(lambda _checked=False, same=same: self._decide(twin, same))
            row.addWidget(button)
            if same:
                self.same.append(button)
        row.addStretch(1)
        column.addLayout(row)
        return made

    def _decide(self, twin: Twin, same: bool) -> None:
        desk, changed = self._desk, self._changed

        def say(then: bool) -> None:
            desk.write(
                lambda: same_people.decide(desk.store, desk.actor, twin.person, twin.other, same=then),
                lambda _pair: changed(),
            )

        say(same)
        desk.say(t("twin.joined" if same else "twin.parted"), lambda: say(not same))
