"""The reproducible order of randomize(nodes, seed): Park and Miller's generator, as the ODK standard says."""

from __future__ import annotations

import hashlib
import math
from typing import Any

from forms.expression.values import Value, first, to_number, to_string

_MODULUS = 2147483647


def seed_number(seed: Value) -> int:
    """A seed as an integer: numbers are cut, other texts take 8 bytes of their SHA-256."""
    number = to_number(seed)
    if math.isinf(number):
        return 0
    if number == number:
        return int(number)
    text = to_string(first(seed))
    if not text:
        return 0
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


def seeded_shuffle(nodes: list[Any], seed: Value) -> list[Any]:
    state = math.fmod(seed_number(seed), _MODULUS)
    state = int(state) if state > 0 else int(state) + _MODULUS - 1
    found = list(nodes)
    for place in range(len(found) - 1, 0, -1):
        state = state * 16807 % _MODULUS
        other = int((state - 1) / (_MODULUS - 1) * (place + 1))
        found[place], found[other] = found[other], found[place]
    return found
