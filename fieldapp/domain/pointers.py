"""JSON values and the pointers to their leaves (RFC 6901).

A leaf is a scalar, a list or an empty object; a list is one value and never merged inside. A repeat is an object
keyed by row id; each row carries its existence as one leaf under ``ROW``. The order of rows, a list of row ids under
``ORDER``, is presentation: it never conflicts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from fieldapp.errors import InputError

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

ROW = "@row"
ORDER = "@order"
MAX_DEPTH = 32


def join(*parts: str) -> str:
    """The pointer through ``parts``, each escaped: ``join("a/b", "c") == "/a~1b/c"``."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def split(pointer: str) -> tuple[str, ...]:
    """The parts of ``pointer``. Raises InputError for text that is not a pointer to a leaf."""
    if not pointer.startswith("/"):
        raise InputError("pointer.malformed")
    parts = pointer[1:].split("/")
    if "~" not in pointer:
        return tuple(parts)
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)


def leaves(value: Json) -> Iterator[tuple[str, Json]]:
    """Every leaf below ``value`` with its pointer, in the order of the JSON text.

    Raises InputError when the nesting is deeper than ``MAX_DEPTH``.
    """
    yield from _leaves(value, "", 0)


def _leaves(value: Json, at: str, depth: int) -> Iterator[tuple[str, Json]]:
    if depth > MAX_DEPTH:
        raise InputError("payload.too_deep")
    if isinstance(value, Mapping) and (value or not at):
        for key, inner in value.items():
            yield from _leaves(inner, at + join(key), depth + 1)
    else:
        yield at, value


def check_depth(value: Json) -> None:
    """Raises InputError ``payload.too_deep`` where ``leaves`` would, at a tenth of its cost."""
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [inner for outer in level if isinstance(outer, dict) for inner in outer.values()]
        if not level:
            return
    raise InputError("payload.too_deep")


def get(value: Json, pointer: str) -> Json:
    """The value at ``pointer``; None where nothing stands (an absent leaf is a cleared leaf)."""
    for part in split(pointer):
        if type(value) is not dict and not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def get_many(value: Json, pointers: Iterable[str]) -> Iterator[tuple[str, Json]]:
    """``get`` for many pointers; the objects they share are looked up once."""
    parents: dict[str, Json] = {}
    for pointer in pointers:
        way, _, last = pointer.rpartition("/")
        if way not in parents:
            parents[way] = get(value, way) if way else value
        parent = parents[way]
        if "~" in last or not pointer.startswith("/"):
            yield pointer, get(parent, pointer[len(way) :])
        else:
            yield pointer, parent.get(last) if isinstance(parent, Mapping) else None


def put(root: dict[str, Json], pointer: str, value: Json) -> None:
    """Write ``value`` at ``pointer``, making the objects on the way."""
    *way, last = split(pointer)
    here = root
    for part in way:
        inner = here.get(part)
        if not isinstance(inner, dict):
            inner = {}
            here[part] = inner
        here = inner
    here[last] = value


def canonical(value: Json) -> str:
    """Text that is equal exactly when two JSON values are equal: keys sorted, no blanks, 1 and 1.0 alike."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _plain(value: Json) -> Json:
    if isinstance(value, float) and not isinstance(value, bool):
        if not math.isfinite(value):
            raise InputError("payload.not_a_number")
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(inner) for inner in value]
    return value
