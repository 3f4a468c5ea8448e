"""``python -m resources.demo``: the program on a county of one's own. First start minutes, then seconds.

    --who worker|collector|supervisor   whose laptop to open
    --households N                      how big a county (6000)
    --home DIR                          where it lives; the user's data folder otherwise
    --headless-check                    everything but the window; prints what was made and how long it took
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from fieldapp.errors import WorldError
from resources.demo.cast import CAST, Colleague, colleague
from resources.demo.county_server import ROOT, CountyServer, DemoFailure, Wanted, first_sync
from resources.demo.generate import DEFAULT_HOUSEHOLDS, DEFAULT_SEED
from resources.demo.stories import tell


def main(arguments: list[str]) -> int:
    options = _parse(arguments)
    signal.signal(signal.SIGTERM, _stop)
    home = options.home or _default_home(options.households)
    try:
        return _open(options, home.expanduser().resolve())
    except KeyboardInterrupt:
        return 130
    except (DemoFailure, WorldError) as failed:
        print(f"示范县没有打开 · the demo did not open: {failed}", file=sys.stderr)
        return 1


def _open(options: argparse.Namespace, home: Path) -> int:
    started = time.monotonic()
    me = colleague(options.who)
    with CountyServer(home, Wanted(options.households, options.seed)) as county:
        made = time.monotonic() - started
        _tell_stories(county)
        folder = _laptop(county, me)
        _say_who(me, home)
        if options.headless_check:
            holds = first_sync(folder, me.passphrase)
            took = {"county_s": round(made, 1), "all_s": round(time.monotonic() - started, 1)}
            print(json.dumps({"home": str(home), "who": me.who, **holds, **took}))
            return 0
        return _window(county, me)


def _tell_stories(county: CountyServer) -> None:
    """Once: what happened before, on the laptops of those it happened to."""
    if not county.told.exists():
        print("走访、事项、审核、抽查… · visits, matters, reviews, re-checks")
        county.begin_telling()
        tell(county)
        county.end_telling()


def _laptop(county: CountyServer, me: Colleague) -> Path:
    """The laptop of ``me``; a new one is filled from the county before its window opens."""
    fresh = not (county.profiles / me.user / "records.db").is_file()
    if fresh:
        print(f"登记{me.name}的电脑… · enrolling a laptop")
    folder = county.laptop(me)
    if fresh:
        print("第一次同步… · first sync")
        first_sync(folder, me.passphrase)
    return folder


def _window(county: CountyServer, me: Colleague) -> int:
    command = [sys.executable, str(ROOT / "main.py"), "--home", str(county.profiles), "--profile", me.user]
    window = subprocess.Popen(command, cwd=ROOT)
    try:
        return window.wait()
    except KeyboardInterrupt:
        window.terminate()
        window.wait(20)
        raise


def _say_who(me: Colleague, home: Path) -> None:
    print(f"\n示范县在 · the county lives in {home}")
    for each in CAST:
        mark = "→" if each is me else " "
        known = f"{each.name} {each.user}"
        print(f" {mark} WHO={each.who:<11} {known:<14} 口令 passphrase: {each.passphrase}   ({each.words})")
    print(flush=True)


def _default_home(households: int) -> Path:
    from platformdirs import user_data_path

    name = "tiejiaoban-demo" if households == DEFAULT_HOUSEHOLDS else f"tiejiaoban-demo-{households}"
    return user_data_path(name, appauthor=False)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m resources.demo")
    parser.add_argument("--who", choices=[each.who for each in CAST], default="worker")
    parser.add_argument("--households", type=int, default=DEFAULT_HOUSEHOLDS)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--headless-check", action="store_true")
    return parser.parse_args(arguments)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
