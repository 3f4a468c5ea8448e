"""A visit that tells a family of policies (政策宣讲): what is to be told goes into its form, the answers into the plan.

A form takes part by its questions: a repeat ``policies`` with ``policy`` (the policy's id), ``policy_name``, ``told``,
``understood`` and ``wish``. One entry at the door then stands in the visit, the plan and its lists alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from fieldapp.domain.documents import rows
from fieldapp.domain.pointers import ORDER, ROW, Json
from fieldapp.store.api import ReadTx, WriteTx
from fieldapp.workflows.actor import Actor
from forms.api import FormDefinition, Kind

if TYPE_CHECKING:
    from fieldapp.workflows.assessing import PolicyLine
    from fieldapp.workflows.plans import PlanItem

REPEAT = "policies"
#: States of the comparison worth telling a family of; the foremost first.
TELLABLE = ("first_match", "papers", "to_check")
YES = "yes"


def tells(form: FormDefinition) -> bool:
    """Whether a form says for each policy that it was told."""
    node = form.nodes.get(f"/{REPEAT}")
    return node is not None and node.kind is Kind.REPEAT


def to_tell(tx: ReadTx, actor: Actor, household: str) -> dict[str, Json]:
    """The rows of the form: what the newest comparison found and nobody has told them, or they put off; by policy."""
    from fieldapp.workflows import plans  # the rules behind it are big, and other visits need none of them

    lines, items = plans.compared(tx, actor, household)
    found = sorted((line for line in lines if line.state in TELLABLE), key=lambda line: TELLABLE.index(line.state))
    wanted = [line for line in found if _open(items.get(line.id))]
    if not wanted:
        return {}
    made: dict[str, Json] = {ORDER: [line.id for line in wanted]}
    return made | {line.id: _row(line) for line in wanted}


def keep_told(tx: WriteTx, actor: Actor, household: str, visit: str, answers: Mapping[str, Any]) -> list[str]:
    """Write what was told into the plan with the day and the visit that shows it; the ids of the policies written."""
    from fieldapp.workflows import plans

    written = []
    on = actor.today().isoformat()
    for policy, row in _told(tx, actor, household, answers):
        told = row.get("told") == YES
        changed: dict[str, Json] = {"told": told, "visit": visit}
        if told:
            changed |= {"wish": row.get("wish"), "understood": row.get("understood"), "told_on": on}
        if row.get("note"):
            changed["note"] = str(row["note"])
        plans.write(tx, actor, household, policy, changed)
        written.append(policy)
    return written


def _told(
    tx: ReadTx, actor: Actor, household: str, answers: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each answered row with its policy; one written by hand is known by the policy's name."""
    from fieldapp.workflows import plans

    lines, _items = plans.compared(tx, actor, household)
    named = {line.name: line.id for line in lines}
    for _key, row in rows(answers.get(REPEAT)):
        policy = str(row.get("policy") or named.get(str(row.get("policy_name") or "").strip()) or "")
        if policy and row.get("told") is not None:
            yield policy, row


def _row(line: PolicyLine) -> dict[str, Json]:
    return {ROW: True, "policy": line.id, "policy_name": line.name}


def _open(item: PlanItem | None) -> bool:
    return item is None or not item.told or item.wish == "later"
