"""Keeps every calculated thing true after a change, touching only what depends on it.

Work waits in a heap by evaluation order; a change wakes its readers row by row. Circles that slipped through,
or rows that feed one another, end after a bounded number of turns.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable

from forms.definition.plan import Edge, Expression, NodePlan, Role
from forms.expression.context import Context
from forms.expression.values import Value, to_boolean, to_number
from forms.session.casting import calculated_text
from forms.session.choices import Choices
from forms.session.journal import Journal
from forms.session.tree import Answer
from forms.session.world import SessionWorld

MAX_TURNS = 2000
MAX_ROWS = 10_000
Task = tuple[int, int, Answer, NodePlan, Role]


class Recalculation:
    """One per session. ``journal`` is that of the call under way; ``faults`` maps node ids to what failed."""

    def __init__(self, root: Answer, world: SessionWorld, choices: Choices) -> None:
        self.root = root
        self.world = world
        self.choices = choices
        self.journal = Journal()
        self.faults: dict[str, str] = {}
        self.frozen: set[int] = set()
        self.resize: Callable[[Answer, NodePlan, int], None] = lambda parent, plan, count: None
        self.value_changed: Callable[[Answer], None] = lambda node: None
        self._heap: list[Task] = []
        self._waiting: set[tuple[int, int, int]] = set()
        self._turns: Counter[tuple[int, int, int]] = Counter()
        self._doubtful: dict[int, Answer] = {}
        self._gone: set[int] = set()
        self._count = 0
        self._running = False

    # what wakes what

    def push(self, node: Answer, plan: NodePlan, role: Role) -> None:
        if role >= Role.LABEL:
            self._word(node, role)
            return
        if role is Role.CONSTRAINT:
            self._doubtful[id(node)] = node
            return
        task = (id(node), id(plan), int(role))
        if task not in self._waiting:
            self._waiting.add(task)
            self._count += 1
            heapq.heappush(self._heap, (plan.order[role], self._count, node, plan, role))

    def push_tree(self, top: Answer) -> None:
        """Everything there is to evaluate under a node."""
        for node in top.walk():
            plan = node.plan
            for role in plan.expressions:
                if role is not Role.COUNT:
                    self.push(node, plan, role)
            for child in plan.children:
                if Role.COUNT in child.expressions:
                    self.push(node, child, Role.COUNT)

    def wake(self, edges: list[Edge], node: Answer) -> None:
        """Push the readers of a node (or, for a repeat's rows, of the node around them)."""
        for edge in edges:
            at = node
            if edge.level:
                while not (at.plan.is_repeat and at.plan.depth == edge.level):
                    at = at.parent
            else:
                at = self.root
            reader, role = edge.reader, edge.role
            for found in descend(at, edge.path):
                self.push(found, reader, role)

    def _word(self, node: Answer, role: Role) -> None:
        if role is Role.LABEL:
            self.journal.labels.add(node.id)
        else:
            node.choices = None
            self.journal.choices.add(node.id)

    # evaluating

    def run(self) -> None:
        """Work until nothing waits, then look at validity. Nested calls leave it to the outer one."""
        if self._running:
            return
        self._running = True
        try:
            while self._heap:
                _, _, node, plan, role = heapq.heappop(self._heap)
                task = (id(node), id(plan), int(role))
                self._waiting.discard(task)
                if self._gone and self._is_gone(node):
                    continue
                self._turns[task] += 1
                if self._turns[task] > MAX_TURNS:
                    self.faults[node.id] = "circle"
                    continue
                _EVALUATE[role](self, node, plan, plan.expressions[role])
            self._settle_validity()
        finally:
            self._running = False
            self._turns.clear()
            self._gone.clear()

    def forget(self) -> None:
        """Nothing waits any more: the call under way is taken back."""
        self._heap.clear()
        self._waiting.clear()
        self._doubtful.clear()
        self._gone.clear()

    def drop(self, row: Answer) -> None:
        """A row left the form: what still waits for it is not to be done."""
        self._gone.add(id(row))

    def _is_gone(self, node: Answer) -> bool:
        return any(id(row) in self._gone for row in node.repeat_rows())

    def evaluate(self, expression: Expression, node: Answer) -> Value:
        """The value of an expression at a node; a failing one is empty and leaves a fault."""
        if expression.constant is not None:
            return expression.constant
        try:
            return expression.run(Context(node, self.world))
        except (ValueError, RecursionError, OverflowError) as error:
            self.faults[node.id] = type(error).__name__
            return ""

    def _relevant(self, node: Answer, plan: NodePlan, expression: Expression) -> None:
        own = to_boolean(self.evaluate(expression, node))
        if own is not node.own_relevant:
            self.journal.write(node, "own_relevant", own)
            parent = node.parent
            self.spread_relevance(node, own and (parent is None or parent.relevant))

    def spread_relevance(self, node: Answer, relevant: bool) -> None:
        if relevant is node.relevant:
            return
        self.journal.write(node, "relevant", relevant)
        self._doubtful[id(node)] = node
        self.wake(node.plan.readers, node)
        for child in (*node.attributes, *node.children):
            self.spread_relevance(child, relevant and child.own_relevant)

    def _calculate(self, node: Answer, plan: NodePlan, expression: Expression) -> None:
        if id(node) in self.frozen:
            return
        self.faults.pop(node.id, None)
        value = self.evaluate(expression, node)
        self.assign(node, calculated_text(value, plan.data_type, self.world.zone))

    def assign(self, node: Answer, text: str) -> None:
        """Give a node a value and wake whoever looks at it."""
        if text == node.value:
            return
        self.journal.write(node, "value", text)
        self._doubtful[id(node)] = node
        self.wake(node.plan.readers, node)
        if node.plan.actions:
            self.value_changed(node)

    def _count_rows(self, node: Answer, plan: NodePlan, expression: Expression) -> None:
        shadow = Answer(plan, node, self.world.zone)
        number = to_number(self.evaluate(expression, shadow))
        if number == number:  # a count that is blank for now takes no row away
            self.resize(node, plan, int(min(max(number, 0), MAX_ROWS)))

    def _choices(self, node: Answer, plan: NodePlan, expression: Expression) -> None:
        if node.choices is not None or not node.value:
            node.choices = None
        self.journal.choices.add(node.id)
        if node.value and plan.itemset is not None and plan.itemset.filtered and node.relevant:
            allowed = self.choices.values(node)
            kept = [v for v in node.value.split() if v in allowed]
            if len(kept) < len(node.value.split()):
                self.assign(node, " ".join(kept))

    def _readonly(self, node: Answer, plan: NodePlan, expression: Expression) -> None:
        own = to_boolean(self.evaluate(expression, node))
        if own is not node.own_readonly:
            self.journal.write(node, "own_readonly", own)
            self.spread_readonly(node, own or (node.parent is not None and node.parent.readonly))

    def spread_readonly(self, node: Answer, readonly: bool) -> None:
        if readonly is node.readonly:
            return
        self.journal.write(node, "readonly", readonly)
        for child in (*node.attributes, *node.children):
            self.spread_readonly(child, readonly or child.own_readonly)

    def _required(self, node: Answer, plan: NodePlan, expression: Expression) -> None:
        required = to_boolean(self.evaluate(expression, node))
        if required is not node.required:
            self.journal.write(node, "required", required)
            self._doubtful[id(node)] = node

    # validity

    def doubt(self, node: Answer) -> None:
        self._doubtful[id(node)] = node

    def _settle_validity(self) -> None:
        doubtful, self._doubtful = self._doubtful, {}
        for node in doubtful.values():
            if self._gone and self._is_gone(node):
                continue
            valid = self.holds(node)
            if valid is not node.valid:
                self.journal.write(node, "valid", valid)
            if node.required:
                self.journal.missing.add(node.id)

    def holds(self, node: Answer) -> bool:
        """Whether the constraint holds; it is not asked of empty or irrelevant answers."""
        constraint = node.plan.expressions.get(Role.CONSTRAINT)
        if constraint is None or not node.value or not node.relevant:
            return True
        return to_boolean(self.evaluate(constraint, node))


def descend(at: Answer, path: tuple[str, ...]) -> list[Answer]:
    """The nodes a chain of element names leads to."""
    nodes = [at]
    for name in path:
        if name[0] == "@":
            nodes = [a for n in nodes for a in n.attributes if a.name == name[1:]]
        elif len(nodes) == 1:
            nodes = nodes[0].named(name)
        else:
            nodes = [m for n in nodes for m in n.named(name)]
    return nodes


_EVALUATE: dict[Role, Callable[[Recalculation, Answer, NodePlan, Expression], None]] = {
    Role.RELEVANT: Recalculation._relevant,
    Role.CALCULATE: Recalculation._calculate,
    Role.COUNT: Recalculation._count_rows,
    Role.CHOICES: Recalculation._choices,
    Role.READONLY: Recalculation._readonly,
    Role.REQUIRED: Recalculation._required,
}
