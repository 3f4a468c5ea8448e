"""A draft from one version of its form to another, by path; nothing the worker wrote is lost."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from forms.definition.lists import listed_values
from forms.definition.model import FormDefinition, Kind
from forms.definition.outline import question_type
from forms.definition.plan import NodePlan, Role
from forms.problems import DraftError, UnknownNode
from forms.session.answers import is_meta, row_keys
from forms.session.casting import Misfit, json_of, text_of
from forms.session.compare import label_of
from forms.session.contract import ORDER, Json
from forms.session.pointers import plan_at
from forms.session.reports import Cast, MigrationReport, Orphan


def migrate(
    draft: Mapping[str, Json], old: FormDefinition, new: FormDefinition
) -> tuple[dict[str, Json], MigrationReport]:
    """See ``forms.api.migrate_draft``. Raises DraftError for a draft that is not of ``old``."""
    if not isinstance(draft.get("values"), Mapping) or draft.get("form") != old.id:
        raise DraftError("draft.other_form")
    if draft.get("version") != old.version:
        raise DraftError("draft.other_version")
    moved = _Migration(old, new)
    result = copy.deepcopy(dict(draft))
    result["form"], result["version"] = new.id, new.version
    result["values"] = moved.group(old.plan.root, new.plan.root, draft["values"], "")
    orphans = moved.adopt(dict(draft.get("orphans") or {}), result["values"])
    for orphan in moved.orphaned:
        orphans[orphan.path] = {"label": orphan.label, "value": orphan.value, "version": old.version}
    result["orphans"] = orphans
    for name in ("touched", "prefilled", "deleted", "moved"):
        result[name] = [i for i in draft.get(name) or [] if _known(new, i) and i not in orphans]
    return result, moved.report()


def _known(definition: FormDefinition, pointer: str) -> bool:
    try:
        plan_at(definition.plan.root, pointer)
    except UnknownNode:
        return False
    return True


class _Migration:
    def __init__(self, old: FormDefinition, new: FormDefinition) -> None:
        self.old = old
        self.new = new
        self.kept: list[str] = []
        self.cast: list[Cast] = []
        self.orphaned: list[Orphan] = []

    def group(self, old: NodePlan, new: NodePlan | None, values: Mapping[str, Any], pointer: str) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for name, value in values.items():
            plan = old.child(name)
            target = new.child(name) if new is not None else None
            if plan is None:
                self.attribute(name, value, new, found)
            elif plan.is_repeat and isinstance(value, Mapping):
                self.rows(plan, target, value, f"{pointer}/{name}", found)
            elif plan.is_leaf:
                self.leaf(plan, target, str(value), f"{pointer}/{name}", found)
            elif isinstance(value, Mapping):
                fits = target is not None and not target.is_leaf and not target.is_repeat
                inner = self.group(plan, target if fits else None, value, f"{pointer}/{name}")
                if inner and fits:
                    found[name] = inner
        return found

    def attribute(self, name: str, value: Json, new: NodePlan | None, found: dict[str, Json]) -> None:
        """Attributes of elements ("name@attribute") belong to the form, not to the worker."""
        owner, _, attribute = name.partition("@")
        plan = new.child(owner) if new is not None and owner else new
        if plan is not None and plan.attribute(attribute) is not None:
            found[name] = value

    def rows(
        self, old: NodePlan, new: NodePlan | None, rows: Mapping[str, Any], pointer: str, found: dict[str, Json]
    ) -> None:
        fits = new is not None and new.is_repeat
        kept: dict[str, Json] = {ORDER: row_keys(rows)}
        for key in row_keys(rows):
            kept[key] = self.group(old, new if fits else None, rows[key], f"{pointer}/{key}")
        if fits:
            found[old.name] = kept

    def leaf(
        self, old: NodePlan, new: NodePlan | None, text: str, pointer: str, found: dict[str, Json]
    ) -> None:
        if is_meta(old.parent) if old.parent is not None else False:
            if new is not None and new.is_leaf:
                found[old.name] = text
            return
        if Role.CALCULATE in old.expressions and not old.control:
            return  # calculated again by the new version
        fitting = self.fitting(old, new, text) if new is not None and new.is_leaf else None
        if fitting is None:
            label = label_of(self.old, pointer, "")
            self.orphaned.append(Orphan(pointer, label, json_of(text, question_type(old), old.data_type)))
            return
        found[old.name] = fitting
        if fitting == text and new is not None and question_type(old) is question_type(new):
            self.kept.append(pointer)
        elif new is not None:
            before = json_of(text, question_type(old), old.data_type)
            after = json_of(fitting, question_type(new), new.data_type)
            self.cast.append(Cast(pointer, label_of(self.new, pointer, ""), before, after))

    def fitting(self, old: NodePlan, new: NodePlan | None, text: str) -> str | None:
        """The answer as the new question takes it; None when it does not."""
        if new is None or (Role.CALCULATE in new.expressions and not new.control):
            return None
        try:
            value = json_of(text, question_type(old), old.data_type)
            fitting = text_of(value, question_type(new), new.data_type, UTC)
        except Misfit:
            return None
        allowed = listed_values(self.new.plan, new)
        if allowed is not None and not all(part in allowed for part in fitting.split()):
            return None
        return fitting or None

    def adopt(self, orphans: dict[str, Any], values: dict[str, Json]) -> dict[str, Any]:
        """An orphan of an earlier migration comes back when its question does and is still unanswered."""
        left: dict[str, Any] = {}
        for pointer, orphan in orphans.items():
            if not self.put_back(pointer, orphan, values):
                left[pointer] = orphan
        return left

    def put_back(self, pointer: str, orphan: Any, values: dict[str, Json]) -> bool:
        if not _known(self.new, pointer) or not isinstance(orphan, Mapping):
            return False
        plan = plan_at(self.new.plan.root, pointer)
        value = orphan.get("value")
        text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
        fitting = self.fitting(plan, plan, text) if plan.is_leaf else None
        at: Any = values
        parts = pointer.split("/")[1:]
        for part in parts[:-1]:
            if plan.repeats and part not in at and ORDER in at:
                return False
            at = at.setdefault(part, {})
        if fitting is None or parts[-1] in at:
            return False
        at[parts[-1]] = fitting
        self.kept.append(pointer)
        return True

    def report(self) -> MigrationReport:
        questions = (n for n in self.new.nodes.values() if n.kind is Kind.QUESTION)
        added = tuple(n.id for n in questions if n.id not in self.old.nodes)
        return MigrationReport(
            self.old.version, self.new.version, tuple(self.kept), tuple(self.cast), tuple(self.orphaned), added
        )
