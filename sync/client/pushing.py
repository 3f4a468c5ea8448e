"""Own revisions to the county, in batches; receipts into the store."""

from __future__ import annotations

from collections.abc import Sequence

from fieldapp.store.api import Store
from fieldapp.store.exchange import Outgoing
from sync.client.progress import PUSH, Watch
from sync.client.transport import Transport
from sync.protocol.limits import PUSH_BYTES
from sync.protocol.messages import QUARANTINED, WAITING, PushItem, PushRequest, PushResponse, Sent

BATCH = 500
FIRST_BYTES = 64 * 1024
"""The first batch is small: a poor line shows that it works, and a lost one costs little."""


def push(store: Store, transport: Transport, watch: Watch, epoch: int) -> None:
    """Send what has no receipt, oldest first. An item the county does not take even as quarantined is passed over
    and stays unsent; it blocks nothing."""
    done, room, passed_over = 0, FIRST_BYTES, set[str]()
    total: int | None = None
    while batch := _next_batch(store, room, passed_over):
        total = total or store.read_now(lambda tx: tx.sync_state()).unsent
        watch.tell(PUSH, done, total)
        passed_over |= send(store, transport, watch, epoch, batch)
        done += len(batch)
        room = min(room * 4, PUSH_BYTES)
    watch.tell(PUSH, done, total)


def send(store: Store, transport: Transport, watch: Watch, epoch: int, batch: Sequence[Outgoing]) -> set[str]:
    """One batch and its receipts; the ids that got none."""
    items = [PushItem(Sent.of(out.revision), list(out.blobs)) for out in batch]
    answer = transport.call("/v1/push", PushRequest(transport.device, epoch, items), PushResponse)
    receipts = [verdict.receipt.statement() for verdict in answer.verdicts if verdict.receipt]
    kept = store.write_now(lambda tx: tx.apply_receipts(receipts))
    received = {statement.body["revision"] for statement in receipts} - {name for name, _ in kept.refused}
    result = watch.result
    result.refused += [(name, code) for name, code in kept.refused]
    for out, verdict in zip(batch, answer.verdicts, strict=False):
        result.pushed += verdict.receipt is not None
        result.waiting += verdict.state == WAITING
        result.quarantined += verdict.state == QUARANTINED
        if verdict.receipt is None:
            result.refused.append((out.id, verdict.reason))
    return {out.id for out in batch} - received


def _next_batch(store: Store, room: int, passed_over: set[str]) -> list[Outgoing]:
    found = store.read_now(lambda tx: tx.unsent(BATCH + len(passed_over)))
    batch: list[Outgoing] = []
    for out in (out for out in found if out.id not in passed_over):
        room -= out.bytes_total
        if batch and room < 0:
            break
        batch.append(out)
    return batch
