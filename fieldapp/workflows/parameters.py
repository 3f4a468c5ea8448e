"""Parameters by hand: what is in force and by which document, changes entered by one person and approved by another.

A change is a ``parameter_change`` on the county's notice board, its approval a ``review`` of exactly its leaves by
somebody else (the server puts one's own aside). The county's server then publishes the new pack
(``python -m sync.server admin parameters --publish``), which every laptop takes at its next sync.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from fieldapp.domain.areas import board
from fieldapp.domain.documents import ParameterChange
from fieldapp.domain.pointers import Json
from fieldapp.domain.roles import COUNTY
from fieldapp.errors import RefusedError, StateError
from fieldapp.policy import changes
from fieldapp.policy.api import Pack, load_pack
from fieldapp.policy.changes import Change, Entry
from fieldapp.policy.pack import ParamVersion
from fieldapp.policy.parameters import ParamInfo, register
from fieldapp.store.api import DocumentView, ReadTx, Store, WriteTx
from fieldapp.store.projections import reviews as decisions
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.county_run import ImpactRun
from fieldapp.workflows.published import published
from fieldapp.workflows.reviews import decide

TYPE = "parameter_change"
WAITING, RETURNED, APPROVED, PUBLISHED, OVERTAKEN = "waiting", "returned", "approved", "published", "overtaken"


@dataclass(frozen=True)
class Version:
    """One value between two days, by one document; ``words`` is "" for an empty one (参数未定)."""

    words: str
    since: str
    until: str
    source: str
    clause: str
    issuer: str
    entered_by: str
    approved_by: str


@dataclass(frozen=True)
class ParameterLine:
    """One parameter. ``now`` is None when the county has no line for today; ``later`` are values with a day to come.
    ``written`` is the present value as it is typed; ``choices`` (value, words) where it is one of a list. Without a
    line of the county ``fallback`` holds (a national value, in words); an ``optional`` one is then not tested."""

    key: str
    name: str
    unit: str
    type: str
    set_by: str
    now: Version | None
    later: tuple[Version, ...]
    before: tuple[Version, ...]
    written: str
    choices: tuple[tuple[str, str], ...] = ()
    fallback: str = ""
    optional: bool = False

    @property
    def is_open(self) -> bool:
        """参数未定: nothing holds today, and the county is to have it."""
        if self.now is not None:
            return not self.now.words
        return not self.fallback and not self.optional


@dataclass(frozen=True)
class EntryLine:
    """What a change sets: the parameter's name, its value until then and from then on, in words."""

    key: str
    name: str
    was: str
    becomes: str
    since: str


@dataclass(frozen=True)
class ChangeLine:
    """A change and how far it is. ``own``: this user entered it, so another approves. ``leaves`` a decision names."""

    id: str
    state: str
    entries: tuple[EntryLine, ...]
    document: str
    clause: str
    issuer: str
    entered_by: str
    entered_on: str
    decided_by: str
    words: str
    own: bool
    leaves: tuple[str, ...]


@dataclass(frozen=True)
class ParametersPage:
    """``may_change``: this user may enter and approve. Without a published pack ``lines`` are empty."""

    edition: str
    lines: tuple[ParameterLine, ...]
    changes: tuple[ChangeLine, ...]
    may_change: bool


def page(store: Store, actor: Actor, lang: str) -> ParametersPage:
    """Everything the screen shows. Blocking, and some tenths of a second for a new pack: off the window's thread."""

    def work(tx: ReadTx) -> ParametersPage:
        pack = _pack_here(tx, actor)
        may = actor.role == COUNTY
        if pack is None:
            return ParametersPage("", (), (), may)
        today = actor.today()
        lines = tuple(_line(pack, info, today, lang) for info in register().values())
        return ParametersPage(pack.edition, lines, tuple(_changes(tx, actor, pack, lang)), may)

    return store.read_now(work)


def in_force(store: Store, actor: Actor) -> Pack:
    """The pack this laptop holds. Raises StateError ``parameters.no_pack``. Blocking."""
    pack = store.read_now(lambda tx: _pack_here(tx, actor))
    if pack is None:
        raise StateError("parameters.no_pack")
    return pack


def draft(store: Store, actor: Actor, entries: Sequence[Entry], *, document: str, clause: str, issuer: str) -> Change:
    """The change as it would be entered, to look at its impact. Raises PackError naming every fault."""
    return changes.draft(in_force(store, actor), tuple(entries), document=document, clause=clause, issuer=issuer,
                         entered_by=actor.name, entered_on=actor.today())  # fmt: skip


def enter(store: Store, actor: Actor, change: Change) -> str:
    """Hand a drafted change to a second person; its id. Raises RefusedError. Blocking."""
    area = board(actor.county)
    state: dict[str, Json] = {"change": changes.to_json(change), "entered_user": actor.user}

    def work(tx: WriteTx) -> str:
        actor.require(TYPE, area)
        return tx.create(TYPE, area, state)

    return store.write_now(work)


def approve(store: Store, actor: Actor, change_id: str, leaves: Sequence[str]) -> str:
    """Somebody else's change is in order. Raises RefusedError ``review.own``, StateError ``review.moved_on`` |
    ``parameters.overtaken`` (it was drafted on another pack)."""

    def work(tx: WriteTx) -> str:
        change = _required(tx, actor, change_id, leaves)
        pack = _pack_here(tx, actor)
        if pack is None or change.base != pack.digest:
            raise StateError("parameters.overtaken")
        return decide(tx, actor, change_id, leaves, "approved", {}, resolve=True)

    return store.write_now(work)


