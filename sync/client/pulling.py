"""The county's feeds into the store: the next page is on its way while this one is verified and written."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from fieldapp.domain.revision import FeedHead
from fieldapp.domain.statements import Statement
from fieldapp.errors import NetworkError
from fieldapp.store.api import Store
from fieldapp.store.exchange import Cursor, FeedRow
from fieldapp.store.preparing import Prepared, Preparer
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


class Kitchen:
    """Prepares big answers in a child process, page by page, while the writer takes the pages before."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._preparer: Preparer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._preparer is not None:
            self._preparer.close()

    def begin(self, answer: PullResponse) -> list[Future[dict[str, Prepared]] | None]:
        """For each page what ``apply_feed`` takes as prepared; None where the store looks itself."""
        contents = [[row.revision.revision() for row in page.rows if row.revision] for page in answer.areas]
        if sum(map(len, contents)) < CHILD_FROM:
            return [None] * len(contents)
        keys = self._store.read_now(lambda tx: tx.device_keys())
        preparer = self._preparer = self._preparer or Preparer()
        return [preparer.submit(part, keys, page.area) for part, page in zip(contents, answer.areas, strict=True)]


def pull(store: Store, transport: Transport, watch: Watch, plan: PullPlan) -> PullResponse:
    """Read every area in scope to its end; the last answer."""
    with ThreadPoolExecutor(1, thread_name_prefix="pull") as ahead, Kitchen(store) as kitchen:
        coming = _ask(ahead, transport, plan)
        done, lacking = 0, list[str]()
        while True:
            answer = coming.result()
            plan.passed(answer)
            coming = _ask(ahead, transport, plan) if answer.left else coming
            total = done + sum(len(page.rows) for page in answer.areas) + answer.left
            watch.tell(PULL, done, total)
            done = _apply(store, watch, kitchen, answer, done, total, lacking, bare=plan.bare)
            if not answer.left:
                break
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
    store: Store,
    watch: Watch,
    kitchen: Kitchen,
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
    for page, cooking in zip(answer.areas, kitchen.begin(answer), strict=True):
        rows = feed_rows(page)
        cursor = Cursor(page.area, head_of(page))
        head = page.head.statement()
        ready = cooking.result() if cooking else None
        kept = store.write_now(
            lambda tx, r=rows, c=cursor, h=head, p=page, d=ready: tx.apply_feed(  # type: ignore[misc]
                r, c, head=h, reset=p.reset, prepared=d
            )
        )
        watch.result.pulled += kept.stored
        watch.result.refused += kept.refused
        wanted = {row.subject for row in page.rows if row.own} if not bare else set(kept.lacking)
        lacking += [name for name in kept.lacking if name in wanted]
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
