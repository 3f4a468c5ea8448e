"""Pages of a PDF as pictures, for the program's own preview: nothing is written to disk."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PagePicture:
    """One page: 32-bit pixels (blue, green, red, unused), ``stride`` bytes a line."""

    width: int
    height: int
    stride: int
    pixels: bytes


def page_count(pdf: bytes) -> int:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def picture(pdf: bytes, number: int, width: int) -> PagePicture:
    """Page ``number`` (from 0), ``width`` pixels wide. Raises IndexError for a page that is not there."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        if not 0 <= number < len(document):
            raise IndexError(number)
        page = document[number]
        drawn = page.render(scale=width / page.get_width(), prefer_bgrx=True)
        return PagePicture(drawn.width, drawn.height, drawn.stride, bytes(drawn.buffer))
    finally:
        document.close()
