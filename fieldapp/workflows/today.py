"""What must be done today, in order: emergencies, leads by working days left, what was begun and not finished, matters,
visits a desk is to review, values in conflict, returned visits, revisits."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, timedelta

from fieldapp.domain.documents import Household
from fieldapp.policy.working_days import WorkingDays
from fieldapp.store.api import ReadTx, Store
from fieldapp.store.projections import door_answers, helps, households, leads, reviews, visits
from fieldapp.store.projections.leads import LeadRow
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.conflicts import ConflictLine, contested_here
from fieldapp.workflows.matters.lists import Lines, count_open, waiting_today
from fieldapp.workflows.people import age_from, head_of, members_of
from fieldapp.workflows.places import Places, places, working_days
from fieldapp.workflows.visit_drafts import unfinished

SHOWN = 5
SOON_DAYS = 3


@dataclass(frozen=True)
class Todo:
    """One thing to do. ``kind``: ``emergency`` | ``lead`` | ``draft`` | ``returned`` | ``matter`` | ``review`` |
    ``conflict`` | ``revisit``; ``document`` what it is about. A ``draft`` is a form begun and not finished: ``purpose``
    says which visit, ``words`` which step of a matter. The ``purpose`` of a visit to ``review`` is ``urgent`` where it
    is that; ``count`` is of values in ``conflict``.

    ``days_left`` counts working days for leads and matters, calendar days for revisits, negative when overdue,
    None without a term. ``words`` are what was sent, said or planned; ``source`` who said it.
    """

    kind: str
    document: str
    household: str | None
    name: str
    age: int | None
    place: str
    words: str
    source: str
    days_left: int | None
    due_on: str | None
    at: str | None
    risk: str | None = None
    purpose: str = ""
    count: int = 0


@dataclass(frozen=True)
class Week:
    """Since Monday, by this user, at a desk by everybody of its areas: ``doors`` answered (0 at a desk), ``visits``
    made, ``phone`` visits among them."""

    doors: int
    visits: int
    phone: int


@dataclass(frozen=True)
class TodayBoard:
    """``todos`` are at most ``SHOWN`` of a kind, ``totals`` how many there are of each kind; ``matters`` counts all
    that run, those with time left too."""

    today: date
    place: str
    todos: tuple[Todo, ...]
    totals: dict[str, int]
    week: Week
    matters: int = 0

    def of(self, *kinds: str) -> list[Todo]:
        return [todo for todo in self.todos if todo.kind in kinds]

    @property
    def total(self) -> int:
        return sum(self.totals.values())


def board(store: Store, actor: Actor, lang: str = "zh") -> Future[TodayBoard]:
    """Everything of today for this user; indexed reads only, so that it opens as fast with 100,000 households."""

    def work(tx: ReadTx) -> TodayBoard:
        names, days, today = places(tx), working_days(tx), actor.today()
        todos, totals = _leads(tx, actor, names, days, today)
        begun = _drafts(tx, actor, names, lang)
        todos += begun[:SHOWN]
        totals["draft"] = len(begun)
        due, totals["matter"] = _matters(tx, actor, lang, today, _held(tx))
        todos += due
        waiting, totals["review"] = _to_review(tx, actor, names) if actor.at_desk else ([], 0)
        todos += waiting
        contested = contested_here(tx, actor)
        todos += [_contested(each) for each in contested[:SHOWN]]
        totals["conflict"] = len(contested)
        revisits = _revisits(tx, names, today)
        if actor.at_desk:  # whoever walks there comes back in time; the desk sees what nobody came back to
            revisits = [each for each in revisits if (each.days_left or 0) < 0]
        for kind, found in (("returned", _returned(tx, actor, names)), ("revisit", revisits)):
            todos += found[:SHOWN]
            totals[kind] = len(found)
        week = _week(tx, actor, today)
        return TodayBoard(today, names.together(actor.scopes), tuple(todos), totals, week, count_open(tx, actor))

    return store.read(work)


def _leads(
    tx: ReadTx, actor: Actor, names: Places, days: WorkingDays, today: date
) -> tuple[list[Todo], dict[str, int]]:
    """Only those shown are read whole: a town has thousands."""
    rows = [row for area in actor.scopes for row in leads.waiting(tx, area)]
    terms = {row.id: days.term(row.due_on, row.issued_on, row.days) for row in rows}
    rows.sort(key=lambda row: terms[row.id] or date.max)
    urgent, others = [row for row in rows if row.urgent], [row for row in rows if not row.urgent]
    shown = [_lead(tx, row, names, days, today) for row in urgent[:SHOWN] + others[:SHOWN]]
    return shown, {"emergency": len(urgent), "lead": len(others)}


def _lead(tx: ReadTx, row: LeadRow, names: Places, days: WorkingDays, today: date) -> Todo:
    person = tx.document(row.person) if row.person else None
    birth = person.state.get("birth_date") if person else None
    due = days.term(row.due_on, row.issued_on, row.days)
    left = days.left(today, due) if due else None
    return Todo(
        "emergency" if row.urgent else "lead", row.id, row.household, row.person_name or "",
        age_from(birth if isinstance(birth, str) else None, today), row.address or names.grid_words(row.area),
        row.content or "", row.source or "", left, due.isoformat() if due else None,
        row.issued_on,
    )  # fmt: skip


def _returned(tx: ReadTx, actor: Actor, names: Places) -> list[Todo]:
    """Visits sent back that nobody has mended yet: a new leaf of the visit reopens its review. A desk mends its own."""
    found = []
    for area in actor.scopes:
        for visit in visits.decided(tx, "returned", area):
            if actor.at_desk and actor.user not in visit.authors:
                continue
            review = reviews.of_subject(tx, visit.id)
            words = (review.words if review else None) or ""
            name, place = _family(tx, visit.household or "", names)
            by, at = visit.decided_by or "", visit.decided_at
            found.append(Todo("returned", visit.id, visit.household, name, None, place, words, by, None, None, at))
    return found


def _to_review(tx: ReadTx, actor: Actor, names: Places) -> tuple[list[Todo], int]:
    """Visits that wait for this desk, urgent ones first, and how many; its own are somebody else's to review."""
    rows = [row for area in actor.scopes for row in visits.waiting(tx, area) if actor.user not in row.authors]
    found = []
    for row in rows[:SHOWN]:
        name, place = _family(tx, row.household or "", names)
        who, kind = "、".join(visits.investigators(tx, row.id)), "urgent" if row.urgent else row.purpose or ""
        at = row.finished_at or row.last_at
        found.append(Todo("review", row.id, row.household, name, None, place, who, "", None, None, at, purpose=kind))
    return found, len(rows)


