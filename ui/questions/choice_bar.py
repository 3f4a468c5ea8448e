"""Choices side by side as buttons: select one, select many, and the quiet 不清楚 / 拒答 / 待核 behind them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from forms.api import Choice
from ui.questions.buttons import ChoiceButton
from ui.widgets.flow import FlowLayout

QUIET = "?"
_STEP = {
    Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1,
}  # fmt: skip


class ChoiceBar(QWidget):
    """Buttons in a line that wraps. One stop for Tab; arrows move, digits 1 to 9 and Space pick, Delete takes back.

    ``picked(value)`` fires for every choice touched; what it means (one, many) is the owner's.
    """

    picked = Signal(str)
    cleared = Signal()
    leave = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._flow = FlowLayout(self)
        self._buttons: list[ChoiceButton] = []
        self._values: tuple[str, ...] = ()
        self._loud = 0
        self.setAccessibleName(name)

    def set_choices(self, choices: Sequence[Choice], quiet: Sequence[Choice] = ()) -> None:
        """Show these, the quiet ones last; values of quiet ones begin with ``QUIET``."""
        values = (*(choice.value for choice in choices), *(QUIET + choice.value for choice in quiet))
        labels = [choice.label for choice in (*choices, *quiet)]
        self._loud = len(choices)
        if labels == [button.text() for button in self._buttons]:
            self._values = values
            return
        had_focus = any(button.hasFocus() for button in self._buttons)
        while self._flow.count():
            self._flow.takeAt(0)
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._values = values
        self._buttons = [self._button(label, place >= self._loud) for place, label in enumerate(labels)]
        self._rove(0)
        if had_focus and self._buttons:
            self._buttons[0].setFocus()
        self.updateGeometry()

    def loud_width(self) -> int:
        """Pixels the loud buttons take side by side when one of them is picked."""
        return sum(button.sizeHint().width() + 8 for button in self._buttons[: self._loud]) + 20

    def _button(self, words: str, quiet: bool) -> ChoiceButton:
        button = ChoiceButton(words, quiet=quiet, parent=self)
        button.setAccessibleDescription(self._name)
        button.clicked.connect(lambda: self.picked.emit(self._values[self._buttons.index(button)]))
        button.installEventFilter(self)
        button.show()
        self._flow.addWidget(button)
        return button

    def show_picked(self, values: Sequence[str], *, numbered: bool = False) -> None:
        for button, value in zip(self._buttons, self._values, strict=True):
            place = values.index(value) + 1 if value in values else 0
            button.set_picked(bool(place), str(place) if numbered and place else "")
        first = next((i for i, value in enumerate(self._values) if value in values), 0)
        if not any(button.hasFocus() for button in self._buttons):
            self._rove(first)

    def set_locked(self, locked: bool) -> None:
        for button in self._buttons:
            button.setEnabled(not locked)

    def focus_widget(self) -> QWidget:
        stops = [b for b in self._buttons if b.focusPolicy() == Qt.FocusPolicy.StrongFocus]
        return stops[0] if stops else self

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and watched in self._buttons:
            return self._key(self._buttons.index(watched), event)
        if event.type() == QEvent.Type.FocusIn and watched in self._buttons:
            self._rove(self._buttons.index(watched))
        return False

    def _key(self, index: int, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        key, digit = event.key(), event.key() - Qt.Key.Key_1
        if key in _STEP:
            self._buttons[(index + _STEP[Qt.Key(key)]) % len(self._buttons)].setFocus(Qt.FocusReason.TabFocusReason)
        elif 0 <= digit < min(9, self._loud) and not event.isAutoRepeat():
            self._buttons[digit].setFocus(Qt.FocusReason.TabFocusReason)
            self._buttons[digit].click()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._buttons[index].isChecked():
                self.leave.emit()
            else:
                self._buttons[index].click()
        else:
            return False
        return True

    def _rove(self, index: int) -> None:
        """One stop for Tab: the picked or last touched choice; the others answer to arrows and to the pointer."""
        for place, button in enumerate(self._buttons):
            policy = Qt.FocusPolicy.StrongFocus if place == index else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(policy)
