"""Half an hour of it, or as long as asked:

    python -m tests.ui.monkey [--minutes 30] [--seed N] [--who worker|collector|supervisor|county]

The seed is printed first, the last events when something is wrong. ``--desk`` is the supervisor's laptop.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

from tests.ui.monkey.seat import USERS
from tests.ui.monkey.sitting import Wrong, sit


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.ui.monkey")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--who", choices=sorted(USERS), default="worker")
    parser.add_argument("--desk", action="store_const", const="supervisor", dest="who", help="same as --who supervisor")
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(1_000_000)
    print(f"{asked.who}, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        try:
            monkey = sit(Path(folder), who=asked.who, seed=seed, seconds=asked.minutes * 60)
        except Wrong as wrong:
            print(wrong, flush=True)
            return 1
    seconds, what = monkey.longest
    print(f"{monkey.steps} events, nothing wrong; the longest took {seconds:.1f} s: {what}")
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # Qt's own teardown order is not what is looked at here
