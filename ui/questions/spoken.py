"""What is shown and not asked: notes, calculated values; and the one box to tick (acknowledge)."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from forms.api import NodeView
from ui.questions.buttons import ChoiceButton
from ui.questions.field import AnswerField
from ui.questions.host import Host
from ui.theme import look
from ui.widgets.labels import label
from ui.words import t


class NoteField(AnswerField):
    """A note stands in its label; there is nothing to answer."""


class ReadOnlyField(AnswerField):
    """A value the form works out."""

    wide = False

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None, unit: str = "") -> None:
        super().__init__(view, host, parent)
        self._unit = unit
        self._words = label("", "strong", wrap=True)
        self._words.setMinimumHeight(look.metrics().control)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self._words)
        self.show_view(view)

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        self._words.setText(f"{view.text} {self._unit}".strip() if view.value is not None else t("question.not_yet"))


class AcknowledgeField(AnswerField):
    """Yes, read and agreed: one button."""

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(view, host, parent)
        self._button = ChoiceButton(t("question.acknowledge"), parent=self)
        self._button.setAccessibleDescription(view.label)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._button)
        row.addStretch()
        self._button.clicked.connect(lambda: self.answered.emit(None if self.view.value else True))
        self.show_view(view)

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        self._button.set_picked(bool(view.value))
        self._button.setEnabled(not view.readonly)

    def focus_widget(self) -> QWidget:
        return self._button
