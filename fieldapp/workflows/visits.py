"""A visit from its start to its submission: opened, prefilled, kept answer by answer, resumed, mended.

The draft and the visit share one id, so a photo taken on the way already belongs to the visit.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any

from fieldapp.domain.documents import Household, Lead, Person, Visit
from fieldapp.domain.ids import derived_document_id, new_document_id, review_id
from fieldapp.errors import StateError
from fieldapp.store.api import DocumentView, ReadTx, Store, WriteTx
from fieldapp.store.projections import people, visits
from fieldapp.store.projections.reviews import Comment, comments_of
from fieldapp.store.projections.visits import VisitRow
from fieldapp.workflows import rounds, telling
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.visit_drafts import DRAFT, DRAFT_BEFORE, HOME_VISIT, Header, team_of
from fieldapp.workflows.visit_prefill import prefill
from forms import api as forms
from forms.api import FormDefinition, MigrationReport

#: Why somebody is no member any more.
GONE = ("moved_away", "died", "not_ours")
#: What a blind second visit is told of the members: who they are, nothing of how they are.
WHO = ("full_name", "other_names", "sex", "birth_date", "id_kind", "id_number", "membership")


@dataclass(frozen=True)
class VisitStart:
    """What somebody sets out to do. ``purpose``: routine | lead | difficulty | application | review | revisit |
    recheck. ``partner`` names whoever goes along, several of a team apart by 、 or a blank; ``matter`` and ``step``
    what it is done for, ``rechecks`` the visit it re-checks blind."""

    household: str
    purpose: str = "routine"
    lead: str | None = None
    round: str | None = None
    form_id: str = HOME_VISIT
    partner: str | None = None
    matter: str = ""
    step: str = ""
    rechecks: str = ""


@dataclass(frozen=True)
class LastVisit:
    """The visit before this one with the same form: when, by whom, and its answers."""

    id: str
    on: str
    answers: Mapping[str, Any] = field(repr=False)
    form_version: str = ""


@dataclass(frozen=True)
class LeadNote:
    """The lead a visit answers, as the side of the form shows it."""

    id: str
    number: str
    source: str
    issued_on: str | None
    content: str
    due_on: str | None


@dataclass(frozen=True)
class VisitOpening:
    """Everything a form needs to be shown. ``heads`` are the leaves its author saw; ``report`` tells what became of
    a draft whose form changed under it; ``typed`` is (node, text) that was being written when the light went out."""

    header: Header
    title: str
    place: str
    form: FormDefinition = field(repr=False)
    draft: Mapping[str, Any] | None = field(repr=False)
    prefill: Mapping[str, Any] = field(repr=False)
    last: LastVisit | None
    lead: LeadNote | None
    comments: tuple[Comment, ...]
    heads: tuple[str, ...]
    report: MigrationReport | None = None
    typed: tuple[str, str] | None = None


def start(store: Store, actor: Actor, shelf: FormShelf, wanted: VisitStart) -> Future[VisitOpening]:
    """A new visit, or the unfinished one of this household and form. Raises StateError ``visit.no_household``."""

    return store.read(lambda tx: opened(tx, actor, shelf, wanted))


def opened(tx: ReadTx, actor: Actor, shelf: FormShelf, wanted: VisitStart) -> VisitOpening:
    """``start`` inside a transaction. A blind visit takes up its own draft alone, and no other visit takes up that."""
    for draft in tx.drafts(wanted.household):
        header = draft.body["header"] if draft.kind == DRAFT else {}
        if (header.get("form_id"), header.get("rechecks", "")) == (wanted.form_id, wanted.rechecks):
            return _for_matter(resumed(tx, shelf, draft.id), wanted)
    return _fresh(tx, actor, shelf, wanted)


def resume(store: Store, shelf: FormShelf, draft_id: str) -> Future[VisitOpening]:
    """The draft as it was left. Raises StateError ``visit.no_draft``."""
    return store.read(lambda tx: resumed(tx, shelf, draft_id))


def newer_form(shelf: FormShelf, opening: VisitOpening) -> str:
    """The version in force when the draft was begun with another one, else "". Reads files: not on the GUI thread."""
    newest = shelf.newest(opening.header.form_id).version
    return newest if newest != opening.header.form_version and not opening.header.mends else ""


def move_to_newer(store: Store, shelf: FormShelf, draft_id: str) -> Future[VisitOpening]:
    """The draft under the form in force, with a report of every answer that did not simply stay; the draft as it was is
    kept until the visit is submitted. Raises StateError ``visit.no_draft``."""

    def work(tx: WriteTx) -> VisitOpening:
        draft = tx.draft(draft_id)
        if draft is None or draft.kind != DRAFT:
            raise StateError("visit.no_draft")
        header = Header(**draft.body["header"])
        old, new = shelf.best(header.form_id, header.form_version), shelf.newest(header.form_id)
        moved, report = forms.migrate_draft(draft.body["session"], old, new)
        # Under no subject: it must not be offered as a visit of this household.
        tx.save_draft(derived_document_id(DRAFT_BEFORE, draft_id), DRAFT_BEFORE, None, draft.body, draft.heads)
        after = replace(header, form_version=new.version)
        body = {"header": _header_json(after), "session": moved, "typed": None}
        tx.save_draft(draft_id, DRAFT, header.household, body, draft.heads)
        return _opening(tx, after, new, moved, {}, draft.heads, report)

    return store.write(work)


def mend(store: Store, actor: Actor, shelf: FormShelf, visit_id: str) -> Future[VisitOpening]:
    """A returned visit on its heads, with the supervisor's comments; or the draft that already mends it."""

    def work(tx: ReadTx) -> VisitOpening:
        if tx.draft(visit_id) is not None:
            return resumed(tx, shelf, visit_id)
        view = tx.document(visit_id)
        if view is None or not isinstance(view.record, Visit):
            raise StateError("visit.unknown")
        if view.conflicted:
            raise StateError("visit.in_conflict")
        return _mending(tx, actor, shelf, view)

    return store.read(work)


