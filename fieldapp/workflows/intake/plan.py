"""What an import would do to what the county knows: the preview, pure, and the only thing ``applying`` carries out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from fieldapp.domain.pointers import Json, get, leaves
from fieldapp.workflows.intake.papers import full_number
from fieldapp.workflows.intake.problems import Problem
from fieldapp.workflows.intake.result import Imported, Intake


@dataclass(frozen=True)
class KnownDocument:
    """A document the county holds: its area and its merged state."""

    area: str
    state: Mapping[str, Json]


@dataclass(frozen=True)
class KnownPerson:
    """Somebody on file, as far as telling people apart needs it."""

    id: str
    full_name: str
    birth_date: str
    id_number: str
    household: str | None
    area: str


class Known(Protocol):
    """What the plan asks of what is known; ``storing.KnownInStore`` answers from a store."""

    def document(self, document_id: str) -> KnownDocument | None: ...

    def people_with_number(self, id_number: str) -> Sequence[KnownPerson]:
        """People with this 18-digit number, however it is written on file."""
        ...

    def people_named(self, full_name: str) -> Sequence[KnownPerson]: ...


@dataclass(frozen=True)
class Change:
    """Leaves to write over a document that exists: pointer -> value, None clears."""

    id: str
    type: str
    writes: Mapping[str, Json]
    sheet: str
    row: int


@dataclass(frozen=True)
class ImportPlan:
    """The preview. ``problems`` are the intake's and what comparing with the file of the county adds."""

    intake: Intake
    creates: tuple[Imported, ...]
    changes: tuple[Change, ...]
    unchanged: int
    problems: tuple[Problem, ...]

    @cached_property
    def steps(self) -> tuple[Imported | Change, ...]:
        """What to carry out, in order: what is new, then what changes."""
        return (*self.creates, *self.changes)

    @property
    def counts(self) -> Mapping[str, int]:
        """``new_TYPE``, ``changed_TYPE``, ``unchanged`` and how many rows stay out."""
        made = Counter(f"new_{document.type}" for document in self.creates)
        changed = Counter(f"changed_{change.type}" for change in self.changes)
        refused = {(p.sheet, p.row) for p in self.problems if p.severity == "refused"}
        return {**made, **changed, "unchanged": self.unchanged, "refused_rows": len(refused)}


def plan_import(intake: Intake, known: Known) -> ImportPlan:
    """What importing ``intake`` would create and change. Nobody on file is written over by another person's row."""
    planning = _Planning(intake, known)
    for document in intake.documents:
        planning.place(document)
    creates = tuple(planning.with_known_household(document) for document in planning.creates)
    kept = tuple(document for document in creates if not planning.is_empty_household(document))
    problems = (*intake.problems, *planning.problems)
    return ImportPlan(intake, kept, tuple(planning.changes), planning.unchanged, problems)


