"""What reading a file gives: the documents it asks for, and an account of every line of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldapp.domain.pointers import Json
from fieldapp.workflows.intake.problems import Problem

IMPORTED, REFUSED = "imported", "refused"


@dataclass(frozen=True, slots=True)
class Imported:
    """A document to be: ``id`` by protocol.md, ``area`` None while nobody knows it, ``row`` where it stands.

    ``touched``: for a row of a correction file, the leaves that differ from the row as it was first read; only they
    may write over what stands. None for a ledger, which writes over nothing.
    """

    id: str
    type: str
    area: str | None
    state: Mapping[str, Json]
    sheet: str
    row: int
    touched: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank: ``fate`` is ``imported``, ``refused`` or what a line is that holds no
    person and no lead: ``title`` | ``header`` | ``total`` | ``group`` | ``note`` | ``footer``.

    ``cells`` (every labelled column, blank ones too) and ``family_row`` are kept for lines somebody has to mend.
    """

    sheet: str
    row: int
    fate: str
    family_row: int = 0
    cells: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Intake:
    """One file, read. ``rows_read`` counts its data rows: every one of them is a Line ``imported`` or ``refused``.

    ``source`` names the ledger itself and is part of every id; ``kind`` is ``ledger``, ``leads`` or ``correction``.
    """

    kind: str
    file: str
    source: str
    documents: tuple[Imported, ...]
    problems: tuple[Problem, ...]
    lines: tuple[Line, ...]
    sheets: tuple[Mapping[str, Json], ...] = field(default=())

    @property
    def rows_read(self) -> int:
        return sum(line.fate in (IMPORTED, REFUSED) for line in self.lines)

    @property
    def counts(self) -> Mapping[str, Json]:
        """How many documents of each type, and how many rows carry each flag (a row's flag counts once)."""
        types = Counter(document.type for document in self.documents)
        flags = Counter(code for code, *_ in {(p.code, p.sheet, p.row) for p in self.problems})
        named: dict[str, Json] = {"households": types["household"], "persons": types["person"]}
        if self.kind == "leads":
            named = {"rows": self.rows_read, "distinct_numbers": types["lead"]}
        return {**named, "flags": dict(flags), "sheets": list(self.sheets)}
