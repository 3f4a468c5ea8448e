"""A county server of one's own on loopback: made by the admin command, run as a process, its people enrolled.

What an office does by hand is done here by the same commands: there is no other way in. The folder is

    server/     keys, database, blobs: made under another name and renamed when complete, so that a killed set-up
                starts over
    files/      the generated county
    profiles/   one laptop per user; ``enrolled.json`` names those that were finished; ``stories-told`` stands once
                everything before the first start has happened (``stories-begun`` alone: killed on the way)
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

from fieldapp.errors import WorldError
from resources import path
from resources.demo.cast import CAST, Colleague
from resources.demo.generate import write_county
from resources.demo.places import COUNTY, COUNTY_NAME, Shape

if TYPE_CHECKING:
    from fieldapp.store.api import Store

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
LEFTOVER_SECONDS = 15
Say = Callable[[str], None]


class DemoFailure(Exception):
    """The demo cannot be set up; its text is for the terminal."""


@dataclass(frozen=True)
class Wanted:
    """What county to make: its size and seed; for small test counties how many towns, villages and grids it has, and
    whether last quarter's visits are in it."""

    households: int
    seed: int
    shape: Shape | None = None
    visits: bool = True


class CountyServer:
    """A county in ``home``, made on first use. Use ``with``: leaving it stops the server."""

    def __init__(self, home: Path, wanted: Wanted, *, cast: Sequence[Colleague] = CAST, say: Say = print) -> None:
        self.home = home
        self.wanted = wanted
        self.cast = cast
        self.say = say
        self.folder = home / "server"
        self.process: subprocess.Popen[str] | None = None
        self.url = ""

    # --- once

    def prepare(self) -> None:
        """Make the county unless it is here: files, keys, database, what the county publishes, its people.

        One whose stories were cut off is made anew: told a second time they would have happened twice."""
        cut_off = self._begun.exists() and not self.told.exists()
        if (self.folder / "about.json").is_file() and not cut_off:
            made = json.loads((self.folder / "about.json").read_text("utf-8"))
            if made["households"] != self.wanted.households or made["seed"] != self.wanted.seed:
                raise DemoFailure(
                    f"{self.home} 里是另一个示范县（{made['households']} 户）。换一个 --home，或删除它再来。\n"
                    f"{self.home} holds another county ({made['households']} households): use another --home."
                )
            return
        making = self.home / "server.making"
        for stale in (making, self.folder, self.home / "profiles"):
            shutil.rmtree(stale, ignore_errors=True)
        making.mkdir(parents=True, mode=0o700)
        self._make(making)
        about = {"households": self.wanted.households, "seed": self.wanted.seed, "port": free_port()}
        (making / "about.json").write_text(json.dumps(about), encoding="utf-8")
        os.replace(making, self.folder)

    def _make(self, folder: Path) -> None:
        files = self.home / "files"
        self.say(f"生成示范县：{self.wanted.households} 户… · making the county's files")
        wanted = self.wanted
        about = write_county(wanted.households, wanted.seed, files, wanted.shape, visits=wanted.visits)
        secret = folder / "passphrase"
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(18), encoding="utf-8")
        self.say("建县：密钥、数据库、区域… · keys, database, areas")
        self._admin_alone(
            folder, "county-init", "--keys", folder / "keys", "--county", COUNTY, "--name", COUNTY_NAME,
            "--areas", files / "areas.geojson", "--passphrase-file", secret,
        )  # fmt: skip
        self._admin_in(folder, "publish", "holidays", files / "calendar.json")
        self._admin_in(folder, "publish", "pack", path("policy", "demo", "pack.xlsx"), "--name", "county")
        self.say("导入住户、人员、排查记录… · importing households and people")
        self._admin_in(folder, "import-documents", files / "documents.jsonl")
        if about["fresh_leads"]:  # a list without a line is refused, rightly; a county of four doors has none
            self.say("导入本周预警… · importing this week's leads")
            self._admin_in(folder, "leads", files / "leads.csv", "--days", 5)
        for each in self.cast:
            areas = [word for area in each.areas for word in ("--area", area)]
            self._admin_in(folder, "user", "--user", each.user, "--name", each.name, "--role", each.role, *areas)

    # --- every time

    def start(self) -> None:
        """Start the server and wait until it answers; one left over from a killed demo is ended first."""
        about = json.loads((self.folder / "about.json").read_text("utf-8"))
        self._end_leftover()
        log = (self.folder / "server.log").open("a", encoding="utf-8")
        command = [sys.executable, "-m", "sync.server", "serve", *_where(self.folder), "--port", str(about["port"])]
        self.process = subprocess.Popen(
            [*command, "--log", "warning"], cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True,
            start_new_session=True,
        )  # fmt: skip
        (self.folder / "server.pid").write_text(str(self.process.pid), encoding="utf-8")
        self.url = _ready(self.process, self.folder / "server.log")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()
        (self.folder / "server.pid").unlink(missing_ok=True)
        self.process = None

    def __enter__(self) -> CountyServer:
        self.prepare()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def admin(self, *words: object) -> list[dict[str, Any]]:
        """Run the admin command on this county; its answers."""
        return self._admin_in(self.folder, *words)

    def _admin_in(self, folder: Path, command: object, *words: object) -> list[dict[str, Any]]:
        return _run_admin([command, *_where(folder), *words])

    def _admin_alone(self, folder: Path, command: str, *words: object) -> list[dict[str, Any]]:
        return _run_admin([command, *_where(folder)[:4], *words])

    def _end_leftover(self) -> None:
        """End the server of a demo that was killed, and only that: the process must be this county's."""
        try:
            pid = int((self.folder / "server.pid").read_text("utf-8"))
        except (OSError, ValueError):
            return
        if self._is_ours(pid):
            os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + LEFTOVER_SECONDS
        while self._is_ours(pid) and time.monotonic() < until:
            time.sleep(0.1)

    def _is_ours(self, pid: int) -> bool:
        try:
            return str(self.folder / "county.db") in Path(f"/proc/{pid}/cmdline").read_text("utf-8")
        except OSError:
            return False

    # --- laptops

    @property
    def profiles(self) -> Path:
        return self.home / "profiles"

    @property
    def told(self) -> Path:
        return self.profiles / "stories-told"

    @property
    def _begun(self) -> Path:
        return self.profiles / "stories-begun"

    def begin_telling(self) -> None:
        self.profiles.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._begun.touch()

    def end_telling(self) -> None:
        self.told.touch()

    def laptop(self, each: Colleague, *, kdf: Any = None) -> Path:
        """The colleague's profile folder, enrolled with a code like anybody's; a half-made one is made again."""
        from sync.client.enrol import enrol

        folder = self.profiles / each.user
        finished = self._enrolled()
        if each.user not in finished:
            shutil.rmtree(folder, ignore_errors=True)
            self.profiles.mkdir(parents=True, exist_ok=True, mode=0o700)
            code = self.admin("code", "--user", each.user, "--server", self.url)[0]["code"]
            enrol(code, each.passphrase, folder, kdf=kdf)
            self._keep_enrolled([*finished, each.user])
        return folder

    def _enrolled(self) -> list[str]:
        try:
            found: list[str] = json.loads((self.profiles / "enrolled.json").read_text("utf-8"))
        except FileNotFoundError:
            return []
        return found

    def _keep_enrolled(self, users: Sequence[str]) -> None:
        fresh = self.profiles / "enrolled.json.new"
        fresh.write_text(json.dumps(users), encoding="utf-8")
        os.replace(fresh, self.profiles / "enrolled.json")


