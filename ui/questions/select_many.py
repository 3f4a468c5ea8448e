"""select_multiple as buttons in a line, answered in the form's order."""

from __future__ import annotations

from forms.api import NodeView
from ui.questions.select_one import BarField


def with_toggled(view: NodeView, value: str) -> tuple[str, ...] | None:
    """The answer with one choice put in or taken out; None when nothing is left."""
    chosen = set(view.value) if isinstance(view.value, tuple) else set()
    chosen ^= {value}
    return tuple(choice.value for choice in view.choices if choice.value in chosen) or None


class SelectManyField(BarField):
    """Any of up to a score of choices."""

    def values(self) -> list[str]:
        return list(self.view.value) if isinstance(self.view.value, tuple) else []

    def pick(self, value: str) -> None:
        self.answered.emit(with_toggled(self.view, value))
