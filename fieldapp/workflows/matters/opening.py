"""Opening a matter: from a household, a lead, a line of the plan, a conference, or another matter."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fieldapp.domain.documents import Household
from fieldapp.domain.pointers import Json
from fieldapp.domain.roles import READ, may
from fieldapp.errors import RefusedError, StateError
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.store.projections import helps, leads
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters.procedure import Procedure
from fieldapp.workflows.matters.settings import settle
from fieldapp.workflows.matters.shelf import procedures
from fieldapp.workflows.matters.standing import standing_words

if TYPE_CHECKING:
    from fieldapp.workflows.assessing import Rules


@dataclass(frozen=True)
class Offer:
    """A procedure somebody may open here: ``group`` of the list, ``about`` household | person; ``running`` an open
    matter of this procedure there already is; ``first`` its first step; ``sealed`` that whoever opens it does not read
    it again, so its first step is filled at once."""

    id: str
    title: str
    note: str
    group: str
    about: str
    running: str = ""
    first: str = ""
    sealed: bool = False


@dataclass(frozen=True)
class Wanted:
    """What is to be opened. ``title`` and ``kind`` override the procedure's own, ``service`` is a code of
    the service form, ``origin`` is (type, document id)."""

    procedure: str
    household: str
    person: str | None = None
    title: str = ""
    provider: str = ""
    due_on: date | None = None
    words: str = ""
    kind: str = ""
    service: str = ""
    origin: tuple[str, str] | None = None


def offers(
    store: Store, actor: Actor, household: str, lang: str, *, door: str = "household", policy: str = "", named: str = ""
) -> Future[list[Offer]]:
    """What this user may open at this door, in the order of the files; for a policy only the ways to it; ``named``
    one procedure whatever the door."""

    def work(tx: ReadTx) -> list[Offer]:
        running = {row.procedure: row.id for row in helps.of_household(tx, household) if not row.done_at}
        return [
            Offer(
                each.id, each.words.said(lang), each.note.said(lang), each.group, each.about,
                running.get(each.id, "") if each.alone else "", each.steps[0].id, not may(actor.role, READ, each.type),
            )
            for each in procedures(tx).values()
            if actor.role in each.roles
            and (each.id == named if named else door in each.door and (not policy or policy in each.policies))
        ]  # fmt: skip

    return store.read(work)


def open_matter(store: Store, actor: Actor, rules: Rules | None, wanted: Wanted) -> Future[str]:
    """The new matter's id, or that of the one open already where there may be only one. Reads the policy pack on the
    caller's thread. Raises StateError ``matter.unknown_procedure`` | ``state.unknown``, RefusedError."""
    procedure = store.read(lambda tx: procedure_named(tx, wanted.procedure)).result()
    settings = settle(procedure, rules, actor.today())
    return store.write(lambda tx: create(tx, actor, wanted, settings))


def create(tx: WriteTx, actor: Actor, wanted: Wanted, settings: Mapping[str, Json]) -> str:
    """As ``open_matter``, inside a transaction, with the parameters settled before."""
    procedure = procedure_named(tx, wanted.procedure)
    if actor.role not in procedure.roles:
        raise RefusedError("refused.role", document_type=procedure.type)
    view = tx.document(wanted.household)
    if view is None or not isinstance(view.record, Household):
        raise StateError("state.unknown")
    actor.require(procedure.type, view.area)
    standing = _running(tx, procedure, wanted.household) if procedure.alone else None
    return standing or tx.create(procedure.type, view.area, _state(tx, actor, procedure, wanted, settings))


def procedure_named(tx: ReadTx, name: str) -> Procedure:
    found = procedures(tx).get(name)
    if found is None:
        raise StateError("matter.unknown_procedure", procedure=name)
    return found


def _state(
    tx: ReadTx, actor: Actor, procedure: Procedure, wanted: Wanted, settings: Mapping[str, Json]
) -> dict[str, Json]:
    state: dict[str, Json] = {
        "procedure": procedure.id, "kind": wanted.kind or procedure.kind,
        "household": wanted.household, "person": wanted.person,
        "title": wanted.title.strip() or procedure.words.zh, "provider": wanted.provider.strip() or None,
        "words": wanted.words.strip() or None, "asked_by": wanted.due_on.isoformat() if wanted.due_on else None,
        "opened_on": actor.today().isoformat(), "opened_at": actor.stamp(), "opened_by": actor.name,
        "opened_user": actor.user, "service": wanted.service or None, "settings": dict(settings),
        "origin": _origin(tx, wanted),
    }  # fmt: skip
    kept = {name: value for name, value in state.items() if value is not None and value != {}}
    return {**kept, **standing_words(tx, actor, procedure, kept)}


def _origin(tx: ReadTx, wanted: Wanted) -> dict[str, Json]:
    """Where it came from; a matter opened from a lead says so whatever screen it was opened on."""
    if wanted.origin is not None:
        return {"type": wanted.origin[0], "id": wanted.origin[1]}
    lead = next((row for row in leads.of_household(tx, wanted.household) if row.open), None)
    return {"type": "lead", "id": lead.id} if lead is not None else {}


def _running(tx: ReadTx, procedure: Procedure, household: str) -> str | None:
    found = [row for row in helps.of_household(tx, household) if row.procedure == procedure.id and not row.done_at]
    return found[0].id if found else None
