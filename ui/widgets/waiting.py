"""What is being waited for, with a way to cancel; shown after 300 ms by the frame."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from ui import tasks
from ui.widgets.button import Button
from ui.widgets.labels import label
from ui.words import t


class WaitingStrip(QFrame):
    """A strip over the bottom of its parent while something takes long."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "toast")
        self._around = parent
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        self._words = label("")
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setFixedWidth(160)
        bar.setAccessibleName(t("common.waiting"))
        self._cancel = Button(t("common.cancel"), kind="quiet")
        self._cancel.clicked.connect(self._stop)
        row.addWidget(self._words)
        row.addWidget(bar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._cancel)
        tasks.tasks().changed.connect(self._follow)
        self.hide()

    def _follow(self) -> None:
        waiting = [each for each in tasks.tasks().waiting if not each.cancelled]
        if not waiting:
            self.hide()
            return
        self._words.setText(waiting[-1].words)
        self.adjustSize()
        around = self._around
        self.move(around.width() - self.width() - 24, around.height() - self.height() - 24)
        self.show()
        self.raise_()

    def _stop(self) -> None:
        for each in list(tasks.tasks().waiting):
            each.cancel()
