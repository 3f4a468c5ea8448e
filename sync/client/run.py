"""One sync run: return what a restored county lacks, push, pull, scope, photos; to be cancelled at any moment.

Every step leaves the store whole: a run that is cut anywhere is finished by the next one.
"""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.errors import InputError, NetworkError
from fieldapp.store.api import Store
from sync.client import blobs, pushing, returning, scoping
from sync.client.progress import CONNECT, DONE, Cancelled, OtherEpoch, Progress, SyncResult, Watch
from sync.client.pulling import PullPlan, fetch_damaged, pull
from sync.client.transport import Revoked, Transport
from sync.protocol.messages import PullResponse, TokenResponse

GREETINGS = 3
PHOTOS_ALL, PHOTOS_OUT, PHOTOS_NONE = "all", "out", "none"


class SyncRun:
    """``photos``: ``all``, ``out`` (a metered line: send ours, fetch none) or ``none``."""

    def __init__(self, store: Store, transport: Transport, *, photos: str = PHOTOS_ALL) -> None:
        self._store, self._transport, self._photos = store, transport, photos

    def run(
        self,
        progress: Callable[[Progress], None] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> SyncResult:
        """Sync once.

        Raises NetworkError and RefusedError as the transport does (``refused.revoked``: the county's proof is kept,
        the caller locks), StorageError. A cancelled run returns what it did, with ``cancelled`` set.
        """
        watch = Watch(progress, cancelled, SyncResult())
        try:
            self._steps(watch)
        except Cancelled:
            watch.result.cancelled = True
        except Revoked as told:
            self._keep_revocation(told)
            raise
        watch.result.left = self._store.read_now(lambda tx: tx.sync_state()).unsent
        progress(Progress(DONE))
        return watch.result

    def _steps(self, watch: Watch) -> None:
        watch.tell(CONNECT)
        hello = self._transport.greeted() or self._transport.connect()
        for _ in range(GREETINGS):
            try:
                self._exchange(watch, hello)
                return
            except OtherEpoch:
                hello = self._transport.connect()
            except InputError as failed:
                if failed.code != "statement.signer":
                    raise
                hello = self._transport.connect()  # signed by a key we have not heard of: greeting brings new ones
        raise NetworkError("network.restoring")

    def _exchange(self, watch: Watch, hello: TokenResponse) -> None:
        store, transport = self._store, self._transport
        if returning.is_new_epoch(store, hello):
            returning.give_back(store, transport, watch, hello)
        watch.result.restoring = hello.restoring
        if hello.restoring:
            pushing.push(store, transport, watch, hello.epoch)
        else:
            self._pull(watch, hello)
            pushing.push(store, transport, watch, hello.epoch)
        if self._photos != PHOTOS_NONE:
            blobs.send_all(store, transport, watch)
        if self._photos == PHOTOS_ALL and not hello.restoring:
            blobs.fetch_all(store, transport, watch)

    def _pull(self, watch: Watch, hello: TokenResponse) -> None:
        """Ours go out while theirs are asked for."""

        def ours() -> None:
            pushing.push(self._store, self._transport, watch, hello.epoch)
            scoping.acknowledge(self._store, self._transport)

        answer = self._read_feeds(watch, hello, ours)
        if scoping.take_scope(self._store, answer.scope.statement()):
            watch.result.scope_changed = True
            self._read_feeds(watch, hello, lambda: scoping.acknowledge(self._store, self._transport))
        scoping.put_away(self._store)
        returning.remember_epoch(self._store, hello.epoch)
        returning.send_anew(self._store, self._transport, watch, hello.epoch, answer.lost)
        fetch_damaged(self._store, self._transport, watch)

    def _read_feeds(self, watch: Watch, hello: TokenResponse, meanwhile: Callable[[], None]) -> PullResponse:
        store = self._store
        cursors, known, ask = store.read_now(lambda tx: (tx.cursors(), tx.controls(), tx.unsettled()))
        bare = any(head.epoch != hello.epoch for head in cursors.values())
        plan = PullPlan(dict(cursors), known, ask, bare)
        return pull(store, self._transport, watch, plan, hello.epoch, meanwhile)

    def _keep_revocation(self, told: Revoked) -> None:
        if told.statement is not None:
            statement = told.statement
            self._store.write_now(lambda tx: tx.apply_statements([statement]))
