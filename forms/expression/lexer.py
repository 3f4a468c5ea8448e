"""XPath 1.0 text to tokens, with the disambiguation of its §3.7."""

from __future__ import annotations

import re
from typing import NamedTuple


class XPathSyntaxError(ValueError):
    """An expression that is not XPath. ``at`` is the offset of the trouble."""

    def __init__(self, message: str, at: int) -> None:
        self.at = at
        super().__init__(f"{message} at {at}")


class Token(NamedTuple):
    kind: str  # number string name op axis func type var end
    text: str
    at: int


_NAME = r"[^\W\d][\w\-.·]*"
_PATTERN = re.compile(
    rf"""\s*(?:
    (?P<number>\d+(?:\.\d*)?|\.\d+)
    |(?P<string>"[^"]*"|'[^']*')
    |(?P<op>//|::|\.\.|!=|<=|>=|[()\[\].@,/|+\-=<>*])
    |(?P<var>\$(?:{_NAME}:)?{_NAME})
    |(?P<name>{_NAME}(?:(?<!:):(?!:)(?:{_NAME}|\*))?)
    )""",
    re.VERBOSE,
)
_OPERATORS = frozenset(("and", "or", "mod", "div"))
_TYPES = frozenset(("node", "text", "comment", "processing-instruction"))
_BEFORE_OPERAND = frozenset(("@", "::", "(", "[", ",", "/", "//", "|", "+", "-", "=", "!=", "<", "<=", ">", ">="))


def tokenize(text: str) -> list[Token]:
    """Tokens of an expression, an "end" token last. Raises XPathSyntaxError."""
    tokens: list[Token] = []
    at, length = 0, len(text)
    while at < length:
        match = _PATTERN.match(text, at)
        if match is None:
            if not text[at:].strip():
                break
            raise XPathSyntaxError(f"unexpected {text[at:].lstrip()[:10]!r}", at)
        kind = match.lastgroup or ""
        value = match[kind]
        start = match.start(kind)
        at = match.end()
        tokens.append(_classify(kind, value, start, tokens, text, at))
    tokens.append(Token("end", "", length))
    return tokens


def _classify(kind: str, value: str, start: int, tokens: list[Token], text: str, after: int) -> Token:
    if kind == "string":
        return Token("string", value[1:-1], start)
    operand_done = bool(tokens) and not (
        (tokens[-1].kind == "op" and tokens[-1].text in _BEFORE_OPERAND) or tokens[-1].kind == "wordop"
    )
    if value == "*":
        return Token("wordop" if operand_done else "name", "*", start)
    if kind != "name":
        return Token(kind, value, start)
    if operand_done and value in _OPERATORS:
        return Token("wordop", value, start)
    follows = text[after:].lstrip()
    if follows.startswith("::"):
        return Token("axis", value, start)
    if follows.startswith("("):
        return Token("type" if value in _TYPES else "func", value, start)
    return Token("name", value, start)
