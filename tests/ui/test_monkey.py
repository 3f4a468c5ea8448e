"""The monkey before both laptops: a minute in all, or half an hour each with ``--long``. See ``tests/ui/monkey.py``."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.ui.monkey import sit

LONG_SECONDS = 1800
SHORT_STEPS = 400  # half a minute here; the same events whatever the machine's speed


@pytest.mark.parametrize("desk", [False, True], ids=["worker", "desk"])
def test_pressing_everything_breaks_nothing_and_loses_nothing(tmp_path: Path, desk: bool) -> None:
    assert sit(tmp_path, desk=desk, seed=20261121 + desk, steps=SHORT_STEPS) == SHORT_STEPS


@pytest.mark.long
@pytest.mark.parametrize("desk", [False, True], ids=["worker", "desk"])
def test_half_an_hour_from_a_new_seed(tmp_path: Path, desk: bool) -> None:
    assert sit(tmp_path, desk=desk, seed=random.SystemRandom().randrange(1_000_000), seconds=LONG_SECONDS) > SHORT_STEPS
