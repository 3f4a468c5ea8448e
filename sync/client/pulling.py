"""The county's feeds into the store. One answer brings page after page; while the line brings the next ones, those that
are here are verified in a child process and written."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Full, Queue
from types import TracebackType
from typing import Self

from fieldapp.domain.areas import may_read
from fieldapp.domain.revision import FeedHead
from fieldapp.domain.statements import Statement
from fieldapp.errors import NetworkError
from fieldapp.store.api import Store, WriteTx
from fieldapp.store.exchange import Cursor, FeedRow, Reader
from fieldapp.store.preparing import Prepared, Preparer
from sync.client import scoping
from sync.client.progress import PULL, OtherEpoch, Watch
from sync.client.transport import Transport
from sync.protocol.messages import AreaPage, At, FetchRequest, FetchResponse, PullRequest, PullResponse, Signed

CHILD_FROM = 300
"""Revisions from which verifying in a child process pays its start."""
AHEAD = 4
"""Answers that may wait for the writer; beyond that the line waits."""
LEAVING = 5.0
"""Seconds a reader gets to notice that nobody takes its pages any more."""
FETCH = 500
_DAMAGED = "damaged_at_the_county"


@dataclass
class PullPlan:
    """Where to read on. ``cursors`` run ahead of the store's: they say what was asked for, not what was written."""

    cursors: dict[str, FeedHead]
    controls: dict[str, int]
    ask: list[str] = field(default_factory=list)
    bare: bool = False

    def request(self, device: str) -> PullRequest:
        cursors = [At(area, head.epoch, head.seq, head.hash) for area, head in sorted(self.cursors.items())]
        ask, self.ask = self.ask, []
        return PullRequest(device, cursors, dict(self.controls), ask, self.bare, follow=True)

    def passed(self, answer: PullResponse) -> None:
        """Go on behind ``answer``."""
        for page in answer.areas:
            self.cursors[page.area] = head_of(page)
        for signed in answer.controls:
            body = signed.statement().body
            self.controls[body["name"]] = body["version"]
        for area in answer.gone:
            self.cursors.pop(area, None)


Cooking = list[Future[dict[str, Prepared]] | None]


class Kitchen:
    """Prepares answers in a child process, page by page, from the moment they arrive."""

    def __init__(self, store: Store) -> None:
        self._keys = store.read_now(lambda tx: tx.device_keys())
        self._preparer: Preparer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._preparer is not None:
            self._preparer.close()

    def begin(self, answer: PullResponse) -> Cooking:
        """For each page what ``apply_feed`` takes as prepared; None where the store looks itself."""
        contents = [[row.revision.revision() for row in page.rows if row.revision] for page in answer.areas]
        if self._preparer is None and sum(map(len, contents)) + answer.left < CHILD_FROM:
            return [None] * len(contents)
        self._keys |= _claimed_keys(answer.people)
        preparer = self._preparer = self._preparer or Preparer()
        return [preparer.submit(part, self._keys, page.area) for part, page in zip(contents, answer.areas, strict=True)]


class Arriving:
    """Answers read ahead on a thread of their own, each with what the kitchen makes of it meanwhile."""

    def __init__(self, pages: Iterator[PullResponse], kitchen: Kitchen) -> None:
        self._queue: Queue[tuple[PullResponse, Cooking] | BaseException | None] = Queue(AHEAD)
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(pages, kitchen), name="pull", daemon=True)

    def __enter__(self) -> Iterator[tuple[PullResponse, Cooking]]:
        self._thread.start()
        return iter(self._next, None)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._left.set()
        self._thread.join(LEAVING)

    def _next(self) -> tuple[PullResponse, Cooking] | None:
        found = self._queue.get()
        if isinstance(found, BaseException):
            raise found
        return found

    def _read(self, pages: Iterator[PullResponse], kitchen: Kitchen) -> None:
        try:
            for answer in pages:
                if not self._put((answer, kitchen.begin(answer))):
                    return
            self._put(None)
        except BaseException as failed:  # noqa: BLE001 -- raised again where the pages are taken
            self._put(failed)

    def _put(self, found: tuple[PullResponse, Cooking] | BaseException | None) -> bool:
        """False once nobody takes pages any more."""
        while not self._left.is_set():
            with contextlib.suppress(Full):
                self._queue.put(found, timeout=0.2)
                return True
        return False


def pull(
    store: Store, transport: Transport, watch: Watch, plan: PullPlan, epoch: int, meanwhile: Callable[[], None]
) -> PullResponse:
    """Read every area in scope to its end; the last answer. ``meanwhile`` is done while the first one is on its way.
    Raises OtherEpoch when the county was restored since ``epoch``."""
    done, lacking = 0, list[str]()
    answer: PullResponse | None = None
    if transport.lanes == 1:
        meanwhile()
    with Kitchen(store) as kitchen:
        while answer is None or answer.left:
            before = answer
            try:
                with Arriving(transport.pages(plan.request(transport.device)), kitchen) as pages:
                    if before is None and transport.lanes > 1:
                        meanwhile()
                    for answer, cooking in pages:
                        if answer.epoch != epoch:
                            raise OtherEpoch
                        plan.passed(answer)
                        total = done + sum(len(page.rows) for page in answer.areas) + answer.left
                        watch.tell(PULL, done, total)
                        done = _apply(store, watch, cooking, answer, done, total, lacking, bare=plan.bare)
            except NetworkError as failed:
                if failed.code == "network.restoring":
                    raise OtherEpoch from None
                if answer is before:  # a line that brings something is asked again, one that brings nothing is down
                    raise
            else:
                if answer is before:
                    raise NetworkError("network.garbage")
    fetch(store, transport, watch, lacking, scoping.reader_by(store, answer.scope.statement()))
    return answer


