"""Faults of one expression: its grammar, its functions, the names, patterns and choices it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forms.definition.lists import listed_values
from forms.definition.plan import Expression, NodePlan, Plan, Role
from forms.definition.references import References
from forms.expression.compiler import UnknownFunction, WrongArity, checked_function
from forms.expression.lexer import XPathSyntaxError
from forms.expression.parser import parse
from forms.expression.patterns import compile_pattern
from forms.expression.syntax import Binary, Call, Expr, Negate, Path, Step, String

Fault = tuple[str, dict[str, str]]


class ExpressionCheck:
    """Looks at expressions of one form."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.references = References(plan.root)

    def faults(self, node: NodePlan, expression: Expression, role: Role) -> Iterator[Fault]:
        try:
            tree = parse(expression.text)
        except XPathSyntaxError as error:
            yield "expression.syntax", {"text": _shown(expression.text), "detail": str(error)}
            return
        for part in _parts(tree):
            yield from self._part(part)
        yield from self._paths(tree, node, expression)
        yield from self._choices(tree, node)
        if role is Role.COUNT and node.is_repeat:
            yield from self._count(tree, node, role)

    def _part(self, part: Expr) -> Iterator[Fault]:
        if not isinstance(part, Call):
            return
        try:
            checked_function(part)
        except UnknownFunction:
            yield "expression.function", {"name": part.name}
        except WrongArity:
            yield "expression.arity", {"name": part.name, "count": str(len(part.arguments))}
        if part.name == "regex" and len(part.arguments) == 2 and isinstance(part.arguments[1], String):
            try:
                compile_pattern(part.arguments[1].value)
            except re.error as error:
                yield "expression.regex", {"pattern": part.arguments[1].value, "detail": str(error)}
        if part.name in ("instance", "pulldata") and part.arguments and isinstance(part.arguments[0], String):
            name = part.arguments[0].value
            if name not in self._instances():
                yield "expression.instance", {"name": name}

    def _instances(self) -> set[str]:
        own = self.plan.root.source.attribute("id") or ""
        return {*self.plan.instances, *self.plan.external, own}

    def _paths(self, tree: Expr, node: NodePlan, expression: Expression) -> Iterator[Fault]:
        for path in _main_paths(tree, node):
            if not self.references.ends(path, (node, node.depth), (node, node.depth)):
                yield "expression.path", {"path": path_text(path), "text": _shown(expression.text)}

    def _count(self, tree: Expr, node: NodePlan, role: Role) -> Iterator[Fault]:
        values, _ = self.references.of(tree, node, role)
        for target, _ in values:
            if node in target.repeats or (target is node and not _counts(tree)):
                yield "repeat.count_inside", {"name": node.name, "target": target.name}
                return

    def _choices(self, tree: Expr, node: NodePlan) -> Iterator[Fault]:
        """Literals compared with a question that has no such choice."""
        for part in _parts(tree):
            for path, literal in _comparisons(part):
                for target, _ in self.references.ends(path, (node, node.depth), (node, node.depth)):
                    allowed = self.choices(target)
                    if allowed is not None and literal and literal not in allowed:
                        yield "expression.choice", {"name": target.name, "choice": literal}

    def choices(self, node: NodePlan) -> set[str] | None:
        """The values of a question's list; None when they cannot be known from the form."""
        known = listed_values(self.plan, node)
        return set(known) if known is not None else None


def _shown(text: str) -> str:
    return " ".join(text.split())[:120]


def _parts(tree: Expr) -> Iterator[Expr]:
    """Every subexpression, predicates included."""
    yield tree
    if isinstance(tree, Binary):
        yield from _parts(tree.left)
        yield from _parts(tree.right)
    elif isinstance(tree, Negate):
        yield from _parts(tree.operand)
    elif isinstance(tree, Call):
        for argument in tree.arguments:
            yield from _parts(argument)
    elif isinstance(tree, Path):
        if tree.start is not None and not isinstance(tree.start, str):
            yield from _parts(tree.start)
        for predicate in (*tree.predicates, *(p for s in tree.steps for p in s.predicates)):
            yield from _parts(predicate)


def _main_paths(tree: Expr, node: NodePlan) -> Iterator[Path]:
    """Paths that start at the node or the root and lead through the form; not those inside predicates."""
    if isinstance(tree, Path):
        if tree.start in (None, "/") and tree.steps and all(_followable(s) for s in tree.steps):
            yield tree
    elif isinstance(tree, Binary):
        yield from _main_paths(tree.left, node)
        yield from _main_paths(tree.right, node)
    elif isinstance(tree, Negate):
        yield from _main_paths(tree.operand, node)
    elif isinstance(tree, Call):
        for argument in tree.arguments:
            yield from _main_paths(argument, node)


def _followable(step: Step) -> bool:
    return step.axis in ("child", "parent", "self", "attribute")


def _counts(tree: Expr) -> bool:
    return any(isinstance(p, Call) and p.name in ("count", "position") for p in _parts(tree))


def _comparisons(part: Expr) -> Iterator[tuple[Path, str]]:
    if isinstance(part, Binary) and part.operator in ("=", "!="):
        for one, other in ((part.left, part.right), (part.right, part.left)):
            if isinstance(one, Path) and one.start in (None, "/") and isinstance(other, String):
                yield one, other.value
    if isinstance(part, Call) and part.name in ("selected", "is-selected") and len(part.arguments) == 2:
        one, other = part.arguments
        if isinstance(one, Path) and one.start in (None, "/") and isinstance(other, String):
            yield one, other.value.strip()


def path_text(path: Path) -> str:
    """A path as it is written."""
    words = {"parent": "..", "self": "."}
    steps = [words.get(s.axis) or ("@" if s.axis == "attribute" else "") + s.test for s in path.steps]
    return ("/" if path.start == "/" else "") + "/".join(steps)
