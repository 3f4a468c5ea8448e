"""A county server that came back from a backup: give it what it lacks before asking it for anything."""

from __future__ import annotations

from fieldapp.store import returning
from fieldapp.store.api import ReadTx, Store
from sync.client import scoping
from sync.client.progress import RETURN, Watch
from sync.client.transport import Transport
from sync.protocol.limits import MAX_ITEMS, PUSH_BYTES
from sync.protocol.messages import (
    Done,
    HaveRequest,
    HaveResponse,
    PushItem,
    PushRequest,
    PushResponse,
    SealedRequest,
    Sent,
    Signed,
    TokenResponse,
)

ASK = 5000
SEALED_AT_ONCE = 50
_RETURNED = "returned_to_epoch"


def is_new_epoch(store: Store, hello: TokenResponse) -> bool:
    """Whether this device knew the county in an earlier epoch and has not given back what it holds."""

    def known(tx: ReadTx) -> int:
        epochs = [head.epoch for head in (*tx.cursors().values(), *tx.seen().values())]
        return max([int(tx.meta(_RETURNED) or 0), *epochs], default=0)

    before = store.read_now(known)
    return 0 < before < hello.epoch or (
        hello.restoring and store.read_now(lambda tx: tx.meta(_RETURNED)) != hello.epoch
    )


def remember_epoch(store: Store, epoch: int) -> None:
    """In a county without a single feed row nothing else would tell that this device knew an earlier epoch."""
    if int(store.read_now(lambda tx: tx.meta(_RETURNED)) or 0) < epoch:
        store.write_now(lambda tx: tx.set_meta(_RETURNED, epoch))


def give_back(store: Store, transport: Transport, watch: Watch, hello: TokenResponse) -> None:
    """Offer every id, push what is lacking, whoever wrote it; the county judges by its own signatures."""
    said = store.read_now(returning.county_words) + store.read_now(scoping.acknowledged)
    words = [Signed.of(statement) for statement in said]
    people = [Signed.of(statement) for statement in store.read_now(returning.people)]
    after, done = 0, 0
    while True:
        found = store.read_now(returning.held_ids, after, ASK)
        request = HaveRequest(transport.device, [name for _, name in found], words[:MAX_ITEMS])
        words = words[MAX_ITEMS:]
        lacking = transport.call("/v1/have", request, HaveResponse).lacking
        while lacking:
            lacking = _push(store, transport, watch, hello.epoch, lacking, people)
        done += len(found)
        watch.tell(RETURN, done)
        if not found and not words:
            break
        after = found[-1][0] if found else after
    _give_back_sealed(store, transport, watch, people)
    store.write_now(lambda tx: tx.set_meta(_RETURNED, hello.epoch))


def _give_back_sealed(store: Store, transport: Transport, watch: Watch, people: list[Signed]) -> None:
    """What left our scope before a backup covered it; we cannot read it, the county can."""
    names = store.read_now(returning.sealed_ids)
    for start in range(0, len(names), MAX_ITEMS):
        request = HaveRequest(transport.device, names[start : start + MAX_ITEMS])
        lacking = transport.call("/v1/have", request, HaveResponse).lacking
        for at in range(0, len(lacking), SEALED_AT_ONCE):
            part = lacking[at : at + SEALED_AT_ONCE]
            contents = store.read_now(returning.sealed_contents, part)
            transport.call("/v1/sealed", SealedRequest(transport.device, contents, people), Done)
            watch.result.returned += len(contents)
            watch.check()


def send_anew(store: Store, transport: Transport, watch: Watch, epoch: int, names: list[str]) -> None:
    """Own revisions whose contents the county lost."""
    while names:
        names = _push(store, transport, watch, epoch, names, [])


def _push(
    store: Store, transport: Transport, watch: Watch, epoch: int, lacking: list[str], people: list[Signed]
) -> list[str]:
    """Push the first of ``lacking``; those that are left."""
    items: list[PushItem] = []
    room = PUSH_BYTES
    while lacking and room > 0 and len(items) < MAX_ITEMS:
        held = store.read_now(returning.held, lacking[0])
        lacking = lacking[1:]
        if held is not None:
            receipt = Signed.of(held.receipt) if held.receipt else None
            items.append(PushItem(Sent.of(held.out.revision), list(held.out.blobs), receipt))
            room -= held.out.bytes_total
    answer = transport.call("/v1/push", PushRequest(transport.device, epoch, items, people), PushResponse)
    receipts = [verdict.receipt.statement() for verdict in answer.verdicts if verdict.receipt]
    store.write_now(lambda tx: tx.apply_receipts(receipts))
    watch.result.returned += sum(verdict.receipt is not None for verdict in answer.verdicts)
    watch.check()
    return lacking