def send_back(store: Store, actor: Actor, change_id: str, leaves: Sequence[str], words: str) -> str:
    """Return it with the reason. Raises StateError ``review.no_words``; else as ``approve``."""
    if not words.strip():
        raise StateError("review.no_words")

    def work(tx: WriteTx) -> str:
        _required(tx, actor, change_id, leaves)
        return decide(tx, actor, change_id, leaves, "returned", {"": words}, resolve=False)

    return store.write_now(work)


def change_of(store: Store, change_id: str) -> Change:
    """A change that waits, to look at its impact again. Raises StateError ``state.unknown``. Blocking."""
    return store.read_now(lambda tx: _change(_view(tx, change_id)))


def impact_run(store: Store, actor: Actor, change: Change) -> ImpactRun:
    """A run over this desk's households: the pack in force today against the changed one on its first day. Blocking."""
    pack = in_force(store, actor)
    then = max(entry.since for entry in change.entries)
    return ImpactRun(store, actor, before=pack, after=changes.preview(pack, change), then=then)


def _required(tx: ReadTx, actor: Actor, change_id: str, leaves: Sequence[str]) -> Change:
    view = _view(tx, change_id)
    actor.require("review", view.area)
    if actor.user in view.authors:
        raise RefusedError("review.own")
    if sorted(view.merged.leaves) != sorted(leaves):
        raise StateError("review.moved_on")
    return _change(view)


def _view(tx: ReadTx, change_id: str) -> DocumentView:
    view = tx.document(change_id)
    if view is None or not isinstance(view.record, ParameterChange):
        raise StateError("state.unknown")
    return view


def _change(view: DocumentView) -> Change:
    assert isinstance(view.record, ParameterChange)
    return changes.from_json(view.record.change)


def _pack_here(tx: ReadTx, actor: Actor) -> Pack | None:
    found = published(tx, actor.today()).pack
    return _read(found.workbook) if found is not None else None


@lru_cache(maxsize=2)
def _read(workbook: bytes) -> Pack:
    return load_pack(workbook)


def _line(pack: Pack, info: ParamInfo, on: date, lang: str) -> ParameterLine:
    versions, today = pack.versions(info.key), str(on)
    now = next((v for v in versions if v.holds(on)), None)
    told = [_version(info, v, lang) for v in versions]
    choices = tuple((key, words[lang == "en"]) for key, words in info.values.items())
    return ParameterLine(
        info.key, info.en if lang == "en" else info.zh, info.unit, info.type, info.set_by,
        _version(info, now, lang) if now is not None else None,
        tuple(v for v in told if v.since > today), tuple(v for v in told if v.until and v.until <= today),
        _written(info, now), choices, info.word(info.fallback, lang) if info.fallback is not None else "",
        info.optional,
    )  # fmt: skip


def _version(info: ParamInfo, v: ParamVersion, lang: str) -> Version:
    words = "" if v.value is None else info.word(v.value, lang)
    return Version(words, str(v.since), str(v.until or ""), v.source, v.clause, v.issuer, v.entered_by, v.approved_by)


def _written(info: ParamInfo, version: ParamVersion | None) -> str:
    value = info.write(version.value) if version is not None else None
    return "" if value is None else info.word(value, "zh") if isinstance(value, bool) else str(value)


def _changes(tx: ReadTx, actor: Actor, pack: Pack, lang: str) -> Iterator[ChangeLine]:
    """The newest first."""
    views = sorted(tx.of_type(TYPE), key=lambda view: view.last_at, reverse=True)
    for view in views:
        if isinstance(view.record, ParameterChange) and view.record.change:
            yield _change_line(tx, actor, pack, view, lang)


def _change_line(tx: ReadTx, actor: Actor, pack: Pack, view: DocumentView, lang: str) -> ChangeLine:
    change = _change(view)
    leaves = tuple(view.merged.leaves)
    review = decisions.of_subject(tx, view.id)
    holds = review is not None and not review.contested and sorted(review.subject_leaves) == sorted(leaves)
    decision = review.decision if review is not None and holds else None
    state = {"approved": APPROVED, "returned": RETURNED}.get(decision or "", WAITING)
    if changes.is_in(pack, change):
        state = PUBLISHED
    elif state in (WAITING, APPROVED) and change.base != pack.digest:
        state = OVERTAKEN
    return ChangeLine(
        view.id, state, tuple(_entry(pack, entry, lang) for entry in change.entries), change.document, change.clause,
        change.issuer, change.entered_by, str(change.entered_on), (review.by or "") if review and decision else "",
        (review.words or "") if review is not None and state == RETURNED else "", actor.user in view.authors, leaves,
    )  # fmt: skip


def _entry(pack: Pack, entry: Entry, lang: str) -> EntryLine:
    info = register()[entry.key]
    before = next((v for v in reversed(pack.versions(entry.key)) if v.since < entry.since), None)
    value = info.read(entry.value)
    return EntryLine(
        entry.key, info.en if lang == "en" else info.zh,
        info.word(before.value, lang) if before is not None and before.value is not None else "",
        "" if value is None else info.word(value, lang), str(entry.since),
    )  # fmt: skip
