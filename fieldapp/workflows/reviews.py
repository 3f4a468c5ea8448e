"""The supervisor's bench: visits waiting, one beside the last, approved with one key or sent back with a question.

An approval names the exact leaves it saw (protocol.md); a new leaf of the visit reopens it. Nobody decides about a
visit they wrote to, and nothing in conflict is approved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fieldapp.domain.documents import Visit
from fieldapp.domain.ids import new_document_id, review_id
from fieldapp.domain.pointers import ROW, Json, get, put
from fieldapp.errors import RefusedError, StateError
from fieldapp.policy.api import fact_info
from fieldapp.store.api import DocumentView, ReadTx, Store, WriteTx
from fieldapp.store.projections import households, visits
from fieldapp.store.projections.reviews import Comment, comments_of
from fieldapp.store.projections.visits import VisitRow
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.assessing import Assessed, compares, from_frozen, frozen_of
from fieldapp.workflows.form_reading import Asked, files_of, read_form
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.places import places
from fieldapp.workflows.rechecks import blind_for
from fieldapp.workflows.visit_drafts import HOME_VISIT
from fieldapp.workflows.visits import last_visit

DRAFT = "review"
#: Questions about this visit and no other: that they differ from last time says nothing about the family.
OF_THIS_VISIT = frozenset(
    {"visit_date", "on", "by", "by_2", "purpose", "present_member", "present_others", "consent_date", "talked_to"}
)


@dataclass(frozen=True)
class QueueLine:
    """One visit that waits. ``kind``: ``urgent`` | ``recheck`` | ``routine``; ``own``: this user wrote to it."""

    id: str
    family: str
    place: str
    who: str
    at: str
    kind: str
    conflicts: int
    own: bool


@dataclass(frozen=True)
class CompareLine:
    """One question, last time beside this time; ``red`` when it differs and feeds signals or risk. ``at`` is when it
    was answered last, by the laptop's own clock."""

    path: str
    section: str
    row: str
    label: str
    last: str
    now: str
    differs: bool
    red: bool
    at: str = ""


@dataclass(frozen=True)
class Held:
    """What the county holds of this visit: records and files it has, and files known at all."""

    records: int
    all_records: int
    files: int
    all_files: int


@dataclass(frozen=True)
class ReviewPage:
    """One visit for the desk. ``leaves`` are what a decision must name. ``hindrance`` says why it cannot be approved:
    "" | ``own`` | ``conflict``. ``compares``: its form asks what policies rest on. ``photos`` and ``signatures`` are
    (label, blob id)."""

    line: QueueLine
    household: str
    leaves: tuple[str, ...]
    started_at: str | None
    finished_at: str | None
    minutes: int | None
    present: str
    last_on: str | None
    lines: tuple[CompareLine, ...]
    photos: tuple[tuple[str, str], ...]
    signatures: tuple[tuple[str, str], ...]
    assessed: Assessed | None
    compares: bool
    held: Held
    comments: tuple[Comment, ...]
    conflicts: tuple[str, ...]
    hindrance: str
    pencilled: Mapping[str, str]

    @property
    def changed(self) -> int:
        return sum(line.differs for line in self.lines)


def bench(store: Store, actor: Actor) -> Future[list[QueueLine]]:
    """Everything waiting in this user's areas, urgent first, then what waits longest."""

    def work(tx: ReadTx) -> list[QueueLine]:
        return _queue(tx, actor, [row for area in actor.scopes for row in visits.waiting(tx, area)])

    return store.read(work)


def page(store: Store, actor: Actor, shelf: FormShelf, visit_id: str, lang: str, form_lang: str) -> Future[ReviewPage]:
    """Raises StateError ``visit.unknown``, RefusedError ``recheck.blind`` for the inspector who is to make the second
    visit blind. ``form_lang`` is the form's own name for ``lang``."""

    def work(tx: ReadTx) -> ReviewPage:
        row, view = visits.visit(tx, visit_id), tx.document(visit_id)
        if row is None or view is None:
            raise StateError("visit.unknown")
        if blind_for(tx, actor, visit_id):
            raise RefusedError("recheck.blind")
        return _page(tx, actor, shelf, row, view, lang, form_lang)

    return store.read(work)


