"""select_one as buttons in a line; picking the picked one again takes the answer back."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from forms.api import NodeView
from ui.questions.choice_bar import ChoiceBar
from ui.questions.field import AnswerField
from ui.questions.host import Host


class SelectOneField(AnswerField):
    """One of up to a dozen choices."""

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(view, host, parent)
        self._bar = ChoiceBar(view.label, self)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self._bar)
        self._bar.picked.connect(self._pick)
        self._bar.cleared.connect(lambda: self.answered.emit(None))
        self._bar.leave.connect(self.leave)
        self.show_view(view)

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        self._bar.set_choices(view.choices)
        self._bar.show_picked([view.value] if isinstance(view.value, str) else [])
        self._bar.set_locked(view.readonly)

    def focus_widget(self) -> QWidget:
        return self._bar.focus_widget()

    def _pick(self, value: str) -> None:
        self.answered.emit(None if value == self.view.value else value)
