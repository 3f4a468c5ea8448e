"""A laptop for tests: a real profile, a real store, the real client."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fieldapp.domain.pointers import Json
from fieldapp.store.api import QUICK, DocumentView, Profile, Store
from sync.client.enrol import enrol, transport_for
from sync.client.progress import SyncResult
from sync.client.run import SyncRun
from sync.client.transport import Patience, Transport
from tests.sync.county import PASSPHRASE, County

PATIENCE = Patience(timeout=20, tries=3, backoff=0.05)


@dataclass
class Laptop:
    """``sync`` connects anew each time; ``line`` keeps one way between runs, as the program does."""

    profile: Profile
    store: Store
    line: Transport | None = None

    @classmethod
    def enrol(cls, county: County, user: str, folder: Path) -> Laptop:
        profile = enrol(county.code(user), PASSPHRASE, folder, patience=PATIENCE, kdf=QUICK)
        return cls(profile, Store.open(profile))

    def sync(self, patience: Patience = PATIENCE, photos: str = "all") -> SyncResult:
        if self.line is not None:
            return SyncRun(self.store, self.line, photos=photos).run()
        transport = transport_for(self.profile, patience)
        try:
            return SyncRun(self.store, transport, photos=photos).run()
        finally:
            transport.close()

    def household(self, area: str, **state: Json) -> str:
        return self.store.write_now(lambda tx: tx.create("household", area, state))

    def write(self, document: str, **fields: Json) -> None:
        self.store.write_now(lambda tx: tx.save(document, {f"/{key}": value for key, value in fields.items()}))

    def view(self, document: str) -> DocumentView | None:
        return self.store.read_now(lambda tx: tx.document(document))

    def state(self, document: str) -> dict[str, Json]:
        view = self.view(document)
        return dict(view.merged.state) if view else {}

    def keep_line(self) -> None:
        self.line = transport_for(self.profile, PATIENCE)

    def close(self) -> None:
        if self.line is not None:
            self.line.close()
        self.store.close()

    def reopen(self) -> None:
        """As after a crash of the program: the same folder, a fresh process's view of it."""
        self.store.close()
        self.profile = Profile.unlock(self.profile.folder, PASSPHRASE)
        self.store = Store.open(self.profile)
