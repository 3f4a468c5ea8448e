"""A signature by pen, finger or mouse, kept as strokes: sharp on any paper, a few kilobytes."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QTabletEvent, QTouchEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from forms.api import NodeView
from ui.questions.field import AnswerField
from ui.questions.host import Host
from ui.theme import look
from ui.widgets import painting
from ui.widgets.button import Button
from ui.widgets.labels import label
from ui.words import t

Stroke = list[tuple[float, float]]
SETTLE_MS = 1200
SHAPE = 0.32  # height by width of the sheet
SCHEMA = "strokes/1"


def strokes_to_bytes(strokes: list[Stroke]) -> bytes:
    """``{"schema": "strokes/1", "shape": height by width, "strokes": [[[x, y], ...], ...]}``, x and y from 0 to 1."""
    rounded = [[[round(x, 4), round(y, 4)] for x, y in stroke] for stroke in strokes]
    return json.dumps({"schema": SCHEMA, "shape": SHAPE, "strokes": rounded}, separators=(",", ":")).encode()


def strokes_from_bytes(data: bytes) -> list[Stroke]:
    """The strokes of a stored signature; ValueError when it is none."""
    found: Any = json.loads(data)
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise ValueError(SCHEMA)
    return [[(float(x), float(y)) for x, y in stroke] for stroke in found["strokes"]]


class SignatureSheet(QWidget):
    """Where one signs. ``signed`` fires when the pen has rested after a stroke."""

    signed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strokes: list[Stroke] = []
        self.locked = False
        self.fresh = False  # strokes nobody has been told of
        self._drawing = False
        self._rest = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._rest.timeout.connect(self.signed)
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def sizeHint(self) -> QSize:
        return QSize(480, 154)

    def settle(self) -> None:
        """What stands is being told."""
        self._rest.stop()
        self._drawing = self.fresh = False

    def show_strokes(self, strokes: list[Stroke]) -> None:
        self.settle()
        self.strokes = strokes
        self.update()

    def event(self, event: QEvent) -> bool:
        kinds = {
            QEvent.Type.TouchBegin: self._begin, QEvent.Type.TouchUpdate: self._on, QEvent.Type.TouchEnd: self._end,
        }  # fmt: skip
        if isinstance(event, QTouchEvent) and event.type() in kinds and event.points():
            kinds[event.type()](event.points()[0].position())
            event.accept()
            return True
        return super().event(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        kind = QEvent.Type
        steps = {kind.TabletPress: self._begin, kind.TabletMove: self._on, kind.TabletRelease: self._end}
        if event.type() in steps:
            steps[event.type()](event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._on(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._end(event.position())

    def _begin(self, at: QPointF) -> None:
        if not self.locked:
            self._rest.stop()
            self._drawing = self.fresh = True
            self.strokes = [*self.strokes, [self._part(at)]]
            self.update()

    def _on(self, at: QPointF) -> None:
        if self._drawing:
            self.strokes[-1].append(self._part(at))
            self.update()

    def _end(self, at: QPointF) -> None:
        if self._drawing:
            self._on(at)
            self._drawing = False
            self._rest.start()

    def _part(self, at: QPointF) -> tuple[float, float]:
        across, down = at.x() / max(self.width(), 1), at.y() / max(self.width() * SHAPE, 1)
        return min(max(across, 0.0), 1.0), min(max(down, 0.0), 1.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        area = QRectF(self.rect())
        painting.box(painter, area, look.colour("ground"), look.colour("control_line"), look.metrics().radius)
        if not self.strokes:
            painter.setPen(look.colour("second"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, t("signature.here"))
        pen = QPen(look.colour("ink"), 2.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for stroke in self.strokes:
            painter.drawPath(self._path(stroke))

    def _path(self, stroke: Stroke) -> QPainterPath:
        wide, high = self.width(), self.width() * SHAPE
        points = [QPointF(x * wide, y * high) for x, y in stroke]
        path = QPainterPath(points[0])
        for point in points[1:] or [points[0] + QPointF(0.5, 0.5)]:
            path.lineTo(point)
        return path


class SignatureField(AnswerField):
    """The answer is the blob id of the strokes; another stroke makes another blob."""

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(view, host, parent)
        self.sheet = SignatureSheet(view.label, self)
        self.sheet.setFixedHeight(154)
        self.sheet.setMaximumWidth(int(154 / SHAPE))
        self._state = label("", "second")
        self._again = Button(t("signature.again"), icon="rotate-ccw", kind="quiet")
        self._again.clicked.connect(self._clear)
        below = QHBoxLayout()
        below.addWidget(self._state)
        below.addWidget(self._again)
        below.addStretch()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self.sheet)
        lines.addLayout(below)
        self._shown: object = None
        self._own = 0  # signatures given here that are not the answer yet
        self.sheet.signed.connect(self.commit)
        self.show_view(view)

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        self.sheet.locked = view.readonly
        self._again.setVisible(view.value is not None and not view.readonly)
        self._state.setText(t("signature.kept") if view.value else t("signature.how"))
        if view.value != self._shown:
            self._shown = view.value
            if isinstance(view.value, str) and self._own:
                self._own -= 1  # these strokes stand here already
            elif isinstance(view.value, str):
                self.host.fetch(view.value, self._arrived)
            elif not self.sheet.fresh:
                self.sheet.show_strokes([])

    def _arrived(self, data: bytes | None) -> None:
        if data is not None and not self.sheet.fresh:
            self.sheet.show_strokes(strokes_from_bytes(data))

    def pending(self) -> bool:
        return self.sheet.fresh

    def commit(self) -> None:
        if self.sheet.fresh and self.sheet.strokes:
            self.sheet.settle()
            signed = strokes_to_bytes(self.sheet.strokes)
            self._own += 1
            self.host.keep(self.view.id, lambda: signed, "signature")

    def _clear(self) -> None:
        self.sheet.show_strokes([])
        self.answered.emit(None)

    def focus_widget(self) -> QWidget:
        return self.sheet