@contextmanager
def at_laptop(folder: Path, passphrase: str) -> Iterator[tuple[Store, Callable[[], object]]]:
    """The laptop's store, open, and a function that syncs it with its county."""
    from fieldapp.store.api import Profile, Store
    from sync.client.enrol import transport_for
    from sync.client.run import SyncRun

    profile = Profile.unlock(folder, passphrase)
    transport = transport_for(profile)
    try:
        with Store.open(profile) as store:
            yield store, lambda: SyncRun(store, transport).run()
    finally:
        transport.close()


def first_sync(folder: Path, passphrase: str) -> Mapping[str, int]:
    """Bring a laptop up to date with its county; how much it holds now."""
    from fieldapp.store.projections import households, people

    with at_laptop(folder, passphrase) as (store, sync):
        sync()
        return store.read_now(lambda tx: {"households": households.count(tx), "people": people.count(tx)})


def free_port() -> int:
    """A port nobody uses now; kept, for laptops remember where their county is."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def _where(folder: Path) -> list[str]:
    return [
        "--db", f"sqlite:///{folder / 'county.db'}", "--blobs", str(folder / "blobs"),
        "--key-file", str(folder / "keys" / "server.keys"),
    ]  # fmt: skip


def _run_admin(words: Sequence[object]) -> list[dict[str, Any]]:
    """``python -m sync.server admin WORDS`` without starting a Python for each; what it printed."""
    from sync.server.admin.command import run

    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            run([str(word) for word in words])
    except WorldError as failed:
        raise DemoFailure(f"{words[0]}: {failed}") from failed
    return [json.loads(line) for line in out.getvalue().splitlines() if line.strip()]


def _ready(process: subprocess.Popen[str], log: Path) -> str:
    """The server's address, once it says that it is ready."""
    assert process.stdout is not None
    line = _line_within(process.stdout, process, START_SECONDS)
    if not line:
        last = log.read_text("utf-8").strip().splitlines()[-1:] or ["?"]
        raise DemoFailure(f"县服务器没有启动 · the county server did not start: {last[0]}")
    url: str = json.loads(line)["url"]
    try:
        with urlopen(f"{url}/health", timeout=10) as answer:
            answer.read()
    except URLError as failed:
        raise DemoFailure(f"县服务器没有应答 · the county server does not answer: {failed.reason}") from failed
    return url


def _line_within(stream: IO[str], process: subprocess.Popen[str], seconds: float) -> str:
    """The first line of ``stream``; empty when the process ends or takes too long."""
    import threading

    found: list[str] = []
    reader = threading.Thread(target=lambda: found.append(stream.readline()), daemon=True)
    reader.start()
    reader.join(seconds)
    if reader.is_alive():
        process.kill()
    return found[0].strip() if found else ""