def _contested(line: ConflictLine) -> Todo:
    return Todo(
        "conflict", line.document, None, line.family, None, line.place, "", "", None, None, line.at, count=line.count
    )  # fmt: skip


def _drafts(tx: ReadTx, actor: Actor, names: Places, lang: str) -> list[Todo]:
    """Forms of visits and of matters' steps that were begun and not finished, the newest first. One that mends a
    returned visit stands among the returned ones, a matter's with the matter's term."""
    reader, found = Lines(tx, actor, lang), []
    for draft, header in unfinished(tx):
        if header.mends:
            continue
        name, place = _family(tx, header.household, names)
        row = helps.matter(tx, header.matter) if header.fills_step else None
        line = reader.line(row) if row is not None else None
        words = f"{line.title}：{reader.step_words(row, header.step)}" if row is not None and line is not None else ""
        found.append(
            Todo(
                "draft", draft.id, header.household, name, None, place, words, "", line.days_left if line else None,
                line.due_on if line else None, draft.saved_at, purpose="" if header.fills_step else header.purpose,
            )
        )  # fmt: skip
    return found


def _held(tx: ReadTx) -> set[str]:
    """Matters whose next step is begun: they stand on the board as that draft."""
    return {header.matter for _draft, header in unfinished(tx) if header.fills_step and not header.corrects}


def _matters(tx: ReadTx, actor: Actor, lang: str, today: date, but: set[str]) -> tuple[list[Todo], int]:
    """Steps of matters that are this user's and whose term is over, soon is, or was never given."""
    lines, total = waiting_today(tx, actor, lang, today + timedelta(days=SOON_DAYS), SHOWN, but)
    todos = [
        Todo(
            "matter", line.id, line.household, line.family, None, line.place, f"{line.title}：{line.next}", "",
            line.days_left, line.due_on, None,
        )
        for line in lines
    ]  # fmt: skip
    return todos, total


def _revisits(tx: ReadTx, names: Places, today: date) -> list[Todo]:
    found = []
    for place, row in enumerate(households.revisits_due(tx, today.isoformat())):
        left = (date.fromisoformat(str(row.revisit_on)[:10]) - today).days
        reason, age = "", None
        if place < SHOWN:
            view = tx.document(row.id)
            reason = str(view.record.revisit.get("reason") or "") if view and isinstance(view.record, Household) else ""
            head = head_of(members_of(tx, row.id, today))
            age = head.age if head else None
        where = row.address or names.grid_words(row.area)
        found.append(
            Todo(
                "revisit",
                row.id,
                row.id,
                row.head_name or "",
                age,
                where,
                reason,
                "",
                left,
                row.revisit_on,
                None,
                row.risk,
            )
        )
    return found


def _family(tx: ReadTx, household: str, names: Places) -> tuple[str, str]:
    row = households.household(tx, household)
    if row is None:
        return "", ""
    return row.head_name or "", row.address or names.grid_words(row.area)


def _week(tx: ReadTx, actor: Actor, today: date) -> Week:
    monday = (today - timedelta(days=today.weekday())).isoformat()
    if actor.at_desk:
        here = [visits.count_in(tx, area, monday) for area in actor.scopes]
        return Week(0, sum(sum(each.values()) for each in here), sum(each.get("phone", 0) for each in here))
    made = visits.count_by(tx, actor.user, monday)
    return Week(door_answers.count_by(tx, actor.name, monday), sum(made.values()), made.get("phone", 0))
