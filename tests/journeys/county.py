"""A small county with a real server process, for journeys through the window: sixty families, six of them of the cases.

    def test_something(county_server: JourneyCounty) -> None:
        worker = county_server.laptop("worker")        # enrolled by a code, synced; profile, store, actor
        ...
        worker.sync()
        with county_server.away():                      # the server does not answer in here
            ...

The county is made once a test run and copied for every test, with a server and laptops of its own.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from fieldapp.store.api import QUICK, Profile, Store
from fieldapp.workflows.actor import Actor
from resources.demo.cast import CAST, Colleague, colleague
from resources.demo.county_server import CountyServer, Wanted, free_port
from sync.client.enrol import transport_for
from sync.client.progress import SyncResult
from sync.client.run import SyncRun
from sync.client.transport import Patience

TODAY = date(2026, 11, 21)
HOUSEHOLDS, SEED = 60, 7
SHAPE = (1, 2, 8)  # 柏叶镇 with 月亮湖社区 and 周岭村, four grids each
WANTED = Wanted(HOUSEHOLDS, SEED, SHAPE, visits=False)
PATIENCE = Patience(timeout=20, tries=3, backoff=0.05)


@dataclass
class Laptop:
    """One enrolled profile with its store open. The window's hands take ``profile``, ``store`` and ``actor``."""

    colleague: Colleague
    profile: Profile
    store: Store
    actor: Actor

    def sync(self, patience: Patience = PATIENCE) -> SyncResult:
        """As the Sync screen does it, with a fresh connection."""
        transport = transport_for(self.profile, patience)
        try:
            return SyncRun(self.store, transport).run()
        finally:
            transport.close()

    def reopen(self) -> None:
        """As after a crash: the same folder, unlocked anew."""
        self.store.close()
        self.profile = Profile.unlock(self.profile.folder, self.colleague.passphrase)
        self.store = Store.open(self.profile)

    def close(self) -> None:
        self.store.close()


class JourneyCounty:
    """The county of one test: its server, and the laptops that were asked for."""

    def __init__(self, home: Path) -> None:
        self.server = CountyServer(home, WANTED, say=lambda _: None)
        self.server.prepare()
        self.server.start()
        about = json.loads((home / "files" / "about.json").read_text("utf-8"))
        #: case id -> household id, for the cases whose families live here
        self.stories: Mapping[str, str] = about["cases"]
        self._laptops: list[Laptop] = []

    def hire(self, each: Colleague) -> None:
        """Somebody more works for the county, entered by the admin command."""
        areas = [word for area in each.areas for word in ("--area", area)]
        self.server.admin("user", "--user", each.user, "--name", each.name, "--role", each.role, *areas)

    def laptop(self, who: str | Colleague, *, synced: bool = True) -> Laptop:
        """The laptop of ``worker`` | ``collector`` | ``supervisor`` | ``county`` or of somebody hired, enrolled with a
        code of the admin command."""
        each = colleague(who) if isinstance(who, str) else who
        folder = self.server.laptop(each, kdf=QUICK)
        profile = Profile.unlock(folder, each.passphrase)
        identity = profile.require_identity()
        actor = Actor(identity.user, identity.name, identity.role, identity.county, identity.scope, today=lambda: TODAY)
        made = Laptop(each, profile, Store.open(profile), actor)
        self._laptops.append(made)
        if synced:
            made.sync()
        return made

    @contextmanager
    def away(self) -> Iterator[None]:
        """The server is stopped in here and back afterwards, at the same address."""
        self.server.stop()
        try:
            yield
        finally:
            self.server.start()

    def close(self) -> None:
        for laptop in self._laptops:
            laptop.close()
        self.server.stop()


@lru_cache(maxsize=1)
def template(folder: Path) -> Path:
    """A county that was made but never served, to be copied."""
    CountyServer(folder, WANTED, cast=CAST, say=lambda _: None).prepare()
    return folder


def copy_of(made: Path, home: Path) -> JourneyCounty:
    """The county again under ``home``, at a port of its own."""
    shutil.copytree(made, home)
    about = home / "server" / "about.json"
    about.write_text(json.dumps({**json.loads(about.read_text("utf-8")), "port": free_port()}), encoding="utf-8")
    return JourneyCounty(home)
