"""select_one as buttons in a line; picking the picked one again takes the answer back."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from forms.api import NodeView
from ui.questions.choice_bar import QUIET, ChoiceBar
from ui.questions.field import AnswerField
from ui.questions.host import Host

NARROW, ROOM, ROOM_QUIET = 230, 620, 210  # pixels at the ordinary type size


class BarField(AnswerField):
    """Choices side by side; short ones share their line with the next question."""

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(view, host, parent)
        self._companion: NodeView | None = None
        self.bar = ChoiceBar(view.label, self)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.bar)
        self.bar.picked.connect(self._picked)
        self.bar.cleared.connect(lambda: self.answered.emit(None))
        self.bar.leave.connect(self.leave)
        self.show_view(view)
        self.wide = self.bar.loud_width() > NARROW
        self.companion_inside = self.wide and self.bar.loud_width() + ROOM_QUIET < ROOM

    def values(self) -> list[str]:
        """The choices picked now."""
        raise NotImplementedError

    def pick(self, value: str) -> None:
        """A choice was touched: say the answer it makes."""
        raise NotImplementedError

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        self._draw()

    def show_companion(self, companion: NodeView | None) -> None:
        self._companion = companion
        self._draw()

    def _draw(self) -> None:
        companion = self._companion
        self.bar.set_choices(self.view.choices, companion.choices if companion else ())
        unknown = [QUIET + str(companion.value)] if companion and companion.value else []
        self.bar.show_picked(self.values() + unknown)
        self.bar.set_locked(self.view.readonly)

    def _picked(self, value: str) -> None:
        if not value.startswith(QUIET):
            self.pick(value)
        elif self._companion is not None:
            self.unknown.emit(None if value == QUIET + str(self._companion.value) else value[len(QUIET) :])

    def focus_widget(self) -> QWidget:
        return self.bar.focus_widget()


class SelectOneField(BarField):
    """One of up to a score of choices."""

    def values(self) -> list[str]:
        return [self.view.value] if isinstance(self.view.value, str) else []

    def pick(self, value: str) -> None:
        self.answered.emit(None if value == self.view.value else value)
