"""Matters of this user's areas: what is open by nearest term, what is settled, what is due or overdue today."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date

from fieldapp.domain.documents import Errand
from fieldapp.domain.roles import READ, THIRD_PARTY, may
from fieldapp.store.api import ReadTx, Store
from fieldapp.store.projections import helps, households
from fieldapp.store.projections.helps import HelpRow
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters.procedure import Procedure, Step
from fieldapp.workflows.matters.shelf import procedures
from fieldapp.workflows.matters.slips import SLIP
from fieldapp.workflows.matters.terms import Calendar, calendar
from fieldapp.workflows.places import Places, places

SHOWN = 300


@dataclass(frozen=True)
class MatterLine:
    """One matter in a list. ``next`` the step it stands at, ``level`` who does it, ``mine`` whether this user may;
    ``days_left`` working days, negative when over, None without a term; ``closed_on`` "" while it runs."""

    id: str
    type: str
    kind: str
    title: str
    family: str
    place: str
    household: str | None
    person: str | None
    provider: str
    next: str
    level: str
    mine: bool
    due_on: str | None
    days_left: int | None
    closed_on: str
    has_steps: bool
    conflicts: int


@dataclass(frozen=True)
class MatterBoard:
    """Open ones by nearest term, those without a term last; settled ones newest first; at most ``SHOWN`` of each.
    ``total`` counts all that are open, ``late`` those over their term."""

    open: tuple[MatterLine, ...]
    settled: tuple[MatterLine, ...]
    total: int
    late: int
    today: date


def board(store: Store, actor: Actor, lang: str, *, household: str = "") -> Future[MatterBoard]:
    """Of this user's areas, or of one household."""

    def work(tx: ReadTx) -> MatterBoard:
        reader = Lines(tx, actor, lang)
        if household:
            rows = [row for row in helps.of_household(tx, household) if row.type != "plan"]
            running, done = [row for row in rows if not row.done_at], [row for row in rows if row.done_at]
        else:
            running = [row for area in actor.scopes for row in helps.running(tx, area, SHOWN)]
            done = [row for area in actor.scopes for row in helps.settled(tx, area, SHOWN)]
        open_lines = tuple(reader.line(row) for row in sorted(running, key=nearest) if reader.may_see(row))
        settled = tuple(reader.line(row) for row in done if reader.may_see(row))
        today = actor.today()
        if household:
            late = sum(line.days_left is not None and line.days_left < 0 for line in open_lines)
            return MatterBoard(open_lines, settled, len(open_lines), late, today)
        return MatterBoard(open_lines[:SHOWN], settled, count_open(tx, actor), count_late(tx, actor), today)

    return store.read(work)


def waiting_today(
    tx: ReadTx, actor: Actor, lang: str, until: date, shown: int, but: Collection[str] = ()
) -> tuple[list[MatterLine], int]:
    """Matters whose next step is this user's and whose term ends on or before ``until``, then those without a term,
    the oldest first: the first ``shown``, and how many there are. ``but``: ids told elsewhere."""
    reader = Lines(tx, actor, lang)
    rows = [*helps.due(tx, until.isoformat()), *(row for area in actor.scopes for row in helps.without_term(tx, area))]
    mine = [row for row in rows if row.id not in but and reader.waits_for_me(row)]
    return [reader.line(row) for row in mine[:shown]], len(mine)


def count_open(tx: ReadTx, actor: Actor) -> int:
    """How many matters this user may read have no result yet."""
    return sum(helps.count_running(tx, area, _readable(actor)) for area in actor.scopes)


def count_late(tx: ReadTx, actor: Actor) -> int:
    """How many of them are over their term."""
    today = actor.today().isoformat()
    return sum(helps.count_late(tx, area, today, _readable(actor)) for area in actor.scopes)


def _readable(actor: Actor) -> list[str]:
    return [name for name in helps.TYPES or () if name != "plan" and _seen(actor, name)]


def _seen(actor: Actor, document_type: str) -> bool:
    """A slip stands only in the list of whoever serves from outside: the others have its task."""
    return may(actor.role, READ, document_type) and (document_type != SLIP or actor.role == THIRD_PARTY)


def nearest(row: HelpRow) -> tuple[bool, str, str]:
    return row.due_on is None, row.due_on or "", row.first_at


class Lines:
    """Rows of the projection as lines of a list, with what one transaction knows read once."""

    def __init__(self, tx: ReadTx, actor: Actor, lang: str) -> None:
        self.tx, self.actor, self.lang = tx, actor, lang
        self.known = procedures(tx)
        self.names: Places = places(tx)
        self.calendar: Calendar = calendar(tx)

    def may_see(self, row: HelpRow) -> bool:
        return _seen(self.actor, row.type)

    def waits_for_me(self, row: HelpRow) -> bool:
        """Whether a step that must be done now is this user's; from the row alone."""
        procedure = self.known.get(row.procedure or "")
        if procedure is None or not self.may_see(row) or not row.area.startswith(self.actor.scopes):
            return False
        steps = [procedure.step(name) for name in row.next if procedure.has(name)]
        return any(self.actor.role in step.roles and not step.optional for step in steps)

    def line(self, row: HelpRow) -> MatterLine:
        procedure = self.known.get(row.procedure or "")
        steps = [procedure.step(name) for name in row.next if procedure.has(name)] if procedure else []
        mine = [step for step in steps if self.actor.role in step.roles]
        wanted = next((step for step in mine if not step.optional), None) or next(iter(steps), None)
        home = households.household(self.tx, row.household or "")
        place = (home.address if home and home.address else None) or self.names.grid_words(row.area)
        family = (home.head_name or "") if home else ""
        if row.type == SLIP:
            family, place = self._on_the_slip(row.id, place)
        due = date.fromisoformat(row.due_on[:10]) if row.due_on else None
        return MatterLine(
            row.id, row.type, row.kind or "", self._title(row, procedure), family, place,
            row.household, row.person, row.provider or "", wanted.words.said(self.lang) if wanted else "",
            wanted.level if wanted else "", self._is_mine(row, procedure, wanted), row.due_on,
            self.calendar.left(self.actor.today(), due) if due and not row.done_at else None,
            (row.done_at or "")[:10], procedure is not None, row.conflicts,
        )  # fmt: skip

    def step_words(self, row: HelpRow, step: str) -> str:
        """What a step of this matter is called."""
        procedure = self.known.get(row.procedure or "")
        return procedure.step(step).words.said(self.lang) if procedure is not None and procedure.has(step) else ""

    def _on_the_slip(self, slip: str, place: str) -> tuple[str, str]:
        view = self.tx.document(slip)
        record = view.record if view is not None else None
        if not isinstance(record, Errand):
            return "", place
        return record.person_name or "", record.address or place

    def _title(self, row: HelpRow, procedure: Procedure | None) -> str:
        if procedure is not None and row.title in (None, "", procedure.words.zh):
            return procedure.words.said(self.lang)
        return row.title or ""

    def _is_mine(self, row: HelpRow, procedure: Procedure | None, wanted: Step | None) -> bool:
        if procedure is None:
            return not row.done_at
        return wanted is not None and self.actor.role in wanted.roles
