"""A random re-check from its announcement to its published result (``fieldapp/domain/drawing.py`` draws)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from typing import Any

from fieldapp.domain.areas import board, covers
from fieldapp.domain.documents import Recheck, Visit
from fieldapp.domain.drawing import Candidate, Drawn, commitment, draw, new_seed, problems
from fieldapp.domain.ids import new_document_id
from fieldapp.domain.pointers import Json
from fieldapp.errors import RefusedError, StateError
from fieldapp.policy.api import Facts
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.store.projections import helps, households, leads, visits
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.assessing import frozen_of
from fieldapp.workflows.form_reading import Asked, read_form
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.places import places
from fieldapp.workflows.visit_drafts import HOME_VISIT
from fieldapp.workflows.visits import VisitOpening, VisitStart, opened

SEED = "recheck_seed"
PURPOSE, NEAR_FACT = "recheck", "household.near_relative"
#: Questions about the visit itself, not about the family: two visits never agree on them.
ABOUT_THE_VISIT = ("investigator", "purpose", "present", "sign", "photo", "consent", "told", "conclusion")


@dataclass(frozen=True)
class NewRecheck:
    """``per_mille`` of a thousand are drawn; ``inspectors`` by name; the period is of days, both included.
    ``supersedes`` the re-check it takes the place of, whose seed is lost, and ``why``."""

    title: str
    area: str
    first: date
    last: date
    per_mille: int
    inspectors: tuple[str, ...]
    supersedes: str = ""
    why: str = ""


@dataclass(frozen=True)
class DrawnLine:
    """One drawn document. ``family`` and ``place`` are "" where this laptop does not hold it. ``second`` is the visit
    of the inspector once it is finished; ``result`` {asked, differs} once it is published."""

    drawn: Drawn
    family: str
    place: str
    household: str
    second: str | None
    result: Mapping[str, int] | None
    always: bool


@dataclass(frozen=True)
class RecheckPage:
    """``state``: ``announced`` (the period runs, or is over and the seed is not out yet) | ``drawn`` | ``superseded``.
    ``here``: the seed waits on this laptop; ``may_replace``: it does not, and this desk may announce another in its
    place, named ``instead`` once there is one. ``wrong`` of ``drawing.problems``; ``left_out`` documents of the
    period that are not among the candidates, as far as this laptop holds them: late arrivals, or something hidden."""

    id: str
    record: Recheck
    state: str
    may_reveal: bool
    candidates: int
    lines: tuple[DrawnLine, ...]
    wrong: tuple[str, ...]
    left_out: int
    here: bool = False
    may_replace: bool = False
    instead: str = ""


@dataclass(frozen=True)
class Difference:
    """A question both visits answered, or one of them."""

    section: str
    row: str
    label: str
    first: str
    second: str
    differs: bool


def announce(store: Store, actor: Actor, wanted: NewRecheck) -> Future[str]:
    """Publish the commitment on the area's notice board; the seed stays in this laptop until the period is over.

    Raises StateError ``recheck.dates`` for a period that is over already (the draw could be foreseen),
    ``recheck.title``, ``recheck.nobody`` without inspectors, ``recheck.share``, ``recheck.why`` and ``recheck.settled``
    of one that takes another's place; RefusedError.
    """
    if not wanted.title.strip():
        raise StateError("recheck.title")
    if wanted.last < wanted.first or wanted.last < actor.today():
        raise StateError("recheck.dates")
    names = tuple(dict.fromkeys(name.strip() for name in wanted.inspectors if name.strip()))
    if not names:
        raise StateError("recheck.nobody")
    if not 0 < wanted.per_mille <= 1000:
        raise StateError("recheck.share")
    if wanted.supersedes and not wanted.why.strip():
        raise StateError("recheck.why")

    def work(tx: WriteTx) -> str:
        actor.require("recheck", wanted.area)
        document, seed = new_document_id(), new_seed()
        tx.save_draft(document, SEED, None, {"seed": seed})
        state: dict[str, Json] = {
            "title": wanted.title.strip(), "area": wanted.area, "first": wanted.first.isoformat(),
            "last": wanted.last.isoformat(), "per_mille": wanted.per_mille, "inspectors": list(names),
            "commitment": commitment(seed), "announced_on": actor.today().isoformat(), "by": actor.name,
        }  # fmt: skip
        if wanted.supersedes:
            _supersede(tx, actor, wanted, document)
            state["supersedes"] = wanted.supersedes
        return tx.create("recheck", board(wanted.area), state, document_id=document)

    return store.write(work)


def _supersede(tx: WriteTx, actor: Actor, wanted: NewRecheck, document: str) -> None:
    """Openly, and never one whose seed is out or lies here: who could draw it may not exchange it."""
    view, record = _recheck(tx, wanted.supersedes)
    actor.require("recheck", view.area)
    if record.seed or record.superseded or tx.draft(wanted.supersedes) is not None:
        raise StateError("recheck.settled")
    told: dict[str, Json] = {
        "by": document, "on": actor.today().isoformat(), "who": actor.name, "why": wanted.why.strip(),
    }  # fmt: skip
    tx.save(wanted.supersedes, {f"/superseded/{name}": value for name, value in told.items()})


def reveal(store: Store, actor: Actor, recheck_id: str) -> Future[tuple[Drawn, ...]]:
    """Publish seed, candidates and what they draw. Raises StateError ``recheck.early`` while the period runs,
    ``recheck.drawn``, ``recheck.no_seed`` on another laptop than the announcing one, ``recheck.settled`` when another
    has taken its place, ``recheck.empty``; RefusedError.
    """

    def work(tx: WriteTx) -> tuple[Drawn, ...]:
        view, record = _recheck(tx, recheck_id)
        actor.require("recheck", view.area)
        if record.seed:
            raise StateError("recheck.drawn")
        if record.superseded:
            raise StateError("recheck.settled")
        if actor.today() <= date.fromisoformat(record.last or "9999-12-31"):
            raise StateError("recheck.early")
        kept = tx.draft(recheck_id)
        if kept is None or kept.kind != SEED:
            raise StateError("recheck.no_seed")
        candidates = sorted(_candidates(tx, record), key=lambda each: (each.kind, each.id))
        if not candidates:
            raise StateError("recheck.empty")
        seed = str(kept.body["seed"])
        drawn = draw(seed, candidates, record.per_mille, record.inspectors)
        tx.save(
            recheck_id,
            {
                "/seed": seed, "/candidates": [each.to_json() for each in candidates],
                "/drawn": [each.to_json() for each in drawn], "/drawn_on": actor.today().isoformat(),
            },
        )  # fmt: skip
        tx.drop_draft(recheck_id)
        return drawn

    return store.write(work)


def listing(store: Store, actor: Actor) -> Future[tuple[Recheck, ...]]:
    """Everything announced here, the newest first."""

    def work(tx: ReadTx) -> tuple[Recheck, ...]:
        found = [Recheck.read(view.id, view.state) for view in tx.of_type("recheck")]
        met = [each for each in found if any(_meet(each.area or "", scope) for scope in actor.scopes)]
        return tuple(sorted(met, key=lambda each: (each.announced_on or "", each.id), reverse=True))

    return store.read(work)


def page(store: Store, actor: Actor, recheck_id: str) -> Future[RecheckPage]:
    """One re-check, drawn again here. Raises StateError ``state.unknown``."""

    def work(tx: ReadTx) -> RecheckPage:
        _view, record = _recheck(tx, recheck_id)
        kept = tx.draft(recheck_id)
        over = actor.today() > date.fromisoformat(record.last or "9999-12-31")
        if not record.seed:
            return _undrawn(tx, actor, record, over=over, here=kept is not None and kept.kind == SEED)
        lines = tuple(_line(tx, record, Drawn(*(str(part) for part in each))) for each in record.drawn)
        known = {(each[0], each[1]) for each in record.candidates}
        covered = any(covers(scope, record.area or "") for scope in actor.scopes)
        missing = [each for each in _candidates(tx, record) if (each.kind, each.id) not in known] if covered else []
        return RecheckPage(
            recheck_id, record, "drawn", False, len(record.candidates), lines, problems(record.state), len(missing)
        )

    return store.read(work)


def _undrawn(tx: ReadTx, actor: Actor, record: Recheck, *, over: bool, here: bool) -> RecheckPage:
    instead = tx.document(str(record.superseded.get("by") or "")) if record.superseded else None
    title = instead.record.title or "" if instead is not None and isinstance(instead.record, Recheck) else ""
    covered = any(covers(scope, record.area or "") for scope in actor.scopes)
    return RecheckPage(
        record.id, record, "superseded" if record.superseded else "announced", over and here and not record.superseded,
        0, (), (), 0, here, actor.at_desk and covered and not here and not record.superseded, title,
    )  # fmt: skip


def compare(
    store: Store, actor: Actor, shelf: FormShelf, recheck_id: str, visit: str, form_lang: str
) -> Future[tuple[Difference, ...]]:
    """The first visit beside the inspector's, field by field. Raises StateError ``recheck.not_yet`` before the second
    is finished."""

    def work(tx: ReadTx) -> tuple[Difference, ...]:
        _view, record = _recheck(tx, recheck_id)
        return tuple(_differences(tx, shelf, record, visit, form_lang))

    return store.read(work)


def publish(
    store: Store, actor: Actor, shelf: FormShelf, recheck_id: str, visit: str, form_lang: str
) -> Future[Mapping[str, int]]:
    """Put the counts of a finished comparison beside the draw: how many questions, how many differ; no answer and no
    worker's name. Raises StateError ``recheck.not_yet``, RefusedError."""

    def work(tx: WriteTx) -> Mapping[str, int]:
        view, record = _recheck(tx, recheck_id)
        actor.require("recheck", view.area)
        found = list(_differences(tx, shelf, record, visit, form_lang))
        counts = {"asked": len(found), "differs": sum(each.differs for each in found)}
        writes: dict[str, Json] = {f"/results/{visit}/{name}": count for name, count in counts.items()}
        tx.save(recheck_id, {**writes, f"/results/{visit}/on": actor.today().isoformat()})
        return counts

    return store.write(work)


