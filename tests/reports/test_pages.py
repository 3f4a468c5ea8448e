"""Pages as pictures: several at once, as a person does who turns pages and changes the paper meanwhile."""

from __future__ import annotations

import subprocess
import sys

import pytest
from reportlab.pdfgen.canvas import Canvas

from fieldapp.reports.pages import picture

#: In a process of its own: what two threads in PDFium do to each other is the end of a process.
MANY = """
import sys
from concurrent.futures import ThreadPoolExecutor
from fieldapp.reports.pages import picture
pdf = sys.stdin.buffer.read()
with ThreadPoolExecutor(6) as pool:
    drawn = list(pool.map(lambda number: picture(pdf, number % 3, 200 + number), range(240)))
print(sum(each.pages == 3 for each in drawn))
"""


def paper() -> bytes:
    canvas = Canvas("paper.pdf", pagesize=(300, 400))
    for number in range(3):
        for line in range(60):
            canvas.drawString(20, 390 - 6 * line, f"{number} {line} " + "iron soles " * 6)
        canvas.showPage()
    drawn: bytes = canvas.getpdfdata()
    return drawn


def test_a_page_is_as_wide_as_asked_and_knows_how_many_there_are() -> None:
    drawn = picture(paper(), 2, 450)
    assert (drawn.width, drawn.height, drawn.pages) == (450, 600, 3)
    assert len(drawn.pixels) == drawn.stride * drawn.height
    with pytest.raises(IndexError):
        picture(paper(), 3, 450)


def test_threads_draw_one_after_another() -> None:
    done = subprocess.run([sys.executable, "-c", MANY], input=paper(), capture_output=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, b"240"), done.stderr.decode()[-2000:]
