"""The monkey before every user's laptop: a minute in all, or half an hour each with ``--long``. See ``tests/ui/monkey/``."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.ui.monkey.seat import USERS
from tests.ui.monkey.sitting import at_the_first_start, sit

LONG_SECONDS = 1800
#: seed and events of each; the same events whatever the machine's speed
SHORT = {"worker": (20261121, 200), "supervisor": (20261122, 200), "collector": (20261123, 60), "county": (20261124, 60),
         "third_party": (20261126, 40)}  # fmt: skip


@pytest.mark.parametrize("who", SHORT)
def test_pressing_everything_breaks_nothing_and_loses_nothing(tmp_path: Path, who: str) -> None:
    seed, steps = SHORT[who]
    assert sit(tmp_path, who=who, seed=seed, steps=steps).steps == steps


def test_at_the_first_start_every_way_leads_back_to_the_code(tmp_path: Path) -> None:
    at_the_first_start(tmp_path, 20261125, 40)


@pytest.mark.long
@pytest.mark.parametrize("who", USERS)
def test_half_an_hour_from_a_new_seed(tmp_path: Path, who: str) -> None:
    assert sit(tmp_path, who=who, seed=random.SystemRandom().randrange(1_000_000), seconds=LONG_SECONDS).steps > 400