def _differences(tx: ReadTx, shelf: FormShelf, record: Recheck, visit: str, lang: str) -> Iterator[Difference]:
    second = second_visit(tx, visit)
    first = tx.document(visit)
    if second is None or first is None:
        raise StateError("recheck.not_yet")
    then, now = Visit.read(visit, first.state), second
    form = shelf.best(now.form_id or HOME_VISIT, now.form_version)
    for each in read_form(form, now.answers, then.answers, lang):
        if not about_the_visit(each):
            yield Difference(each.section, each.row, each.label, each.last, each.text, each.differs)


def about_the_visit(each: Asked) -> bool:
    """Whether a question is about the visit itself, so that two visits never agree on it."""
    return each.is_file or any(each.node.name.startswith(name) for name in ABOUT_THE_VISIT)


def second_visit(tx: ReadTx, visit: str) -> Visit | None:
    """The inspector's finished visit about ``visit``."""
    row = visits.visit(tx, visit)
    if row is None or not row.household:
        return None
    for each in visits.of_household(tx, row.household):
        view = tx.document(each.id) if each.purpose == PURPOSE else None
        if view is not None and view.state.get("rechecks") == visit:
            return Visit.read(view.id, view.state)
    return None


def _recheck(tx: ReadTx, recheck_id: str) -> tuple[Any, Recheck]:
    view = tx.document(recheck_id)
    if view is None or not isinstance(view.record, Recheck):
        raise StateError("state.unknown")
    return view, view.record


