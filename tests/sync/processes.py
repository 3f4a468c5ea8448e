"""Real processes, quickly: forked from one that has imported everything, so that starting one costs no imports.

Each has its own pid and dies by SIGKILL like any other. Where there is no fork, they are started the slow way.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import sys
import time
import weakref
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

_fast = sys.platform != "win32"
context: Any = multiprocessing.get_context("forkserver" if _fast else "spawn")
if _fast:
    context.set_forkserver_preload(["tests.sync.preloaded"])
_started: weakref.WeakSet[BaseProcess] = weakref.WeakSet()


def start(work: Callable[..., None], *arguments: Any) -> BaseProcess:
    """``work(*arguments)`` in a process of its own, until it ends or is killed."""
    process: BaseProcess = context.Process(target=work, args=arguments)
    process.start()
    _started.add(process)
    return process


@atexit.register
def _end_all() -> None:
    """Before multiprocessing waits for them."""
    for process in list(_started):
        if process.is_alive():
            process.kill()


class Server:
    """``python -m sync.server ARGUMENTS`` with its output in files."""

    def __init__(self, arguments: list[str], folder: Path) -> None:
        self._said = folder / f"said-{time.monotonic_ns()}"
        self._said.touch()
        self.process = start(_command, arguments, str(self._said), str(folder / "server.log"))

    def first_line(self) -> str:
        """What it printed first; empty when it ended without a word."""
        while True:
            alive = self.process.is_alive()
            line = self._said.read_text(encoding="utf-8").partition("\n")
            if line[1] or not alive:
                return line[0]
            time.sleep(0.01)

    def lines(self) -> list[str]:
        """Everything it printed, once it ended."""
        self.process.join()
        return self._said.read_text(encoding="utf-8").splitlines()

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


def _command(arguments: list[str], said: str, log: str) -> None:
    from sync.server.__main__ import main

    for descriptor, path in ((1, said), (2, log)):
        opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False, buffering=1)
    code = main(arguments)
    sys.stdout.flush()
    sys.exit(code)
