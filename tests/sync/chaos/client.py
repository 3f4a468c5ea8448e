"""A laptop as a process of its own, to be killed at any moment: answers one command after the other."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from fieldapp.errors import WorldError
from fieldapp.store.api import Profile, Store
from sync.client.enrol import transport_for
from sync.client.run import SyncRun
from sync.client.transport import Patience
from tests.sync.county import PASSPHRASE


def main(folder: Path, line: Connection) -> None:
    profile = Profile.unlock(folder, PASSPHRASE)
    store = Store.open(profile)
    line.send(profile.device)
    while True:
        try:
            command, *arguments = line.recv()
        except EOFError:
            return
        line.send(answer(profile, store, command, arguments))


def answer(profile: Profile, store: Store, command: str, arguments: list[str]) -> object:
    if command == "create":
        area, address = arguments
        store.write_now(lambda tx: tx.create("household", area, {"address": address}))
        return store.read_now(lambda tx: [row[0] for row in tx.rows("SELECT id FROM revision WHERE own = 1")])
    if command == "receipts":
        return store.read_now(lambda tx: dict(tx.rows("SELECT revision, state FROM verdict")))
    transport = transport_for(profile, Patience(timeout=10, tries=2, backoff=0.05))
    try:
        return SyncRun(store, transport).run().pushed
    except WorldError as failed:
        return failed.code
    finally:
        transport.close()
