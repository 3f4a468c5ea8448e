"""Functions of repeats: position() and indexed-repeat()."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from forms.expression.context import Context
from forms.expression.nodes import Node
from forms.expression.registry import built, function
from forms.expression.syntax import Call, Expr, Path, Step
from forms.expression.values import Value, XPathTypeError, nodes_of, to_number

Closure = Callable[[Context], Value]
_NO_ROW = 1_000_000_000


@function("position", args=(0, 1))
def position(c: Context, a: list[Value]) -> Value:
    """Without an argument the place in the list; of a node its place among its namesakes."""
    if not a:
        return float(c.position)
    nodes = nodes_of(a[0], "position")
    if not nodes:
        return 0.0
    node = nodes[0]
    if node.parent is None:
        return 1.0
    return float(next((i for i, n in enumerate(node.parent.named(node.name), 1) if n is node), 0))


@built("indexed-repeat", args=(3, 15), parity=1)
def indexed_repeat(tree: Call, compile_tree: Callable[[Expr], Closure]) -> Closure:
    """indexed-repeat(target, group, row number, group, row number ...): the target inside those rows."""
    target = _plain_path(tree.arguments[0])
    groups = [_plain_path(a) for a in tree.arguments[1::2]]
    numbers = [compile_tree(a) for a in tree.arguments[2::2]]

    def run(c: Context) -> Value:
        names = _absolute_names(target, c)
        rows: dict[int, int] = {}
        for group, number in zip(groups, numbers, strict=True):
            around = _absolute_names(group, c)
            if len(around) >= len(names) or names[: len(around)] != around:
                raise XPathTypeError("indexed-repeat() needs groups around its target")
            wanted = to_number(number(c))
            rows[len(around)] = _row_number(wanted)
        return _inside_rows(c, names, rows)

    return run


def _row_number(wanted: float) -> int:
    """JavaRosa takes row 1 for zero and below; what is no number (no answer yet) is no row at all."""
    if wanted != wanted:
        return _NO_ROW
    return int(min(max(wanted, 1), _NO_ROW))


def _plain_path(tree: Expr) -> Path:
    if isinstance(tree, Path) and tree.start in (None, "/") and all(_is_plain(s) for s in tree.steps):
        return tree
    raise XPathTypeError("indexed-repeat() needs paths without predicates")


def _is_plain(step: Step) -> bool:
    if step.predicates:
        return False
    if step.axis == "child":
        return not step.test.endswith(")") and "*" not in step.test
    return step.axis in ("self", "parent") and step.test == "node()"


def _absolute_names(path: Path, c: Context) -> list[str]:
    names = [] if path.start == "/" else [n.name for n in _chain(c)]
    for step in path.steps:
        if step.axis == "parent":
            if not names:
                raise XPathTypeError("a path leaves the form")
            names.pop()
        elif step.axis == "child":
            names.append(step.test.rpartition(":")[2])
    return names


def _chain(c: Context) -> list[Any]:
    found = []
    node: Node | None = c.node
    while node is not None and node is not c.world.root:
        found.append(node)
        node = node.parent
    return found[::-1]


def _inside_rows(c: Context, names: list[str], rows: dict[int, int]) -> list[Any]:
    """Walk the names; numbered levels take that row, the others stay in the context's own rows."""
    chain = _chain(c)
    shared = True
    nodes: list[Any] = [c.world.root]
    for depth, name in enumerate(names, 1):
        found = [n for node in nodes for n in node.named(name)]
        if depth in rows:
            found = found[rows[depth] - 1 : rows[depth]]
        elif shared and depth < len(names) and depth <= len(chain) and chain[depth - 1] in found:
            found = [chain[depth - 1]]
        shared = shared and depth <= len(chain) and found == [chain[depth - 1]]
        nodes = found
    return [n for n in nodes if n.relevant]
