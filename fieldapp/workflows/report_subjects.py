"""What a paper can be about: the documents, areas and forms somebody at work may choose from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice

from fieldapp.domain.areas import covers
from fieldapp.domain.documents import Household, Lead, Recheck, Round, Task
from fieldapp.domain.documents import rows as standing_rows
from fieldapp.store.api import ReadTx, Store
from fieldapp.store.projections import households, visits
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.exporting import in_background
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.matters import readings
from fieldapp.workflows.papers.asking import family_name
from fieldapp.workflows.places import places
from fieldapp.workflows.report_data_answers import local_time
from fieldapp.workflows.report_words import POLICIES, TASK_KINDS, words

MOST = 2000


@dataclass(frozen=True)
class Subject:
    """``family`` is a person's name (hidden in privacy mode), ``words`` what else tells it from the others."""

    id: str
    family: str
    words: str


def subjects(store: Store, actor: Actor, shelf: FormShelf, kind: str) -> Future[list[Subject]]:
    """Choices for a paper whose ``papers.registry.Kind.subject`` is ``kind``, in the order somebody looks for them; at
    most ``MOST``."""
    if kind == "form":
        return in_background(lambda: [Subject(*each) for each in _titled(shelf)])
    return store.read(lambda tx: list(islice(FINDERS[kind](tx, actor), MOST)))


def _titled(shelf: FormShelf) -> Iterator[tuple[str, str, str]]:
    for form, title in shelf.titles(shelf.form_ids()).items():
        yield form, "", title


Finder = Callable[[ReadTx, Actor], Iterator["Subject"]]


def policies(store: Store, actor: Actor) -> Future[list[tuple[str, str]]]:
    """(code, words) of the programmes that households of these areas are in."""

    def work(tx: ReadTx) -> list[tuple[str, str]]:
        found = {
            str(row.get("policy"))
            for area in actor.scopes for view in tx.of_type("household", area)
            for _, row in standing_rows(Household.read(view.id, view.state).programs) if row.get("policy")
        }  # fmt: skip
        return [(code, words(POLICIES, code)) for code in sorted(found)]

    return store.read(work)


def _visits(tx: ReadTx, actor: Actor) -> Iterator[Subject]:
    for area in actor.scopes:
        for row in visits.in_area(tx, area, MOST):
            if row.type == "visit":
                head, place = family_name(tx, row.household or "")
                yield Subject(row.id, head, f"{place} · {local_time(row.finished_at or row.last_at)[:10]}")


def _households(tx: ReadTx, actor: Actor) -> Iterator[Subject]:
    names = places(tx)
    for area in actor.scopes:
        for row in households.in_area(tx, area, limit=MOST):
            yield Subject(row.id, row.head_name or "", row.address or names.grid_words(row.area))


def _leads(tx: ReadTx, actor: Actor) -> Iterator[Subject]:
    found = [Lead.read(view.id, view.state) for area in actor.scopes for view in tx.of_type("lead", area)]
    for lead in sorted(found, key=lambda lead: (not lead.answered_on, _newest(lead.issued_on))):
        yield Subject(lead.id, lead.person_name or "", " · ".join(filter(None, (lead.number, lead.issued_on))))


def _tasks(tx: ReadTx, actor: Actor) -> Iterator[Subject]:
    found = [view for area in actor.scopes for view in tx.of_type("task", area)]
    for view in sorted(found, key=lambda view: _newest(view.first_at)):
        task = Task.read(view.id, view.state)
        head, _ = family_name(tx, task.household or "")
        yield Subject(task.id, head, f"{words(TASK_KINDS, task.kind)} · {task.title}")


def _matters(document_type: str) -> Finder:
    def find(tx: ReadTx, actor: Actor) -> Iterator[Subject]:
        found = (each for area in actor.scopes for each in readings.all_of(tx, actor, (document_type,), area))
        for each in sorted(found, key=lambda each: _newest(each.opened_on)):
            yield Subject(each.id, family_name(tx, each.household)[0], f"{each.title} · {each.opened_on}")

    return find


def _rounds(tx: ReadTx, actor: Actor) -> Iterator[Subject]:
    found = [Round.read(view.id, view.state) for view in tx.of_type("round")]
    for made in sorted(found, key=lambda made: _newest(made.opens_on)):
        yield Subject(made.id, "", f"{made.title or ''} · {made.opens_on or ''}")


def _rechecks(tx: ReadTx, actor: Actor) -> Iterator[Subject]:
    found = [Recheck.read(view.id, view.state) for view in tx.of_type("recheck")]
    for made in sorted(found, key=lambda made: _newest(made.last)):
        yield Subject(made.id, "", f"{made.title or ''} · {made.first or ''}")


def _areas(tx: ReadTx, actor: Actor) -> Iterator[Subject]:
    names = places(tx)
    below = [code for code in sorted(names.names) if any(covers(scope, code) for scope in actor.scopes)]
    for code in dict.fromkeys((*actor.scopes, *below)):
        yield Subject(code, "", names.grid_words(code))


def _newest(at: str | None) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in at or "")


FINDERS: dict[str, Finder] = {
    "visit": _visits, "household": _households, "lead": _leads, "task": _tasks, "round": _rounds, "area": _areas,
    "recheck": _rechecks,
    **{kind: _matters(kind) for kind in ("application", "emergency", "mutual_aid", "referral", "conference")},
}  # fmt: skip
