"""What client and server say to each other.

Unknown keys are ignored and absent ones take their default, so that a field may be added without a new version.
Rows that come by the thousand are arrays; fields are added to them at the end only.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct, field

from fieldapp.domain.revision import SignedRevision
from fieldapp.domain.statements import Statement
from sync.protocol.version import PROTOCOL

ACCEPTED, ALREADY, WAITING, QUARANTINED, RETRY = "accepted", "already", "waiting", "quarantined", "retry"


class Signed:
    """A ``Statement`` on its way. Like ``Sent`` no ``Struct``: both travel in columns (``carrying.py``)."""

    __slots__ = ("body", "key", "kind", "signature")

    def __init__(self, kind: str, body: bytes, key: bytes, signature: bytes) -> None:
        self.kind, self.body, self.key, self.signature = kind, body, key, signature

    @classmethod
    def of(cls, statement: Statement) -> Signed:
        return cls(statement.kind, statement.body_bytes, bytes.fromhex(statement.key), statement.signature)

    def statement(self) -> Statement:
        return Statement(self.kind, self.body, self.key.hex(), self.signature)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Signed) and to_plain(self) == to_plain(other)

    def __hash__(self) -> int:
        return hash(to_plain(self))

    def to_bytes(self) -> bytes:
        """As it is kept."""
        return msgspec.msgpack.encode(to_plain(self))

    @classmethod
    def from_bytes(cls, data: bytes) -> Signed:
        """Raises msgspec.MsgspecError."""
        return cls(*msgspec.msgpack.decode(data, type=_PLAIN[cls]))


class Sent:
    """A ``SignedRevision`` on its way; salt and payload are None once erased."""

    __slots__ = ("envelope", "payload", "salt", "signature")

    def __init__(self, envelope: bytes, signature: bytes, salt: bytes | None, payload: bytes | None) -> None:
        self.envelope, self.signature, self.salt, self.payload = envelope, signature, salt, payload

    @classmethod
    def of(cls, revision: SignedRevision) -> Sent:
        return cls(revision.envelope_bytes, revision.signature, revision.salt, revision.payload)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sent) and to_plain(self) == to_plain(other)

    def __hash__(self) -> int:
        return hash(to_plain(self))

    def revision(self) -> SignedRevision:
        return SignedRevision(self.envelope, self.signature, self.salt, self.payload)


_PLAIN: dict[type, Any] = {
    Signed: tuple[str, bytes, bytes, bytes],
    Sent: tuple[bytes, bytes, bytes | None, bytes | None],
}


def to_plain(value: Any) -> Any:
    """``Signed`` and ``Sent`` as the arrays they are kept as, in databases and on sticks; an ``enc_hook``."""
    if isinstance(value, Signed):
        return (value.kind, value.body, value.key, value.signature)
    if isinstance(value, Sent):
        return (value.envelope, value.signature, value.salt, value.payload)
    raise NotImplementedError(type(value))


def from_plain(kind: type, value: Any) -> Any:
    """The other way; a ``dec_hook``. Raises msgspec.ValidationError."""
    return kind(*msgspec.convert(value, _PLAIN[kind]))


class EnrolRequest(Struct, frozen=True):
    """A laptop asks to become somebody's device. ``proof``: the device key's signature over ``enrolment_bytes``."""

    secret: bytes
    device_key: bytes
    exchange_key: bytes
    proof: bytes
    protocol: int = PROTOCOL


class EnrolResponse(Struct, frozen=True):
    """Everything a new profile needs; nothing in it is believed until the root's fingerprint matches the code."""

    county: str
    county_name: str
    epoch: int
    root: bytes
    certificates: list[Signed]
    device_certificate: Signed
    scope: Signed


class TokenRequest(Struct, frozen=True):
    """``signature`` of the device key over ``challenge_bytes(challenge)``.

    The certificate is sent along so that a server restored from a backup of before this device can read whose it is.
    ``keys``: how many of the county's key certificates are here.
    """

    device: str
    challenge: str
    signature: bytes
    certificate: Signed
    scope: Signed | None = None
    protocol: int = PROTOCOL
    keys: int = 0


class TokenResponse(Struct, frozen=True):
    """``seconds``: how long the token serves. ``restoring``: the server came back from a backup; push first.
    ``keys``: all of the county's key certificates, where the device does not have as many."""

    token: str
    seconds: int
    epoch: int
    restoring: bool
    now: str
    protocol: int = PROTOCOL
    keys: list[Signed] = field(default_factory=list)


class PushItem(Struct, frozen=True, array_like=True):
    """One revision, the blobs it names, and the county's own receipt for it when it is being returned."""

    revision: Sent
    blobs: list[str]
    receipt: Signed | None = None


class PushRequest(Struct, frozen=True):
    device: str
    epoch: int
    items: list[PushItem]
    people: list[Signed] = field(default_factory=list)
    protocol: int = PROTOCOL


