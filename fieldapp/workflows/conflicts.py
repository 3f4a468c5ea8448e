"""The conflict desk: every value of a contested field with who said it and when, until a person chooses.

Choosing is a write on top of all leaves (protocol.md, "Merging"). What follows from answers (times of submission, the
audit, frozen results) is nobody's opinion: it is settled with the last answer, and the rules are asked anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from fieldapp.domain.documents import Person, Visit
from fieldapp.domain.merging import FieldValue
from fieldapp.domain.pointers import Json, join, split
from fieldapp.errors import StateError
from fieldapp.store.api import DocumentView, ReadTx, RevisionRow, Store, WriteTx
from fieldapp.store.projections import households, people
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.matters.shelf import step_named
from fieldapp.workflows.places import Places, places
from fieldapp.workflows.visit_drafts import HOME_VISIT
from forms import api as forms
from forms.api import FormDefinition, Kind

FOLLOWING = ("/finished_at", "/audit/", "/assessment/", "/urgent", "/investigators/", "/started_at", "/next", "/due_on")
FROZEN = "/assessment/frozen"
ANSWERS = "/answers"
STEPS = "/steps/"


@dataclass(frozen=True)
class ConflictLine:
    """One document with contested fields; ``count`` of them a person has to choose."""

    document: str
    type: str
    family: str
    place: str
    count: int
    at: str


@dataclass(frozen=True)
class Said:
    """One of the values: its words, the JSON value, and everybody who wrote it, the first in front."""

    value: Json
    text: str
    who: tuple[str, ...]
    at: str


@dataclass(frozen=True)
class Contested:
    """A field with two or more values. ``label`` is the question, or the name of the registry's field as a glossary
    key (``field.KEY``) when ``is_key``; ``row`` the member it is about."""

    path: str
    label: str
    is_key: bool
    row: str
    values: tuple[Said, ...]


@dataclass(frozen=True)
class ConflictPage:
    line: ConflictLine
    fields: tuple[Contested, ...]


def desk(store: Store, actor: Actor) -> Future[list[ConflictLine]]:
    """Every document in conflict within this user's areas, newest first."""

    return store.read(lambda tx: contested_here(tx, actor))


def contested_here(tx: ReadTx, actor: Actor) -> list[ConflictLine]:
    """``desk`` inside a transaction."""
    names = places(tx)
    found = [view for view in tx.conflicted() if any(view.area.startswith(scope) for scope in actor.scopes)]
    return sorted((_line(tx, view, names) for view in found), key=lambda line: line.at, reverse=True)


def page(store: Store, shelf: FormShelf, document: str, form_lang: str) -> Future[ConflictPage]:
    """Raises StateError ``conflict.settled`` when nothing is contested (any more)."""

    def work(tx: ReadTx) -> ConflictPage:
        view = tx.document(document)
        if view is None or not view.merged.conflicts:
            raise StateError("conflict.settled")
        reader = _Reader(tx, view, _form(view, shelf), form_lang, shelf)
        return ConflictPage(_line(tx, view, places(tx)), tuple(map(reader.field, to_choose(view))))

    return store.read(work)


def settle(store: Store, actor: Actor, document: str, path: str, value: Json) -> Future[int]:
    """Choose ``value`` for a field; how many are left to choose. Raises StateError ``state.no_conflict``."""

    def work(tx: WriteTx) -> int:
        view = tx.document(document)
        if view is None:
            raise StateError("state.unknown")
        actor.require(view.type, view.area)
        tx.decide(document, path, value)
        after = tx.document(document)
        assert after is not None
        left = to_choose(after)
        if not any(not is_following(path) for path in left):
            _settle_following(tx, after)
            return 0
        return len(left)

    return store.write(work)


def to_choose(view: DocumentView) -> list[str]:
    """Contested paths a person has to choose; those that only follow are shown when nothing else is contested."""
    asked = [path for path in view.merged.conflicts if not is_following(path)]
    return asked or list(view.merged.conflicts)


def is_following(path: str) -> bool:
    """Whether the field follows from what was answered and when."""
    return path.startswith(FOLLOWING) or path in ("/answers/start", "/answers/end")


def _settle_following(tx: WriteTx, view: DocumentView) -> None:
    """The newest of each; a frozen result over two readings is none: the county reckons it again."""
    when = {row.id: row.claimed_at for row in tx.revisions(view.id)}

    def newest(values: Iterable[FieldValue]) -> Json:
        return max(values, key=lambda value: max(when.get(one, "") for one in value.revisions)).value

    writes: dict[str, Json] = {
        path: [] if path == FROZEN else newest(values)
        for path, values in view.merged.conflicts.items()
        if is_following(path)
    }
    if writes:
        tx.save(view.id, writes)


