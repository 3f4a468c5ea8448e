"""Which nodes of the form an expression looks at, and how many rows it shares with them."""

from __future__ import annotations

from collections.abc import Callable

from forms.definition.plan import NodePlan, Role
from forms.expression.parser import parse
from forms.expression.syntax import Binary, Call, Expr, Negate, Path, Step, String

Place = tuple[NodePlan, int]  # a node and how many of the repeats around it are the reader's own rows


class References:
    """Finds references from a node; ``of`` gives (values looked at, repeats whose rows matter)."""

    def __init__(self, root: NodePlan) -> None:
        self.root = root
        self.values: list[Place] = []
        self.rows: list[Place] = []

    def of(self, tree: Expr, node: NodePlan, role: Role) -> tuple[list[Place], list[Place]]:
        self.values, self.rows = [], []
        own = (node, node.depth)
        if role in (Role.LABEL, Role.ITEM_LABEL) and node.is_attribute:
            own = (node.parent or node, node.depth)
        self.visit(tree, own, own)
        return self.values, self.rows

    def of_items(self, tree: Expr, node: NodePlan) -> list[Place]:
        """What the choices of a list of answers are made of: the value and label of each row."""
        self.values, self.rows = [], []
        own = (node, node.depth)
        if node.itemset is None or not isinstance(tree, Path):
            return []
        items = self.ends(tree, own, own)
        self.values.clear()
        expressions = [e for e in (node.itemset.value, node.itemset.label) if e is not None]
        for expression in expressions:
            for item in items:
                self.visit(parse(expression.text), item, own)
        return self.values

    def visit(self, tree: Expr, here: Place | None, current: Place) -> None:
        if isinstance(tree, Path):
            for place in self.ends(tree, here, current):
                self.final(place)
        elif isinstance(tree, Binary):
            self.visit(tree.left, here, current)
            self.visit(tree.right, here, current)
        elif isinstance(tree, Negate):
            self.visit(tree.operand, here, current)
        elif isinstance(tree, Call):
            self.call(tree, here, current)

    def final(self, place: Place) -> None:
        node, level = place
        self.values.append(place)
        if node.is_repeat:
            self.rows.append(place)
        elif node.children:
            for below in node.walk()[1:]:
                self.values.append((below, level))
                if below.is_repeat:
                    self.rows.append((below, level))

    def call(self, tree: Call, here: Place | None, current: Place) -> None:
        if tree.name == "current":
            self.final(current)
        elif tree.name in ("position", "count"):
            self.presence(tree, here, current)
        elif tree.name == "indexed-repeat":
            self.indexed(tree, here, current)
        elif tree.name == "jr:choice-name" and len(tree.arguments) == 2:
            self.visit(tree.arguments[0], here, current)
            if isinstance(tree.arguments[1], String):
                self.named_question(tree.arguments[1].value, here, current)
        elif tree.name in ("string", "number", "once", "string-length", "normalize-space") and here:
            self.values.append(here) if not tree.arguments and tree.name != "once" else None
            self.each(tree, here, current)
        else:
            self.each(tree, here, current)

    def presence(self, tree: Call, here: Place | None, current: Place) -> None:
        """Only whether nodes are there and in which order matters, not what is inside them."""
        for argument in tree.arguments:
            if not isinstance(argument, Path):
                self.visit(argument, here, current)
                continue
            for place in self.ends(argument, here, current):
                self.values.append(place)
                if place[0].is_repeat:
                    self.rows.append(place)

    def each(self, tree: Call, here: Place | None, current: Place) -> None:
        for argument in tree.arguments:
            self.visit(argument, here, current)

    def named_question(self, path: str, here: Place | None, current: Place) -> None:
        try:
            self.visit(parse(path.strip()), here, current)
        except ValueError:
            return

    def indexed(self, tree: Call, here: Place | None, current: Place) -> None:
        """The target may be in any row of the groups named."""
        groups = [p for a in tree.arguments[1::2] if isinstance(a, Path) for p in self.ends(a, here, current)]
        free = min((g.depth - 1 for g, _ in groups), default=0)
        self.rows.extend((g, min(level, free)) for g, level in groups if g.is_repeat)
        if tree.arguments and isinstance(tree.arguments[0], Path):
            for node, level in self.ends(tree.arguments[0], here, current):
                self.values.append((node, min(level, free)))
        for number in tree.arguments[2::2]:
            self.visit(number, here, current)

    def ends(self, path: Path, here: Place | None, current: Place) -> list[Place]:
        """Where a path leads in the form; nowhere for one that starts in another instance."""
        steps = path.steps
        if path.start == "/":
            return self.absolute(steps, here or current, current)
        if path.start is None:
            return self.walk([here] if here else [], steps, here is None, current)
        assert not isinstance(path.start, str)
        if isinstance(path.start, Call) and path.start.name == "current":
            starts, outside = [current], False
        elif isinstance(path.start, Path):
            starts, outside = self.ends(path.start, here, current), False
        else:
            self.visit(path.start, here, current)
            starts, outside = [], True
        for predicate in path.predicates:
            self.predicate(predicate, starts, outside, current)
        return self.walk(starts, steps, outside, current)

    def absolute(self, steps: tuple[Step, ...], here: Place, current: Place) -> list[Place]:
        """Leading steps shared with the context stay in its rows, as at evaluation; the last never does."""
        if not steps:
            return [(self.root, 0)]
        if steps[0].axis != "child" or not self._named(steps[0], self.root):
            everything = steps[0].axis.startswith("descendant") or steps[0].test == "*"
            return self.walk([(self.root, 0)], steps, False, current) if everything else []
        chain = here[0].above()
        node, level, used = self.root, 0, 1
        if steps[0].predicates:
            self.predicate_all(steps[0], [(node, level)], current)
            return self.walk([(node, level)], steps[1:], False, current)
        while used < len(steps) - 1 and used < len(chain):
            step = steps[used]
            if step.axis != "child" or step.predicates or step.test.rpartition(":")[2] != chain[used].name:
                break
            node = chain[used]
            if node.is_repeat:
                level += 1
            used += 1
        return self.walk([(node, min(level, here[1]))], steps[used:], False, current)

    def _named(self, step: Step, node: NodePlan) -> bool:
        return step.test == "*" or step.test.rpartition(":")[2] == node.name

    def walk(self, places: list[Place], steps: tuple[Step, ...], outside: bool, current: Place) -> list[Place]:
        for step in steps:
            places = [found for place in places for found in self.step(step, place)]
            self.predicate_all(step, places, current, outside)
        return places

    def predicate_all(
        self, step: Step, places: list[Place], current: Place, outside: bool = False
    ) -> None:
        for predicate in step.predicates:
            self.predicate(predicate, places, outside, current)

    def predicate(self, tree: Expr, places: list[Place], outside: bool, current: Place) -> None:
        if outside:
            self.visit(tree, None, current)
        for place in places:
            self.visit(tree, place, current)

    def step(self, step: Step, place: Place) -> list[Place]:
        return _AXES.get(step.axis, _anything)(self, step, place)

    def child(self, step: Step, place: Place) -> list[Place]:
        node, level = place
        every = step.test in ("*", "node()")
        found = [c for c in node.children if every or c.name == step.test.rpartition(":")[2]]
        self.rows.extend((c, level) for c in found if c.is_repeat)
        return [(c, level) for c in found]

    def parent(self, step: Step, place: Place) -> list[Place]:
        up = place[0].parent
        return [(up, min(place[1], up.depth))] if up is not None else []

    def attribute(self, step: Step, place: Place) -> list[Place]:
        name = step.test.rpartition(":")[2]
        return [(a, place[1]) for a in place[0].attributes if name in ("*", a.name)]

    def below(self, step: Step, place: Place) -> list[Place]:
        node, level = place
        found = [n for n in node.walk() if not n.is_attribute]
        self.rows.extend((n, level) for n in found if n.is_repeat)
        if step.test in ("node()", "*"):
            return [(n, level) for n in found]
        return [(n, level) for n in found if n.name == step.test.rpartition(":")[2]]

    def upward(self, step: Step, place: Place) -> list[Place]:
        return [(n, min(place[1], n.depth)) for n in place[0].above()]

    def siblings(self, step: Step, place: Place) -> list[Place]:
        node, level = place
        around = node.parent.children if node.parent else []
        free = min(level, node.depth - 1) if node.is_repeat else level
        found = [(c, free) for c in around if step.test in ("*", "node()", c.name)]
        self.rows.extend(p for p in found if p[0].is_repeat)
        return found


def _anything(references: References, step: Step, place: Place) -> list[Place]:
    return references.below(step, (references.root, 0))


_AXES: dict[str, Callable[[References, Step, Place], list[Place]]] = {
    "child": References.child, "parent": References.parent, "attribute": References.attribute,
    "self": lambda r, s, p: [p], "descendant": References.below, "descendant-or-self": References.below,
    "ancestor": References.upward, "ancestor-or-self": References.upward,
    "following-sibling": References.siblings, "preceding-sibling": References.siblings,
}  # fmt: skip
