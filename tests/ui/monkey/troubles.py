"""What a day brings besides hands: a file dialog's answer, a disk without room."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from fieldapp.store.api import Store

DIALOGS = ("getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory")
UNBOUNDED = 1_073_741_823  # SQLite's own limit of pages


def fill_disk(store: Store) -> None:
    """From now on the database may not grow: SQLite itself says that the disk is full."""
    store.maintain(lambda c: c.execute("PRAGMA max_page_count = 1").fetchall()).result()  # no less than it has


def make_room(store: Store) -> None:
    store.maintain(lambda c: c.execute(f"PRAGMA max_page_count = {UNBOUNDED}").fetchall()).result()


@contextmanager
def no_dialogs(chance: random.Random) -> Iterator[None]:
    """The system's file dialog takes no events from here: it is cancelled, or a file is chosen that is not there, is
    noise, or is to be written."""
    from PySide6.QtWidgets import QFileDialog

    with tempfile.TemporaryDirectory() as folder:

        def answer(name: str) -> Callable[..., Any]:
            def chosen(*_args: Any, **_kwargs: Any) -> Any:
                path = _some_file(Path(folder), chance) if chance.random() < 0.4 else ""
                if name == "getExistingDirectory":
                    return folder if path else ""
                return ([path] if path else [], "") if name == "getOpenFileNames" else (path, "")

            return chosen

        patches = [patch.object(QFileDialog, name, answer(name)) for name in DIALOGS]
        for each in patches:
            each.start()
        try:
            yield
        finally:
            for each in patches:
                each.stop()


def _some_file(folder: Path, chance: random.Random) -> str:
    path = folder / f"{chance.randint(0, 9)}{chance.choice(('.bin', '.xlsx', '.jpg', '.pdf', '.tjbundle'))}"
    if chance.random() < 0.3:
        path.write_bytes(chance.randbytes(chance.choice((0, 40, 5000))))
    return str(path)
