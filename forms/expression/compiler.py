"""Syntax trees to closures: ``compile_expression(text)(context) -> value``."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from forms.expression.comparing import equal, ordering, unequal
from forms.expression.context import Context
from forms.expression.nodes import in_document_order
from forms.expression.parser import parse
from forms.expression.paths import compile_path
from forms.expression.registry import Function, find
from forms.expression.syntax import Binary, Call, Expr, Negate, Number, Path, String
from forms.expression.values import Value, XPathTypeError, nodes_of, to_boolean, to_number

Closure = Callable[[Context], Value]


class UnknownFunction(ValueError):
    """No such function."""


class WrongArity(ValueError):
    """A function got too few or too many arguments."""


@lru_cache(maxsize=8192)
def compile_expression(text: str) -> Closure:
    """A closure for an expression. Raises XPathSyntaxError, UnknownFunction, WrongArity."""
    return compile_tree(parse(text))


def compile_tree(tree: Expr) -> Closure:
    if isinstance(tree, Path):
        return compile_path(tree, compile_tree)
    if isinstance(tree, Number | String):
        constant: Value = tree.value
        return lambda c: constant
    if isinstance(tree, Call):
        return _call(tree)
    if isinstance(tree, Negate):
        operand = compile_tree(tree.operand)
        return lambda c: -to_number(operand(c))
    return _binary(tree)


def _call(tree: Call) -> Closure:
    function = checked_function(tree)
    if function.build is not None:
        closure: Closure = function.build(tree, compile_tree)
        return closure
    arguments = [compile_tree(a) for a in tree.arguments]
    run = function.run
    if function.lazy:
        return lambda c: run(c, arguments)
    if len(arguments) == 1:
        only = arguments[0]
        return lambda c: run(c, [only(c)])
    return lambda c: run(c, [argument(c) for argument in arguments])


def checked_function(tree: Call) -> Function:
    """The function a call means. Raises UnknownFunction or WrongArity."""
    function = find(tree.name)
    if function is None:
        raise UnknownFunction(tree.name)
    if not function.takes(len(tree.arguments)):
        raise WrongArity(tree.name)
    return function


def _binary(tree: Binary) -> Closure:
    left, right, operator = compile_tree(tree.left), compile_tree(tree.right), tree.operator
    if operator == "and":
        return lambda c: to_boolean(left(c)) and to_boolean(right(c))
    if operator == "or":
        return lambda c: to_boolean(left(c)) or to_boolean(right(c))
    if operator in ("=", "!="):
        same = equal if operator == "=" else unequal
        return lambda c: same(_or_blank(left(c), c), _or_blank(right(c), c))
    if operator == "|":
        return lambda c: in_document_order(nodes_of(left(c), "|") + nodes_of(right(c), "|"))
    if operator in ("<", "<=", ">", ">="):
        compare = ordering(operator)
        return lambda c: compare(left(c), right(c))
    return _arithmetic(operator, left, right)


def _or_blank(value: Value, c: Context) -> Value:
    """In forms, no node (irrelevant, or not there) compares as a blank answer, as in JavaRosa."""
    return "" if value.__class__ is list and not value and c.world.forms_rules else value


def _arithmetic(operator: str, left: Closure, right: Closure) -> Closure:
    if operator == "+":
        return lambda c: to_number(left(c)) + to_number(right(c))
    if operator == "-":
        return lambda c: to_number(left(c)) - to_number(right(c))
    if operator == "*":
        return lambda c: to_number(left(c)) * to_number(right(c))
    combine = _divide if operator == "div" else _modulo
    return lambda c: combine(to_number(left(c)), to_number(right(c)))


def _divide(a: float, b: float) -> float:
    if b:
        return a / b
    if a == 0 or a != a or b != b:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def _modulo(a: float, b: float) -> float:
    if not b or a != a or b != b or math.isinf(a):
        return math.nan
    return math.fmod(a, b)


def evaluate(text: str, node: Any, world: Any) -> Value:
    """Evaluate an expression once."""
    return compile_expression(text)(Context(node, world))


__all__ = ["Closure", "UnknownFunction", "WrongArity", "XPathTypeError", "compile_expression", "evaluate"]