def keep(
    store: Store, opening: VisitOpening, saved: Mapping[str, Any], typed: tuple[str, str] | None = None
) -> Future[None]:
    """Keep the draft as ``session.save()`` gives it; durable once the future resolves. ``typed``: (node, text) being
    written and not said yet."""
    body = {"header": _header_json(opening.header), "session": saved, "typed": typed}
    subject, heads = opening.header.household, opening.heads
    return store.write(lambda tx: tx.save_draft(opening.header.visit, DRAFT, subject, body, heads))


def discard(store: Store, draft_id: str) -> Future[None]:
    """Throw an unfinished visit away; its photos go with the next cleaning."""
    return store.write_freeing(lambda tx: tx.drop_draft(draft_id))


def _fresh(tx: ReadTx, actor: Actor, shelf: FormShelf, wanted: VisitStart) -> VisitOpening:
    view = tx.document(wanted.household)
    if view is None or not isinstance(view.record, Household):
        raise StateError("visit.no_household")
    form = shelf.newest(wanted.form_id)
    header = Header(
        new_document_id(), wanted.household, view.area, wanted.purpose, wanted.lead, wanted.round, form.id,
        form.version, actor.stamp(), matter=wanted.matter, step=wanted.step, rechecks=wanted.rechecks,
    )  # fmt: skip
    actor.require(header.document_type, view.area)
    told = {"purpose": wanted.purpose, "investigator_1": actor.name, "by": actor.name, "by_2": wanted.partner,
            "round_kind": rounds.kind_at(tx, actor, view.area)}  # fmt: skip
    told |= {f"investigator_{place}": name for place, name in enumerate(team_of(wanted.partner), 2)}
    members = _people(tx, wanted.household)
    if wanted.rechecks:
        members = [Person.read(one.id, {name: one.state[name] for name in WHO if name in one.state}) for one in members]
    known = prefill(form, view.record, members, told)
    if telling.tells(form):
        known = {**known, telling.REPEAT: telling.to_tell(tx, actor, wanted.household)}
    return _opening(tx, header, form, None, known, ())


