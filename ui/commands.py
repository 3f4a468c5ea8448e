"""Commands that the search box finds beside households: every screen, privacy, lock, sync, help."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from fieldapp.domain.roles import READ, may
from ui.screens.registry import rail_of
from ui.widgets.rows import Row
from ui.widgets.search_box import Hit
from ui.words import glossary, t

if TYPE_CHECKING:
    from ui.frame import Frame

MOST = 4


def matching(frame: Frame, query: str) -> list[Hit]:
    """Commands whose words in either language hold ``query``."""
    wanted = query.casefold()
    found = []
    for key, icon, act in _all(frame):
        if any(wanted in phrase.casefold() for phrase in glossary()[key]):
            found.append(Hit(Row(title=t(key), second=t("search.command"), icon=icon), act))
    return found[:MOST]


def _all(frame: Frame) -> Iterator[tuple[str, str, Callable[[], None]]]:
    for each in rail_of(frame.desk.actor.role):
        yield f"screen.{each.name}", each.icon, partial(frame.open, each.name)
    if may(frame.desk.actor.role, READ, "fund_entry"):
        yield "screen.accounts", "wallet", partial(frame.open, "accounts")
    yield "key.privacy", "eye-off", frame.toggle_privacy
    yield "key.lock", "lock", frame.lock
    yield "key.help", "keyboard", frame.help
