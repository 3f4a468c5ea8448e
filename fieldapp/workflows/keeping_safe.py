"""When the newest backup or sync has grown old, and something lies on this laptop alone."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime

from fieldapp.store.api import ReadTx, Store
from fieldapp.workflows.actor import Actor

#: Calendar days. A worker's round passes the office once a week; what was not sent by then is at risk with the laptop.
SYNC_OLD, BACKUP_OLD = 3, 7


@dataclass(frozen=True)
class AtRisk:
    """``unsent`` records and drafts lie here alone. ``sync_days`` and ``backup_days`` since the last one, None when
    there was none; ``sync_due`` and ``backup_due`` whether to say so now."""

    unsent: int
    drafts: int
    sync_days: int | None
    backup_days: int | None
    sync_due: bool
    backup_due: bool


def at_risk(store: Store, actor: Actor) -> Future[AtRisk]:
    """Nothing is due while everything is at the county, nor in the first days of a profile."""

    def work(tx: ReadTx) -> AtRisk:
        state, now = tx.sync_state(), actor.now()
        unsent, drafts = state.unsent + state.unsent_blobs, len(tx.drafts())
        synced = max(filter(None, (state.last_receipt_at, state.last_pull_at)), default=None)
        began = _days(now, tx.meta("created_at")) or 0
        sync_days, backup_days = _days(now, synced), _days(now, tx.meta("last_backup_at"))
        alone = bool(unsent or drafts)
        return AtRisk(
            unsent, drafts, sync_days, backup_days,
            sync_due=bool(unsent) and (began if sync_days is None else sync_days) >= SYNC_OLD,
            backup_due=alone and (began if backup_days is None else backup_days) >= BACKUP_OLD,
        )  # fmt: skip

    return store.read(work)


def _days(now: datetime, at: object) -> int | None:
    if not isinstance(at, str) or not at:
        return None
    return (now.astimezone(UTC).date() - datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(UTC).date()).days
