"""Sticks at the county: a laptop's bundle in, the county's answer for that laptop out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import Connection

from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError
from sync.protocol import bundle
from sync.protocol.limits import BLOB_PIECE
from sync.protocol.messages import (
    BlobHead,
    PullRequest,
    PushItem,
    PushRequest,
    ScopeAcknowledged,
    SealedRequest,
    Signed,
)
from sync.server.clock import now_text
from sync.server.handlers import blobs, pull, push, restore, scope
from sync.server.handlers.callers import Caller
from sync.server.service import Rejected, Service
from sync.server.storage import controls, people


@dataclass
class StickCount:
    """What a bundle brought and what the answer carries."""

    device: str = ""
    verdicts: dict[str, int] = field(default_factory=dict)
    photos: int = 0
    rows: int = 0
    refused: list[str] = field(default_factory=list)


def exchange(service: Service, incoming: Path, outgoing: Path) -> StickCount:
    """Take a laptop's bundle in and write the answer for it.

    A revoked device's work is taken into quarantine for a named person; its answer says only that it is revoked.
    Raises InputError ``bundle.*`` | ``stream.damaged``.
    """
    with open(incoming, "rb") as file:
        header, line, signature = bundle.read_header(file)
        if header.county != service.keys.county or header.addressee != bundle.COUNTY:
            raise InputError("bundle.not_for_us")
        found = bundle.records(file, header, line, *service.keys.opening)
        caller = _sender(service, header, found)
        bundle.check_sender(line, signature, [Ed25519PublicKey.from_public_bytes(caller.device.public_key)])
        taken = _Taken(service, caller, StickCount(caller.device.device))
        for kind, content in found:
            taken.take(kind, content, found)
    _answer(service, taken, outgoing)
    return taken.count


def _sender(service: Service, header: bundle.Header, found: Iterator[tuple[str, Any]]) -> Caller:
    """The device a bundle is from, known or, after a restore, proven by its certificate."""
    kind, content = next(found, ("", None))
    if kind != "certificate":
        raise InputError("stream.damaged")
    certificate = bundle.taken(content, Signed)
    push.accept_people(service, [certificate])
    return caller_of(service, header.sender)


def caller_of(service: Service, name: str) -> Caller:
    """A certified device, whatever its state. Raises InputError ``bundle.unknown_device``."""

    def work(connection: Connection) -> Caller | None:
        device = people.load_devices(connection, service.keys.county, [name]).get(name)
        newest = people.newest_scope(connection, service.keys.county, device.user) if device else None
        return Caller(device, *newest) if device and newest else None

    caller = service.read(work)
    if caller is None:
        raise InputError("bundle.unknown_device")
    return caller


class _Taken:
    """What a bundle holds, as it is read."""

    def __init__(self, service: Service, caller: Caller, count: StickCount) -> None:
        self.service, self.caller, self.count = service, caller, count
        self.receipts: list[Signed] = []
        self.request: PullRequest | None = None
        self.want: list[str] = []

    def take(self, kind: str, content: Any, following: Iterator[tuple[str, Any]]) -> None:
        try:
            self._take(kind, content, following)
        except Rejected as rejected:
            self.count.refused.append(rejected.code)

    def _take(self, kind: str, content: Any, following: Iterator[tuple[str, Any]]) -> None:
        device = self.caller.device.device
        if kind == "scope":
            push.accept_people(self.service, [bundle.taken(content, Signed)])
        elif kind == "acknowledged":
            signed = bundle.taken(content, Signed)
            scope.acknowledge(self.service, self.caller, ScopeAcknowledged(device, signed))
        elif kind == "push":
            items = bundle.taken(content, list[PushItem])
            answer = push.push(self.service, self.caller, PushRequest(device, 0, items))
            for verdict in answer.verdicts:
                self.count.verdicts[verdict.state] = self.count.verdicts.get(verdict.state, 0) + 1
            self.receipts += [verdict.receipt for verdict in answer.verdicts if verdict.receipt]
        elif kind == "people":
            push.accept_people(self.service, bundle.taken(content, list[Signed]))
        elif kind == "sealed":
            restore.take_sealed(self.service, self.caller, SealedRequest(device, bundle.taken(content, list[bytes])))
        elif kind == "blob":
            self._take_blob(bundle.taken(content, BlobHead), following)
        elif kind == "pull":
            self.request = bundle.taken(content, PullRequest)
        elif kind == "want":
            self.want = bundle.taken(content, list[str])

    def _take_blob(self, head: BlobHead, following: Iterator[tuple[str, Any]]) -> None:
        """Pieces are read to the end whatever becomes of them, so that the next record is found."""
        offer = blobs.Offer(head.id, head.document, head.kind, head.media_type, head.size, head.salt)
        place, refusal = 0, None
        while place < head.size:
            kind, piece = next(following, ("", b""))
            if kind != "piece" or not isinstance(piece, bytes) or not piece:
                raise InputError("stream.damaged")
            if refusal is None:
                refusal = self._put(offer, place, piece)
            place += len(piece)
        if refusal is not None:
            raise refusal
        self.count.photos += 1

    def _put(self, offer: blobs.Offer, place: int, piece: bytes) -> Rejected | None:
        try:
            held, complete, _ = blobs.ask(self.service, self.caller, offer.blob)
            if complete or held > place:
                return None  # the network brought this much already
            _, done = blobs.put_piece(self.service, self.caller, offer, place, piece)
            self.receipts += done.receipts
        except Rejected as rejected:
            return rejected
        return None


def _answer(service: Service, taken: _Taken, path: Path) -> None:
    device = taken.caller.device
    with bundle.writing(
        path, county=service.keys.county, sender=bundle.COUNTY, addressee=device.device, made_at=now_text(),
        key=service.keys.signing["server"], to=X25519PublicKey.from_public_bytes(device.exchange_key),
    ) as out:  # fmt: skip
        out.add("keys", [Signed.of(certificate) for certificate in service.keys.trust.certificates])
        out.add("receipts", taken.receipts)
        if device.state == people.REVOKED:
            out.add("revoked", [Signed.of(word) for word in [_revocation(service, device.device)] if word])
            return
        restoring = service.read(service.row).restoring
        if device.state == people.ACTIVE and taken.request is not None and not restoring:
            request = replace_device(taken.request, device.device)
            taken.count.rows += add_pages(service, taken.caller, request, out)
            _add_blobs(service, taken, out)


def add_pages(service: Service, caller: Caller, request: PullRequest, out: bundle.BundleWriter) -> int:
    """Everything behind the request's cursors; how many feed rows."""
    rows = 0
    while True:
        answer = pull.pull(service, caller, request)
        out.add("pull", answer)
        rows += sum(len(page.rows) for page in answer.areas)
        if not answer.left:
            return rows
        request = request.behind(answer)


def replace_device(request: PullRequest, device: str) -> PullRequest:
    """The same question, asked in the name of the device whose bundle it came in."""
    return PullRequest(device, request.cursors, request.known, request.ask)


def _add_blobs(service: Service, taken: _Taken, out: bundle.BundleWriter) -> None:
    for name in taken.want[:1000]:
        try:
            found = blobs.find(service, taken.caller, name)
        except Rejected:
            continue  # not here, or not for this reader: the laptop asks again
        out.add("blob", BlobHead(name, found.document, found.kind, found.media_type, found.size, found.salt))
        for piece in blobs.content(service, name, 0):
            assert len(piece) <= BLOB_PIECE
            out.add("piece", piece)


def _revocation(service: Service, device: str) -> Statement | None:
    return service.read(lambda c: controls.newest(c, service.keys.county, controls.revocation_name(device)))