def approve(store: Store, actor: Actor, visit_id: str, leaves: Sequence[str]) -> Future[str]:
    """The visit's record is in order, for exactly these leaves. Raises RefusedError ``review.own``, StateError
    ``review.conflict`` | ``review.moved_on`` (a new leaf came)."""

    def work(tx: WriteTx) -> str:
        _require(tx, actor, visit_id, leaves, approving=True)
        return decide(tx, actor, visit_id, leaves, "approved", {}, resolve=True)

    return store.write(work)


def send_back(
    store: Store, actor: Actor, visit_id: str, leaves: Sequence[str], asked: Mapping[str, str]
) -> Future[str]:
    """Return the visit with what is asked, by path into the answers ("" for the whole). Raises StateError
    ``review.no_words`` | ``review.moved_on``, RefusedError ``review.own``."""

    def work(tx: WriteTx) -> str:
        if not any(words.strip() for words in asked.values()):
            raise StateError("review.no_words")
        _require(tx, actor, visit_id, leaves, approving=False)
        return decide(tx, actor, visit_id, leaves, "returned", asked, resolve=False)

    return store.write(work)


def pencil(store: Store, actor: Actor, visit_id: str, asked: Mapping[str, str]) -> Future[None]:
    """Keep comments that have not been sent, so that leaving the bench loses none."""

    def work(tx: WriteTx) -> None:
        draft = review_id(actor.county, visit_id)
        if asked:
            tx.save_draft(draft, DRAFT, visit_id, {"comments": dict(asked)})
        else:
            tx.drop_draft(draft)

    return store.write(work)


def _require(tx: ReadTx, actor: Actor, visit_id: str, leaves: Sequence[str], *, approving: bool) -> None:
    row = visits.visit(tx, visit_id)
    if row is None:
        raise StateError("visit.unknown")
    actor.require("review", row.area)
    if actor.user in row.authors:
        raise RefusedError("review.own")
    if sorted(row.leaves) != sorted(leaves):
        raise StateError("review.moved_on")
    if approving and row.conflicts:
        raise StateError("review.conflict")


def decide(
    tx: WriteTx, actor: Actor, subject_id: str, leaves: Sequence[str], decision: str, asked: Mapping[str, str],
    *, resolve: bool,
) -> str:  # fmt: skip
    """Write the review of any document: ``decision`` for exactly these leaves, what is ``asked`` by path. Who may is
    the caller's to check."""
    document = review_id(actor.county, subject_id)
    view, subject = tx.document(document), tx.document(subject_id)
    assert subject is not None
    writes: dict[str, Json] = {
        "/subject": subject_id, "/subject_leaves": sorted(leaves), "/decision": decision, "/by": actor.name,
        "/at": actor.stamp(),
    }  # fmt: skip
    standing = comments_of(view.state) if view is not None else []
    # A new decision stands on what was mended: what was asked before is settled unless it is asked again.
    for comment in standing:
        if not comment.resolved and (resolve or comment.path not in asked):
            writes[f"/comments/{comment.row}/resolved"] = True
    for path, words in asked.items():
        if words.strip():
            writes.update(_comment(path, words.strip(), actor))
    tx.drop_draft(document)
    if view is not None:
        return tx.save(document, writes)
    return tx.create("review", subject.area, _tree(writes), document_id=document)


def _comment(path: str, words: str, actor: Actor) -> dict[str, Json]:
    row = f"/comments/{new_document_id()}"
    return {
        f"{row}/{ROW}": True, f"{row}/path": path, f"{row}/text": words, f"{row}/by": actor.name,
        f"{row}/at": actor.stamp(), f"{row}/resolved": False,
    }  # fmt: skip


def _tree(writes: Mapping[str, Json]) -> dict[str, Json]:
    made: dict[str, Json] = {}
    for pointer, value in writes.items():
        put(made, pointer, value)
    return made


