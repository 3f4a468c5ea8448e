"""Small drawings: signatures as vectors, photos, state tags, QR codes."""

from __future__ import annotations

import functools
import io
import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Image

from fieldapp.errors import InputError
from fieldapp.reports.content import Data
from fieldapp.reports.document import CODE_FORM, CODE_SIDE, INK, STATE, draw_line
from fieldapp.reports.drawn import Drawn
from fieldapp.reports.fonts import REGULAR

STROKES = "strokes/1"
SHAPE = 0.32  # of a sheet that does not say
PHOTO_DPI, PHOTO_QUALITY = 220, 82
MODULE_POINTS = 1.15  # 0.4 mm
QUIET = 2


class Signature(Drawn):
    """The strokes of a signature, sharp on any paper.

    ``data`` is ``{"schema": "strokes/1", "shape": height by width, "strokes": [[[x, y, ...], ...], ...]}`` with x and
    y from 0 (left, top) to 1. Raises InputError ``signature.unreadable``.
    """

    def __init__(self, data: Data, width: float) -> None:
        super().__init__()
        try:
            body = json.loads(data if isinstance(data, bytes) else data.open().read())
            strokes = [[(float(point[0]), float(point[1])) for point in stroke] for stroke in body["strokes"]]
            self.strokes = [stroke for stroke in strokes if stroke]
            shape = float(body.get("shape", SHAPE))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            raise InputError("signature.unreadable") from None
        self.width, self.height = width, width * min(max(shape, 0.1), 1.0)

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


class Tag(Drawn):
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


def photo(data: Data, width: float, height: float) -> Image:
    """A JPEG or PNG in a box of points, its proportions kept, as many pixels as paper shows; whatever the camera wrote
    into the file (place, time, device) is left behind. Raises InputError ``photo.unreadable``."""
    from PIL import Image as Pictures
    from PIL import ImageOps

    stream = io.BytesIO(data) if isinstance(data, bytes) else data.open()
    most = (round(width / 72 * PHOTO_DPI), round(height / 72 * PHOTO_DPI))
    try:
        with Pictures.open(stream, formats=("JPEG", "PNG")) as taken:
            taken.draft("RGB", most)
            upright = ImageOps.exif_transpose(taken).convert("RGB")
        upright.thumbnail(most)
        made = io.BytesIO()
        upright.save(made, "JPEG", quality=PHOTO_QUALITY)
    except (OSError, ValueError, SyntaxError, Pictures.DecompressionBombError) as failure:
        raise InputError("photo.unreadable") from failure
    scale = min(width / upright.width, height / upright.height)
    made.seek(0)
    return Image(made, upright.width * scale, upright.height * scale)


class CodePlace(Drawn):
    """Where the verification code stands; its squares are drawn once the pages' digest is known."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.width = self.height = code_width(length)

    def draw(self) -> None:
        self.canv.saveState()
        self.canv.scale(self.width / CODE_SIDE, self.height / CODE_SIDE)
        self.canv.doForm(CODE_FORM)
        self.canv.restoreState()


@functools.cache
def code_width(length: int) -> float:
    """Points a code of ``length`` letters needs so that a telephone reads it from paper."""
    return float(len(_modules("A" * length)) * MODULE_POINTS)


def draw_qr(canvas: Canvas, text: str, side: float) -> None:
    """A QR code as vector squares from the origin, quiet zone included."""
    modules = _modules(text)
    step = side / len(modules)
    canvas.setFillColor(INK)
    path: Any = canvas.beginPath()
    for y, row in enumerate(modules):
        for start, length in _dark_runs(row):
            path.rect(start * step, side - (y + 1) * step, length * step, step)
    canvas.drawPath(path, stroke=0, fill=1)


def _modules(text: str) -> list[bytes]:
    import segno

    return [bytes(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=QUIET)]


def _dark_runs(row: bytes) -> Iterator[tuple[int, int]]:
    """(start, length) of neighbouring dark modules: one rectangle each leaves no hairlines between."""
    at = 0
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            yield at, length
        at += length
