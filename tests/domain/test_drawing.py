"""The draw: fixed by what was published, the same for everybody, steered by nobody.

Properties over random pools: near relatives always, nobody inspects their own, the order of lists does not matter.
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from fieldapp.domain.drawing import Candidate, commitment, draw, new_seed, problems

SEED = "00" * 31 + "07"
TEAMS = (("李秋", "陈芳"), ("汪静",), ("何平", "向阳"))
INSPECTORS = ("王敏", "陈芳", "赵立")


KNOWN = [
    ["visit", "v7", "王敏"],
    ["visit", "v3", "王敏"],
    ["service", "v9", "王敏"],
]


def pool(count: int, salt: str = "") -> list[Candidate]:
    return [
        Candidate("service" if n % 5 == 4 else "visit", f"v{n}", f"leaf{salt}{n}", TEAMS[n % 3], n % 17 == 3)
        for n in range(count)
    ]


def published(candidates: list[Candidate], seed: str = SEED) -> dict[str, object]:
    return {
        "seed": seed, "commitment": commitment(seed), "per_mille": 100, "inspectors": list(INSPECTORS),
        "candidates": [each.to_json() for each in candidates],
        "drawn": [each.to_json() for each in draw(seed, candidates, 100, INSPECTORS)],
    }  # fmt: skip


def test_a_known_draw_stays_what_it_is() -> None:
    """A vector: whoever writes the draw again elsewhere must get this."""
    drawn = draw(SEED, pool(10), 200, INSPECTORS)
    assert [each.to_json() for each in drawn] == KNOWN
    assert commitment(SEED) == "f1fb38f95c7011aa33b46ef4a28e9ea22ac187845cc97440451ea5075ba71145"


@pytest.mark.parametrize("count", [1, 2, 9, 40, 300])
def test_shares_relatives_and_inspectors(count: int) -> None:
    for _ in range(20):
        seed, candidates = new_seed(), pool(count)
        drawn = draw(seed, candidates, 100, INSPECTORS)
        by_id = {each.id: each for each in candidates}
        for kind in ("visit", "service"):
            of_kind = [each for each in candidates if each.kind == kind]
            wanted = min(len(of_kind), max(1, -(-len(of_kind) // 10))) if of_kind else 0
            assert sum(each.kind == kind for each in drawn) >= wanted
        assert {each.id for each in candidates if each.always} <= {each.id for each in drawn}
        assert all(each.inspector not in by_id[each.id].team for each in drawn)
        shuffled = random.Random(1).sample(candidates, len(candidates))
        assert draw(seed, shuffled, 100, tuple(reversed(INSPECTORS))) == drawn


def test_everybody_in_the_team_means_somebody_else_is_needed() -> None:
    (drawn,) = draw(SEED, [Candidate("visit", "v", "l", ("王敏",))], 100, ("王敏",))
    assert drawn.inspector == ""


def test_whoever_knows_the_seed_cannot_foresee_the_draw() -> None:
    """One revision made by somebody else changes every ticket."""
    before, after = pool(200), pool(200)
    after[150] = replace(after[150], leaf="another")
    one, other = (draw(SEED, each, 100, INSPECTORS) for each in (before, after))
    assert len({each.id for each in one} & {each.id for each in other}) < len(one)


def test_every_tampering_is_found() -> None:
    whole = published(pool(60))
    assert problems(whole) == ()
    assert problems({**whole, "seed": new_seed()}) == ("commitment", "drawn")
    drawn = whole["drawn"]
    assert isinstance(drawn, list)
    assert problems({**whole, "drawn": drawn[1:]}) == ("drawn",)
    assert problems({**whole, "drawn": [drawn[1], drawn[0], *drawn[2:]]}) == ("drawn",), "the order is part of the draw"
    assert problems({**whole, "inspectors": ["王敏"]}) == ("drawn",)
    candidates = whole["candidates"]
    assert isinstance(candidates, list)
    assert problems({**whole, "candidates": candidates[:-1]}) == ("drawn",)
    assert "twice" in problems({**whole, "candidates": [*candidates, candidates[0]]})
    assert problems({"seed": "x"}) == ("shape",)


def test_every_visit_is_drawn_about_as_often() -> None:
    """400 seeds, 20 visits, a tenth: two draws each round; nobody far from 40."""
    counts: dict[str, int] = {}
    plain = [Candidate("visit", f"v{n}", f"l{n}") for n in range(20)]
    for n in range(400):
        for each in draw(f"{n:064x}", plain, 100, ("王敏",)):
            counts[each.id] = counts.get(each.id, 0) + 1
    assert sum(counts.values()) == 800
    assert all(15 <= counts.get(each.id, 0) <= 70 for each in plain)