def _queue(tx: ReadTx, actor: Actor, rows: Sequence[VisitRow]) -> list[QueueLine]:
    """The lines of these visits; families and names of all are read at once."""
    names, who = places(tx), visits.investigators_of(tx, [row.id for row in rows])
    homes = households.many(tx, [row.household for row in rows if row.household])
    lines = []
    for row in rows:
        home = homes.get(row.household or "")
        kind = "urgent" if row.urgent else "recheck" if row.purpose == "recheck" else "routine"
        place = (home.address if home else None) or names.grid_words(row.area)
        family, by, at = (home.head_name or "") if home else "", "、".join(who.get(row.id, ())), row.finished_at
        own = actor.user in row.authors
        lines.append(QueueLine(row.id, family, place, by, at or row.last_at, kind, row.conflicts, own))
    return lines


def _page(
    tx: ReadTx, actor: Actor, shelf: FormShelf, row: VisitRow, view: DocumentView, lang: str, form_lang: str
) -> ReviewPage:
    visit = Visit.read(view.id, view.state)
    form = shelf.best(visit.form_id or HOME_VISIT, visit.form_version)
    last = last_visit(tx, row.household or "", form.id, row.id, row.started_at or row.finished_at or "")
    asked = read_form(form, visit.answers, last.answers if last else None, form_lang)
    files = files_of(asked, visit.answers)
    signed = {"signature", "thumbprint"}
    times = {str(node): str(at) for at, _, node in visit.audit.get("entries") or ()}
    frozen = frozen_of(visit.assessment)
    review = tx.document(review_id(actor.county, row.id))
    draft = tx.draft(review_id(actor.county, row.id))
    return ReviewPage(
        _queue(tx, actor, [row])[0], row.household or "", row.leaves, row.started_at, row.finished_at,
        _minutes(row.started_at, row.finished_at), str(get(visit.answers, "/basics/present_member") or ""),
        last.on if last else None, tuple(_compare(each, last is not None, times) for each in asked if not each.is_file),
        tuple((each.label, blob) for each, blob in files if not signed & set(each.node.appearance)),
        tuple((each.label, blob) for each, blob in files if signed & set(each.node.appearance)),
        from_frozen(frozen, lang) if frozen is not None else None, compares(form), _held(tx, view),
        tuple(comments_of(review.state)) if review is not None else (), tuple(view.merged.conflicts),
        "own" if actor.user in row.authors else "conflict" if row.conflicts else "",
        dict(draft.body["comments"]) if draft is not None else {},
    )  # fmt: skip


def _compare(asked: Asked, has_last: bool, times: Mapping[str, str]) -> CompareLine:
    own = asked.node.name in OF_THIS_VISIT or asked.node.name.startswith("investigator")
    differs = has_last and asked.differs and not own
    fact = asked.node.fact
    weighs = bool(fact) and bool({"risk", "signals"} & set(fact_info(fact).purposes))
    return CompareLine(
        asked.path, asked.section, asked.row, asked.label, asked.last, asked.text, differs, differs and weighs,
        times.get(asked.path, ""),
    )  # fmt: skip


def _held(tx: ReadTx, view: DocumentView) -> Held:
    history = [row for row in tx.revisions(view.id) if row.verdict not in ("quarantined", "waiting")]
    files = tx.blobs_of(view.id)
    # What another laptop wrote came here through the county, so the county holds it.
    return Held(
        sum(not row.own or row.verdict == "accepted" for row in history), len(history),
        sum(info.held or (info.state == "here" and not _is_own(history)) for info in files), len(files),
    )  # fmt: skip


def _is_own(history: Sequence[Any]) -> bool:
    return any(row.own for row in history)


def _minutes(start: str | None, end: str | None) -> int | None:
    if not start or not end:
        return None
    span = datetime.fromisoformat(end.replace("Z", "+00:00")) - datetime.fromisoformat(start.replace("Z", "+00:00"))
    return max(1, round(span.total_seconds() / 60))
