"""Tokens to a syntax tree, by precedence climbing."""

from __future__ import annotations

from functools import lru_cache

from forms.expression.lexer import Token, XPathSyntaxError, tokenize
from forms.expression.syntax import Binary, Call, Expr, Negate, Number, Path, Step, String

_LEVELS = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "div": 6,
    "mod": 6,
}  # fmt: skip
AXES = frozenset((
    "ancestor", "ancestor-or-self", "attribute", "child", "descendant", "descendant-or-self", "following",
    "following-sibling", "namespace", "parent", "preceding", "preceding-sibling", "self",
))  # fmt: skip
_STEP_STARTS = frozenset(("name", "axis", "type"))
_ANY_BELOW = Step("descendant-or-self", "node()")
MAX_DEPTH = 150


@lru_cache(maxsize=8192)
def parse(text: str) -> Expr:
    """The syntax tree of an expression. Raises XPathSyntaxError."""
    parser = _Parser(tokenize(text))
    tree = parser.expression(0)
    if parser.token.kind != "end":
        raise XPathSyntaxError(f"unexpected {parser.token.text!r}", parser.token.at)
    return tree


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self.token = tokens[0]
        self.depth = 0

    def advance(self) -> Token:
        token = self.token
        self.place = min(self.place + 1, len(self.tokens) - 1)
        self.token = self.tokens[self.place]
        return token

    def is_op(self, *texts: str) -> bool:
        return self.token.kind == "op" and self.token.text in texts

    def expect(self, text: str) -> None:
        if not self.is_op(text):
            found = self.token.text or "the end"
            raise XPathSyntaxError(f"expected {text!r}, found {found!r}", self.token.at)
        self.advance()

    def expression(self, floor: int) -> Expr:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise XPathSyntaxError("nested too deeply", self.token.at)
        left = self.unary()
        while self.token.kind in ("op", "wordop"):
            level = _LEVELS.get(self.token.text, 0)
            if level <= floor:
                break
            operator = self.advance().text
            left = Binary(operator, left, self.expression(level))
        self.depth -= 1
        return left

    def unary(self) -> Expr:
        signs = 0
        while self.is_op("-"):
            self.advance()
            signs += 1
        operand = self.union()
        for _ in range(signs):
            operand = Negate(operand)
        return operand

    def union(self) -> Expr:
        left = self.path()
        while self.is_op("|"):
            self.advance()
            left = Binary("|", left, self.path())
        return left

    def path(self) -> Expr:
        kind, text = self.token.kind, self.token.text
        if kind in ("number", "string", "func", "var") or (kind == "op" and text == "("):
            return self.filter()
        if kind == "op" and text == "/":
            self.advance()
            return Path("/", self.steps() if self.starts_step() else ())
        if kind == "op" and text == "//":
            self.advance()
            return Path("/", (_ANY_BELOW, *self.steps()))
        return Path(None, self.steps())

    def starts_step(self) -> bool:
        return self.token.kind in _STEP_STARTS or self.is_op(".", "..", "@")

    def filter(self) -> Expr:
        primary = self.primary()
        predicates = self.predicates()
        if self.is_op("/"):
            self.advance()
            return Path(primary, self.steps(), predicates)
        if self.is_op("//"):
            self.advance()
            return Path(primary, (_ANY_BELOW, *self.steps()), predicates)
        return Path(primary, (), predicates) if predicates else primary

    def primary(self) -> Expr:
        token = self.advance()
        if token.kind == "number":
            return Number(float(token.text))
        if token.kind == "string":
            return String(token.text)
        if token.kind == "var":
            raise XPathSyntaxError(f"variable {token.text} is not defined", token.at)
        if token.kind == "func":
            return self.call(token)
        inner = self.expression(0)
        self.expect(")")
        return inner

    def call(self, token: Token) -> Call:
        self.expect("(")
        arguments: list[Expr] = []
        if not self.is_op(")"):
            arguments.append(self.expression(0))
            while self.is_op(","):
                self.advance()
                arguments.append(self.expression(0))
        self.expect(")")
        return Call(token.text, tuple(arguments), token.at)

    def steps(self) -> tuple[Step, ...]:
        steps = [self.step()]
        while self.is_op("/", "//"):
            if self.advance().text == "//":
                steps.append(_ANY_BELOW)
            steps.append(self.step())
        return tuple(steps)

    def step(self) -> Step:
        if self.is_op("."):
            self.advance()
            return Step("self", "node()", self.predicates())
        if self.is_op(".."):
            self.advance()
            return Step("parent", "node()", self.predicates())
        axis = "child"
        if self.is_op("@"):
            self.advance()
            axis = "attribute"
        elif self.token.kind == "axis":
            token = self.advance()
            if token.text not in AXES:
                raise XPathSyntaxError(f"unknown axis {token.text!r}", token.at)
            axis = token.text
            self.expect("::")
        return Step(axis, self.test(), self.predicates())

    def test(self) -> str:
        token = self.advance()
        if token.kind == "name":
            return token.text
        if token.kind == "type":
            self.expect("(")
            target = ""
            if token.text == "processing-instruction" and self.token.kind == "string":
                target = " " + self.advance().text
            self.expect(")")
            return f"{token.text}(){target}"
        found = token.text or "the end"
        raise XPathSyntaxError(f"expected a name, found {found!r}", token.at)

    def predicates(self) -> tuple[Expr, ...]:
        found: list[Expr] = []
        while self.is_op("["):
            self.advance()
            found.append(self.expression(0))
            self.expect("]")
        return tuple(found)
