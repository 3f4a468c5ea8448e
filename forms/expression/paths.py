"""Location paths to closures."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from forms.expression.axes import AXES, REVERSE
from forms.expression.context import Context
from forms.expression.lookups import LEAST, Lookup, lookup_of
from forms.expression.nodes import Node, in_document_order
from forms.expression.syntax import Expr, Path, Step
from forms.expression.values import Value, nodes_of, to_boolean

Closure = Callable[[Context], Value]
_NAME = re.compile(r"^[^\W\d][\w.-]*$")
Compile = Callable[[Expr], Closure]
Move = Callable[[list[Any], Context], list[Any]]
Test = Callable[[Any, Context], bool]


def compile_path(path: Path, compile_tree: Compile) -> Closure:
    moves = [_move(step, compile_tree) for step in path.steps]
    if path.start is None:
        return _relative(path, moves)
    if path.start == "/":
        return _absolute(path, moves)
    assert not isinstance(path.start, str)
    start = compile_tree(path.start)
    filters = [compile_tree(p) for p in path.predicates]

    def from_expression(c: Context) -> Value:
        nodes = nodes_of(start(c), "/")
        for predicate in filters:
            nodes = _filtered(nodes, predicate, c, False)
        return _walk(nodes, moves, c)

    return from_expression


def _walk(nodes: list[Any], moves: list[Move], c: Context) -> list[Any]:
    for move in moves:
        nodes = move(nodes, c)
        if not nodes:
            return nodes
    for node in nodes:
        if not node.relevant:
            return [n for n in nodes if n.relevant]
    return nodes


def _relative(path: Path, moves: list[Move]) -> Closure:
    steps = path.steps
    ups = 0
    while ups < len(steps) and steps[ups] == Step("parent", "node()"):
        ups += 1
    names = [s.test for s in steps[ups:]]
    if all(_plain(s) for s in steps[ups:]) and names:
        return _family(ups, names)
    return lambda c: _walk([c.node], moves, c)


def _plain(step: Step) -> bool:
    return step.axis == "child" and not step.predicates and bool(_NAME.match(step.test))


def _family(ups: int, names: list[str]) -> Closure:
    """The commonest path, ../a/b: no lists until there is more than one node."""

    def run(c: Context) -> Value:
        node = c.node
        for _ in range(ups):
            if node.parent is None:
                return []
            node = node.parent
        strict = not c.world.forms_rules
        nodes = [node]
        for name in names:
            nodes = nodes[0].named(name) if len(nodes) == 1 else [n for m in nodes for n in m.named(name)]
            if strict:
                nodes = [n for n in nodes if not n.uri]
            if not nodes:
                return nodes
        for found in nodes:
            if not found.relevant:
                return [n for n in nodes if n.relevant]
        return nodes

    return run


def _plain_absolute(names: list[str], otherwise: Closure) -> Closure:
    """/data/a/b without predicates: the commonest path of all, so it is walked without building lists."""
    first, last, between = names[0], names[-1], names[1:-1]

    def run(c: Context) -> Value:
        world = c.world
        root = world.root
        top = root.named(first)
        if len(top) != 1 or not world.forms_rules:
            return otherwise(c)
        here = top[0]
        if between:
            chain = _chain_to(c.node, root) or _chain_to(c.current, root)
            for depth, name in enumerate(between, 2):
                if len(chain) >= depth and chain[-depth].name == name:
                    here = chain[-depth]
                    continue
                chain = []
                found = here.named(name)
                if len(found) != 1:
                    return otherwise(c) if found else []
                here = found[0]
        nodes: list[Any] = here.named(last)
        for node in nodes:
            if not node.relevant:
                return [n for n in nodes if n.relevant]
        return nodes

    return run


def _absolute(path: Path, moves: list[Move]) -> Closure:
    general = _general_absolute(path, moves)
    if len(path.steps) > 1 and all(_plain(step) for step in path.steps):
        return _plain_absolute([step.test for step in path.steps], general)
    return general


def _general_absolute(path: Path, moves: list[Move]) -> Closure:
    """From the root; inside a repeat, the steps shared with the context stay in the context's own rows."""
    shareable = 0
    for step in path.steps[:-1]:
        if step.axis != "child" or step.predicates or step.test.endswith(")") or step.test == "*":
            break
        shareable += 1
    names = [step.test for step in path.steps[:shareable]]

    def run(c: Context) -> Value:
        root = c.world.root
        if not names or not c.world.forms_rules:
            return _walk([root], moves, c)
        chain = _chain_to(c.node, root) or _chain_to(c.current, root)
        here, used = root, 0
        for name in names:
            if not chain or chain[-1].name != name.rpartition(":")[2]:
                break
            here = chain.pop()
            used += 1
        return _walk([here], moves[used:], c)

    return run


