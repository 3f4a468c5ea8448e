"""A workbook of 2003's XML (SpreadsheetML), which some platforms still export under .xls: its sheets."""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

from fieldapp.errors import InputError
from fieldapp.workflows.intake.sheets import MAX_COLUMNS, Merge, Sheet, Value

_SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def looks_like_xml_workbook(text: str) -> bool:
    head = text[:4000].lstrip()
    return head.startswith("<?xml") and _SPACE in head


def open_xml_workbook(text: str, file: str) -> list[Sheet]:
    """Its sheets; raises InputError for XML that is damaged, declares entities, or is too wide to read whole."""
    reader = _Reader(file)
    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    parser.EntityDeclHandler = reader.entity
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise InputError("intake.not_a_workbook", where=f"{file}/{error.lineno}", kind="ExpatError") from error
    return [tab.sheet() for tab in reader.tabs]


class _Tab:
    """One sheet while it is read: rows by their numbers, merges as told by their first cells."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: dict[int, dict[int, Value]] = {}
        self.merges: list[Merge] = []
        self.hidden_rows: set[int] = set()

    def sheet(self) -> Sheet:
        def read() -> Iterator[tuple[int, tuple[Value, ...]]]:
            for number, cells in sorted(self.rows.items()):
                yield number, tuple(cells.get(column) for column in range(max(cells, default=-1) + 1))

        return Sheet(self.name, read, tuple(self.merges), hidden_rows=frozenset(self.hidden_rows))


class _Reader:
    """What the parser meets. A cell without an index stands behind the one before it, merges counted."""

    def __init__(self, file: str) -> None:
        self.tabs: list[_Tab] = []
        self._file = file
        self._row, self._column, self._across = 0, -1, 0
        self._kind = ""
        self._words: list[str] | None = None

    def start(self, name: str, told: dict[str, str]) -> None:
        tag = name.removeprefix(f"{_SPACE} ")
        own = {key.removeprefix(f"{_SPACE} "): value for key, value in told.items()}
        if tag == "Worksheet":
            self.tabs.append(_Tab(own.get("Name", "")))
            self._row = 0
        elif tag == "Row" and self.tabs:
            self._row = _number(own.get("Index")) or self._row + 1
            self._column, self._across = -1, 0
            if own.get("Hidden") == "1":
                self.tabs[-1].hidden_rows.add(self._row)
        elif tag == "Cell" and self.tabs:
            self._cell(own)
        elif tag == "Data":
            self._kind, self._words = own.get("Type", "String"), []

    def _cell(self, own: dict[str, str]) -> None:
        self._column = (_number(own.get("Index")) or self._column + 2 + self._across) - 1
        self._across, down = _number(own.get("MergeAcross")), _number(own.get("MergeDown"))
        if self._column + self._across >= MAX_COLUMNS:
            raise InputError("intake.too_wide", where=f"{self._file}/{self._row}", columns=MAX_COLUMNS)
        if self._across or down:
            right = self._column + self._across
            self.tabs[-1].merges.append(Merge(self._row, self._column, self._row + down, right))

    def words(self, text: str) -> None:
        if self._words is not None:
            self._words.append(text)

    def end(self, name: str) -> None:
        tag = name.removeprefix(f"{_SPACE} ")
        if tag == "Data" and self._words is not None and self.tabs:
            text = "".join(self._words).strip()
            value = _value(text, self._kind)
            if value is not None:
                self.tabs[-1].rows.setdefault(self._row, {})[self._column] = value
            self._words = None

    def entity(self, *_told: object) -> None:
        raise InputError("intake.not_a_workbook", where=self._file, kind="EntityDecl")


def _value(text: str, kind: str) -> Value:
    if not text:
        return None
    if kind == "Number":
        try:
            return int(text) if text.lstrip("-").isdigit() else float(text)
        except ValueError:
            return text
    return text


def _number(told: str | None) -> int:
    return min(int(told), 1_048_576) if told and told.isdigit() else 0
