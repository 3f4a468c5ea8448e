"""PouchDB and express-pouchdb over the same slow line, tuned: connections kept alive, batches of a thousand.

Installed by npm into a temporary folder for the run and thrown away with it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from tests.bench.link_yardstick import Link

PACKAGES = ("pouchdb@9.0.0", "express-pouchdb@4.2.0", "express@4.21.2")
SCRIPT = Path(__file__).with_name("pouchdb.mjs")
BATCH = 1000


@dataclass(frozen=True)
class Figures:
    """Seconds."""

    first_pull: float
    push: float
    delta_push: float
    delta_pull: float


def measure(states: list[dict[str, object]], delta: list[dict[str, object]]) -> Figures | str:
    """The same documents as ours, as PouchDB keeps them; why not, where npm or its packages are not at hand."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "npm is not at hand"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "package.json").write_text("{}")
        command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"npm install: {done.stderr.strip().splitlines()[-1:]}"
        return _measure(folder, states, delta)


def _measure(folder: Path, states: list[dict[str, object]], delta: list[dict[str, object]]) -> Figures:
    server = _Node(folder, "serve")
    with Link("127.0.0.1", int(str(server.heard["port"]))) as link:
        writer, reader = (_Node(folder, "client", f"http://127.0.0.1:{link.port}/county", str(BATCH)) for _ in range(2))
        try:
            writer.ask("fill", _written(folder, states))
            push = writer.ask("push")
            first = reader.ask("pull")
            writer.ask("fill", _written(folder, delta))
            delta_push = writer.ask("push")
            delta_pull = reader.ask("pull")
        finally:
            for node in (writer, reader, server):
                node.stop()
    assert (push["documents"], first["documents"]) == (len(states), len(states))
    assert (delta_push["documents"], delta_pull["documents"]) == (len(delta), len(delta))
    return Figures(first["seconds"], push["seconds"], delta_push["seconds"], delta_pull["seconds"])


def _written(folder: Path, states: list[dict[str, object]]) -> str:
    path = folder / f"{uuid.uuid4().hex}.json"
    path.write_text(json.dumps([{"_id": str(uuid.uuid4()), "type": "person", **state} for state in states]))
    return str(path)


class _Node:
    """One node process."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._process = subprocess.Popen(
            ["node", str(SCRIPT), *arguments],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.heard = self._hear()

    def ask(self, *words: str) -> dict[str, float]:
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(words) + "\n")
        self._process.stdin.flush()
        return self._hear()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _hear(self) -> dict[str, float]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("node ended")
        heard: dict[str, float] = json.loads(line)
        return heard
