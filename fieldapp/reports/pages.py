"""Pages of a PDF as pictures, for the program's own preview: nothing is written to disk."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

#: PDFium keeps global state: two threads in it at once end the process. Whatever it made is closed before the lock is.
_PDFIUM = Lock()


@dataclass(frozen=True)
class PagePicture:
    """One page: 32-bit pixels (blue, green, red, unused), ``stride`` bytes a line. ``pages`` has the whole document."""

    width: int
    height: int
    stride: int
    pixels: bytes
    pages: int


def picture(pdf: bytes, number: int, width: int) -> PagePicture:
    """Page ``number`` (from 0), ``width`` pixels wide; one at a time in the whole process, so not for the window's
    thread. Raises IndexError for a page that is not there."""
    import pypdfium2

    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if not 0 <= number < len(document):
                raise IndexError(number)
            page = document[number]
            drawn = page.render(scale=width / page.get_width(), prefer_bgrx=True)
            told = PagePicture(drawn.width, drawn.height, drawn.stride, bytes(drawn.buffer), len(document))
            drawn.close()
            page.close()
            return told
        finally:
            document.close()
