"""The answers under a family: four big ones with digits, the rarer ones below, and what was answered just now."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import privacy
from ui.widgets.button import BigAnswer, Button
from ui.widgets.labels import ElidedText
from ui.words import t

#: answer, its key, its colour
BIG = (
    ("normal", "1", "done"),
    ("changed", "2", "changed"),
    ("difficulty", "3", "abnormal"),
    ("nobody_home", "4", "absent"),
)
RARER = (("all_away", "5"), ("other", "6"), ("new", "N"))


class AnswerBar(QWidget):
    """``pressed`` with an answer's code; ``undone`` for the way back."""

    pressed = Signal(str)
    undone = Signal()

    def __init__(self) -> None:
        super().__init__()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(16)
        above = QHBoxLayout()
        above.setSpacing(12)
        self.big: dict[str, BigAnswer] = {}
        for name, key, tone in BIG:
            big = BigAnswer(t(f"answer.{name}"), t(f"answer.{name}_words"), key, tone)
            big.clicked.connect(lambda _checked=False, name=name: self.pressed.emit(name))
            self.big[name] = big
            above.addWidget(big, 1)
        lines.addLayout(above)
        below = QHBoxLayout()
        below.setSpacing(8)
        for name, key in RARER:
            button = Button(t(f"answer.{name}"), key=key)
            button.clicked.connect(lambda _checked=False, name=name: self.pressed.emit(name))
            below.addWidget(button)
        self.just = ElidedText("", ink="second")
        below.addWidget(self.just, 1)
        self.back = Button(t("common.undo"), kind="quiet", key="Ctrl Z")
        self.back.clicked.connect(self.undone)
        self.back.hide()
        below.addWidget(self.back)
        lines.addLayout(below)

    def show_attempts(self, attempts: int) -> None:
        words = t("answer.nobody_home_again", n=attempts + 1) if attempts else t("answer.nobody_home_words")
        self.big["nobody_home"].set_words(words)

    def show_moved(self, moved: str) -> None:
        """What the letters have changed is what 2 will save."""
        self.big["changed"].set_words(privacy.secret(moved) or t("answer.changed_words"))

    def show_just(self, head: str, answer: str) -> None:
        self.just.set_text(t("screening.just", name=privacy.name(head), answer=t(f"answer.{answer}")))
        self.back.show()

    def show_taken_back(self, *, more: bool) -> None:
        self.just.set_text(t("screening.taken_back"))
        self.back.setVisible(more)
