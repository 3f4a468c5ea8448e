"""A photo by file, drop or paste, shown as it will be kept; thumb prints are photos of the print."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from forms.api import NodeView
from ui.files import read_file
from ui.questions.dropzone import DropZone
from ui.questions.field import AnswerField
from ui.questions.host import Host
from ui.questions.picture import MOST_BYTES, clean_photo, to_jpeg
from ui.widgets.button import Button
from ui.widgets.labels import label
from ui.words import t

HEIGHT = 160


class PhotoField(AnswerField):
    """One picture; its answer is the blob id."""

    wide = False
    how, icon, kind = "photo.how", "image-plus", "photo"

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(view, host, parent)
        self.zone = DropZone(t(self.how), self.icon, t("photo.filter"))
        self.zone.setFixedHeight(HEIGHT)
        self.zone.files.connect(self._files)
        self.zone.image.connect(self._image)
        self.shown = QLabel()
        self.shown.setFixedHeight(HEIGHT)
        self.shown.setAccessibleName(view.label)
        self._words = label("", "second")
        self._again = Button(t("photo.again"), kind="quiet", icon="rotate-ccw")
        self._again.clicked.connect(self.zone.click)
        self._drop = Button(t("photo.remove"), kind="quiet", icon="trash-2")
        self._drop.clicked.connect(lambda: self.answered.emit(None))
        self._lay_out()
        self._blob: object = ""
        self.show_view(view)

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.addWidget(self._words, 1)
        below.addWidget(self._again)
        below.addWidget(self._drop)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self.zone)
        lines.addWidget(self.shown)
        lines.addLayout(below)

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        there = view.value is not None
        # What has the keyboard is about to go: without a successor it would leave the form, and its keys with it.
        held = self.isAncestorOf(self.window().focusWidget() or self.window())
        self.zone.setVisible(not there)
        self.zone.setEnabled(not view.readonly)
        for widget in (self.shown, self._words, self._again, self._drop):
            widget.setVisible(there)
        self._again.setEnabled(not view.readonly)
        self._drop.setEnabled(not view.readonly)
        if held:
            self.focus_widget().setFocus(Qt.FocusReason.OtherFocusReason)
        if view.value != self._blob:
            self._blob = view.value
            if isinstance(view.value, str):
                self.host.fetch(view.value, self._arrived)

    def _arrived(self, data: bytes | None) -> None:
        picture = QPixmap()
        if data is None or not picture.loadFromData(data):
            self._words.setText(t("photo.elsewhere"))
            return
        room = QSize(max(self.width(), 240), HEIGHT)
        kept = Qt.AspectRatioMode.KeepAspectRatio
        self.shown.setPixmap(picture.scaled(room, kept, Qt.TransformationMode.SmoothTransformation))
        self._words.setText(f"{picture.width()} × {picture.height()}")

    def _files(self, paths: list[Path]) -> None:
        self.host.keep(self.view.id, lambda: clean_photo(read_file(paths[0], MOST_BYTES + 1)), self.kind)

    def _image(self, image: QImage) -> None:
        self.host.keep(self.view.id, lambda: to_jpeg(image), self.kind)

    def focus_widget(self) -> QWidget:
        return self.zone if not self.zone.isHidden() else self._again


class ThumbPrintField(PhotoField):
    """The print on paper, photographed. Whose it is stands in the question beside it."""

    how, icon, kind = "thumbprint.how", "id-card", "thumbprint"
