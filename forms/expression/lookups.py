"""Long lists by key: item[town = ${town}] over a secondary instance without looking at every item.

Only trees that never change are indexed, and only comparisons of a child with something that does not depend
on the item; everything else is filtered item by item.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from forms.expression.context import Context
from forms.expression.nodes import Node
from forms.expression.syntax import Binary, Call, Expr, Negate, Path, Step, String
from forms.expression.values import Value, to_boolean

Closure = Callable[[Context], Value]
LEAST = 24  # shorter lists are as quick to filter


class Lookup:
    """One indexable comparison of a predicate, and what is left of the predicate."""

    def __init__(self, child: str, key: Closure, rest: Closure | None) -> None:
        self.child = child
        self.key = key
        self.rest: Closure | None = None if rest is None else lambda c: to_boolean(rest(c))

    def find(self, parent: Node, name: str, c: Context) -> list[Any] | None:
        """The matching children in order; None when the key is of a kind that must be compared one by one."""
        value = self.key(c)
        if isinstance(value, list):
            if len(value) > 1:
                return None
            value = value[0].atom() if value else ""
        if not isinstance(value, str):
            return None
        return _index(parent, name, self.child).get(value, [])


def _index(parent: Node, name: str, child: str) -> dict[str, list[Any]]:
    lookups = parent.lookups
    if lookups is None:
        lookups = parent.lookups = {}
    found = lookups.get((name, child))
    if found is None:
        found = {}
        for item in parent.named(name):
            for value in {n.string() for n in item.named(child)} or {""}:
                found.setdefault(value, []).append(item)
        lookups[name, child] = found
    return found


def lookup_of(predicate: Expr, compile_tree: Callable[[Expr], Closure]) -> Lookup | None:
    """The lookup a predicate allows, None when it allows none."""
    parts = _conjuncts(predicate)
    if any(_positional(part) for part in parts):
        return None
    for place, part in enumerate(parts):
        sides = _sides(part)
        if sides is None:
            continue
        rest = [*parts[:place], *parts[place + 1 :]]
        tree = rest[0] if rest else None
        for other in rest[1:]:
            tree = Binary("and", tree, other) if tree is not None else other
        return Lookup(sides[0], compile_tree(sides[1]), compile_tree(tree) if tree is not None else None)
    return None


def _conjuncts(tree: Expr) -> list[Expr]:
    if isinstance(tree, Binary) and tree.operator == "and":
        return [*_conjuncts(tree.left), *_conjuncts(tree.right)]
    return [tree]


def _sides(tree: Expr) -> tuple[str, Expr] | None:
    """(child name, key) of child = key, either way round."""
    if not isinstance(tree, Binary) or tree.operator != "=":
        return None
    for one, other in ((tree.left, tree.right), (tree.right, tree.left)):
        if isinstance(one, Path) and one.start is None and len(one.steps) == 1:
            step = one.steps[0]
            plain = step == Step("child", step.test) and step.test.isidentifier()
            if plain and _outside(other):
                return step.test, other
    return None


def _outside(tree: Expr) -> bool:
    """Whether an expression means the same for every item."""
    if isinstance(tree, String):
        return True
    if not isinstance(tree, Path) or tree.predicates or any(s.predicates for s in tree.steps):
        return False
    return tree.start == "/" or (isinstance(tree.start, Call) and tree.start.name == "current")


def _positional(tree: Expr) -> bool:
    if isinstance(tree, Call):
        return tree.name in ("position", "last") or any(_positional(a) for a in tree.arguments)
    if isinstance(tree, Binary):
        return _positional(tree.left) or _positional(tree.right)
    return isinstance(tree, Negate) and _positional(tree.operand)
