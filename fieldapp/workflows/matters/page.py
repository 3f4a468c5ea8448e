"""One matter as a screen and papers read it: its steps as a chain with dates, who, what, and what is next."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain.documents import Errand, Matter
from fieldapp.domain.roles import THIRD_PARTY
from fieldapp.store.api import DocumentView, ReadTx, Store
from fieldapp.store.projections import households, people, visits
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters import slips
from fieldapp.workflows.matters.course import OPEN, Course, Entry, StepCourse
from fieldapp.workflows.matters.known import answer_named
from fieldapp.workflows.matters.procedure import VISIT, Procedure
from fieldapp.workflows.matters.shelf import procedures
from fieldapp.workflows.matters.standing import circumstances, read_course
from fieldapp.workflows.matters.terms import Due
from fieldapp.workflows.matters.writing import of_matter
from fieldapp.workflows.places import places


@dataclass(frozen=True)
class EntryLine:
    """One time a step was done. ``who`` did it, ``person`` it is about; ``outcome`` in words with its ``tone``;
    ``amount`` 分. ``may_undo`` and ``may_correct``: whether this user can."""

    key: str
    on: str
    who: str
    person: str
    outcome: str
    tone: str
    words: str
    amount: int | None
    until: str | None
    visit: str
    undone: str
    form: tuple[str, str]
    answers: Mapping[str, Any] = field(default_factory=dict, repr=False)
    report: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    may_undo: bool = False
    may_correct: bool = False


@dataclass(frozen=True)
class Served:
    """What whoever served from outside wrote on the slip: its document, the day, who, in their words."""

    slip: str
    on: str
    by: str
    words: str


@dataclass(frozen=True)
class StepLine:
    """One step. ``state``: done | open | waiting | off; ``level`` who does it; ``mine`` whether this user may do it
    now; ``left`` (person id, name) still to sign; ``after`` titles of what it waits for; ``days_left`` in working
    days, negative when over; ``evidence`` (visit id, time) of visits that could
    show it; ``report`` the rows read in; ``served`` what came back from outside and waits to be taken over."""

    id: str
    title: str
    note: str
    level: str
    state: str
    mine: bool
    optional: bool
    kind: str
    form: str
    intake: str
    each: str
    due: Due | None
    days_left: int | None
    entries: tuple[EntryLine, ...]
    left: tuple[tuple[str, str], ...]
    after: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...] = ()
    report: tuple[Mapping[str, Any], ...] = ()
    fund: str = ""
    served: Served | None = None


@dataclass(frozen=True)
class MatterPage:
    """``next`` the step to be done now (None when it is another's or the matter is closed); ``opens`` the procedures
    its last outcome leads to."""

    id: str
    type: str
    procedure: str
    kind: str
    title: str
    group: str
    family: str
    person: str
    household: str
    place: str
    area: str
    opened_on: str
    opened_by: str
    provider: str
    words: str
    steps: tuple[StepLine, ...]
    next: StepLine | None
    waits_for: StepLine | None
    due: Due | None
    whole: Due | None
    days_left: int | None
    closed_on: str
    outcome: str
    origin: tuple[str, str]
    opens: tuple[tuple[str, str], ...]
    settings: Mapping[str, Any]
    conflicts: int

    def step(self, step_id: str) -> StepLine:
        """Raises KeyError."""
        return {each.id: each for each in self.steps}[step_id]


def page(store: Store, actor: Actor, matter: str, lang: str) -> Future[MatterPage]:
    """Raises StateError ``matter.unknown``, RefusedError ``refused.role`` for what this role may not read."""
    return store.read(lambda tx: read_page(tx, actor, matter, lang))


def read_page(tx: ReadTx, actor: Actor, matter: str, lang: str) -> MatterPage:
    """As ``page``, inside a transaction: papers and ledgers read it too."""
    view, procedure = of_matter(tx, matter)
    actor.require_read(view.type)
    course = read_course(tx, actor, procedure, view.state)
    return _Page(tx, actor, view, procedure, course, lang).read()


@dataclass(frozen=True)
class _Page:
    tx: ReadTx
    actor: Actor
    view: DocumentView
    procedure: Procedure
    course: Course
    lang: str

    def read(self) -> MatterPage:
        assert isinstance(self.view.record, Matter)
        record = self.view.record
        home = households.household(self.tx, record.household or "")
        steps = tuple(map(self._step, self.course.steps))
        wanted = self.course.next
        first = next((line for line in steps if wanted is not None and line.id == wanted.step.id), None)
        mine = next((line for line in steps if line.mine and not line.optional), None)
        due = self.course.due
        closed = self.course.closed
        return MatterPage(
            self.view.id, self.view.type, self.procedure.id, self.procedure.kind, self._title(record),
            self.procedure.group, self._family(record, home), self._person(record.person),
            record.household or "", self._place(record, home), self.view.area, record.opened_on or "",
            record.opened_by or "", record.provider or "", str(record.state.get("words") or ""), steps,
            mine or self._own(first),
            first if first is not None and not first.mine else None, due, self.course.whole, self._left(due),
            str(record.result.get("at") or "")[:10], self._outcome(closed),
            (str(record.origin.get("type") or ""), str(record.origin.get("id") or "")), self._opens(),
            record.settings, len(self.view.merged.conflicts),
        )  # fmt: skip

    def _own(self, line: StepLine | None) -> StepLine | None:
        return line if line is not None and line.mine else None

    def _title(self, record: Matter) -> str:
        own = record.title or ""
        return self.procedure.words.said(self.lang) if own in ("", self.procedure.words.zh) else own

    def _person(self, person: str | None) -> str:
        row = people.person(self.tx, person) if person else None
        return (row.full_name or "") if row else ""

    def _family(self, record: Matter, home: Any) -> str:
        own = record.person_name if isinstance(record, Errand) else None
        return own or (home.head_name if home else None) or ""

    def _place(self, record: Matter, home: Any) -> str:
        if isinstance(record, Errand) and record.address:
            return record.address
        return (home.address if home and home.address else None) or places(self.tx).grid_words(self.view.area)

    def _step(self, found: StepCourse) -> StepLine:
        step = found.step
        mine = found.state == OPEN and self.actor.role in step.roles and not self._was_by_me(found)
        written = sorted((*found.done, *found.undone), key=lambda entry: (entry.on, entry.at))
        return StepLine(
            step.id, step.words.said(self.lang), step.note.said(self.lang), step.level, found.state, mine,
            step.optional, step.kind, step.form, step.intake, step.each, found.due, self._left(found.due),
            tuple(self._entry(entry, found) for entry in written), found.left,
            tuple(each.words.said(self.lang) for each in found.missing),
            self._evidence() if step.kind == VISIT and found.state == OPEN else (), self._report(found), step.fund,
            self._served(found),
        )  # fmt: skip

    def _served(self, found: StepCourse) -> Served | None:
        if found.state != OPEN or THIRD_PARTY not in found.step.roles or self.view.type == slips.SLIP:
            return None
        back = slips.answered(self.tx, self.actor.county, self.view.id)
        return Served(back[0], back[1].on, back[1].by, back[1].words) if back else None

    def _report(self, found: StepCourse) -> tuple[Mapping[str, Any], ...]:
        if found.last is not None and found.last.report:
            return found.last.report
        return tuple(((self.view.state.get("reports") or {}).get(found.step.id) or {}).get("rows") or ())

    def _was_by_me(self, found: StepCourse) -> bool:
        others = [entry for name in found.step.not_by for entry in self.course.of(name).done]
        return any(entry.user == self.actor.user for entry in others)

    def _entry(self, entry: Entry, found: StepCourse) -> EntryLine:
        outcome = found.step.outcome(entry.outcome)
        mine = self.actor.role in found.step.roles and not entry.undone
        built_on = any(
            each.done and each.step.id != found.step.id and any(found.step.id in need for need in each.step.needs)
            for each in self.course.steps
        )  # fmt: skip
        return EntryLine(
            entry.key, entry.on, entry.by, self._person(entry.row) if entry.row else "",
            outcome.words.said(self.lang) if outcome else "", outcome.tone if outcome else "done", entry.words,
            entry.amount, entry.until, entry.visit, entry.undone, entry.form, entry.answers, entry.report,
            mine and not built_on, mine and bool(entry.form[0]),
        )  # fmt: skip

    def _evidence(self) -> tuple[tuple[str, str], ...]:
        """(visit id, finished_at) of the family's visits since the matter was opened."""
        opened = str(self.view.state.get("opened_on") or "")
        household = str(self.view.state.get("household") or "")
        made = [row for row in visits.of_household(self.tx, household) if row.type == "visit"]
        return tuple((row.id, row.finished_at or "") for row in made if (row.finished_at or "") >= opened)

    def _left(self, due: Due | None) -> int | None:
        if due is None or due.on is None:
            return None
        around = circumstances(self.tx, self.actor, "")
        return around.calendar.left(self.actor.today(), due.on)

    def _outcome(self, closed: Entry | None) -> str:
        if closed is None:
            return ""
        step = self.procedure.step(closed.step)
        outcome = step.outcome(closed.outcome)
        return (outcome.words if outcome else step.words).said(self.lang)

    def _opens(self) -> tuple[tuple[str, str], ...]:
        known = procedures(self.tx)
        names = [name for each in self.course.steps if each.outcome is not None for name in each.outcome.opens]
        for each in self.course.steps:
            said = each.last.answers if each.last is not None else {}
            names += [name for question, name in each.step.offers.items() if answer_named(said, question) == "yes"]
        return tuple((name, known[name].words.said(self.lang)) for name in dict.fromkeys(names)
                     if name in known and self.actor.role in known[name].roles)  # fmt: skip
