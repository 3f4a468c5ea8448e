"""Random re-checks that nobody can steer and everybody can verify (双随机抽查): commit, reveal, draw again.

1. Before the period ends the desk publishes a commitment: SHA-256 of a random seed, with the period, the share and the
   inspectors. From then on nothing of the draw can be chosen.
2. After the period the seed is published with the candidates. Every draw is keyed by HMAC-SHA-256 under the seed over
   the hash of the candidate list, which holds revision ids made by other people after the commitment: whoever knows
   the seed alone cannot foresee the draw.
3. Anybody with the published document draws again and compares.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.pointers import canonical

COMMIT_TAG, POOL_TAG, TICKET_TAG, INSPECTOR_TAG = b"recheck-seed-1\0", b"recheck-pool-1\0", b"ticket\0", b"inspector\0"
SEED_BYTES = 32
KINDS = ("visit", "service")


@dataclass(frozen=True)
class Candidate:
    """What may be drawn. ``kind`` of ``KINDS``, ``leaf`` its revision at the time, ``team`` who did it; ``always``: a
    near relative of somebody who decides is never left to chance."""

    kind: str
    id: str
    leaf: str
    team: tuple[str, ...] = ()
    always: bool = False

    def to_json(self) -> list[Any]:
        return [self.kind, self.id, self.leaf, list(self.team), self.always]

    @classmethod
    def from_json(cls, told: Sequence[Any]) -> Candidate:
        kind, document, leaf, team, always = told
        return cls(str(kind), str(document), str(leaf), tuple(str(name) for name in team), bool(always))


@dataclass(frozen=True)
class Drawn:
    """One drawn document and who looks at it; ``inspector`` is "" when everybody named was in the team."""

    kind: str
    id: str
    inspector: str

    def to_json(self) -> list[str]:
        return [self.kind, self.id, self.inspector]


def new_seed() -> str:
    """64 hex digits."""
    return secrets.token_hex(SEED_BYTES)


def commitment(seed: str) -> str:
    """What is published before: SHA-256 over tag and seed bytes. Raises ValueError for a seed that is none."""
    data = bytes.fromhex(seed)
    if len(data) != SEED_BYTES:
        raise ValueError("seed")
    return hashlib.sha256(COMMIT_TAG + data).hexdigest()


def draw(seed: str, candidates: Sequence[Candidate], per_mille: int, inspectors: Sequence[str]) -> tuple[Drawn, ...]:
    """The drawn, in the order in which they are to be looked at.

    Of each kind at least one and ``per_mille`` of a thousand, rounded up; ``always`` ones besides. The order of neither
    list matters.
    """
    key, pool = bytes.fromhex(seed), _pool(candidates, per_mille, inspectors)
    found: list[Drawn] = []
    for kind in KINDS:
        tickets = sorted((_ticket(key, pool, each), each) for each in candidates if each.kind == kind)
        wanted = min(len(tickets), max(1, -(-len(tickets) * per_mille // 1000))) if tickets else 0
        for place, (_number, each) in enumerate(tickets):
            if place < wanted or each.always:
                found.append(Drawn(kind, each.id, _inspector(key, pool, each, inspectors)))
    return tuple(found)


def problems(published: Mapping[str, Any]) -> tuple[str, ...]:
    """What is wrong with a revealed draw by itself: ``commitment`` | ``drawn`` | ``twice`` | ``shape``; empty when it
    can be drawn again exactly. ``published`` has the leaves of a ``recheck`` document."""
    try:
        candidates = [Candidate.from_json(each) for each in published["candidates"]]
        seed, inspectors = str(published["seed"]), [str(name) for name in published["inspectors"]]
        again = [each.to_json() for each in draw(seed, candidates, int(published["per_mille"]), inspectors)]
        wrong = [] if commitment(seed) == published["commitment"] else ["commitment"]
        drawn = [list(each) for each in published["drawn"]]
    except (KeyError, TypeError, ValueError):
        return ("shape",)
    if drawn != again:
        wrong.append("drawn")
    if len({(each.kind, each.id) for each in candidates}) != len(candidates):
        wrong.append("twice")
    return tuple(wrong)


def _pool(candidates: Sequence[Candidate], per_mille: int, inspectors: Sequence[str]) -> bytes:
    told = sorted(canonical(each.to_json()) for each in candidates)
    terms = canonical([per_mille, sorted(inspectors)])
    return hashlib.sha256(POOL_TAG + "\n".join([terms, *told]).encode("utf-8")).digest()


def _ticket(key: bytes, pool: bytes, each: Candidate) -> tuple[bytes, str]:
    told = TICKET_TAG + pool + f"{each.kind}\0{each.id}".encode()
    return hmac.digest(key, told, "sha256"), each.id


def _inspector(key: bytes, pool: bytes, each: Candidate, inspectors: Sequence[str]) -> str:
    """By lot among those who were not in the team."""
    free = [name for name in sorted(set(inspectors)) if name not in each.team]
    told = INSPECTOR_TAG + pool + f"{each.kind}\0{each.id}\0".encode()
    return min(free, key=lambda name: hmac.digest(key, told + name.encode("utf-8"), "sha256"), default="")
