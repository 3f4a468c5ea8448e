"""No door of the grid is without an answer: what is left of it, and where to go now."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from fieldapp.workflows.screening import DoorList
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.labels import ElidedText, label
from ui.widgets.notices import Picture
from ui.widgets.tag import Tag
from ui.words import t

#: What may be left, and its colour; the words are ``screening.left_NAME``.
LEFT = (
    ("absent_once", "absent"), ("absent_twice", "absent"), ("difficulty", "abnormal"), ("disputed", "changed"),
)  # fmt: skip


class AnsweredPanel(Card):
    """``again`` to the next door that wants a second try, ``onward`` to the next grid, ``undone`` and ``found``."""

    again = Signal()
    onward = Signal()
    undone = Signal()
    found = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.body.setContentsMargins(24, 24, 24, 24)
        self.body.setSpacing(16)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Picture("check-check", 32, "done"))
        self.title = ElidedText("", "title", bold=True)
        head.addWidget(self.title, 1)
        self.body.addLayout(head)
        self.lines = QGridLayout()
        self.lines.setHorizontalSpacing(12)
        self.lines.setVerticalSpacing(8)
        self.lines.setColumnStretch(1, 1)
        self.body.addLayout(self.lines)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.go_again = Button(t("screening.again"), key=t("key.space"))
        self.go_on = Button(t("screening.next_grid"), kind="primary", key="Enter")
        new = Button(t("answer.new"), key="N")
        self.back = Button(t("common.undo"), kind="quiet", key="Ctrl Z")
        for button, signal in (
            (self.go_on, self.onward), (self.go_again, self.again), (new, self.found), (self.back, self.undone),
        ):  # fmt: skip
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)

    def show_left(self, found: DoorList, *, may_undo: bool) -> None:
        left = found.left()
        self.title.set_text(t("screening.all_answered", place=found.place, n=len(found.doors)))
        clear(self.lines)
        counts = [(name, tone, getattr(left, name)) for name, tone in LEFT if getattr(left, name)]
        for line, (name, tone, count) in enumerate(counts):
            tag = Tag(t(f"screening.left_{name}", n=count), tone)
            self.lines.addWidget(tag, line, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            self.lines.addWidget(label(t(f"screening.left_{name}_do"), "secondbody", wrap=True), line, 1)
        if not counts:
            self.lines.addWidget(label(t("screening.left_nothing"), "secondbody", wrap=True), 0, 0, 1, 2)
        self.go_again.setVisible(bool(left.absent_once or left.disputed))
        self.go_on.setVisible(bool(found.next_grid))
        self.back.setVisible(may_undo)
