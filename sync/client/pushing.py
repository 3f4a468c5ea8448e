"""Own revisions to the county, in batches; receipts into the store."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from fieldapp.store.api import Store
from fieldapp.store.exchange import Outgoing
from sync.client.progress import PUSH, OtherEpoch, Watch
from sync.client.transport import Transport
from sync.protocol.limits import PUSH_BYTES
from sync.protocol.messages import QUARANTINED, WAITING, PushItem, PushRequest, PushResponse, Sent

BATCH = 500
FIRST_BYTES = 64 * 1024
"""The first batch is small: a poor line shows that it works, and a lost one costs little."""
FAR = 0.2
"""Seconds from which an answer is long in coming: then the next batches are sent while it is awaited."""


def push(store: Store, transport: Transport, watch: Watch, epoch: int) -> None:
    """Send what has no receipt, oldest first. An item the county does not take even as quarantined is passed over
    and stays unsent; it blocks nothing. Raises OtherEpoch when the county was restored meanwhile."""
    outbox = _Outbox(store, transport, watch, epoch)
    with ThreadPoolExecutor(transport.lanes, thread_name_prefix="push") as lanes:
        while outbox.fill(lanes):
            outbox.take_answer()


class _Outbox:
    """Batches under way. Several at once on a far line: what the county answers comes back while the next goes out."""

    def __init__(self, store: Store, transport: Transport, watch: Watch, epoch: int) -> None:
        self._store, self._transport, self._watch, self._epoch = store, transport, watch, epoch
        self._going: deque[tuple[list[Outgoing], Future[PushResponse], float]] = deque()
        self._room, self._lanes = FIRST_BYTES, 1
        self._left_out: set[str] = set()
        self._done = 0
        self._total: int | None = None

    def fill(self, lanes: ThreadPoolExecutor) -> bool:
        """Start batches until every lane has one; whether any is under way."""
        while len(self._going) < self._lanes and (batch := _next_batch(self._store, self._room, self._left_out)):
            if self._total is None:
                self._total = self._store.read_now(lambda tx: tx.sync_state()).unsent
            self._watch.tell(PUSH, self._done, self._total)
            items = [PushItem(Sent.of(out.revision), list(out.blobs)) for out in batch]
            request = PushRequest(self._transport.device, self._epoch, items)
            coming = lanes.submit(self._transport.call, "/v1/push", request, PushResponse)
            self._going.append((batch, coming, time.monotonic()))
            self._left_out |= {out.id for out in batch}
            self._room = min(self._room * 4, PUSH_BYTES)
        return bool(self._going)

    def take_answer(self) -> None:
        """Wait for the oldest batch and keep its receipts."""
        batch, coming, started = self._going.popleft()
        answer = coming.result()
        if time.monotonic() - started > FAR:
            self._lanes = self._transport.lanes
        self._left_out -= _keep(self._store, self._watch, batch, answer)
        self._done += len(batch)
        self._watch.tell(PUSH, self._done, self._total)
        if answer.epoch != self._epoch:
            raise OtherEpoch


def _keep(store: Store, watch: Watch, batch: Sequence[Outgoing], answer: PushResponse) -> set[str]:
    """The receipts of one batch into the store; the ids that have one now."""
    receipts = [verdict.receipt.statement() for verdict in answer.verdicts if verdict.receipt]
    kept = store.write_now(lambda tx: tx.apply_receipts(receipts))
    result = watch.result
    result.refused += [(name, code) for name, code in kept.refused]
    for out, verdict in zip(batch, answer.verdicts, strict=False):
        result.pushed += verdict.receipt is not None
        result.waiting += verdict.state == WAITING
        result.quarantined += verdict.state == QUARANTINED
        if verdict.receipt is None:
            result.refused.append((out.id, verdict.reason))
    return {statement.body["revision"] for statement in receipts} - {name for name, _ in kept.refused}


def _next_batch(store: Store, room: int, left_out: set[str]) -> list[Outgoing]:
    found = store.read_now(lambda tx: tx.unsent(BATCH, left_out))
    batch: list[Outgoing] = []
    for out in found:
        room -= out.bytes_total
        if batch and room < 0:
            break
        batch.append(out)
    return batch