class Verdict(Struct, frozen=True, array_like=True):
    """What became of one item, in the order of the items. A receipt comes with every state but ``retry``, and not
    for what is no revision of a known device at all."""

    state: str
    reason: str = ""
    receipt: Signed | None = None


class PushResponse(Struct, frozen=True):
    epoch: int
    verdicts: list[Verdict]


class At(Struct, frozen=True, array_like=True):
    """A cursor: how far an area's feed was read."""

    area: str
    epoch: int
    seq: int
    hash: str


class PullRequest(Struct, frozen=True):
    """``known``: the control documents here, name to version. ``ask``: revisions whose receipt is not final.

    ``bare``: leave the contents out, to reconcile by ids after a cursor was not recognised. ``follow``: send the pages
    that follow behind this one, in the same answer, until nothing is left.
    """

    device: str
    cursors: list[At]
    known: dict[str, int] = field(default_factory=dict)
    ask: list[str] = field(default_factory=list)
    bare: bool = False
    follow: bool = False
    protocol: int = PROTOCOL

    def behind(self, answer: PullResponse) -> PullRequest:
        """The question that goes on where ``answer`` ends."""
        cursors = {cursor.area: cursor for cursor in self.cursors if cursor.area not in answer.gone}
        for page in answer.areas:
            seq, hash_ = page.head.statement().body["areas"][page.area]
            cursors[page.area] = At(page.area, page.epoch, seq, hash_)
        fresh = [signed.statement().body for signed in answer.controls]
        known = self.known | {body["name"]: body["version"] for body in fresh}
        return PullRequest(self.device, list(cursors.values()), known, [], self.bare, self.follow, self.protocol)


class Row(Struct, frozen=True, array_like=True):
    """One feed row. ``subject`` is empty where ``revision`` tells it. A revision row without contents is held back
    from this role, asked ``bare``, ``own`` (the asking device wrote it and has it, unless it lost it and fetches), or
    ``damaged``: the county's copy does not open, and whoever has it is asked for it."""

    kind: str
    subject: str = ""
    statement: Signed | None = None
    revision: Sent | None = None
    own: bool = False
    damaged: bool = False


class AreaPage(Struct, frozen=True, array_like=True):
    """Rows of one area behind ``seq``, at most ``PAGE_ROWS``, and the signed head of the feed as far as they go.

    ``reset``: the cursor was not recognised, these start at the beginning.
    """

    area: str
    epoch: int
    seq: int
    rows: list[Row]
    head: Signed
    reset: bool = False


class PullResponse(Struct, frozen=True):
    """``people``: certificates and scopes of the authors in these rows. ``gone``: areas asked for that this device
    may not read. ``left``: rows that still follow. ``lost``: the device's own revisions whose contents the county
    cannot open any more; it is asked to push them again."""

    epoch: int
    areas: list[AreaPage]
    scope: Signed
    people: list[Signed]
    controls: list[Signed]
    receipts: list[Signed]
    gone: list[str]
    left: int
    backed_up_to: Signed | None = None
    lost: list[str] = field(default_factory=list)


class BlobHead(Struct, frozen=True, array_like=True):
    """A blob in a bundle; its content follows in pieces. ``size`` in bytes."""

    id: str
    document: str
    kind: str
    media_type: str
    size: int
    salt: bytes


class FetchRequest(Struct, frozen=True):
    """Contents of revisions the client lacks after a bare pull."""

    device: str
    ids: list[str]
    protocol: int = PROTOCOL


class FetchResponse(Struct, frozen=True):
    revisions: list[Sent]
    people: list[Signed]


class HaveRequest(Struct, frozen=True):
    """Ids this device holds, asked of a restored server; and county-signed statements it may have lost."""

    device: str
    ids: list[str]
    statements: list[Signed] = field(default_factory=list)
    protocol: int = PROTOCOL


class HaveResponse(Struct, frozen=True):
    epoch: int
    lacking: list[str]


class SealedRequest(Struct, frozen=True):
    """Contents that an eviction sealed to the county's transport key, returned to a restored server."""

    device: str
    contents: list[bytes]
    people: list[Signed] = field(default_factory=list)
    protocol: int = PROTOCOL


class ScopeAcknowledged(Struct, frozen=True):
    device: str
    statement: Signed
    protocol: int = PROTOCOL


class Done(Struct, frozen=True):
    """``receipts``: of revisions that became complete by this."""

    receipts: list[Signed] = field(default_factory=list)


def enrolment_bytes(secret: bytes, device_key: bytes, exchange_key: bytes) -> bytes:
    """What a new device signs, so that nobody enrols a key he does not hold."""
    return b"enrolment-1\0" + secret + device_key + exchange_key


def challenge_bytes(challenge: str) -> bytes:
    """What a device signs to get a token."""
    return b"token-1\0" + challenge.encode()


def both_know(message: Any) -> list[str]:
    """The revision ids that ``message`` names, which its answer need not name again."""
    if isinstance(message, PushRequest):
        return [item.revision.revision().id for item in message.items]
    return message.ask if isinstance(message, PullRequest) else []