def resumed(tx: ReadTx, shelf: FormShelf, draft_id: str) -> VisitOpening:
    """The draft as it was left, inside a transaction. Raises StateError ``visit.no_draft``."""
    draft = tx.draft(draft_id)
    if draft is None or draft.kind != DRAFT:
        raise StateError("visit.no_draft")
    header = Header(**draft.body["header"])
    form, saved, report = shelf.version(header.form_id, header.form_version), draft.body["session"], None
    if form is None:
        # The version the draft was begun with has never been compiled here (a restored backup): take the one in force.
        form = shelf.newest(header.form_id)
        saved, report = forms.migrate_draft(saved, form, form)
    opening = _opening(tx, header, form, saved, {}, draft.heads, report)
    typed = draft.body.get("typed")
    return replace(opening, typed=(typed[0], typed[1])) if typed else opening


def _for_matter(opening: VisitOpening, wanted: VisitStart) -> VisitOpening:
    """A visit begun before anybody thought of a matter serves it when it is taken up for it."""
    if not wanted.matter:
        return opening
    return replace(opening, header=replace(opening.header, matter=wanted.matter, step=wanted.step))


def _mending(tx: ReadTx, actor: Actor, shelf: FormShelf, view: DocumentView) -> VisitOpening:
    visit = Visit.read(view.id, view.state)
    actor.require(view.type, view.area)
    form = shelf.best(visit.form_id or HOME_VISIT, visit.form_version)
    header = Header(
        view.id, visit.household or "", view.area, visit.purpose or "routine", visit.lead, visit.round, form.id,
        form.version, visit.started_at or actor.stamp(), mends=True,
    )  # fmt: skip
    return _opening(tx, header, form, None, visit.answers, view.merged.leaves)


def _opening(
    tx: ReadTx,
    header: Header,
    form: FormDefinition,
    draft: Mapping[str, Any] | None,
    known: Mapping[str, Any],
    heads: tuple[str, ...],
    report: MigrationReport | None = None,
) -> VisitOpening:
    home = tx.document(header.household)
    record = home.record if home is not None else None
    name = next((p.full_name for p in _people(tx, header.household) if p.membership.get("relation") == "head"), None)
    name = name or (record.head_name if isinstance(record, Household) else None) or ""
    place = record.address or "" if isinstance(record, Household) else ""
    before = header.started_at if header.mends else ""
    last = None if header.rechecks else last_visit(tx, header.household, header.form_id, header.visit, before)
    return VisitOpening(
        header, name, place, form, draft, known, last,
        _lead(tx, header.lead), _comments(tx, header) if header.mends else (), heads, report,
    )  # fmt: skip


def last_visit(tx: ReadTx, household: str, form_id: str, but: str = "", before: str = "") -> LastVisit | None:
    """The newest finished visit of the household with this form, other than ``but`` and begun before ``before``
    (RFC 3339; "" for now). A mended visit is finished anew, so visits stand in the order they were begun."""
    made = [
        row for row in visits.of_household(tx, household)
        if row.id != but and row.type == "visit" and row.form_id == form_id and (not before or _begun(row) < before)
    ]  # fmt: skip
    for row in sorted(made, key=_begun, reverse=True):
        view = tx.document(row.id)
        if view is not None:
            answers = Visit.read(row.id, view.state).answers
            return LastVisit(row.id, (row.finished_at or "")[:10], answers, row.form_version or "")
    return None


def _begun(row: VisitRow) -> str:
    return row.started_at or row.finished_at or ""


def _people(tx: ReadTx, household: str) -> list[Person]:
    """Those a visit asks about: who died or moved away is on the household's page, not in the form."""
    living = (row for row in people.members(tx, household) if not row.deceased_on and row.whereabouts != "moved_away")
    found = [tx.document(row.id) for row in living]
    return [view.record for view in found if view is not None and isinstance(view.record, Person)]


def _lead(tx: ReadTx, lead_id: str | None) -> LeadNote | None:
    view = tx.document(lead_id) if lead_id else None
    if view is None or not isinstance(view.record, Lead):
        return None
    lead = view.record
    return LeadNote(view.id, lead.number or "", lead.source or "", lead.issued_on, lead.content or "", lead.due_on)


def _comments(tx: ReadTx, header: Header) -> tuple[Comment, ...]:
    county = tx.identity.county if tx.identity else ""
    view = tx.document(review_id(county, header.visit))
    return tuple(c for c in comments_of(view.state) if not c.resolved) if view is not None else ()


def _header_json(header: Header) -> dict[str, Any]:
    return {**header.__dict__, "gone": dict(header.gone)}
