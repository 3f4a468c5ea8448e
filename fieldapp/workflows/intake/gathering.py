"""What every reading of a file shares: what it is told, and what it gathers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from fieldapp.domain.pointers import Json
from fieldapp.workflows.intake.headers import Header, Words
from fieldapp.workflows.intake.places import AreaTable
from fieldapp.workflows.intake.problems import FLAG, REFUSED, Problem
from fieldapp.workflows.intake.result import Imported, Intake, Line
from fieldapp.workflows.intake.sheets import Sheet, letter

SATURDAY = 5


def weekdays_after(start: date, days: int) -> date:
    """The day ``days`` weekdays after ``start``; a county with a calendar brings its own (``WorkingDays.after``)."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return day


@dataclass(frozen=True)
class Terms:
    """When leads are due: ``days`` the county allows where the sender says nothing, ``after`` counts working days."""

    days: int | None = None
    after: Callable[[date, int], date] = weekdays_after


@dataclass
class Gathering:
    """One file being read. ``source`` names the ledger itself, ``file`` only the file, for messages."""

    county: str
    source: str
    file: str
    areas: AreaTable
    words: Words
    today: date
    terms: Terms = Terms()
    documents: list[Imported] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    sheets: list[Mapping[str, Json]] = field(default_factory=list)

    def intake(self, kind: str) -> Intake:
        # Families are written when they are complete; whoever reads the account reads it down the sheets.
        order = {name: place for place, name in enumerate(dict.fromkeys(line.sheet for line in self.lines))}
        lines = sorted(self.lines, key=lambda line: (order[line.sheet], line.row))
        gathered = (tuple(self.documents), tuple(self.problems), tuple(lines), tuple(self.sheets))
        return Intake(kind, self.file, self.source, *gathered)

    def say(
        self, code: str, sheet: str, row: int, header: Header | None = None, name: str = "", detail: str = ""
    ) -> Problem:
        """Note a problem at the column that holds field ``name``, or of the whole row."""
        column = header.column(name) if header and name else None
        label = header.labels.get(column, "") if header and column is not None else ""
        place = letter(column) if column is not None else ""
        problem = Problem(code, self.file, sheet, row, place, label, detail)
        self.problems.append(problem)
        return problem


def needs_mending(problem: Problem) -> bool:
    return problem.severity in (FLAG, REFUSED)


class Reading(Protocol):
    """A reader of one kind of file: fed its sheets in order, then asked for the result."""

    def read_sheet(self, sheet: Sheet) -> None: ...

    def result(self) -> Intake: ...
