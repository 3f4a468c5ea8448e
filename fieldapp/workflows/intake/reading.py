"""The one importer: bytes of a file in, an Intake out. Pure; the supervisor's screen and the admin command call it."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import PurePath

from fieldapp.errors import InputError
from fieldapp.workflows.intake.correction import CorrectionReading
from fieldapp.workflows.intake.delimited import open_delimited
from fieldapp.workflows.intake.gathering import Gathering, Reading, Terms
from fieldapp.workflows.intake.headers import SEARCHED_ROWS, Header, Words, default_words, find_header
from fieldapp.workflows.intake.leads import LeadReading
from fieldapp.workflows.intake.ledger import LedgerReading
from fieldapp.workflows.intake.places import AreaTable
from fieldapp.workflows.intake.result import Intake
from fieldapp.workflows.intake.sheets import Sheet, SheetRow, is_blank
from fieldapp.workflows.intake.values import text
from fieldapp.workflows.intake.workbook import open_workbook

#: a correction file has a ledger's columns too, so it is looked for first
KINDS = (("correction",), ("ledger", "leads"))
#: how PDFs, pictures and packed files begin
_OTHER_THINGS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BM6")
_COPY = re.compile(r"(?:[-_ ]*(?:副本|拷贝|copy|\(\d+\)|（\d+）|修改|改))+$", re.IGNORECASE)


def read_file(
    data: bytes,
    name: str,
    *,
    county: str,
    areas: AreaTable,
    today: date,
    kind: str | None = None,
    source: str | None = None,
    words: Words | None = None,
    terms: Terms | None = None,
) -> Intake:
    """Read a ledger, a lead list or a correction file; which of them, its header says unless ``kind`` does.

    ``name`` is the file's name for messages; ``source`` names the ledger itself (part of every id) and is its title
    when not given; ``words`` a department's own headers; ``terms`` the days a lead may take. Raises InputError for a
    file that is no table, is too big, has no header anywhere, or nothing below it.
    """
    file = PurePath(name).name
    words = words or default_words()
    sheets = open_sheets(data, file)
    top, header = _first_header(sheets, words, ((kind,),) if kind else KINDS)
    if header is None:
        raise InputError("intake.no_header", where=file)
    source = source or ledger_name(top, header, file)
    gathering = Gathering(county, source, file, areas, words, today, terms or Terms())
    readers: dict[str, Callable[[Gathering], Reading]] = {
        "ledger": LedgerReading, "leads": LeadReading, "correction": CorrectionReading,
    }  # fmt: skip
    reading = readers[header.kind](gathering)
    for sheet in sheets:
        reading.read_sheet(sheet)
    result = reading.result()
    if not result.rows_read:
        raise InputError("intake.no_rows", where=file)
    return result


def open_sheets(data: bytes, file: str) -> list[Sheet]:
    """The tables of a file, by what its bytes are, not by how it is named."""
    if not data:
        raise InputError("intake.empty", where=file)
    if data.startswith(_OTHER_THINGS):
        raise InputError("intake.not_a_table", where=file)
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        return open_workbook(data, file)
    return open_delimited(data, file)


def _first_header(
    sheets: Sequence[Sheet], words: Words, kinds: Sequence[Sequence[str]]
) -> tuple[list[SheetRow], Header | None]:
    for sheet in sheets:
        top = list(itertools.islice((row for row in sheet.rows() if not row.blank), SEARCHED_ROWS))
        for together in kinds:
            if header := find_header(top, words, together):
                return top, header
    return [], None


def ledger_name(top: Sequence[SheetRow], header: Header, file: str) -> str:
    """What the ledger calls itself: its title line, or the file's name without the marks that copying leaves.

    The title survives renaming, copying and mending; two ledgers of one title are told apart by the plan, which
    refuses to write one person over another.
    """
    for row in top:
        texts = [text(value) for value in row.cells if not is_blank(value)]
        if row.number < header.first_row and texts and len(texts[0]) >= 6 and ":" not in texts[0]:
            return re.sub(r"\s", "", texts[0])
    stem = unicodedata.normalize("NFKC", PurePath(file).stem).strip()
    return _COPY.sub("", stem) or stem
