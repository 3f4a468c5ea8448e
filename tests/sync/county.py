"""A county for tests: real keys, a real database, a real server process on a free port."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from sync.protocol.code import EnrolmentCode
from sync.server.admin.county import init_county
from sync.server.admin.people import make_code, set_scope
from sync.server.service import Service
from tests.sync.processes import Server

ROOT = Path(__file__).resolve().parent.parent.parent
COUNTY = "341799"
TOWN = "341799101"
GRID_A, GRID_B = "341799101201-001", "341799101201-002"
PASSPHRASE = "稻田-板凳-渡口-27"


@dataclass
class County:
    """``serve`` starts a process; several may run. ``service`` is the same county without a network."""

    folder: Path
    url: str
    service: Service
    processes: list[Server] = field(default_factory=list)
    address: str = ""

    @classmethod
    def make(cls, folder: Path, url: str) -> County:
        folder.mkdir(parents=True, exist_ok=True)
        service = init_county(
            url, folder / "blobs", folder / "keys", county=COUNTY, name="青田县", passphrase="root passphrase"
        )
        return cls(folder, url, service)

    @property
    def arguments(self) -> list[str]:
        keys = self.folder / "keys" / "server.keys"
        return ["--db", self.url, "--blobs", str(self.folder / "blobs"), "--key-file", str(keys)]

    def serve(self, *more: str, port: int = 0) -> str:
        """Start a server process; its address."""
        server = Server(["serve", *self.arguments, "--port", str(port), *more], self.folder)
        self.processes.append(server)
        ready = server.first_line()
        assert ready, (self.folder / "server.log").read_text(encoding="utf-8")[-3000:]
        self.address = str(json.loads(ready)["url"])
        return self.address

    def admin(self, command: str, *more: str) -> list[dict[str, object]]:
        """One admin command as the office types it."""
        done = Server(["admin", command, *self.arguments, *more], self.folder)
        lines = done.lines()
        assert done.process.exitcode == 0, (self.folder / "server.log").read_text(encoding="utf-8")[-3000:]
        return [json.loads(line) for line in lines]

    def kill(self) -> None:
        """Every server process dies at once."""
        for process in self.processes:
            process.kill()
        self.processes.clear()

    def user(self, user: str, role: str, *areas: str, name: str | None = None) -> int:
        return set_scope(self.service, user, role, list(areas), name=name or user, by="test")

    def code(self, user: str, hours: float = 1) -> EnrolmentCode:
        return make_code(self.service, user, self.address, hours=hours)

    def close(self) -> None:
        self.kill()
        self.service.close()
