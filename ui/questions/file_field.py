"""Any file, sound or film as evidence, kept as it is; the answer is its blob id."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from forms.api import NodeView, Type
from ui.files import read_file
from ui.formats import size
from ui.questions.dropzone import DropZone
from ui.questions.field import AnswerField
from ui.questions.host import Host
from ui.widgets.button import Button
from ui.widgets.labels import label
from ui.words import t

_ICONS = {Type.AUDIO: "megaphone", Type.VIDEO: "play"}


class FileField(AnswerField):
    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(view, host, parent)
        self.zone = DropZone(t("file.how"), _ICONS.get(view.node.type, "paperclip"), t("file.filter"))
        self.zone.files.connect(self._files)
        self._words = label("", "body")
        self._drop = Button(t("photo.remove"), kind="quiet", icon="trash-2")
        self._drop.clicked.connect(lambda: self.answered.emit(None))
        row = QHBoxLayout()
        row.addWidget(self._words, 1)
        row.addWidget(self._drop)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.zone)
        lines.addLayout(row)
        self.show_view(view)

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        there = view.value is not None
        # What has the keyboard is about to go: without a successor it would leave the form, and its keys with it.
        held = self.isAncestorOf(self.window().focusWidget() or self.window())
        self.zone.setVisible(not there)
        self.zone.setEnabled(not view.readonly)
        self._words.setVisible(there)
        self._drop.setVisible(there and not view.readonly)
        if held:
            self.focus_widget().setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(view.value, str):
            self.host.fetch(view.value, self._arrived)

    def _arrived(self, data: bytes | None) -> None:
        self._words.setText(t("photo.elsewhere") if data is None else t("file.kept", size=size(len(data))))

    def _files(self, paths: list[Path]) -> None:
        self.host.keep(self.view.id, lambda: read_file(paths[0]), "file")

    def focus_widget(self) -> QWidget:
        return self.zone if not self.zone.isHidden() else self._drop
