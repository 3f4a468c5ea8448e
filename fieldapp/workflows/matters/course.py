"""Where a matter stands: a pure reading of its steps by its procedure. What is done, open, waiting; what is next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fieldapp.domain.documents import rows
from fieldapp.workflows.matters.procedure import ADULT, ROW, SESSION, Outcome, Procedure, Step
from fieldapp.workflows.matters.terms import Calendar, Due, Stretch, due_of

#: what a term may start with instead of a step: the opening of the matter
OPENED = "opened"
DONE, OPEN, WAITING, OFF = "done", "open", "waiting", "off"


@dataclass(frozen=True)
class Entry:
    """One step as it was done. ``row`` is the person or session; ``amount`` 分; ``form`` (id, version); ``undone``
    says why it no longer counts."""

    key: str
    step: str
    row: str = ""
    on: str = ""
    at: str = ""
    by: str = ""
    user: str = ""
    outcome: str | None = None
    words: str = ""
    amount: int | None = None
    until: str | None = None
    form: tuple[str, str] = ("", "")
    answers: Mapping[str, Any] = field(default_factory=dict, repr=False)
    visit: str = ""
    undone: str = ""
    report: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Circumstances:
    """What a course needs beside the matter: the grown-up members of the family (id, name), the calendar, the day."""

    adults: tuple[tuple[str, str], ...]
    calendar: Calendar
    today: date


@dataclass(frozen=True)
class StepCourse:
    """One step of a matter. ``state``: done | open | waiting | off; ``left`` the adults who have not signed,
    or the rows not yet done; ``missing`` the steps it waits for."""

    step: Step
    state: str
    done: tuple[Entry, ...] = ()
    undone: tuple[Entry, ...] = ()
    due: Due | None = None
    left: tuple[tuple[str, str], ...] = ()
    missing: tuple[Step, ...] = ()

    @property
    def last(self) -> Entry | None:
        return self.done[-1] if self.done else None

    @property
    def outcome(self) -> Outcome | None:
        return self.step.outcome(self.last.outcome) if self.last else None


@dataclass(frozen=True)
class Course:
    """All steps in order. ``closed``: the entry that ended the matter; ``whole`` the end of the whole term."""

    procedure: Procedure
    steps: tuple[StepCourse, ...]
    closed: Entry | None
    whole: Due | None

    def of(self, step_id: str) -> StepCourse:
        """Raises KeyError."""
        return {each.step.id: each for each in self.steps}[step_id]

    @property
    def open(self) -> tuple[StepCourse, ...]:
        return tuple(each for each in self.steps if each.state == OPEN)

    @property
    def next(self) -> StepCourse | None:
        """The first step that must be done now; an optional one only when nothing else is open."""
        return next((each for each in self.open if not each.step.optional), next(iter(self.open), None))

    @property
    def due(self) -> Due | None:
        """The nearest end of a term among what is open, the whole procedure's included."""
        ends = [each.due for each in self.open if each.due is not None and each.due.on is not None]
        ends += [self.whole] if self.whole is not None and self.whole.on is not None else []
        return min(ends, key=lambda due: due.on or date.max) if ends and self.closed is None else None


def entries(state: Mapping[str, Any]) -> list[Entry]:
    """Every step written, undone ones too, in the order they were done."""
    found = [_entry(key, row) for key, row in rows(state.get("steps"))]
    return sorted(found, key=lambda entry: (entry.on, entry.at, entry.key))


def course(procedure: Procedure, state: Mapping[str, Any], around: Circumstances) -> Course:
    """Pure. Entries of steps the procedure no longer names are left out of the course (``entries`` has them)."""
    return _Reader(procedure, state, around).read()