def _chain_to(node: Any, root: Node) -> list[Any]:
    """The node and its ancestors below the root, innermost first; empty when it is of another tree."""
    chain = []
    while node is not None and node is not root:
        chain.append(node)
        node = node.parent
    return chain if node is not None else []


def _move(step: Step, compile_tree: Compile) -> Move:
    filters = [compile_tree(p) for p in step.predicates]
    if step.axis == "child" and not step.test.endswith(")") and step.test != "*" and ":" not in step.test:
        first = lookup_of(step.predicates[0], compile_tree) if step.predicates else None
        return _named_children(step.test, filters, first)
    axis, test = AXES[step.axis], _node_test(step)
    backwards = step.axis in REVERSE
    needs_order = step.axis not in ("self", "attribute")

    def move(nodes: list[Any], c: Context) -> list[Any]:
        found: list[Any] = []
        for node in nodes:
            local = [n for n in axis(node) if test(n, c)]
            for predicate in filters:
                local = _filtered(local, predicate, c, backwards)
            found.extend(local)
        return in_document_order(found) if needs_order and len(nodes) > 1 else found

    return move


def _named_children(name: str, filters: list[Closure], lookup: Lookup | None) -> Move:
    after_lookup = [*([lookup.rest] if lookup and lookup.rest else []), *filters[1:]]

    def move(nodes: list[Any], c: Context) -> list[Any]:
        found: list[Any] = []
        for node in nodes:
            local: list[Any] = node.named(name)
            pending = filters
            if not c.world.forms_rules:
                local = [n for n in local if not n.uri]
            elif lookup is not None and not node.changing and len(local) >= LEAST:
                looked_up = lookup.find(node, name, c)
                if looked_up is not None:
                    local, pending = looked_up, after_lookup
            for predicate in pending:
                local = _filtered(local, predicate, c, False)
            if len(nodes) == 1:
                return local
            found.extend(local)
        return found

    return move


def _filtered(nodes: list[Any], predicate: Closure, c: Context, backwards: bool) -> list[Any]:
    size = len(nodes)
    kept = []
    inner = Context(c.node, c.world, 1, size, c.current)
    for place, node in enumerate(nodes):
        inner.node = node
        inner.position = size - place if backwards else place + 1
        value = predicate(inner)
        keep = value == inner.position if value.__class__ is float else to_boolean(value)
        if keep:
            kept.append(node)
    return kept


def _node_test(step: Step) -> Test:
    test = step.test
    if test == "node()":
        return lambda n, c: True
    if test == "text()":
        return lambda n, c: n.kind == 3
    if test == "comment()":
        return lambda n, c: n.kind == 4
    if test.startswith("processing-instruction()"):
        target = test[25:]
        return lambda n, c: n.kind == 5 and (not target or n.name == target)
    return _name_test(test, {"attribute": 2, "namespace": 6}.get(step.axis, 1))


def _name_test(test: str, kind: int) -> Test:
    if test == "*":
        return lambda n, c: n.kind == kind
    prefix, _, local = test.rpartition(":")
    if not prefix:
        return lambda n, c: n.kind == kind and n.name == local and (not n.uri or c.world.forms_rules)

    def prefixed(n: Node, c: Context) -> bool:
        if n.kind != kind or (local != "*" and n.name != local):
            return False
        uri = c.world.namespaces.get(prefix)
        return n.prefix == prefix if uri is None else n.uri == uri

    return prefixed
