"""铁脚板: read arguments, wire, start; nothing else."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from pathlib import Path

from ui import console
from ui.console import add_commands


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tiejiaoban", description="Offline field survey for county social assistance")
    parser.add_argument("--home", type=Path, default=None, help="folder that holds the profiles")
    parser.add_argument("--profile", default="", help="profile to offer first, by its name")
    parser.set_defaults(command=None)
    add_commands(parser)
    return parser.parse_args(argv)


def home_folder(asked: Path | None) -> Path:
    """Where profiles live: as asked, as the environment says, else the user's own data folder."""
    if asked is not None:
        return asked.expanduser().resolve()
    if os.environ.get("TIEJIAOBAN_HOME"):
        return Path(os.environ["TIEJIAOBAN_HOME"]).expanduser().resolve()
    from platformdirs import user_data_path

    return user_data_path("tiejiaoban", appauthor=False)


def no_core_dumps() -> None:
    """A crash must not write keys and names to disk."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(argv: list[str] | None = None) -> int:
    no_core_dumps()
    options = arguments(argv)
    home = home_folder(options.home)
    if options.command is not None:
        return console.run(options, home)
    from ui.app import run

    return run(home, options.profile)


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
