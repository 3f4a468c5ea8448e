"""Photos and files beside an answer: chosen, dropped or pasted, shown at once, kept with the answer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import WorldError
from fieldapp.workflows.leads import Evidence
from ui.files import read_file
from ui.formats import size
from ui.questions.dropzone import DropZone
from ui.questions.picture import MOST_BYTES, clean_photo, to_jpeg
from ui.screens.stored_picture import Picture
from ui.widgets.button import IconButton
from ui.widgets.card import clear
from ui.widgets.labels import label
from ui.widgets.notices import ErrorLine
from ui.words import t

PICTURES = (".jpg", ".jpeg", ".png")
SMALL, MOST = QSize(64, 48), 6
LOW = 56  # pixels: the zone is one line among others


class EvidenceBox(QWidget):
    """``items`` are what stands now; ``changed`` when one came or went."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Evidence] = []
        self.zone = DropZone(t("evidence.how"), "paperclip", t("evidence.filter"))
        self.zone.setMinimumHeight(LOW)
        self.zone.setFixedHeight(72)
        self.zone.files.connect(self.take_files)
        self.zone.image.connect(self.take_image)
        self.row = QHBoxLayout()
        self.row.setSpacing(8)
        self.message = ErrorLine()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(8)
        lines.addWidget(self.zone)
        lines.addLayout(self.row)
        lines.addWidget(self.message)

    def paste(self) -> bool:
        """Take a picture or files from the clipboard; whether there were any."""
        data = QGuiApplication.clipboard().mimeData()
        if not (data.hasImage() or data.hasUrls()):
            return False
        self.zone.take(data)
        return True

    def take_files(self, paths: list[Path]) -> None:
        for path in paths:
            try:
                data = read_file(path, MOST_BYTES)
                photo = path.suffix.lower() in PICTURES
                self._add(Evidence(clean_photo(data), "photo") if photo else Evidence(data, "file"))
            except WorldError as error:
                self.message.tell(error)

    def take_image(self, image: QImage) -> None:
        try:
            self._add(Evidence(to_jpeg(image), "photo"))
        except WorldError as error:
            self.message.tell(error)

    def remove(self, place: int) -> None:
        del self.items[place]
        self._draw()

    def _add(self, item: Evidence) -> None:
        self.message.hide()
        if len(self.items) < MOST:
            self.items.append(item)
            self._draw()
        else:
            self.message.say(t("evidence.enough", n=MOST))

    def _draw(self) -> None:
        clear(self.row)
        for place, item in enumerate(self.items):
            words = t("evidence.photo" if item.kind == "photo" else "evidence.file", n=place + 1)
            if item.kind == "photo":
                shown = Picture(words, SMALL)
                shown.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                shown.show_image(QImage.fromData(item.data))
                self.row.addWidget(shown)
            else:
                self.row.addWidget(label(f"{words} {size(len(item.data))}"))
            drop = IconButton("trash-2", t("evidence.remove", what=words))
            drop.clicked.connect(lambda _checked=False, place=place: self.remove(place))
            self.row.addWidget(drop)
        self.row.addStretch(1)
        self.changed.emit()