def _line(tx: ReadTx, view: DocumentView, names: Places) -> ConflictLine:
    household = view.id if view.type == "household" else str(view.state.get("household") or "")
    if isinstance(view.record, Person):
        household = view.record.household or ""
    row = households.household(tx, household) if household else None
    family = (row.head_name or "") if row else ""
    if isinstance(view.record, Person):
        family = view.record.full_name or family
    place = (row.address or "") if row else ""
    return ConflictLine(
        view.id, view.type, family, place or names.grid_words(view.area), len(to_choose(view)), view.last_at
    )


def _form(view: DocumentView, shelf: FormShelf) -> FormDefinition | None:
    record = view.record
    return shelf.best(record.form_id or HOME_VISIT, record.form_version) if isinstance(record, Visit) else None


class _Reader:
    def __init__(
        self, tx: ReadTx, view: DocumentView, form: FormDefinition | None, lang: str, shelf: FormShelf
    ) -> None:
        self._shelf = shelf
        self._view, self._form, self._lang, self._tx = view, form, lang, tx
        self._revisions = {row.id: row for row in tx.revisions(view.id)}
        self._names = tx.user_names()

    def field(self, path: str) -> Contested:
        values = tuple(self._said(path, value) for value in self._view.merged.conflicts[path])
        if self._form is not None and path.startswith(ANSWERS + "/"):
            return Contested(path, self._label(path), False, self._row(path), values)
        if path.startswith(STEPS):
            return self._of_step(path, values)
        return Contested(path, "_".join(split(path)[:2]), True, "", values)

    def _of_step(self, path: str, values: tuple[Said, ...]) -> Contested:
        """A field of a matter's step: the step's name, and the question where it is one."""
        _steps, key, *inner = split(path)
        label, form_id = step_named(self._tx, self._view, key, self._lang)
        if inner[0] == "answers" and form_id:
            form = self._shelf.newest(form_id)
            node = _node(form, join(*inner[1:]))
            said = forms.label_text(form, node, self._lang) if node is not None else inner[-1]
            label = f"{label} · {said}"
        return Contested(path, label, False, self._row(path), values)

    def _said(self, path: str, value: FieldValue) -> Said:
        rows = sorted((self._revisions[one] for one in value.revisions if one in self._revisions), key=_when)
        who = tuple(dict.fromkeys(self._names.get(row.author, row.author) for row in rows))
        return Said(value.value, self._words(path, value.value), who, rows[0].claimed_at if rows else "")

    def _words(self, path: str, value: Json) -> str:
        if self._form is not None and path.startswith(ANSWERS + "/"):
            node = _node(self._form, path[len(ANSWERS) :])
            if node is not None:
                return forms.answer_text(self._form, node, value, self._lang)
        if path == "/membership/household":
            row = households.household(self._tx, str(value)) if value else None
            return (row.head_name or str(value)) if row else ""
        return _plain(value)

    def _label(self, path: str) -> str:
        assert self._form is not None
        node = _node(self._form, path[len(ANSWERS) :])
        return forms.label_text(self._form, node, self._lang) if node is not None else path.rsplit("/", 1)[-1]

    def _row(self, path: str) -> str:
        """The member a path stands in: the row's key is the person's id."""
        for part in split(path):
            person = people.person(self._tx, part) if len(part) == 36 else None
            if person is not None:
                return person.full_name or ""
        return ""


def _when(row: RevisionRow) -> str:
    return row.claimed_at


def _plain(value: Json) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, Mapping):
        return "、".join(_plain(inner) for inner in value.values())
    if isinstance(value, list | tuple):
        return "、".join(_plain(inner) for inner in value)
    return "" if value is None else str(value)


def _node(form: FormDefinition, pointer: str) -> str | None:
    """The definition id of an answer's pointer: its row keys left out."""
    at, node = "", form.nodes.get("")
    rest: list[str] = list(split(pointer))
    while rest and node is not None:
        part = rest.pop(0)
        if node.kind is Kind.REPEAT and at + "/" + part not in form.nodes:
            continue  # a row's key
        at = f"{at}/{part}"
        node = form.nodes.get(at)
    return at if node is not None and at in form.nodes else None

