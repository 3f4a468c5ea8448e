"""Rows of repeats: adding, removing, moving, counting."""

from __future__ import annotations

import re
from typing import Any

from forms.definition.plan import NodePlan, Role
from forms.definition.tree import is_template
from forms.expression.nodes import Node
from forms.problems import DraftError, UnknownNode
from forms.session.recalculation import MAX_ROWS, Recalculation
from forms.session.tree import Answer, build

_KEY = re.compile(r"^[A-Za-z0-9_.:-]{1,128}$")


class Rows:
    """Changes rows through the recalculation's journal. ``new_row`` events are run by ``on_new``."""

    def __init__(self, recalculation: Recalculation) -> None:
        self.recalculation = recalculation
        self.world = recalculation.world
        self.on_new: Any = lambda row: None

    def new_key(self, parent: Answer, plan: NodePlan) -> str:
        """A key no other device draws for its row."""
        taken = {row.key for row in parent.named(plan.name)}
        while True:
            key = "r" + format(self.world.random.getrandbits(60), "015x")
            if key not in taken:
                return key

    def add(self, parent: Answer, plan: NodePlan, key: str, before: Answer | None = None) -> Answer:
        """A new row; raises DraftError for a key that is no key or already taken."""
        rows = parent.named(plan.name)
        if not _KEY.match(key) or any(row.key == key for row in rows):
            raise DraftError("row.key", f"{parent.id}/{plan.name}")
        if len(rows) >= MAX_ROWS:
            raise DraftError("row.too_many", f"{parent.id}/{plan.name}")
        row = build(plan, parent, self.world.zone, key)
        self.insert([row], before)
        return row

    def insert(self, rows: list[Answer], before: Answer | None = None) -> None:
        """Put new rows of one repeat in their place, all at once."""
        parent, plan = rows[0].parent, rows[0].plan
        children = list(parent.children)
        place = _place(children, plan, before)
        children[place:place] = rows
        self.recalculation.journal.children(parent, children)
        self.recalculation.journal.added.extend(rows)
        self.recalculation.wake(plan.row_readers, parent)
        for row in rows:
            self.recalculation.push_tree(row)

    def remove(self, rows: list[Answer]) -> None:
        """Take rows of one repeat away, all at once."""
        parent, going = rows[0].parent, {id(row) for row in rows}
        children = [c for c in parent.children if id(c) not in going]
        self.recalculation.journal.children(parent, children)
        self.recalculation.journal.removed.extend(rows)
        for row in rows:
            self.recalculation.drop(row)
        self.recalculation.wake(rows[0].plan.row_readers, parent)

    def move(self, row: Answer, before: Answer | None) -> bool:
        """Whether the row stands elsewhere now."""
        parent = row.parent
        if before is row:
            return False
        children = [c for c in parent.children if c is not row]
        children.insert(_place(children, row.plan, before), row)
        if children == parent.children:
            return False
        self.recalculation.journal.children(parent, children)
        self.recalculation.journal.moved.append(row)
        self.recalculation.wake(row.plan.row_readers, parent)
        return True

    def resize(self, parent: Answer, plan: NodePlan, count: int) -> None:
        """Rows "1" to "count" of a counted repeat; what is more goes, last first."""
        rows = parent.named(plan.name)
        if rows[count:]:
            self.remove(rows[count:][::-1])
        taken = {row.key for row in rows}
        made = []
        for number in range(len(rows) + 1, count + 1):
            key = str(number) if str(number) not in taken else self.new_key(parent, plan)
            made.append(build(plan, parent, self.world.zone, key, written_row(plan, number)))
        if made:
            self.insert(made)
        for row in made:
            self.on_new(row)


def written_row(plan: NodePlan, number: int) -> Node | None:
    """The row the form writes out at that place, with its own defaults; None beyond those."""
    rows = [e for e in plan.parent.source.named(plan.name) if not is_template(e)] if plan.parent else []
    return rows[number - 1] if number <= len(rows) else None


def _place(children: list[Any], plan: NodePlan, before: Answer | None) -> int:
    if before is not None:
        for place, child in enumerate(children):
            if child is before:
                return place
        raise UnknownNode(before.id)
    place = 0
    for index, child in enumerate(children):
        if child.plan.place <= plan.place:
            place = index + 1
    return place


def is_fixed(plan: NodePlan) -> bool:
    """Whether only the form itself decides how many rows there are."""
    return plan.no_add_remove or Role.COUNT in plan.expressions
