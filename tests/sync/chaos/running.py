"""Running many worlds, in several processes, and telling what went wrong in a way that can be run again."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from tests.sync.chaos import checks
from tests.sync.chaos.world import World

HEALED_EVERY = 5
"""Schedules (of eight acts) between two healings."""


def place() -> str | None:
    """Memory, where there is some: power cuts are the process tests' business."""
    return "/dev/shm" if Path("/dev/shm").is_dir() and os.access("/dev/shm", os.W_OK) else None


def run_world(
    seed: int,
    schedules: int,
    acts: dict[str, float] | None = None,
    fresh: int = 3,
    url: Callable[[], str] | None = None,
) -> list[str]:
    """What is wrong after ``schedules`` of the world with this seed; empty when all is well."""
    folder = Path(tempfile.mkdtemp(dir=place()))
    world = None
    try:
        world = World(folder / "world", seed, url, acts, fresh)
        for _ in range(0, schedules, HEALED_EVERY):
            world.run(HEALED_EVERY)
            wrong = checks.everything(world)
            gc.collect(1)
            if wrong:
                return [f"seed {seed}: {' / '.join(world.log)}", *wrong[:6]]
    except Exception:  # noqa: BLE001 -- a crash is a finding, told with its seed
        return [f"seed {seed}", traceback.format_exc(limit=-8)]
    finally:
        if world is not None:
            world.close()
        shutil.rmtree(folder, ignore_errors=True)
    return []


def run_script(script: str) -> list[str]:
    """What is wrong after a script of acts (``World.play``) and healing."""
    folder = Path(tempfile.mkdtemp(dir=place()))
    world = World(folder / "world", 1)
    try:
        world.play(script)
        world.heal()
        return checks.everything(world)
    finally:
        world.close()
        shutil.rmtree(folder, ignore_errors=True)


def run_many(first: int, worlds: int, schedules: int, fresh: int = 3) -> list[str]:
    """``worlds`` worlds on all processors; what is wrong with any of them."""
    context = get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count() or 1, context, gc.disable) as pool:
        work = partial(run_world, schedules=schedules, fresh=fresh)
        found = pool.map(work, range(first, first + worlds))
        return [line for lines in found for line in lines]


if __name__ == "__main__":
    print("\n".join(run_world(int(sys.argv[1]), int(sys.argv[2]))) or "all is well")
