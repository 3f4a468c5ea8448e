"""Photos as they may be kept: JPEG or PNG by content, repainted, at most 1600 pixels, nothing but the picture.

A plain save by Qt keeps comments and text chunks (place, camera, owner), so the picture is painted into a fresh image.
"""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter, QPainter

from fieldapp.errors import InputError

LONGEST = 1600
QUALITY = 82
MOST_BYTES = 40 * 1024 * 1024
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


def clean_photo(data: bytes) -> bytes:
    """A JPEG of what ``data`` shows and nothing else.

    Raises InputError: ``photo.too_large``, ``photo.kind`` (neither JPEG nor PNG), ``photo.broken`` (cut short).
    """
    if len(data) > MOST_BYTES:
        raise InputError("photo.too_large", size=len(data))
    if not data.startswith((_JPEG, _PNG)):
        raise InputError("photo.kind")
    # Qt draws the rest of a JPEG that was cut short grey, without a word: the end marker says whether it is whole.
    if data.startswith(_JPEG) and b"\xff\xd9" not in data[-2048:]:
        raise InputError("photo.broken")
    image = _read(data)
    return to_jpeg(image)


def to_jpeg(image: QImage) -> bytes:
    """``image`` repainted, scaled down to ``LONGEST`` and saved; also for pictures from the clipboard."""
    if image.isNull():
        raise InputError("photo.broken")
    if max(image.width(), image.height()) > LONGEST:
        image = image.scaled(
            LONGEST, LONGEST, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    fresh = QImage(image.size(), QImage.Format.Format_RGB32)
    fresh.fill(Qt.GlobalColor.white)
    painter = QPainter(fresh)
    painter.drawImage(0, 0, image)
    painter.end()
    store = QByteArray()
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"JPEG"))
    writer.setQuality(QUALITY)
    if not writer.write(fresh):
        raise InputError("photo.broken")
    return bytes(store.data())


def _read(data: bytes) -> QImage:
    buffer = QBuffer()
    buffer.setData(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > LONGEST:
        # Read as small as it is kept: a third of the time, and a 50-megapixel picture would take 200 MB of 4 GB.
        reader.setScaledSize(size.scaled(LONGEST, LONGEST, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
