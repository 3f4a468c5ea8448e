"""select_one and select_multiple from long lists, and the area picker."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from forms.api import Choice, NodeView
from ui.questions.choice_bar import ChoiceBar
from ui.questions.field import AnswerField
from ui.questions.host import AreaChoice, Host
from ui.questions.searchable import SearchBox
from ui.questions.select_many import with_toggled


class _LongField(AnswerField):
    """A search line; what it picks means is the subclass's."""

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(view, host, parent)
        self.box = SearchBox(view.label, self)
        self.lines = QVBoxLayout(self)
        self.lines.setContentsMargins(0, 0, 0, 0)
        self.lines.addWidget(self.box)
        self._choices: tuple[Choice, ...] | None = None
        self.box.chosen.connect(self.pick)
        self.box.cleared.connect(lambda: self.answered.emit(None))
        self.box.leave.connect(self.leave)

    def pick(self, value: str) -> None:
        self.answered.emit(value)

    def _fill(self, view: NodeView) -> None:
        if view.choices != self._choices:
            self._choices = view.choices
            self.box.set_choices(view.choices)
        self.box.set_locked(view.readonly)

    def focus_widget(self) -> QWidget:
        return self.box.line


class SelectLongField(_LongField):
    """One of many."""

    wide = False

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(view, host, parent)
        self.show_view(view)

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        self._fill(view)
        text = next((choice.label for choice in view.choices if choice.value == view.value), str(view.value or ""))
        self.box.show_standing(text, frozenset([view.value] if isinstance(view.value, str) else []))


class SelectManyLongField(_LongField):
    """Several of many: what is picked stands under the line as buttons that take it back."""

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(view, host, parent)
        self._bar = ChoiceBar(view.label, self)
        self._bar.picked.connect(self.pick)
        self.lines.addWidget(self._bar)
        self.show_view(view)

    def pick(self, value: str) -> None:
        self.answered.emit(with_toggled(self.view, value))

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        self._fill(view)
        values = view.value if isinstance(view.value, tuple) else ()
        picked = [choice for choice in view.choices if choice.value in values]
        self.box.show_standing("", frozenset(values))
        self._bar.set_choices(picked)
        self._bar.show_picked([choice.value for choice in picked])
        self._bar.setVisible(bool(picked))


class AreaField(_LongField):
    """An area of the county: searched by its name, its village or its code; the answer is the code."""

    wide = False

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(view, host, parent)
        self._areas = {area.code: area for area in host.areas()}
        self.box.set_choices([Choice(area.code, _area_words(area)) for area in self._areas.values()])
        self.show_view(view)

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        self.box.set_locked(view.readonly)
        area = self._areas.get(str(view.value or ""))
        self.box.show_standing(_area_words(area) if area else str(view.value or ""), frozenset())


def _area_words(area: AreaChoice) -> str:
    return f"{area.name}  {area.path}".strip()
