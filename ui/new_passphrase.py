"""A new passphrase, typed twice, with an honest hint at its strength."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from fieldapp.store.vault.passphrase import strength
from ui.widgets.field import PassphraseField
from ui.widgets.gauges import SegmentedBar
from ui.words import t

GOOD_BITS = 60.0


class NewPassphrase(QWidget):
    """``passphrase`` and ``again`` are its fields; ``good()`` says what is wrong under them."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.passphrase = PassphraseField(t("enrol.passphrase"))
        self.again = PassphraseField(t("enrol.again"))
        self.strength = SegmentedBar((), 100, t("enrol.strength"))
        self.passphrase.field.textChanged.connect(self._judge)
        for part in (self.passphrase, self.strength, self.again):
            column.addWidget(part)
        # On a low screen the entrance scrolls; it must not press the fields together.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def text(self) -> str:
        return self.passphrase.text()

    def good(self) -> bool:
        weak = strength(self.text()).reason
        if weak:
            self.passphrase.say(t(f"error.vault.weak.{weak}"), wrong=True)
        differs = self.text() != self.again.text()
        self.again.say(t("enrol.differs") if differs else "", wrong=differs)
        return not weak and not differs

    def _judge(self, text: str) -> None:
        found = strength(text)
        share = 0 if not text else max(6, min(100, round(found.bits / GOOD_BITS * 100)))
        tone = "abnormal" if found.reason else ("done" if found.bits >= GOOD_BITS else "changed")
        self.strength.set(((tone, share),), 100, t("enrol.strength"))
        if not text:
            self.passphrase.say("")
        elif found.reason:
            self.passphrase.say(t(f"error.vault.weak.{found.reason}"), wrong=True)
        else:
            self.passphrase.say(t("enrol.strong" if found.bits >= GOOD_BITS else "enrol.fair"))
