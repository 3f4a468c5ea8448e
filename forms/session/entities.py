"""ODK Entities: which people and households a submission creates or updates."""

from __future__ import annotations

from forms.definition.model import FormDefinition
from forms.session.contract import EntityWrite
from forms.session.tree import Answer

_TRUE = ("1", "true")


def entity_writes(definition: FormDefinition, root: Answer) -> tuple[EntityWrite, ...]:
    """One write for each relevant entity block whose condition holds, row by row."""
    found = []
    for node in root.walk():
        if node.plan in definition.plan.entities and node.relevant:
            write = _write(node)
            if write is not None:
                found.append(write)
    return tuple(found)


def _write(entity: Answer) -> EntityWrite | None:
    create, update = _attribute(entity, "create") in _TRUE, _attribute(entity, "update") in _TRUE
    if not create and not update:
        return None
    scope = entity.parent.parent
    label = entity.leaf("label")
    dataset = _attribute(entity, "dataset")
    return EntityWrite(
        dataset=dataset,
        entity_id=_attribute(entity, "id"),
        action="upsert" if create and update else "create" if create else "update",
        label=label.string() if label is not None else "",
        properties=_properties(scope, dataset),
        row_id=scope.id if scope.plan.is_repeat else "",
        base_version=_attribute(entity, "baseVersion"),
        trunk_version=_attribute(entity, "trunkVersion"),
        branch_id=_attribute(entity, "branchId"),
    )


def _attribute(node: Answer, name: str) -> str:
    return node.attribute(name) or ""


def _properties(scope: Answer, dataset: str) -> dict[str, str]:
    """Properties saved by the questions of the entity's own scope; rows with an entity keep theirs."""
    found: dict[str, str] = {}
    pending = list(scope.children)
    while pending:
        node = pending.pop(0)
        if not node.relevant:
            continue
        if node.plan.save_to:
            owner, _, name = node.plan.save_to.rpartition("#")
            if not owner or owner == dataset:
                found[name] = node.value
        if not node.plan.is_repeat:
            pending = [*node.children, *pending]
    return found
