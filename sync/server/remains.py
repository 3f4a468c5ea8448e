"""What a laptop that was given up left sealed to the county.

Revisions and photos are taken in like a stick's; unfinished work is laid before a named person, for nobody signed it.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag

from fieldapp.domain.payload import MAX_PAYLOAD_BYTES
from fieldapp.errors import InputError
from fieldapp.store.farewell import read_remains
from sync.protocol.framing import inflate
from sync.protocol.limits import BLOB_PIECE, MAX_ITEMS
from sync.protocol.messages import PushItem, PushRequest, Sent
from sync.server.handlers import blobs, push
from sync.server.keys import write_private
from sync.server.service import Rejected, Service
from sync.server.sticks import caller_of

MAX_PART = 16 * 1024 * 1024


@dataclass
class RemainsCount:
    """``verdicts`` by state; ``loose`` photos of unfinished work, laid beside its ``drafts``."""

    verdicts: dict[str, int] = field(default_factory=dict)
    photos: int = 0
    drafts: int = 0
    loose: int = 0
    refused: list[str] = field(default_factory=list)


def open_remains(service: Service, path: Path, folder: Path) -> RemainsCount:
    """Take in the file at ``path``; drafts and their photos go into ``folder``, readable by its owner alone.

    Raises InputError ``file.not_ours`` | ``file.damaged``. Doing it again is harmless.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Once through for what photos there are: a revision has to say which of them it names.
    heads = {name: _parts(b"".join(content)) for kind, name, content in _each(service, path) if kind == "blob-head"}
    taken = _Remains(service, folder, RemainsCount(), heads)
    for kind, name, content in _each(service, path):
        taken.take(kind, name, content)
    taken.push()
    return taken.count


class _Remains:
    """The parts as they come: revisions before the blobs that belong to them."""

    def __init__(self, service: Service, folder: Path, count: RemainsCount, heads: dict[str, list[Any]]) -> None:
        self.service, self.folder, self.count, self._heads = service, folder, count, heads
        self._items: list[PushItem] = []
        self._device = ""

    def take(self, kind: str, name: str, content: Iterator[bytes]) -> None:
        data = b"".join(content)
        if kind == "blob":
            self._take_blob(name, data)
        elif kind == "draft":
            self._take_draft(_parts(data))
        elif kind == "revision":
            self._take_revision(_parts(data))
        elif kind == "sealed":
            try:
                what, _, parts = _parts(self.service.keys.unseal(data))
            except InvalidTag:
                self.count.refused.append("sealed.unreadable")
                return
            self._take_revision(parts) if what == "revision" else self._take_draft([parts[0], None, *parts[1:]])

    def push(self) -> None:
        """Hand over what was collected of one device."""
        items, self._items = self._items, []
        if not items:
            return
        try:
            answer = push.push(self.service, caller_of(self.service, self._device), PushRequest(self._device, 0, items))
        except (Rejected, InputError) as refused:
            self.count.refused.append(refused.code)
            return
        for verdict in answer.verdicts:
            self.count.verdicts[verdict.state] = self.count.verdicts.get(verdict.state, 0) + 1

    def _take_revision(self, parts: list[Any]) -> None:
        envelope, signature, salt, payload = (bytes.fromhex(part) if part is not None else None for part in parts)
        if envelope is None or signature is None:
            self.count.refused.append("sealed.unreadable")
            return
        sent = Sent(envelope, signature, salt, inflate(payload, MAX_PAYLOAD_BYTES) if payload else None)
        device = str(json.loads(envelope).get("device"))
        if device != self._device or len(self._items) >= MAX_ITEMS:
            self.push()
            self._device = device
        named = [name for name in self._heads if sent.payload and name.encode() in sent.payload]
        self._items.append(PushItem(sent, named))

    def _take_draft(self, parts: list[Any]) -> None:
        kind, subject, body, heads = parts
        self.count.drafts += 1
        draft = {"kind": kind, "about": subject, "content": body, "heads": heads}
        text = json.dumps(draft, ensure_ascii=False, indent=1)
        write_private(self.folder / f"draft-{self.count.drafts}.json", text.encode())

    def _take_blob(self, name: str, data: bytes) -> None:
        self.push()
        document, kind, media_type, salt = self._heads[name]
        offer = blobs.Offer(name, document, kind, media_type, len(data), bytes.fromhex(salt))
        try:
            self._put(offer, data)
            self.count.photos += 1
        except (Rejected, InputError):
            # No revision names it: it belongs to unfinished work.
            self.count.loose += 1
            write_private(self.folder / f"photo-{self.count.loose}-{name[:12]}", data)

    def _put(self, offer: blobs.Offer, data: bytes) -> None:
        caller = caller_of(self.service, self._device)
        held, complete, _ = blobs.ask(self.service, caller, offer.blob)
        for place in range(held, 0 if complete else len(data), BLOB_PIECE):
            blobs.put_piece(self.service, caller, offer, place, data[place : place + BLOB_PIECE])


def _each(service: Service, path: Path) -> Iterator[tuple[str, str, Iterator[bytes]]]:
    """Every part; what the caller leaves unread is read past."""
    for kind, name, content in read_remains(path, *service.keys.opening):
        yield kind, name, content
        deque(content, maxlen=0)


def _parts(data: bytes) -> list[Any]:
    parts: list[Any] = json.loads(inflate(data, MAX_PART))
    return parts
