"""What every answer widget is: it shows a view and says an answer when a person has given one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from forms.api import NodeView
from ui.questions.host import Host


class AnswerField(QWidget):
    """Base of the answer widgets.

    ``answered(value)`` carries a committed answer (``None`` takes it back). ``typed(text)`` is what stands in the field
    before it is said: kept with the draft, no answer yet. ``rejected(words)`` says why what stands
    in the field is no answer; the text stays where it is, and ``rejected("")`` says it is mended. ``leave`` asks for
    the next question (Enter). ``wide`` fields take the whole line. ``show_view`` never emits. A field with
    ``companion_inside`` draws 不清楚, 拒答, 待核 itself (``show_companion``) and says them by ``unknown``.
    """

    answered = Signal(object)
    typed = Signal(str)
    rejected = Signal(str)
    leave = Signal()
    unknown = Signal(object)
    wide = True
    companion_inside = False

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self.host = host

    def show_view(self, view: NodeView) -> None:
        """Show the answer and the state the form has now."""
        self.view = view

    def show_companion(self, companion: NodeView | None) -> None:
        """Show the 不清楚 / 拒答 / 待核 question that belongs to this one."""

    def commit(self) -> None:
        """Say at once what has been entered and not yet said: before a section, a row or the window goes."""

    def pending(self) -> bool:
        """Whether something entered is not an answer yet (half a date, text where a number belongs)."""
        return False

    def focus_widget(self) -> QWidget:
        """Where the cursor belongs."""
        return self
