"""range: a slider with its number; empty until somebody has moved it or typed."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from forms.api import NodeView
from ui.questions.field import AnswerField
from ui.questions.host import Host
from ui.questions.number import plain
from ui.theme import look
from ui.widgets.labels import label
from ui.words import t


class RangeField(AnswerField):
    """Steps from start to end of the form's range; Delete takes the answer back."""

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(view, host, parent)
        bounds = view.node.range
        self._start, self._step = (Decimal(bounds.start), Decimal(bounds.step)) if bounds else (Decimal(0), Decimal(1))
        end = Decimal(bounds.end) if bounds else Decimal(10)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, int(abs(end - self._start) / abs(self._step)))
        self.slider.setAccessibleName(view.label)
        self.slider.setMinimumHeight(look.metrics().control)
        self._number = label("", "strong")
        self._number.setMinimumWidth(72)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(plain(self._start), "second"))
        row.addWidget(self.slider, 1)
        row.addWidget(label(plain(end), "second"))
        row.addWidget(self._number)
        self.slider.valueChanged.connect(self._moved)
        self.slider.sliderPressed.connect(lambda: self._moved(self.slider.value()))
        self.show_view(view)

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        self.slider.setEnabled(not view.readonly)
        number = view.value if isinstance(view.value, int | Decimal) else None
        self.slider.blockSignals(True)
        self.slider.setValue(0 if number is None else int(abs(Decimal(number) - self._start) / abs(self._step)))
        self.slider.blockSignals(False)
        self._number.setText(t("question.not_answered") if number is None else plain(number))

    def _moved(self, steps: int) -> None:
        bounds = self.view.node.range
        down = bounds is not None and Decimal(bounds.end) < self._start
        value = self._start + (-1 if down else 1) * steps * abs(self._step)
        whole = self.view.node.data_type in ("int", "integer")
        self.answered.emit(int(value) if whole else value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Delete:
            self.answered.emit(None)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.leave.emit()
        else:
            event.ignore()

    def focus_widget(self) -> QWidget:
        return self.slider
