"""What the Sync screen shows: what is unsent, what the county holds, what it refused and why, and a readable log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from typing import Any

from fieldapp.store.api import ReadTx, Store, SyncState, WriteTx
from fieldapp.store.outgoing import Fate, kept_out, pending
from fieldapp.store.projections import households
from fieldapp.workflows.actor import Actor

LOG, LOG_KEPT = "sync_log", 60
LISTED = 200


@dataclass(frozen=True)
class Item:
    """A record on its way or refused. ``about`` names its family for the screen alone, empty when it has none."""

    type: str
    about: str
    at: str
    reason: str


@dataclass(frozen=True)
class LogLine:
    """One run: ``outcome`` is ``done`` | ``cancelled`` | an error code; ``counts`` of what moved."""

    at: str
    outcome: str
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class SyncPage:
    state: SyncState
    unsent: tuple[Item, ...]
    refused: tuple[Item, ...]
    log: tuple[LogLine, ...]


def page(store: Store) -> Future[SyncPage]:
    def work(tx: ReadTx) -> SyncPage:
        return SyncPage(
            tx.sync_state(), tuple(_item(tx, one) for one in pending(tx, LISTED)),
            tuple(_item(tx, one) for one in kept_out(tx, LISTED)), tuple(_log(tx)),
        )  # fmt: skip

    return store.read(work)


def note(store: Store, actor: Actor, outcome: str, counts: Mapping[str, int]) -> Future[None]:
    """Put a run into the log; the oldest lines go."""

    def work(tx: WriteTx) -> None:
        kept = [LogLine(actor.stamp(), outcome, dict(counts)), *_log(tx)][:LOG_KEPT]
        tx.set_meta(LOG, json.dumps([asdict(line) for line in kept]))

    return store.write(work)


def _log(tx: ReadTx) -> list[LogLine]:
    return [LogLine(**line) for line in json.loads(tx.meta(LOG) or "[]")]


def _item(tx: ReadTx, one: Fate) -> Item:
    return Item(one.type, _about(tx, one), one.at, one.reason)


def _about(tx: ReadTx, one: Fate) -> str:
    view = tx.document(one.document)
    state: Mapping[str, Any] = view.state if view else {}
    for name in ("full_name", "head_name", "person_name"):
        if isinstance(state.get(name), str):
            return str(state[name])
    household = state.get("household")
    row = households.household(tx, household) if isinstance(household, str) else None
    return (row.head_name or "") if row else ""