def fetch_damaged(store: Store, transport: Transport, watch: Watch) -> None:
    """Ask again for what the county could not open; meanwhile somebody may have sent it anew."""
    names: list[str] = json.loads(store.read_now(lambda tx: tx.meta(_DAMAGED)) or "[]")
    if names:
        fetch(store, transport, watch, names)
        left = store.write_now(lambda tx: _still_lacking(tx, names))
        watch.result.damaged = len(left)


def _still_lacking(tx: WriteTx, names: list[str]) -> list[str]:
    left = [name for name in names if not tx.one("SELECT 1 FROM revision WHERE id = ?", (name,))]
    tx.set_meta(_DAMAGED, json.dumps(left) if left else None)
    return left


def _note_damaged(tx: WriteTx, names: set[str]) -> None:
    known: list[str] = json.loads(tx.meta(_DAMAGED) or "[]")
    tx.set_meta(_DAMAGED, json.dumps(sorted({*known, *names})))


def fetch(
    store: Store, transport: Transport, watch: Watch, names: list[str], reader: Reader | None = None
) -> None:
    """Contents of rows that came without; what the county withholds stays lacking."""
    while names:
        watch.check()
        part, names = names[:FETCH], names[FETCH:]
        answer = transport.call("/v1/fetch", FetchRequest(transport.device, part), FetchResponse)
        fetched = [sent.revision() for sent in answer.revisions]
        people = statements(answer.people)
        kept = store.write_now(WriteTx.apply_fetched, fetched, people, reader=reader)
        watch.result.refused += kept.refused
        watch.result.pulled += kept.stored
        got = {revision.id for revision in fetched}
        if got and len(fetched) < len(part):
            names = [name for name in part if name not in got] + names  # the page was full


def statements(signed: Iterable[Signed]) -> list[Statement]:
    return [one.statement() for one in signed]


def head_of(page: AreaPage) -> FeedHead:
    """Where a page ends, as its signed head says. Raises NetworkError ``network.garbage``."""
    try:
        seq, hash_ = page.head.statement().body["areas"][page.area]
    except (ValueError, KeyError, TypeError):
        raise NetworkError("network.garbage") from None
    return FeedHead(page.epoch, seq, hash_)


def _claimed_keys(people: Iterable[Signed]) -> dict[str, bytes]:
    """Keys by device as certificates name them. Not yet believed: a device's id is the hash of its key, so no other
    key passes for it, and whose device it is the store asks the certificate itself."""
    bodies = [signed.statement().body for signed in people if signed.kind == "device-certificate"]
    return {body["device"]: bytes.fromhex(body["public_key"]) for body in bodies}


def _apply(
    store: Store,
    watch: Watch,
    cooking: Cooking,
    answer: PullResponse,
    done: int,
    total: int,
    lacking: list[str],
    *,
    bare: bool,
) -> int:
    """Write one answer, slice by slice; each slice with its cursor in one transaction."""
    people, controls, receipts = statements(answer.people), statements(answer.controls), statements(answer.receipts)
    proof = [answer.backed_up_to.statement()] if answer.backed_up_to else []

    words = [*people, *controls, *proof]
    if words:
        kept_statements = store.write_now(lambda tx: tx.apply_statements(words))
        watch.result.refused += [("", code) for _, code in kept_statements]
    if receipts:
        store.write_now(lambda tx: tx.apply_receipts(receipts))
    watch.result.controls += [statement.body["name"] for statement in controls]
    reader = scoping.reader_by(store, answer.scope.statement())
    for page, coming in zip(answer.areas, cooking, strict=True):
        rows = feed_rows(page)
        if not may_read(reader.areas, page.area):
            watch.result.refused.append((page.area, "feed.scope"))
            continue
        cursor = Cursor(page.area, head_of(page))
        head = page.head.statement()
        ready = coming.result() if coming else None
        kept = store.write_now(
            WriteTx.apply_feed, rows, cursor, head=head, reset=page.reset, prepared=ready, reader=reader
        )
        watch.result.pulled += kept.stored
        watch.result.refused += kept.refused
        wanted = {row.subject for row in page.rows if row.own} if not bare else set(kept.lacking)
        lacking += [name for name in kept.lacking if name in wanted]
        damaged = {row.subject for row in page.rows if row.damaged} & set(kept.lacking)
        if damaged:
            store.write_now(_note_damaged, damaged)
        done += len(rows)
        watch.tell(PULL, done, total)
    return done


def feed_rows(page: AreaPage) -> list[FeedRow]:
    """The rows of a page as the store takes them."""
    made = []
    for seq, row in enumerate(page.rows, page.seq + 1):
        revision = row.revision.revision() if row.revision else None
        subject = row.subject or (revision.id if revision else "")
        statement = row.statement.statement() if row.statement else None
        made.append(FeedRow(page.area, page.epoch, seq, row.kind, subject, statement, revision))
    return made