def _candidates(tx: ReadTx, record: Recheck) -> Iterator[Candidate]:
    """Finished visits and closed service orders of the period; a re-check is not itself re-checked."""
    first, last = record.first or "", (record.last or "") + "~"
    for row in visits.in_area(tx, record.area or "", limit=-1):
        if row.type == "visit" and row.purpose != PURPOSE and first <= (row.finished_at or "")[:10] <= last:
            team = tuple(sorted(visits.investigators(tx, row.id)))
            near = is_near_relative(tx, row.id, row.household)
            yield Candidate("visit", row.id, min(row.leaves, default=""), team, near)
    for help_row in helps.settled(tx, record.area or "", limit=-1):
        if help_row.kind == "service" and first <= (help_row.done_at or "")[:10] <= last:
            view = tx.document(help_row.id)
            yield Candidate("service", help_row.id, min(view.merged.leaves) if view else "")


def is_near_relative(tx: ReadTx, visit: str, household: str | None) -> bool:
    """Filed, marked on a lead, or said in the visit itself."""
    marked = household and any(row.near_relative for row in leads.of_household(tx, household))
    if marked or (household and helps.is_filed(tx, household)):
        return True
    view = tx.document(visit)
    frozen = frozen_of(Visit.read(visit, view.state).assessment) if view is not None else None
    return frozen is not None and Facts.from_json(frozen["facts"]).get(NEAR_FACT).value is True


def _line(tx: ReadTx, record: Recheck, drawn: Drawn) -> DrawnLine:
    row = visits.visit(tx, drawn.id) if drawn.kind == "visit" else None
    view = tx.document(drawn.id)
    household = str(view.state.get("household") or "") if view is not None else ""
    home = households.household(tx, household) if household else None
    second = second_visit(tx, drawn.id) if row is not None else None
    place = (home.address or places(tx).grid_words(home.area)) if home else ""
    always = any(each[1] == drawn.id and each[4] for each in record.candidates)
    return DrawnLine(
        drawn, (home.head_name or "") if home else "", place, household, second.id if second else None,
        record.results.get(drawn.id), always,
    )  # fmt: skip


def start_second(
    store: Store, actor: Actor, shelf: FormShelf, recheck_id: str, visit: str, partner: str | None = None
) -> Future[VisitOpening]:
    """The inspector's visit: the form of the first, without anything it said. Raises RefusedError
    ``recheck.not_yours``, StateError ``visit.unknown``."""

    def work(tx: ReadTx) -> VisitOpening:
        _view, record = _recheck(tx, recheck_id)
        if not any(each[1] == visit and each[2] == actor.name for each in record.drawn):
            raise RefusedError("recheck.not_yours")
        row = visits.visit(tx, visit)
        if row is None or not row.household:
            raise StateError("visit.unknown")
        wanted = VisitStart(
            row.household, PURPOSE, form_id=row.form_id or HOME_VISIT, partner=partner, rechecks=visit
        )  # fmt: skip
        return opened(tx, actor, shelf, wanted)

    return store.read(work)


def blind_for(tx: ReadTx, actor: Actor, visit: str) -> bool:
    """Whether ``visit`` was drawn for this user, who has not made the second one yet and must not see the first."""
    for view in tx.of_type("recheck"):
        drawn = Recheck.read(view.id, view.state).drawn
        if any(each[1] == visit and each[2] == actor.name for each in drawn):
            return second_visit(tx, visit) is None
    return False


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
