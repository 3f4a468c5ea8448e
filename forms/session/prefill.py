"""What is known already, put into a fresh session; nobody has asserted it yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from forms.definition.outline import question_type
from forms.definition.plan import NodePlan, Role
from forms.session.answers import is_meta, row_keys
from forms.session.casting import Misfit, text_of
from forms.session.contract import Json
from forms.session.tree import Answer, build

if TYPE_CHECKING:
    from forms.session.session import Session

_PASSES = 4  # counted repeats get their rows only after their count is filled


def apply_prefill(session: Session, tree: Mapping[str, Json]) -> None:
    """Fill in what fits; unknown paths, calculated fields and misfitting values are left alone."""
    session.events.muted = True
    try:
        for _ in range(_PASSES):
            filled = _Filler(session)
            filled.group(session.root, tree)
            session.recalculation.run()
            if not filled.changed:
                break
    finally:
        session.events.muted = False


class _Filler:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.changed = False

    def group(self, node: Answer, tree: Mapping[str, Json]) -> None:
        for plan in node.plan.children:
            if plan.name not in tree or is_meta(plan):
                continue
            value = tree[plan.name]
            if plan.is_repeat:
                if isinstance(value, Mapping):
                    self.rows(node, plan, value)
            elif plan.is_leaf:
                self.leaf(node.named(plan.name)[0], value)
            elif isinstance(value, Mapping):
                self.group(node.named(plan.name)[0], value)

    def rows(self, parent: Answer, plan: NodePlan, rows: Mapping[str, Json]) -> None:
        keys = row_keys(rows)
        if Role.COUNT not in plan.expressions:
            self.replace(parent, plan, keys)
        for row in parent.named(plan.name):
            if row.key in keys:
                row.prefilled = True
                self.group(row, rows[row.key])

    def replace(self, parent: Answer, plan: NodePlan, keys: list[str]) -> None:
        """The form's own first rows give way to the rows that are known."""
        here = parent.named(plan.name)
        if [row.key for row in here] == keys:
            return
        kept = {row.key: row for row in here if row.prefilled and row.key in keys}
        going = [row for row in here if row.key not in kept]
        if going:
            self.session.rows.remove(going)
        new = [build(plan, parent, self.session.env.zone, key) for key in keys if key not in kept]
        for row in new:
            row.prefilled = True
        if new:
            self.session.rows.insert(new)
        self.changed = True

    def leaf(self, node: Answer, value: Json) -> None:
        plan = node.plan
        if Role.CALCULATE in plan.expressions or isinstance(value, Mapping):
            return
        try:
            text = text_of(value, question_type(plan), plan.data_type, self.session.env.zone)
        except Misfit:
            return
        if node.value == text and (node.prefilled or not text):
            return
        node.touched = False
        node.prefilled = bool(text)
        self.session.recalculation.assign(node, text)
        self.changed = True
