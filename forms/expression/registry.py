"""The function library's register: names, arities, and what runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

MANY = 1_000_000


@dataclass(frozen=True)
class Function:
    """``lazy`` functions get their arguments as closures, others as values; a ``build`` makes the closure of a
    call from its syntax tree instead."""

    name: str
    least: int
    most: int
    run: Callable[..., Any]
    lazy: bool = False
    parity: int | None = None
    build: Callable[..., Any] | None = None

    def takes(self, count: int) -> bool:
        return self.least <= count <= self.most and (self.parity is None or count % 2 == self.parity)


_LIBRARY: dict[str, Function] = {}


def function(
    *names: str, args: tuple[int, int], lazy: bool = False, parity: int | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register ``run(context, arguments)`` under its names; ``args`` is (least, most)."""

    def register(run: Callable[..., Any]) -> Callable[..., Any]:
        for name in names:
            _LIBRARY[name] = Function(name, args[0], args[1], run, lazy, parity)
        return run

    return register


def built(
    name: str, *, args: tuple[int, int], parity: int | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register ``build(call, compile_tree)``, for a function whose arguments are more than their values."""

    def register(build: Callable[..., Any]) -> Callable[..., Any]:
        _LIBRARY[name] = Function(name, args[0], args[1], _never_run, parity=parity, build=build)
        return build

    return register


def _never_run(*_: Any) -> Any:
    raise AssertionError("a built function makes its own closure")


def find(name: str) -> Function | None:
    """The function of that name, None when there is none."""
    return _library().get(name)


@lru_cache(maxsize=1)
def _library() -> dict[str, Function]:
    """The register with every module of the library loaded."""
    from forms.expression import functions

    functions.load()
    return _LIBRARY