class _Planning:
    def __init__(self, intake: Intake, known: Known) -> None:
        self.intake = intake
        self.known = known
        self.creates: list[Imported] = []
        self.changes: list[Change] = []
        self.problems: list[Problem] = []
        self.unchanged = 0
        self.known_homes: dict[str, set[str]] = {}
        self.members: Counter[str] = Counter()

    def place(self, document: Imported) -> None:
        """Decide what becomes of one document of the file."""
        there = self.known.document(document.id)
        if there is not None:
            self._exists(document, there)
        elif document.type == "person":
            self._new_person(document)
        elif document.type == "lead":
            self.creates.append(self._lead(document))
        else:
            self._create(document)

    def _exists(self, document: Imported, there: KnownDocument) -> None:
        if document.type == "person" and somebody_else(document.state, there.state):
            self._say("row_holds_someone_else", document)
            return
        self.members[_household(document)] += document.type == "person"
        writes = _writes(document, there.state)
        if not writes:
            self.unchanged += 1
        elif document.touched is None:
            self.unchanged += 1
            self._say("differs_from_file", document)
        else:
            self.changes.append(Change(document.id, document.type, writes, document.sheet, document.row))

    def _new_person(self, document: Imported) -> None:
        twin = self._twin(document)
        if twin is not None:
            self._say("known_under_another_row", document)
            if twin.household:
                self.known_homes.setdefault(_household(document), set()).add(twin.household)
            return
        if self._maybe_known(document):
            self._say("maybe_known", document)
        self._create(document)

    def _create(self, document: Imported) -> None:
        area = document.area or self._area_of_household(document)
        if area is None:
            if document.type == "person":
                self._say("area_unknown", document)
            return
        self.members[_household(document)] += document.type == "person"
        self.creates.append(replace(document, area=area))

    def _area_of_household(self, document: Imported) -> str | None:
        there = self.known.document(_household(document))
        return there.area if there else None

    def _twin(self, document: Imported) -> KnownPerson | None:
        """The same person on file under another id: same whole number and same name."""
        number = _whole_number(document.state)
        people = self.known.people_with_number(number) if number else ()
        return next((person for person in people if person.full_name == document.state.get("full_name")), None)

    def _maybe_known(self, document: Imported) -> bool:
        number, born = _whole_number(document.state), str(document.state.get("birth_date", ""))
        if number and self.known.people_with_number(number):
            return True
        if len(born) != 10:
            return False
        people = self.known.people_named(str(document.state.get("full_name", "")))
        return any(person.birth_date == born and not _two_numbers(number, person.id_number) for person in people)

    def _lead(self, document: Imported) -> Imported:
        """A lead about somebody on file goes to that person's grid, whatever its address says."""
        number = _whole_number(document.state)
        people = self.known.people_with_number(number) if number else ()
        if len(people) != 1:
            return document
        person = people[0]
        links: dict[str, Json] = {"person": person.id}
        if person.household:
            links["household"] = person.household
        return replace(document, area=person.area, state={**document.state, **links})

    def with_known_household(self, document: Imported) -> Imported:
        """New members of a family whose others are on file in one household join that household."""
        homes = self.known_homes.get(_household(document), set())
        if document.type != "person" or len(homes) != 1:
            return document
        membership = document.state.get("membership")
        assert isinstance(membership, Mapping)
        home = next(iter(homes))
        there = self.known.document(home)
        area = there.area if there else document.area
        return replace(document, area=area, state={**document.state, "membership": {**membership, "household": home}})

    def is_empty_household(self, document: Imported) -> bool:
        """A household none of whose people came in, or whose people joined one on file."""
        if document.type != "household":
            return False
        return self.members[document.id] == 0 or len(self.known_homes.get(document.id, ())) == 1

    def _say(self, code: str, document: Imported) -> None:
        self.problems.append(Problem(code, self.intake.file, document.sheet, document.row))


def _household(document: Imported) -> str:
    if document.type == "household":
        return document.id
    membership = document.state.get("membership")
    home = membership.get("household") if isinstance(membership, Mapping) else None
    return home if isinstance(home, str) else ""


def _whole_number(state: Mapping[str, Json]) -> str:
    number = state.get("id_number")
    return full_number(number) if isinstance(number, str) and "*" not in number and len(number) >= 15 else ""


def _two_numbers(one: str, other: str) -> bool:
    """Whether both numbers are whole and differ: then they are two people of one name and birthday."""
    return bool(one and other and "*" not in other and full_number(other) != one)


def somebody_else(row: Mapping[str, Json], on_file: Mapping[str, Json]) -> bool:
    """Whether the row and the file are two people: name, number and birth date, where both say one, all differ."""
    pairs = [
        (row.get(key), on_file.get(key)) for key in ("full_name", "id_number", "birth_date")
        if row.get(key) and on_file.get(key)
    ]  # fmt: skip
    return bool(pairs) and all(one != other for one, other in pairs)


def _writes(document: Imported, on_file: Mapping[str, Json]) -> dict[str, Json]:
    """The leaves of the row that differ from the file; a mended row writes only what the office touched."""
    stated = dict(leaves(document.state))
    allowed = stated.keys() if document.touched is None else document.touched
    differing = (pointer for pointer in allowed if pointer in stated and get(on_file, pointer) != stated[pointer])
    writes = {pointer: stated[pointer] for pointer in differing}
    if "/id_number" in writes and on_file.get("no_id_reason"):
        writes["/no_id_reason"] = None
    return writes
