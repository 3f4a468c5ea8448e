"""Files that are no workbooks, or only pretend to be small."""

from __future__ import annotations

import io
import zipfile

import pytest

from fieldapp.errors import InputError
from tests.workflows.intake.makers import HEADER, book, number, read

GOOD = book(
    ("周岭村", [HEADER, [1, "王一", 1, "王一", "户主", "男", number("1950-03-05"), None, "周岭村1组1号", None, None]])
)


def with_part(name: str, content: bytes) -> bytes:
    """The good workbook with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def sheet_xml() -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 not a zip", "not_a_workbook"),
        (GOOD[: len(GOOD) // 2], "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_or_locked_workbook"),
        (with_part("xl/bomb.bin", b"\0" * (64 << 20)), "too_big"),
        (with_part("xl/worksheets/sheet1.xml", b"<worksheet"), "not_a_workbook"),
        (with_part("xl/workbook.xml", b"<x/>"), "no_header"),
        (
            with_part("xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + sheet_xml().split(b"?>")[-1]),
            "not_a_workbook",
        ),
        (
            with_part("xl/worksheets/sheet1.xml", sheet_xml().replace(b'<row r="2"', b'<row r="1"')),
            "rows_out_of_order",
        ),
    ],
    ids=["no zip", "cut off", "old format", "bomb", "broken sheet", "broken book", "entities", "rows back and forth"],
)
def test_what_is_no_workbook_is_refused_in_words(data: bytes, code: str) -> None:
    with pytest.raises(InputError, match=code):
        read(data, "台账.xlsx")


def test_an_archive_of_something_else_is_no_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(InputError, match=r"intake\.archive"):
        read(out.getvalue(), "台账.xlsx")


def test_a_cell_at_the_far_end_costs_nothing() -> None:
    far = sheet_xml().replace(b"</sheetData>", b'<row r="1048576"><c r="A1048576"/></row></sheetData>')
    far = far.replace(b"A1:K2", b"A1:XFD1048576")
    assert len(read(with_part("xl/worksheets/sheet1.xml", far)).documents) == 2


def test_a_sheet_too_wide_to_read_whole_is_refused() -> None:
    wide = sheet_xml().replace(b"</row></sheetData>", b'<c r="ZZ2" t="n"><v>1</v></c></row></sheetData>')
    with pytest.raises(InputError, match="too_wide"):
        read(with_part("xl/worksheets/sheet1.xml", wide))
