"""Commands about the program itself: installing it, taking the county's next version, going back."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from fieldapp.errors import InputError
from ui.words import t


def add_update_commands(commands: Any) -> None:
    """``install PLACE | update FOLDER | back``: of the packaged program only."""
    for name, run, file in (("install", _install, "place"), ("update", _update, "folder"), ("back", _back, "")):
        made = commands.add_parser(name, help=t(f"console.{name}"))
        if file:
            made.add_argument(file, type=Path)
        made.set_defaults(command=run)


def _program() -> Path:
    """The folder this program runs from. Raises InputError ``update.not_packaged``."""
    if not getattr(sys, "frozen", False):
        raise InputError("update.not_packaged")
    return Path(sys.executable).resolve().parent


def _install(options: argparse.Namespace, home: Path) -> int:
    from fieldapp.updating import places

    place = options.place.expanduser().resolve()
    about = places.install(_program(), place)
    if sys.platform == "linux":
        _desktop_entry(place, _program())
    print(t("console.installed", version=about.version, place=place))
    return 0


def _desktop_entry(place: Path, program: Path) -> None:
    """The user's menu starts the launcher, whichever version it leads to."""
    from platformdirs import user_data_path

    from fieldapp.updating.places import LAUNCHER

    menu = user_data_path() / "applications"
    menu.mkdir(parents=True, exist_ok=True)
    (place / "tiejiaoban.svg").write_bytes((program / "tiejiaoban.svg").read_bytes())
    entry = (program / "tiejiaoban.desktop").read_text(encoding="utf-8")
    quoted = str(place / LAUNCHER).replace("\\", "\\\\").replace('"', '\\"')
    entry = entry.replace("Exec=tiejiaoban", f'Exec="{quoted}"')
    entry = entry.replace("Icon=tiejiaoban", f"Icon={place / 'tiejiaoban.svg'}")
    (menu / "tiejiaoban.desktop").write_text(entry, encoding="utf-8")


def _update(options: argparse.Namespace, home: Path) -> int:
    from fieldapp.updating import places
    from fieldapp.workflows.trust_cards import cards_in

    found = places.update(options.folder, places.place_of(_program()), home, cards_in(home))
    print(t("console.updated", version=found.about.version, number=found.number))
    return 0


def _back(options: argparse.Namespace, home: Path) -> int:
    from fieldapp.updating import places

    about = places.back(places.place_of(_program()), home)
    print(t("console.went_back", version=about.version))
    return 0
