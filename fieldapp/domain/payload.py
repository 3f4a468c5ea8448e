"""What a revision says: the document's state after the save, and the leaves the save wrote (protocol.md)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from fieldapp.domain.pointers import MAX_DEPTH, Json, check_depth, get, get_many, join
from fieldapp.errors import InputError

MAX_PAYLOAD_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class Payload:
    """The document's state after the save, and the leaves the save wrote."""

    state: Mapping[str, Json]
    set: tuple[str, ...]

    def to_bytes(self) -> bytes:
        body = {"state": self.state, "set": list(self.set)}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")

    def value(self, pointer: str) -> Json:
        """The value this save wrote at ``pointer``; None says cleared."""
        return get(self.state, pointer)


@dataclass(frozen=True)
class WholePayload(Payload):
    """Every leaf of the state a write, as a document's first revision has it; made by ``whole_payload`` alone, which
    lets through only what ``parse_payload`` would, so that it need not be read back before it is signed."""

    def to_bytes(self) -> bytes:
        """Raises InputError ``payload.too_large``."""
        data = msgspec.json.encode({"state": self.state, "set": self.set})
        if len(data) > MAX_PAYLOAD_BYTES:
            raise InputError("payload.too_large")
        return data


def whole_payload(state: Mapping[str, Json]) -> WholePayload:
    """``state`` without its cleared leaves, all its leaves written, in the order of the JSON text.

    One walk: the first save of a visit has five hundred leaves. Raises InputError ``payload.too_deep`` |
    ``payload.not_a_number``.
    """
    written: list[str] = []
    kept = _keep(state, "", 0, written)
    return WholePayload(kept, tuple(written))


def parse_payload(data: bytes) -> Payload:
    """The payload in ``data``. Raises InputError ``payload.*``.

    ``set`` names leaves: a pointer to an object that has members is refused, for a write is one value.
    """
    if len(data) > MAX_PAYLOAD_BYTES:
        raise InputError("payload.too_large")
    body = read_object(data, "payload")
    if set(body) != {"state", "set"} or not isinstance(body["state"], dict):
        raise InputError("payload.shape")
    written = read_texts(body["set"])
    if len(set(written)) != len(written):
        raise InputError("payload.set")
    for _, value in get_many(body["state"], written):
        if type(value) is dict and value:
            raise InputError("payload.set_not_a_leaf")
    check_depth(body["state"])
    return Payload(body["state"], written)


def read_object(data: bytes, what: str) -> dict[str, Any]:
    """A JSON object without a key twice. Raises InputError ``WHAT.not_json``."""
    try:
        body = _STRICT.decode(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise InputError(f"{what}.not_json") from None
    if not isinstance(body, dict):
        raise InputError(f"{what}.not_json")
    return body


def read_texts(value: object) -> tuple[str, ...]:
    """Raises InputError ``envelope.list`` for anything but a list of texts."""
    if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(v, str) for v in value):
        raise InputError("envelope.list")
    return tuple(value)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("duplicate key")
    return made


_STRICT = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_unique)
_PLAIN = frozenset((str, int, bool))


def _keep(value: Mapping[str, Json], at: str, depth: int, written: list[str]) -> dict[str, Json]:
    """The object without cleared leaves and without objects that held nothing else."""
    if depth >= MAX_DEPTH and value:
        raise InputError("payload.too_deep")
    made: dict[str, Json] = {}
    for key, inner in value.items():
        path = f"{at}/{key}" if "~" not in key and "/" not in key else at + join(key)
        if isinstance(inner, dict) and inner:
            if below := _keep(inner, path, depth + 1, written):
                made[key] = below
        elif inner is not None:
            made[key] = inner if type(inner) in _PLAIN else _leaf(inner)
            written.append(path)
    return made


def _leaf(value: Any) -> Json:
    """One value as it reads back from its JSON text. A number that is none would silently become null."""
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError("payload.not_a_number")
    if isinstance(value, list | tuple):
        return [_leaf(inner) for inner in value]
    if isinstance(value, dict):
        return {str(key): _leaf(inner) for key, inner in value.items()}
    plain: Json = value
    return plain
