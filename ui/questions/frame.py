"""A question as it stands on the form: its words, its field, 不清楚/拒答/待核, last time's answer, what is wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from forms.api import Kind, NodeView
from ui.privacy import secret
from ui.questions.choice_bar import ChoiceBar
from ui.questions.field import AnswerField
from ui.questions.host import Host, LastAnswer
from ui.questions.registry import make_field
from ui.theme import look
from ui.widgets.button import IconButton
from ui.widgets.labels import ElidedText, label
from ui.widgets.tag import Tag
from ui.words import t


class QuestionFrame(QWidget):
    """One question. ``answered(node id, value)`` for it and for its companion; ``typed(node id, text)`` while an answer
    is being written; ``leave(node id)`` asks for the next.

    F2 opens 不清楚 / 拒答 / 待核, F3 takes last time's answer. ``pressing`` shows what is missing: from the first
    attempt to submit on, not while somebody is still on the way.
    """

    answered = Signal(str, object)
    typed = Signal(str, str)
    leave = Signal(str)

    def __init__(self, view: NodeView, companion: NodeView | None, host: Host) -> None:
        super().__init__()
        self.view, self.companion, self._host = view, companion, host
        self._last = host.last(view.id)
        self._rejected = ""
        self.pressing = False
        self.field: AnswerField = make_field(view, host, self)
        self.wide = self.field.wide or view.node.kind is Kind.NOTE or "w2" in view.node.appearance
        self._build()
        self.refresh(view, companion)

    def _build(self) -> None:
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        self._words = label(self.view.label, wrap=True)
        lines.addWidget(self._words)
        self._comment = _comment(self._host.comment(self.view.id))
        if self._comment is not None:
            lines.addWidget(self._comment)
        if self.view.node.kind is Kind.NOTE:
            self._words.setProperty("role", "secondbody")
            self.field.hide()
            return
        lines.addLayout(self._control())
        lines.addWidget(self._foot())
        lines.addStretch()
        self.field.answered.connect(lambda value: self.answered.emit(self.view.id, value))
        self.field.typed.connect(lambda text: self.typed.emit(self.view.id, text))
        self.field.rejected.connect(self._reject)
        self.field.leave.connect(lambda: self.leave.emit(self.view.id))
        self.field.unknown.connect(self._unknown)

    def _control(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        self._unknown_bar = ChoiceBar(t("question.why_unknown", question=self.view.label))
        self._unknown_bar.picked.connect(self._pick_unknown)
        self._unknown_bar.cleared.connect(lambda: self._unknown(None))
        self._unknown_bar.leave.connect(lambda: self.leave.emit(self.view.id))
        self._unknown_bar.hide()
        row.addWidget(self._unknown_bar, 1)
        self._ask = IconButton("circle-question-mark", t("question.unknown_how"))
        self._ask.clicked.connect(self.open_unknown)
        self._ask.hide()
        row.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _foot(self) -> QWidget:
        """The line under the field is always there, so that a message moves nothing."""
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._line = ElidedText("", "small", ink="second")
        self._line.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._wrong = label("", "error", wrap=True)
        self._changed = Tag(t("question.changed"), "changed")
        row.addWidget(self._line)
        row.addWidget(self._wrong, 1)
        row.addWidget(self._changed)
        row.addStretch()
        foot.setMinimumHeight(look.line_height("small") + 2)
        return foot

    def refresh(self, view: NodeView, companion: NodeView | None) -> None:
        """Show how the question stands now."""
        self.view, self.companion = view, companion
        self._words.setText(view.label + (f"  {t('question.required')}" if self._is_missing() else ""))
        if view.node.kind is Kind.NOTE:
            return
        if self.field.view != view:
            self.field.show_view(view)
        if self.field.companion_inside:
            self.field.show_companion(companion)
        else:
            self._show_unknown()
        self._show_line()

    def press(self) -> None:
        self.pressing = True
        self.refresh(self.view, self.companion)

    def commit(self) -> None:
        self.field.commit()

    def focus_question(self) -> None:
        bar = not self.field.companion_inside and self._unknown_bar.isVisible() if self._has_bar() else False
        target = self._unknown_bar.focus_widget() if bar else self.field.focus_widget()
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def open_unknown(self) -> None:
        """Offer 不清楚 / 拒答 / 待核 in place of the field; again to go back to it."""
        if self.companion is None or self.field.companion_inside:
            return
        opening = self._unknown_bar.isHidden()
        if opening:
            self._offer(self.companion)
        if not opening and self.companion.value is not None:
            self._unknown(None)
        self._swap(opening)
        (self._unknown_bar if opening else self.field).focus_widget().setFocus(Qt.FocusReason.TabFocusReason)

    def take_last(self) -> None:
        """Last time's answer holds this time too."""
        if self._last is not None and not self.view.readonly:
            self.answered.emit(self.view.id, self._last.value)

    def is_unknown(self) -> bool:
        """Whether 不清楚, 拒答 or 待核 was said."""
        return self.companion is not None and self.companion.value is not None

    def has_last(self) -> bool:
        return self._last is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2 and self.companion is not None:
            self.open_unknown()
        elif event.key() == Qt.Key.Key_F3 and self._last is not None:
            self.take_last()
        else:
            super().keyPressEvent(event)

    def _has_bar(self) -> bool:
        return hasattr(self, "_unknown_bar")

    def _show_unknown(self) -> None:
        companion = self.companion
        if companion is None or not companion.relevant:
            self._swap(False)
            self._ask.hide()
            return
        self._ask.show()
        if companion.value is not None or not self._unknown_bar.isHidden():
            self._offer(companion)
        if companion.value is not None:
            self._swap(True)
        elif self.view.value is not None:
            self._swap(False)

    def _offer(self, companion: NodeView) -> None:
        """Most are never asked for: their buttons are made when they are."""
        self._unknown_bar.set_choices(companion.choices)
        self._unknown_bar.show_picked([companion.value] if isinstance(companion.value, str) else [])

    def _swap(self, unknown: bool) -> None:
        self._unknown_bar.setVisible(unknown)
        self.field.setVisible(not unknown)

    def _pick_unknown(self, value: str) -> None:
        standing = self.companion.value if self.companion else None
        self._unknown(None if value == standing else value)

    def _unknown(self, value: object) -> None:
        if self.companion is not None:
            self.answered.emit(self.companion.id, value)

    def _reject(self, words: str) -> None:
        self._rejected = words
        self._show_line()

    def _is_missing(self) -> bool:
        return self.pressing and self.view.missing

    def _show_line(self) -> None:
        wrong = self._rejected or (self.view.message if not self.view.valid else "")
        if self._is_missing():
            wrong = wrong or self.view.message or t("question.missing")
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))
        self._line.set_text("" if wrong else _last_words(self._last, self.view.hint))
        self._line.setVisible(not wrong)
        differs = self._last is not None and self.view.value is not None and not _same(self._last, self.view)
        self._changed.setVisible(differs and not wrong)


def _comment(words: str) -> QFrame | None:
    if not words:
        return None
    frame = QFrame()
    frame.setProperty("role", "banner")
    frame.setProperty("tone", "changed")
    row = QHBoxLayout(frame)
    row.setContentsMargins(12, 8, 12, 8)
    row.addWidget(label(words, tone="changed", wrap=True))
    return frame


def _last_words(last: LastAnswer | None, hint: str) -> str:
    said = t("question.last", when=last.when, answer=secret(last.text)) if last is not None else ""
    return " · ".join(part for part in (said, hint) if part)


def _same(last: LastAnswer, view: NodeView) -> bool:
    return last.value == view.value