class _Reader:
    def __init__(self, procedure: Procedure, state: Mapping[str, Any], around: Circumstances) -> None:
        self.procedure, self.state, self.around = procedure, state, around
        self.settings: Mapping[str, Any] = state.get("settings") or {}
        self.all = entries(state)
        self.counting = [each for each in self.all if not each.undone]
        self.stretches = self._stopped()

    def read(self) -> Course:
        closed = self._closed()
        steps = tuple(self._step(step, closed) for step in self.procedure.steps)
        rule = self.procedure.whole
        whole = None
        if rule is not None and closed is None:
            begun = self._begun(rule.start)
            days = self._days(rule.days, rule.parameter)
            whole = due_of(rule, days, begun, self.around.calendar, self.stretches) if begun else None
        return Course(self.procedure, steps, closed, whole)

    def _of(self, step_id: str) -> list[Entry]:
        return [each for each in self.counting if each.step == step_id]

    def _closed(self) -> Entry | None:
        for entry in self.counting:
            step = self.procedure.step(entry.step) if self.procedure.has(entry.step) else None
            outcome = step.outcome(entry.outcome) if step else None
            if step is not None and (step.closes if outcome is None else outcome.closes or step.closes):
                return entry
        return None

    def _step(self, step: Step, closed: Entry | None) -> StepCourse:
        done = tuple(self._of(step.id))
        undone = tuple(each for each in self.all if each.undone and each.step == step.id)
        left = self._unsigned(step)
        state, missing = self._state(step, closed)
        due = self._due(step) if state == OPEN else None
        return StepCourse(step, state, done, undone, due, left, missing)

    def _state(self, step: Step, closed: Entry | None) -> tuple[str, tuple[Step, ...]]:
        if self._complete(step):
            return DONE, ()
        if closed is not None or self._off(step):
            return (DONE, ()) if self._of(step.id) else (OFF, ())
        if self._satisfied(step) is not None:
            return OPEN, ()
        alternative = next((each for each in step.needs if not self._impossible(each)), {})
        waits = [name for name, outcomes in alternative.items() if not self._met(name, outcomes)]
        return WAITING, tuple(self.procedure.step(name) for name in waits)

    def _complete(self, step: Step) -> bool:
        done = self._of(step.id)
        if step.each in (ADULT, ROW):
            return bool(done) and not self._unsigned(step)
        if step.each == SESSION:
            return bool(done) and done[-1].outcome not in step.again
        return bool(done)

    def _unsigned(self, step: Step) -> tuple[tuple[str, str], ...]:
        if step.each not in (ADULT, ROW):
            return ()
        done = {entry.row for entry in self._of(step.id)}
        wanted = self.around.adults if step.each == ADULT else tuple((row, name) for row, name, _ in self._rows(step))
        return tuple(one for one in wanted if one[0] not in done)

    def _rows(self, step: Step) -> list[tuple[str, str, str]]:
        """(row id, name, until) of every row of the repeat an earlier step filled."""
        source = self._of(step.rows["step"])
        listed = rows(source[-1].answers.get(step.rows["repeat"])) if source else []
        named, until = step.rows["name"], step.rows.get("until", "")
        return [(key, str(row.get(named) or ""), str(row.get(until) or "")) for key, row in listed]

    def _met(self, name: str, outcomes: Sequence[str]) -> bool:
        step = self.procedure.step(name)
        done = self._of(name)
        return self._complete(step) and (not outcomes or done[-1].outcome in outcomes)

    def _satisfied(self, step: Step) -> Mapping[str, tuple[str, ...]] | None:
        if not step.needs:
            return {}
        return next((each for each in step.needs if all(self._met(*pair) for pair in each.items())), None)

    def _impossible(self, alternative: Mapping[str, tuple[str, ...]]) -> bool:
        return any(
            self._off(self.procedure.step(name))
            or (bool(outcomes) and self._complete(self.procedure.step(name)) and not self._met(name, outcomes))
            for name, outcomes in alternative.items()
        )

    def _off(self, step: Step) -> bool:
        """Not on the way this matter has taken."""
        if any(str(_plain(self.settings.get(key))) != wanted for key, wanted in step.when.items()):
            return True
        others = [{name: out for name, out in each.items() if name != step.id} for each in step.needs]
        return bool(others) and all(self._impossible(each) for each in others)

    def _due(self, step: Step) -> Due | None:
        if step.each == SESSION and self._of(step.id) and self._of(step.id)[-1].until:
            return Due(date.fromisoformat(str(self._of(step.id)[-1].until)[:10]))
        if step.each == ROW:
            left = {row for row, _name in self._unsigned(step)}
            ends = sorted(until for row, _name, until in self._rows(step) if row in left and until)
            return Due(_day(ends[0])) if ends else None
        if step.term is None:
            return None
        if step.term.until:
            named = [each.until for each in self._of(step.term.until) if each.until]
            return Due(_day(named[-1]), clause=step.term.clause) if named else None
        start = step.term.start
        begun = self._opened(step) if not start else self._begun("" if start == OPENED else start)
        days = self._days(step.term.days, step.term.parameter)
        return due_of(step.term, days, begun, self.around.calendar) if begun else None

    def _days(self, days: int | None, parameter: str) -> int | None:
        """A term that is a parameter holds as it was when the matter was opened."""
        found = self.settings.get(parameter) if parameter else days
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def _begun(self, step_id: str) -> tuple[date, str] | None:
        """The day the term begins to run after; a term that starts with the matter needs no step."""
        if not step_id:
            return _day(str(self.state.get("opened_on") or "")), str(self.state.get("opened_at") or "")
        done = self._of(step_id)
        return (_day(done[-1].on), done[-1].at) if done else None

    def _opened(self, step: Step) -> tuple[date, str] | None:
        met = self._satisfied(step)
        if not met:
            return self._begun("")
        days = [self._begun(name) for name in met]
        return max((day for day in days if day is not None), default=None)

    def _stopped(self) -> tuple[Stretch, ...]:
        """When the whole term stood still, where the county's parameter says so."""
        allowed = self.settings.get("clock.stops_for") or ()
        found = []
        for stop in self.procedure.stops:
            begun = [each for each in self._of(stop.begin) if not stop.outcome or each.outcome == stop.outcome]
            if stop.reason in allowed and begun:
                end = self._of(stop.end)
                found.append((_day(begun[-1].on), _day(end[-1].on) if end else self.around.today))
        return tuple(found)


def _entry(key: str, row: Mapping[str, Any]) -> Entry:
    form = row.get("form") or {}
    amount = row.get("amount")
    return Entry(
        key, str(row.get("step") or key.partition(":")[0]), str(row.get("row") or ""), str(row.get("on") or ""),
        str(row.get("at") or ""), str(row.get("by") or ""), str(row.get("user") or ""), row.get("outcome"),
        str(row.get("words") or ""), amount if isinstance(amount, int) else None, row.get("until"),
        (str(form.get("id") or ""), str(form.get("version") or "")), row.get("answers") or {},
        str(row.get("visit") or ""), str(row.get("undone") or ""), tuple(row.get("report") or ()),
    )  # fmt: skip


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _plain(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value
