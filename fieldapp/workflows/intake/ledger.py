"""A household ledger as an Intake: one walk over its sheets, family by family, with an account of every line."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from fieldapp.workflows.intake import row_kinds
from fieldapp.workflows.intake.families import FamilyMark, is_head_row, mark_row, starts_family
from fieldapp.workflows.intake.gathering import Gathering, needs_mending
from fieldapp.workflows.intake.headers import SEARCHED_ROWS, Header, find_header, read_header
from fieldapp.workflows.intake.households import (
    Family,
    family_problems,
    household_id,
    household_state,
    person_document,
    programs_of,
)
from fieldapp.workflows.intake.papers import full_number
from fieldapp.workflows.intake.people import PersonRow, RowReader
from fieldapp.workflows.intake.problems import REFUSED, Problem
from fieldapp.workflows.intake.result import Imported, Intake, Line
from fieldapp.workflows.intake.sheets import Sheet, SheetRow, is_blank, letter
from fieldapp.workflows.intake.values import narrow, text

_NUMBER = re.compile(r"\d{15}|\d{17}[\dXx]")


@dataclass
class People:
    """Who was read so far, to know a second row of the same person: by number, and by name and full birth date."""

    by_number: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    by_name_and_birth: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)

    def judge(self, person: PersonRow, sheet: str, row: int) -> tuple[str, str] | None:
        """(problem, where the other row is) when somebody stands there already; otherwise remembers the person."""
        number = full_number(person.paper.number or "") if person.paper.kind in ("resident", "old") else ""
        if number and (other := self.by_number.get(number)):
            name, other_sheet, other_row = other
            same = name == person.name
            return ("duplicate_person" if same else "id_of_two_names", f"{other_sheet} 第 {other_row} 行")
        if number:
            self.by_number[number] = (person.name, sheet, row)
        whole = (person.name, person.birth)
        namesake = self.by_name_and_birth.get(whole) if len(person.birth) == 10 else None
        if namesake and not number:
            return "maybe_duplicate_person", f"{namesake[0]} 第 {namesake[1]} 行"
        self.by_name_and_birth.setdefault(whole, (sheet, row))
        return None


class LedgerReading:
    """Reads a ledger sheet by sheet; a person is known again across all sheets of the file."""

    def __init__(self, gathering: Gathering) -> None:
        self.into = gathering
        self.people = People()
        self.last_header: Header | None = None

    def result(self) -> Intake:
        return self.into.intake("ledger")

    def read_sheet(self, sheet: Sheet) -> None:
        rows = (row for row in sheet.rows() if not row.blank)
        top = list(itertools.islice(rows, SEARCHED_ROWS))
        header = find_header(top, self.into.words, ("ledger",))
        if header is None and self.last_header and _continues(top, self.last_header):
            header = replace(self.last_header, first_row=0, last_row=0)
            self.into.say("header_of_sheet_before", sheet.name, top[0].number)
        if header is None:
            self._unread_sheet(sheet, itertools.chain(top, rows))
            return
        self.last_header = header
        if sheet.hidden:
            self.into.say("hidden_sheet", sheet.name, header.first_row)
        _SheetWalk(self, sheet, header).walk(itertools.chain(top, rows))

    def _unread_sheet(self, sheet: Sheet, rows: Iterator[SheetRow]) -> None:
        numbers = [row.number for row in rows]
        if numbers:
            self.into.say("sheet_without_header", sheet.name, numbers[0])
        self.into.lines.extend(Line(sheet.name, number, row_kinds.NOTE) for number in numbers)


def _continues(rows: Sequence[SheetRow], header: Header) -> bool:
    """Whether a sheet without a header has the columns of the sheet before: every number stands where it did there."""
    column = header.column("id_number")
    placed = [place for row in rows for place, value in enumerate(row.cells) if _NUMBER.fullmatch(narrow(value))]
    return bool(placed) and all(place == column for place in placed)


class _SheetWalk:
    """The rows of one sheet below its header, gathered into families."""

    def __init__(self, reading: LedgerReading, sheet: Sheet, header: Header) -> None:
        self.reading = reading
        self.into = reading.into
        self.sheet = sheet
        self.header = header
        self.reader = RowReader(header, sheet.epoch, reading.into.today)
        self.titles: list[str] = []
        self.group = ""
        self.address = ""
        self.family: Family | None = None
        self.mark = FamilyMark()
        self.last_data_row = 0

    def walk(self, rows: Iterator[SheetRow]) -> None:
        self._say_header_problems()
        for row in rows:
            self._line(row)
        self._close()
        self.into.sheets.append({"name": self.sheet.name, "last_data_row": self.last_data_row})

    def _line(self, row: SheetRow) -> None:
        if row.number < self.header.first_row:
            self.titles.append(" ".join(text(value) for value in row.cells if not is_blank(value)))
            self._side(row, "title")
        elif row.number <= self.header.last_row:
            self._side(row, "header")
        elif again := read_header([row], self.into.words, "ledger"):
            self._header_again(row, again)
        else:
            self._below_header(row)

    def _header_again(self, row: SheetRow, again: Header) -> None:
        """A header repeated at a page break; one with other columns opens another table and ends the family."""
        if again.fields != self.header.fields:
            self._close()
            self.header = again
            self.reader = RowReader(again, self.sheet.epoch, self.into.today)
            self._say_header_problems()
        self._side(row, "header")

    def _say_header_problems(self) -> None:
        header = self.header
        for column in header.twice:
            place = (self.sheet.name, header.last_row, letter(column), header.labels[column])
            self.into.problems.append(Problem("column_twice", self.into.file, *place))
        if not any(header.column(name) is not None for name in ("relation", "head_name", "household_number", "serial")):
            self.into.say("no_family_column", self.sheet.name, header.last_row)

    def _below_header(self, row: SheetRow) -> None:
        kind = row_kinds.kind_of(row, self.header)
        if kind == row_kinds.GROUP:
            self.group = next(text(value) for value in row.cells if not is_blank(value))
        if kind in (row_kinds.DATA, row_kinds.NAMELESS):
            self._data(row, kind)
        else:
            self._side(row, kind)

    def _side(self, row: SheetRow, fate: str) -> None:
        self.into.lines.append(Line(self.sheet.name, row.number, fate))

    def _data(self, row: SheetRow, kind: str) -> None:
        self.last_data_row = row.number
        if starts_family(row, self.header, self.family.mark if self.family else None):
            self._close()
            self.family = Family(self.sheet.name, row.number, self.mark.next())
        assert self.family is not None
        mark_row(row, self.header, self.family.mark)
        self.family.learn(row, self.reader, self.address)
        person = self.reader.person(row)
        if is_head_row(row, self.header):
            person = _as_head(person)
        self.family.rows.append((row, person))
        self._say_row_problems(row)

    def _say_row_problems(self, row: SheetRow) -> None:
        if row.number in self.sheet.hidden_rows:
            self.into.say("hidden_row", self.sheet.name, row.number)
        for name, column in self.header.fields.items():
            if (row.number, column) in self.sheet.uncalculated:
                self.into.say("formula_without_value", self.sheet.name, row.number, self.header, name)

    def _close(self) -> None:
        """The family is complete: its documents, its problems, its lines."""
        family, self.family = self.family, None
        if family is None:
            return
        self.mark = family.mark
        self.address = family.facts.get("address", self.address)
        family.found = self.into.areas.find(self._place_words(family))
        _FamilyReport(self.reading, self.reader, family).write()

    def _place_words(self, family: Family) -> Sequence[str]:
        facts = family.facts
        group = facts.get("group", "")
        group = f"{group}组" if group.isdigit() else group
        own = [facts.get("village", ""), group, facts.get("address", ""), self.group, facts.get("town", "")]
        return [*own, self.sheet.name, *self.titles]


def _as_head(person: PersonRow) -> PersonRow:
    return PersonRow(person.name, "head", person.relation_said, person.paper, person.state, person.problems)


class _FamilyReport:
    """Writes one complete family into the reading."""

    def __init__(self, reading: LedgerReading, reader: RowReader, family: Family) -> None:
        self.reading = reading
        self.into = reading.into
        self.reader = reader
        self.family = family
        self.refused: set[int] = set()
        self.to_mend: set[int] = set()
        self.new_people: list[tuple[SheetRow, PersonRow]] = []

    def write(self) -> None:
        for row, person in self.family.rows:
            self._judge(row, person)
        documents = self._documents() if self.new_people else []
        if documents:
            self._say_place()
        self.into.documents.extend(documents)
        self._lines()

    def _judge(self, row: SheetRow, person: PersonRow) -> None:
        if not person.name:
            self._say("row_without_name", row.number, "name", "")
            return
        seen = self.reading.people.judge(person, self.family.sheet, row.number)
        if seen:
            self._say(seen[0], row.number, "id_number" if seen[0] != "maybe_duplicate_person" else "name", seen[1])
        if seen is None or seen[0] != "duplicate_person":
            self.new_people.append((row, person))
            for code, field_name, detail in person.problems:
                self._say(code, row.number, field_name, detail)

    def _documents(self) -> list[Imported]:
        family, into = self.family, self.into
        people = [
            person_document(into.county, into.source, family, row, person, phone=self._phone(row))
            for row, person in self.new_people
        ]
        programs, tier, problems = programs_of(family, self.reader, {document.row: document.id for document in people})
        problems += family_problems(family, self.reader, self._head_count())
        for code, row_number, field_name, detail in problems:
            self._say(code, row_number, field_name, detail)
        key = household_id(into.county, into.source, family.sheet, family.first_row)
        state = household_state(family, programs, tier)
        household = Imported(key, "household", family.found.area, state, family.sheet, family.first_row)
        return [household, *people]

    def _head_count(self) -> int:
        """The people a family's rows name, a row without a name among them, one who stands elsewhere too as well."""
        here = {person.paper.number or f"row {row.number}" for row, person in self.family.rows}
        return len(here)

    def _phone(self, row: SheetRow) -> str:
        return self.reader.phone(row) if row.number != self.family.first_row else self.family.facts.get("phone", "")

    def _say_place(self) -> None:
        """A village without its grid is told here; no village at all is for the plan, where an area may be chosen."""
        if self.family.found.area is None:
            self.to_mend.update(row.number for row, _ in self.new_people)
        elif not self.family.found.grid_known:
            self._say("grid_unknown", self.family.first_row, "address", "")

    def _say(self, code: str, row: int, field_name: str, detail: str) -> None:
        problem = self.into.say(code, self.family.sheet, row, self.reader.header, field_name, detail)
        if needs_mending(problem):
            self.to_mend.add(row)
        if problem.severity == REFUSED:
            self.refused.add(row)

    def _lines(self) -> None:
        for row, _ in self.family.rows:
            fate = "refused" if row.number in self.refused else "imported"
            cells = self._cells(row) if row.number in self.to_mend else ()
            self.into.lines.append(Line(self.family.sheet, row.number, fate, self.family.first_row, cells))

    def _cells(self, row: SheetRow) -> tuple[tuple[str, str], ...]:
        header = self.reader.header
        return tuple((label, text(row.own(column))) for column, label in sorted(header.labels.items()))
