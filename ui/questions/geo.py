"""Places and lines: typed as ``latitude longitude`` or pointed at on the map of outlines."""

from __future__ import annotations

import re
import unicodedata

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from forms.api import NodeView
from ui.questions.line import LineField, NotAnAnswer
from ui.questions.place_map import PlaceMap
from ui.widgets.button import IconButton
from ui.words import t

Place = tuple[float, float]
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


def read_place(typed: str) -> Place:
    """Latitude and longitude of ``30.66 104.06`` or ``30.66，104.06``. Raises NotAnAnswer."""
    numbers = [float(part) for part in _NUMBER.findall(unicodedata.normalize("NFKC", typed))]
    if len(numbers) < 2 or not (-90 <= numbers[0] <= 90 and -180 <= numbers[1] <= 180):
        raise NotAnAnswer(t("question.not_a_place"))
    return numbers[0], numbers[1]


def as_odk(place: Place) -> str:
    """ODK's text: latitude, longitude, altitude, accuracy."""
    return f"{place[0]:.6f} {place[1]:.6f} 0 0"


class PlaceField(LineField):
    """One place (geopoint)."""

    wide = True

    def build(self) -> None:
        self.map = PlaceMap(self.view.label, self.host.outlines())
        self.map.pointed.connect(self._pointed)
        fold = IconButton("map", t("question.map"))
        fold.clicked.connect(lambda: self.map.setVisible(self.map.isHidden()))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(fold)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addLayout(row)
        lines.addWidget(self.map)
        self.map.setVisible(bool(self.host.outlines()))
        self.line.setPlaceholderText(t("question.place_how"))

    def read(self, text: str) -> object:
        return as_odk(read_place(text))

    def write(self, value: object) -> str:
        return " ".join(str(value).split()[:2])

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        parts = str(view.value or "").split()
        self.map.show_places([(float(parts[0]), float(parts[1]))] if len(parts) >= 2 else [])

    def _pointed(self, latitude: float, longitude: float) -> None:
        if not self.view.readonly:
            self.line.setText(f"{latitude:.6f} {longitude:.6f}")
            self.commit()


class PathField(PlaceField):
    """A line or an outline (geotrace, geoshape): every point on the map is added to it; ``;`` between places."""

    def read(self, text: str) -> object:
        places = [as_odk(read_place(part)) for part in re.split(r"[;；]", text) if part.strip()]
        if self.view.node.type == "geoshape" and len(places) > 2 and places[0] != places[-1]:
            places.append(places[0])
        return ";".join(places)

    def write(self, value: object) -> str:
        return "; ".join(" ".join(part.split()[:2]) for part in str(value).split(";") if part.strip())

    def show_view(self, view: NodeView) -> None:
        LineField.show_view(self, view)
        parts = [part.split() for part in str(view.value or "").split(";") if part.strip()]
        self.map.show_places([(float(part[0]), float(part[1])) for part in parts])

    def _pointed(self, latitude: float, longitude: float) -> None:
        if not self.view.readonly:
            before = self.line.text().strip()
            self.line.setText(f"{before}; {latitude:.6f} {longitude:.6f}".lstrip("; "))
            self.commit()
