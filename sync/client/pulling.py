"""The county's feeds into the store: the next page is on its way while this one is verified and written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from fieldapp.domain.revision import Envelope, FeedHead, SignedRevision
from fieldapp.domain.statements import Statement
from fieldapp.errors import NetworkError
from fieldapp.store.api import Store
from fieldapp.store.exchange import Cursor, FeedRow
from fieldapp.store.feeding import verify_batch
from sync.client.progress import PULL, Watch
from sync.client.transport import Transport
from sync.protocol.messages import AreaPage, At, FetchRequest, FetchResponse, PullRequest, PullResponse, Signed

CHILD_FROM = 300
"""Revisions in a page from which verifying in a child process pays its start."""
FETCH = 500


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
        return PullRequest(device, cursors, self.controls, ask, self.bare)

    def passed(self, answer: PullResponse) -> None:
        """Go on behind ``answer``."""
        for page in answer.areas:
            self.cursors[page.area] = head_of(page)
        for signed in answer.controls:
            body = signed.statement().body
            self.controls[body["name"]] = body["version"]
        for area in answer.gone:
            self.cursors.pop(area, None)


class Verifier:
    """Checks signatures and hashes: in a child process for big pages, so that the window keeps its frames."""

    def __init__(self) -> None:
        self._child: object | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        from concurrent.futures import ProcessPoolExecutor

        if isinstance(self._child, ProcessPoolExecutor):
            self._child.shutdown(cancel_futures=True)

    def verify(
        self, revisions: list[SignedRevision], people: Iterable[Statement]
    ) -> Mapping[str, Envelope | str] | None:
        """Results for ``apply_feed``; None for a small page, which the store checks itself."""
        if len(revisions) < CHILD_FROM:
            return None
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        keys = {
            body["device"]: bytes.fromhex(body["public_key"])
            for body in (statement.body for statement in people if statement.kind == "device-certificate")
        }
        if not isinstance(self._child, ProcessPoolExecutor):
            self._child = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        found: Mapping[str, Envelope | str] = self._child.submit(verify_batch, revisions, keys).result()
        return found


def pull(store: Store, transport: Transport, watch: Watch, plan: PullPlan) -> PullResponse:
    """Read every area in scope to its end; the last answer."""
    with ThreadPoolExecutor(1, thread_name_prefix="pull") as ahead, Verifier() as verifier:
        coming = _ask(ahead, transport, plan)
        done, lacking = 0, list[str]()
        while True:
            answer = coming.result()
            plan.passed(answer)
            coming = _ask(ahead, transport, plan) if answer.left else coming
            total = done + sum(len(page.rows) for page in answer.areas) + answer.left
            watch.tell(PULL, done, total)
            done = _apply(store, watch, verifier, answer, done, total, lacking)
            if not answer.left:
                break
    if plan.bare:
        fetch(store, transport, watch, lacking)
    return answer


def fetch(store: Store, transport: Transport, watch: Watch, names: list[str]) -> None:
    """Contents of rows that came without; what the county withholds stays lacking."""
    while names:
        watch.check()
        part, names = names[:FETCH], names[FETCH:]
        answer = transport.call("/v1/fetch", FetchRequest(transport.device, part), FetchResponse)
        fetched = [sent.revision() for sent in answer.revisions]
        people = statements(answer.people)
        kept = store.write_now(lambda tx, f=fetched, p=people: tx.apply_fetched(f, p))  # type: ignore[misc]
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


def _ask(ahead: ThreadPoolExecutor, transport: Transport, plan: PullPlan) -> Future[PullResponse]:
    request = plan.request(transport.device)
    return ahead.submit(transport.call, "/v1/pull", request, PullResponse)


def _apply(
    store: Store, watch: Watch, verifier: Verifier, answer: PullResponse, done: int, total: int, lacking: list[str]
) -> int:
    """Write one answer, slice by slice; each slice with its cursor in one transaction."""
    people, controls, receipts = statements(answer.people), statements(answer.controls), statements(answer.receipts)
    revisions = [row.revision.revision() for page in answer.areas for row in page.rows if row.revision]
    verified = verifier.verify(revisions, people)
    proof = [answer.backed_up_to.statement()] if answer.backed_up_to else []

    kept_statements = store.write_now(lambda tx: tx.apply_statements([*people, *controls, *proof]))
    watch.result.refused += [("", code) for _, code in kept_statements]
    if receipts:
        store.write_now(lambda tx: tx.apply_receipts(receipts))
    watch.result.controls += [statement.body["name"] for statement in controls]
    for page in answer.areas:
        rows = feed_rows(page)
        cursor = Cursor(page.area, head_of(page))
        head = page.head.statement()
        kept = store.write_now(
            lambda tx, r=rows, c=cursor, h=head, p=page: tx.apply_feed(  # type: ignore[misc]
                r, c, head=h, reset=p.reset, verified=verified
            )
        )
        watch.result.pulled += kept.stored
        watch.result.refused += kept.refused
        lacking += kept.lacking
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
