"""Who looked at, printed or took out what: the supervisor sees everybody's log, a worker what is logged about him."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from fieldapp.domain.documents import Household, Person, Visit
from fieldapp.store.api import ReadTx, Store
from fieldapp.store.projections import accesses, households
from fieldapp.workflows import custody
from fieldapp.workflows.actor import Actor

SHOWN = 500
RECOVERY = "recovery"


@dataclass(frozen=True)
class AccessLine:
    """``user`` is the name as the county writes it; ``about`` the family or person looked at, ``household`` where it
    can be opened; both empty for what is about no document or is no longer here."""

    at: str
    user: str
    kind: str
    about: str
    household: str | None


def lines(store: Store, actor: Actor) -> Future[list[AccessLine]]:
    """The latest ``SHOWN`` entries this user may see, the newest first; indexed. Whose profile custodians opened
    everyone sees."""

    def work(tx: ReadTx) -> list[AccessLine]:
        found = accesses.recent(tx, SHOWN) if actor.at_desk else accesses.of_user(tx, actor.user, SHOWN)
        names = {actor.user: actor.name, **tx.user_names()}
        about = {subject: _about(tx, subject) for subject in {each.subject for each in found} if subject}
        made = [
            AccessLine(each.at, names.get(each.user, each.user), each.kind, *about.get(each.subject or "", ("", None)))
            for each in found
        ]
        given = [AccessLine(each.at, each.by, RECOVERY, each.label, None) for each in custody.read_answers(tx)]
        return sorted([*made, *given], key=lambda line: line.at, reverse=True)[:SHOWN]

    return store.read(work)


def _about(tx: ReadTx, document: str) -> tuple[str, str | None]:
    view = tx.document(document)
    record = view.record if view is not None else None
    if isinstance(record, Person):
        return record.full_name or "", record.household
    home = record.household if isinstance(record, Visit) else document if isinstance(record, Household) else None
    row = households.household(tx, home) if home else None
    return (row.head_name or row.address or "", row.id) if row else ("", None)
