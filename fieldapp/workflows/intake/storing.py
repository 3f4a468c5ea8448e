"""A plan against the store, and carried out in it: the supervisor's import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.store.projections import people
from fieldapp.store.projections.people import PersonRow
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.intake.places import AreaTable
from fieldapp.workflows.intake.plan import Change, ImportPlan, KnownDocument, KnownPerson, plan_import
from fieldapp.workflows.intake.result import Imported, Intake
from fieldapp.workflows.places import places

BATCH = 100


class KnownInStore:
    """Answers a plan's questions from the profile's store: what this laptop holds."""

    def __init__(self, tx: ReadTx) -> None:
        self._tx = tx

    def document(self, document_id: str) -> KnownDocument | None:
        view = self._tx.document(document_id)
        return KnownDocument(view.area, view.state) if view else None

    def people_with_number(self, id_number: str) -> Sequence[KnownPerson]:
        forms = [id_number]
        if len(id_number) == 18 and id_number[6:8] == "19":
            forms.append(id_number[:6] + id_number[8:17])  # as written before 1999
        return [_known(row) for form in forms for row in people.with_number(self._tx, form)]

    def people_named(self, full_name: str) -> Sequence[KnownPerson]:
        return [_known(row) for row in people.with_name(self._tx, full_name)]


def _known(row: PersonRow) -> KnownPerson:
    texts = (row.full_name or "", row.birth_date or "", row.id_number or "")
    return KnownPerson(row.id, *texts, row.household, row.area)


def area_table(tx: ReadTx, target: str | None = None) -> AreaTable:
    """The county's areas as this laptop knows them; ``target`` is the area chosen for the import."""
    return AreaTable(dict(places(tx).names), target)


def preview(tx: ReadTx, intake: Intake) -> ImportPlan:
    """What importing ``intake`` into this store would do."""
    return plan_import(intake, KnownInStore(tx))


@dataclass(frozen=True)
class Applied:
    """``skipped`` came in by another way since the preview."""

    created: int = 0
    changed: int = 0
    skipped: int = 0

    def __add__(self, other: Applied) -> Applied:
        return Applied(self.created + other.created, self.changed + other.changed, self.skipped + other.skipped)


def apply_import(tx: WriteTx, actor: Actor, plan: ImportPlan, part: slice = slice(None)) -> Applied:
    """Carry out the steps ``part`` of the plan (creations, then changes) in this transaction; twice is harmless.

    Raises RefusedError ``refused.role`` | ``refused.scope`` before anything of the part is written.
    """
    steps = plan.steps[part]
    for step in steps:
        if isinstance(step, Imported):
            actor.require(step.type, step.area or actor.county)
    done = Applied()
    for step in steps:
        done += _create(tx, step) if isinstance(step, Imported) else _change(tx, step)
    return done


def import_into(
    store: Store, actor: Actor, plan: ImportPlan, progress: Callable[[int, int], bool] | None = None
) -> Applied:
    """Carry out the whole plan in short transactions, so that others write in between; not on the GUI thread.

    ``progress(done, of)`` is called after each and stops the import by returning False: what is in stays, and
    importing the file again brings the rest.
    """
    total = len(plan.steps)
    done = Applied()
    for start in range(0, total, BATCH):
        part = slice(start, start + BATCH)
        done += store.write_now(partial(apply_import, actor=actor, plan=plan, part=part))
        if progress and not progress(min(start + BATCH, total), total):
            break
    return done


def _create(tx: WriteTx, step: Imported) -> Applied:
    if tx.document(step.id) is not None:
        return Applied(skipped=1)
    tx.create(step.type, step.area or "", step.state, document_id=step.id)
    return Applied(created=1)


def _change(tx: WriteTx, step: Change) -> Applied:
    if tx.document(step.id) is None:
        return Applied(skipped=1)
    tx.save(step.id, step.writes)
    return Applied(changed=1)
