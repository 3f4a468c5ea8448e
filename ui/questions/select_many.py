"""select_multiple as buttons in a line, answered in the form's order."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from forms.api import NodeView
from ui.questions.choice_bar import ChoiceBar
from ui.questions.field import AnswerField
from ui.questions.host import Host


def with_toggled(view: NodeView, value: str) -> tuple[str, ...] | None:
    """The answer with one choice put in or taken out; None when nothing is left."""
    chosen = set(view.value) if isinstance(view.value, tuple) else set()
    chosen ^= {value}
    return tuple(choice.value for choice in view.choices if choice.value in chosen) or None


class SelectManyField(AnswerField):
    """Any of up to a dozen choices."""

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(view, host, parent)
        self._bar = ChoiceBar(view.label, self)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self._bar)
        self._bar.picked.connect(lambda value: self.answered.emit(with_toggled(self.view, value)))
        self._bar.cleared.connect(lambda: self.answered.emit(None))
        self._bar.leave.connect(self.leave)
        self.show_view(view)

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        self._bar.set_choices(view.choices)
        self._bar.show_picked(list(view.value) if isinstance(view.value, tuple) else [])
        self._bar.set_locked(view.readonly)

    def focus_widget(self) -> QWidget:
        return self._bar.focus_widget()
