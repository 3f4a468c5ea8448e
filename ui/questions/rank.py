"""rank: put all choices in order. Tapping counts up; the last one falls into place by itself."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from forms.api import NodeView
from ui.questions.choice_bar import ChoiceBar
from ui.questions.field import AnswerField
from ui.questions.host import Host
from ui.widgets.labels import label
from ui.words import t


class RankField(AnswerField):
    """The first tap is place 1, the next place 2 ...; a tap on a numbered one takes it and all after it out again.

    An order is an answer when every choice has its place; what is ordered until then is ``pending``.
    """

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(view, host, parent)
        self._order: list[str] = []
        self._bar = ChoiceBar(view.label, self)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        lines.addWidget(self._bar)
        lines.addWidget(label(t("question.rank_how"), "second"))
        self._bar.picked.connect(self._tap)
        self._bar.cleared.connect(self._clear)
        self._bar.leave.connect(self.leave)
        self.show_view(view)

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        if isinstance(view.value, tuple):
            self._order = list(view.value)
        elif not self.pending():
            self._order = []
        self._bar.set_choices(view.choices)
        self._bar.show_picked(self._order, numbered=True)
        self._bar.set_locked(view.readonly)

    def pending(self) -> bool:
        return 0 < len(self._order) < len(self.view.choices)

    def _tap(self, value: str) -> None:
        if value in self._order:
            del self._order[self._order.index(value) :]
        else:
            self._order.append(value)
        left = [choice.value for choice in self.view.choices if choice.value not in self._order]
        if len(left) == 1 and self._order:
            self._order += left
        self._bar.show_picked(self._order, numbered=True)
        self.rejected.emit(t("question.rank_left", n=len(left)) if self.pending() else "")
        if not self.pending():
            self.answered.emit(tuple(self._order) or None)
        elif self.view.value is not None:
            self.answered.emit(None)

    def _clear(self) -> None:
        self._order = []
        self.answered.emit(None)

    def focus_widget(self) -> QWidget:
        return self._bar.focus_widget()
