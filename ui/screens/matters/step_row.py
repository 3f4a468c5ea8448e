"""One step of a matter in its chain: its mark, who does it, when it was done and with what result, what may be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.workflows.matters.page import EntryLine, StepLine
from ui import privacy
from ui.screens.matters.words import MARKS, due_words, entry_words, served_words
from ui.theme import look
from ui.widgets.button import Button, IconButton
from ui.widgets.labels import label
from ui.widgets.tag import StateMark, Tag
from ui.words import t


class StepRow(QWidget):
    """``act`` does the step, ``undo`` and ``correct`` take an entry."""

    def __init__(
        self, step: StepLine, today: date, *, primary: bool, act: Callable[[], None],
        undo: Callable[[EntryLine], None], correct: Callable[[EntryLine], None],
    ) -> None:  # fmt: skip
        super().__init__()
        self.step, self._today, self._act, self._undo, self._correct = step, today, act, undo, correct
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(StateMark(MARKS.get(step.state, "todo"), t(f"step.{step.state}")), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        row.addLayout(words, 1)
        words.addLayout(self._head())
        self._body(words)
        if step.mine and step.state == "open":
            button = Button(t("matters.do"), kind="primary" if primary else "plain", key="Enter" if primary else "")
            button.setAccessibleName(f"{button.text()} {step.title}")
            button.clicked.connect(self._act_now)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def _act_now(self) -> None:
        self._act()  # a click also says whether it is checked: that is not the step

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        title = label(self.step.title, "strong" if self.step.state == "open" else "body", wrap=True)
        title.setMinimumHeight(look.line_height("body"))
        head.addWidget(title, 1)
        if self.step.optional and self.step.state != "done":
            head.addWidget(Tag(t("matters.optional"), "todo"), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(label(t(f"level.{self.step.level}"), "second"), 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _body(self, words: QVBoxLayout) -> None:
        step = self.step
        for entry in step.entries:
            words.addLayout(self._entry(entry))
        if step.served is not None:
            words.addWidget(label(served_words(step.served, self._today), "second", tone="changed", wrap=True))
        if step.state == "open":
            for text in (step.note, due_words(step, self._today), self._left()):
                if text:
                    words.addWidget(label(text, "second", wrap=True))
        elif step.state == "waiting" and step.after:
            words.addWidget(label(t("matters.after", steps="、".join(step.after)), "second", wrap=True))

    def _left(self) -> str:
        names = "、".join(privacy.name(name) for _row, name in self.step.left)
        return t("matters.left", names=names) if names and self.step.entries else ""

    def _entry(self, entry: EntryLine) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(4)
        told = entry_words(entry, self._today)
        if entry.undone:
            told = t("matters.undone", what=told, why=entry.undone)
        tone = entry.tone if entry.tone in ("changed", "abnormal") and not entry.undone else ""
        line.addWidget(label(told, "second", tone=tone, wrap=True), 1)
        if entry.may_correct:
            line.addWidget(self._small("pencil", t("matters.correct"), lambda: self._correct(entry)))
        if entry.may_undo:
            line.addWidget(self._small("undo-2", t("matters.undo"), lambda: self._undo(entry)))
        return line

    def _small(self, icon: str, words: str, act: Callable[[], None]) -> QWidget:
        button = IconButton(icon, f"{words} {self.step.title}")
        button.clicked.connect(act)
        return button
