"""The syntax tree of an expression."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class String:
    value: str


@dataclass(frozen=True, slots=True)
class Negate:
    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Expr, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """``test`` is a name ("a", "p:a", "*", "p:*") or a node type ("node()", "text()", "comment()",
    "processing-instruction()" with an optional target after a space)."""

    axis: str
    test: str
    predicates: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """``start`` None is the context node, "/" the root, else an expression giving nodes."""

    start: Expr | str | None
    steps: tuple[Step, ...]
    predicates: tuple[Expr, ...] = ()  # on the start expression


Expr = Number | String | Negate | Binary | Call | Path
