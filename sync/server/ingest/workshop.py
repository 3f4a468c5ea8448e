"""The costly part of taking in, on all processors: signatures checked and made, payloads sealed, in child processes.

Python checks one signature at a time whatever the threads; a big batch is cut into pieces for the children, a small one
is done on the spot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fieldapp.children import pool
from fieldapp.domain.statements import Statement, sign_statement
from fieldapp.errors import StorageError
from sync.protocol.messages import PushItem, from_plain, to_plain
from sync.server.ingest.checking import Checked, Refused, check_item, read_envelope
from sync.server.keys import ServerKeys
from sync.server.sealing import Sealer

SMALL = 48
"""Items up to which carrying them to a child costs more than it saves."""

P = TypeVar("P")


class Workshop:
    """``processes`` children, started with the first big batch; 0 does everything here."""

    def __init__(self, keys: ServerKeys, processes: int = 0) -> None:
        self._county, self._processes = keys.county, processes
        self._sealer, self._signing = Sealer(keys.master), keys.signing["receipts"]
        self._secrets = (keys.master, self._signing.private_bytes_raw())
        self._pool: ProcessPoolExecutor | None = None

    def check(self, items: Sequence[PushItem], keys: Mapping[str, bytes]) -> list[Checked | Refused]:
        """What can be said of each item alone; ``keys`` are the raw keys of known devices. Payloads come sealed."""
        if not self._spread(items):
            return check_items(self._sealer, items, self._county, keys)
        parts = [[_plain(item) for item in part] for part in self._parts(items)]
        return self._shared(partial(_check, self._county, dict(keys)), parts)

    def receipts(self, bodies: Sequence[Mapping[str, Any]]) -> list[Statement]:
        """Each body of this county signed as a receipt."""
        whole = [{"county": self._county, **body} for body in bodies]
        if not self._spread(whole):
            return [sign_statement("receipt", body, self._signing) for body in whole]
        return self._shared(_sign, self._parts(whole))

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _spread(self, items: Sequence[object]) -> bool:
        return self._processes > 0 and len(items) > SMALL

    def _parts(self, items: Sequence[P]) -> list[Sequence[P]]:
        size = max(SMALL, -(-len(items) // self._processes))
        return [items[start : start + size] for start in range(0, len(items), size)]

    def _shared(self, work: Callable[[Any], list[P]], parts: Sequence[Any]) -> list[P]:
        try:
            return [made for part in self._children().map(work, parts) for made in part]
        except BrokenProcessPool:
            self._pool = None  # a child was killed, for want of memory perhaps: the next batch starts new ones
            raise StorageError("storage.busy") from None

    def _children(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = pool(self._processes, _begin, *self._secrets)
        return self._pool


def check_items(
    sealer: Sealer, items: Sequence[PushItem], county: str, keys: Mapping[str, bytes]
) -> list[Checked | Refused]:
    known = {device: Ed25519PublicKey.from_public_bytes(raw) for device, raw in keys.items()}
    return [check_item(item, read_envelope(item), county, known, sealer) for item in items]


def _plain(item: PushItem) -> tuple[Any, ...]:
    return to_plain(item.revision), item.blobs, to_plain(item.receipt) if item.receipt else None


_tools: tuple[Sealer, Ed25519PrivateKey]


def _begin(master: bytes, signing: bytes) -> None:
    global _tools
    _tools = (Sealer(master), Ed25519PrivateKey.from_private_bytes(signing))


def _check(county: str, keys: Mapping[str, bytes], items: Sequence[tuple[Any, ...]]) -> list[Checked | Refused]:
    from sync.protocol.messages import Sent, Signed

    whole = [
        PushItem(from_plain(Sent, sent), blobs, from_plain(Signed, receipt) if receipt else None)
        for sent, blobs, receipt in items
    ]
    return check_items(_tools[0], whole, county, keys)


def _sign(bodies: Sequence[Mapping[str, Any]]) -> list[Statement]:
    return [sign_statement("receipt", body, _tools[1]) for body in bodies]
