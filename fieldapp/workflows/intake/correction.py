"""The correction file: the rows somebody has to mend, out and in again.

Its left columns say where a row comes from, so that the mended row gets the id its first version would have had; the
last column keeps the row as it was, so that only what the office changed is written over what stands by now.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from fieldapp.domain.pointers import Json, leaves
from fieldapp.workflows.intake.gathering import Gathering, needs_mending
from fieldapp.workflows.intake.headers import SEARCHED_ROWS, Header, find_header, read_header
from fieldapp.workflows.intake.households import Family, household_id, household_state, person_document, programs_of
from fieldapp.workflows.intake.leads import LeadReading
from fieldapp.workflows.intake.ledger import People
from fieldapp.workflows.intake.people import PersonRow, RowReader
from fieldapp.workflows.intake.places import Found
from fieldapp.workflows.intake.problems import REFUSED, Problem
from fieldapp.workflows.intake.result import Imported, Intake, Line
from fieldapp.workflows.intake.sheets import Sheet, SheetRow, Value
from fieldapp.workflows.intake.text_workbook import text_workbook
from fieldapp.workflows.intake.values import text

PLACE_LABELS = ("来源", "表", "原行号", "户行号", "区域", "问题", "怎么改")
AS_IT_WAS = "原文（勿改）"
_RISKY = re.compile(r"[=+\-@\t\r]|\d{11,}|\d{4,}[xX]?$")


def correction_rows(intake: Intake, problems: Sequence[Problem] | None = None) -> list[list[str]]:
    """Header and rows: every line with a flag or refused, its problems and remedies, and its cells as they are.

    ``problems`` are a plan's, where there is one: it finds more than the file alone shows.
    """
    said = _to_mend_by_row(intake.problems if problems is None else problems)
    wanted = [line for line in intake.lines if line.cells and (line.sheet, line.row) in said]
    labels = list(dict.fromkeys(label for line in wanted for label, _ in line.cells))
    area_of = {(document.sheet, document.row): document.area or "" for document in intake.documents}
    table = [[*PLACE_LABELS, *labels, AS_IT_WAS]]
    for line in wanted:
        cells = dict(line.cells)
        here = said[line.sheet, line.row]
        area = area_of.get((line.sheet, line.row), "")
        place = [intake.source, line.sheet, str(line.row), str(line.family_row), area]
        place += ["；".join(p.what() for p in here), "；".join(p.remedy() for p in here)]
        was = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
        table.append([*place, *(cells.get(label, "") for label in labels), was])
    return table


def correction_workbook(intake: Intake, problems: Sequence[Problem] | None = None) -> bytes:
    """The correction file as .xlsx; every cell is text, so that no number is rounded and no formula runs."""
    return text_workbook("待改正", correction_rows(intake, problems), header_rows=1)


def correction_csv(intake: Intake, problems: Sequence[Problem] | None = None) -> bytes:
    """The correction file as .csv (UTF-8 with BOM). What a spreadsheet would calculate or round starts with ``'``."""
    out = io.StringIO(newline="")
    rows = correction_rows(intake, problems)
    csv.writer(out).writerows([_guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _guarded(cell: str) -> str:
    return f"'{cell}" if _RISKY.match(cell) or cell.startswith("'") else cell


def _to_mend_by_row(problems: Sequence[Problem]) -> dict[tuple[str, int], list[Problem]]:
    found: dict[tuple[str, int], list[Problem]] = {}
    for problem in problems:
        if needs_mending(problem):
            found.setdefault((problem.sheet, problem.row), []).append(problem)
    return found


class CorrectionReading:
    """Reads a correction file: each row on its own, joined to its household by the household's row."""

    def __init__(self, gathering: Gathering) -> None:
        self.into = gathering
        self.people = People()
        self.leads = LeadReading(gathering)

    def result(self) -> Intake:
        return self.into.intake("correction")

    def read_sheet(self, sheet: Sheet) -> None:
        rows = (_unguarded(row) for row in sheet.rows() if not row.blank)
        top = list(itertools.islice(rows, SEARCHED_ROWS))
        place = find_header(top, self.into.words, ("correction",))
        if place is None:
            return
        block = [row for row in top if row.number == place.first_row]
        header, kind = self._content_header(block, place)
        for row in itertools.chain(top, rows):
            if row.number <= place.last_row or header is None:
                self.into.lines.append(Line(sheet.name, row.number, "header" if header else "note"))
            elif kind == "leads":
                self.leads.read_row(sheet, header, row)  # a lead is named by its number
            else:
                _MendedRow(self, sheet, place, header, row).read()

    def _content_header(self, block: Sequence[SheetRow], place: Header) -> tuple[Header | None, str]:
        """The header of the original columns: the block with the placing columns blanked out."""
        ours = (*PLACE_LABELS, AS_IT_WAS)
        hidden = {*place.fields.values(), *(c for c, label in place.labels.items() if label in ours)}
        bare = [
            SheetRow(row.number, tuple(None if c in hidden else v for c, v in enumerate(row.cells)), row.covered)
            for row in block
        ]
        found = [(header, kind) for kind in ("ledger", "leads") if (header := read_header(bare, self.into.words, kind))]
        return max(found, key=lambda pair: len(pair[0].fields), default=(None, ""))


class _MendedRow:
    """One row of a mended ledger."""

    def __init__(self, reading: CorrectionReading, sheet: Sheet, place: Header, header: Header, row: SheetRow) -> None:
        self.reading = reading
        self.into = reading.into
        self.sheet = sheet
        self.header = header
        self.row = row
        self.was = _as_it_was(place, row)
        self.reader = RowReader(header, sheet.epoch, reading.into.today)
        self.place = {name: text(row.own(column)) for name, column in place.fields.items()}
        area = next((text(row.own(c)) for c, label in place.labels.items() if label == "区域"), "")
        self.area = area or None
        self.refused = False

    def read(self) -> None:
        first, own = self.place.get("family_row", ""), self.place.get("row", "")
        if not (first.isdigit() and own.isdigit() and self.place.get("source")):
            self._say("family_unknown", "", "")
        else:
            self._read_placed(int(own), int(first))
        fate = "refused" if self.refused else "imported"
        self.into.lines.append(Line(self.sheet.name, self.row.number, fate))

    def _read_placed(self, own: int, first: int) -> None:
        person = self.reader.person(self.row)
        if not person.name:
            self._say("row_without_name", "name", "")
            return
        seen = self.reading.people.judge(person, self.place.get("sheet", ""), own)
        if seen and seen[0] == "duplicate_person":
            self._say(seen[0], "id_number", seen[1])
            return
        for code, field, detail in person.problems:
            self._say(code, field, detail)
        self.into.documents.extend(self._documents(self.row, person, own, first))

    def _documents(self, row: SheetRow, person: PersonRow, own: int, first: int) -> Iterator[Imported]:
        now = self._states(row, person, own, first)
        before = self._states(*self._first_reading(own), own, first) if self.was is not None else {}
        for document_id, (kind, state) in now.items():
            old = dict(leaves(before[document_id][1])) if document_id in before else {}
            touched = frozenset(pointer for pointer, value in leaves(state) if old.get(pointer, _ABSENT) != value)
            yield Imported(document_id, kind, self.area, state, self.sheet.name, self.row.number, touched)

    def _first_reading(self, own: int) -> tuple[SheetRow, PersonRow]:
        assert self.was is not None
        by_label = {label: column for column, label in self.header.labels.items()}
        cells: list[Value] = [None] * (max(by_label.values(), default=0) + 1)
        for label, words in self.was.items():
            if label in by_label:
                cells[by_label[label]] = words
        row = SheetRow(own, tuple(cells), {})
        return row, self.reader.person(row)

    def _states(
        self, row: SheetRow, person: PersonRow, own: int, first: int
    ) -> dict[str, tuple[str, Mapping[str, Json]]]:
        """The person, and the household where this is its first row, as this row alone states them."""
        county, source, sheet = self.into.county, self.place["source"], self.place.get("sheet", "")
        family = Family(sheet, first, found=Found(self.area))
        as_placed = SheetRow(own, row.cells, row.covered)
        family.learn(as_placed, self.reader, "")
        family.rows.append((as_placed, person))
        member = person_document(county, source, family, as_placed, person, phone=self.reader.phone(row))
        found: dict[str, tuple[str, Mapping[str, Json]]] = {member.id: ("person", member.state)}
        if own == first:
            programs, tier, _ = programs_of(family, self.reader, {own: member.id})
            key = household_id(county, source, sheet, first)
            found = {key: ("household", household_state(family, programs, tier)), **found}
        return found

    def _say(self, code: str, field: str, detail: str) -> None:
        problem = self.into.say(code, self.sheet.name, self.row.number, self.header, field, detail)
        self.refused = self.refused or problem.severity == REFUSED


_ABSENT = object()


def _as_it_was(place: Header, row: SheetRow) -> dict[str, str] | None:
    column = next((c for c, label in place.labels.items() if label == AS_IT_WAS), None)
    words = row.own(column) if column is not None else None
    if not isinstance(words, str):
        return None
    try:
        cells = json.loads(words)
    except json.JSONDecodeError:
        return None
    return {str(key): str(value) for key, value in cells.items()} if isinstance(cells, dict) else None


def _unguarded(row: SheetRow) -> SheetRow:
    cells = tuple(v[1:] if isinstance(v, str) and v.startswith("'") else v for v in row.cells)
    return SheetRow(row.number, cells, row.covered)
