"""Small drawings: signatures as vectors, photos, state tags, QR codes."""

from __future__ import annotations

import io
import json
from typing import Any

from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable, Image

from fieldapp.errors import InputError
from fieldapp.reports.document import INK, STATE, draw_line
from fieldapp.reports.fonts import REGULAR

STROKES = "strokes/1"


class Signature(Flowable):  # type: ignore[misc]
    """The strokes of a signature, sharp on any paper.

    ``data`` is ``{"schema": "strokes/1", "shape": height by width, "strokes": [[[x, y], ...], ...]}`` with x and y
    from 0 (left, top) to 1. Raises InputError ``signature.unreadable``.
    """

    def __init__(self, data: bytes, width: float) -> None:
        super().__init__()
        try:
            body = json.loads(data)
            self.strokes = [[(float(x), float(y)) for x, y in stroke] for stroke in body["strokes"]]
            shape = float(body["shape"])
        except (ValueError, KeyError, TypeError):
            raise InputError("signature.unreadable") from None
        self.width, self.height = width, width * min(max(shape, 0.1), 1.0)

    def wrap(self, *_room: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas = self.canv
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.1)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        for stroke in self.strokes:
            path = canvas.beginPath()
            points = [(x * self.width, (1 - y) * self.height) for x, y in stroke]
            path.moveTo(*points[0])
            for point in points[1:] or points:
                path.lineTo(*point)
            canvas.drawPath(path, stroke=1, fill=0)


class Tag(Flowable):  # type: ignore[misc]
    """A short word on its state's ground: ``kind`` of ``document.STATE``."""

    def __init__(self, text: str, kind: str, size: float = 8.5) -> None:
        super().__init__()
        self.text, self.kind, self.size = text, kind, size

    def wrap(self, *_room: float) -> tuple[float, float]:
        from reportlab.pdfbase.pdfmetrics import stringWidth

        self.width = stringWidth(self.text, REGULAR, self.size) + 8
        self.height = self.size + 5
        return self.width, self.height

    def draw(self) -> None:
        ink, ground = STATE[self.kind]
        self.canv.setFillColor(ground)
        self.canv.roundRect(0, 0, self.width, self.height, 2, stroke=0, fill=1)
        self.canv.setFillColor(ink)
        draw_line(self.canv, 4, 4, self.text, self.size)


def photo(data: bytes, width: float, height: float) -> Image:
    """A JPEG or PNG scaled into a box, its proportions kept. Raises InputError ``photo.unreadable``."""
    try:
        pixels = ImageReader(io.BytesIO(data)).getSize()
    except Exception as failure:  # the library raises its own mixture for what is no picture
        raise InputError("photo.unreadable") from failure
    scale = min(width / pixels[0], height / pixels[1])
    return Image(io.BytesIO(data), pixels[0] * scale, pixels[1] * scale)


class QrCode(Flowable):  # type: ignore[misc]
    """A QR code of ``text`` as vector squares, ``width`` wide with its quiet zone."""

    def __init__(self, text: str, width: float) -> None:
        super().__init__()
        import segno

        self.rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=2)]
        self.width = self.height = width

    def wrap(self, *_room: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        side = self.width / len(self.rows)
        self.canv.setFillColor(INK)
        path: Any = self.canv.beginPath()
        for y, row in enumerate(self.rows):
            for x, dark in enumerate(row):
                if dark:
                    path.rect(x * side, self.height - (y + 1) * side, side, side)
        self.canv.drawPath(path, stroke=0, fill=1)
