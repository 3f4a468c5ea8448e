"""A county for tests: root and working keys, certified devices, and a feed that signs what a server would."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fieldapp.domain import feed
from fieldapp.domain.ids import device_id, new_document_id
from fieldapp.domain.payload import Payload
from fieldapp.domain.pointers import leaves
from fieldapp.domain.revision import FeedHead, SignedRevision, sign_revision
from fieldapp.domain.statements import Statement, sign_statement
from fieldapp.store.api import QUICK, Identity, Profile, Store
from fieldapp.store.exchange import ACCEPTED, Cursor, FeedRow
from fieldapp.store.trust import CountyTrust

COUNTY = "341799"
TOWN = "341799101"
VILLAGE = "341799101201"
GRID = "341799101201-003"
OTHER_GRID = "341799101201-004"
PASSPHRASE = "门前两棵老枣树"
START = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


class Clock:
    """A clock that moves a second with every look, so that claimed times are alike in every run."""

    def __init__(self, start: datetime = START) -> None:
        self.moment = start

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


@dataclass
class County:
    """Keys and feeds of one county. ``rows`` are the feed rows by area, as a server would keep them."""

    epoch: int = 1
    code: str = COUNTY
    root: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    keys: dict[str, Ed25519PrivateKey] = field(default_factory=dict)
    rows: dict[str, list[FeedRow]] = field(default_factory=dict)
    heads: dict[str, FeedHead] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = {role: Ed25519PrivateKey.generate() for role in ("receipts", "server", "control")}
        self.transport = X25519PrivateKey.generate()
        self.more: list[Statement] = []

    def sign(self, kind: str, key: str, /, **body: Any) -> Statement:
        return sign_statement(kind, {"county": self.code, **body}, self.keys[key])

    @property
    def trust(self) -> CountyTrust:
        made = [
            sign_statement(
                "key-certificate",
                {"county": self.code, "role": role, "public_key": key.public_key().public_bytes_raw().hex()},
                self.root,
            )
            for role, key in self.keys.items()
        ]
        transport = {
            "county": self.code,
            "role": "transport",
            "public_key": self.transport.public_key().public_bytes_raw().hex(),
        }
        made += [sign_statement("key-certificate", transport, self.root), *self.more]
        return CountyTrust(self.code, self.root.public_key().public_bytes_raw(), tuple(made))

    def certify(self, public: bytes, exchange: bytes, user: str) -> Statement:
        body = {"device": device_id(public), "public_key": public.hex(), "exchange_key": exchange.hex(), "user": user}
        return self.sign("device-certificate", "server", **body)

    def scope(self, user: str, role: str, areas: Iterable[str], version: int = 1, name: str = "") -> Statement:
        return self.sign(
            "scope", "server", user=user, name=name or user, version=version, role=role, areas=list(areas), since=""
        )

    def identity(
        self, profile: Profile, user: str = "li.qiu", role: str = "grid_worker", areas: Iterable[str] = (GRID,),
        version: int = 1, name: str = "李秋",
    ) -> Identity:  # fmt: skip
        certificate = self.certify(profile.device_public, profile.exchange_public, user)
        areas = tuple(areas)
        scope = self.scope(user, role, areas, version, name)
        return Identity(
            self.code, "安和县", user, name, role, areas, version, certificate, self.trust, scope_statement=scope
        )

    def device(
        self, user: str, role: str = "grid_worker", areas: Iterable[str] = (GRID,),
        key: Ed25519PrivateKey | None = None,
    ) -> Device:  # fmt: skip
        return Device(self, user, role, tuple(areas), key or Ed25519PrivateKey.generate())

    def append(self, area: str, kind: str, subject: str, **more: Any) -> FeedRow:
        head = self.heads.get(area) or feed.start(self.code, self.epoch, area)
        row = FeedRow(area, self.epoch, head.seq + 1, kind, subject, **more)
        self.heads[area] = feed.extend(head, kind, subject, row.detail)
        self.rows.setdefault(area, []).append(row)
        return row

    def publish(self, *revisions: SignedRevision, area: str | None = None) -> None:
        for revision in revisions:
            self.append(area or revision.envelope.area, feed.REVISION, revision.id, revision=revision)

    def verdict(self, area: str, revision: str, state: str, reason: str = "") -> Statement:
        statement = self.receipt(revision, state, reason)
        self.append(area, feed.VERDICT, revision, statement=statement)
        return statement

    def receipt(self, revision: str, state: str = ACCEPTED, reason: str = "", **more: Any) -> Statement:
        body = {
            "epoch": self.epoch, "revision": revision, "state": state, "reason": reason, "payload_held": True,
            "blobs_held": [], "area": None, "seq": None, "hash": None,
            "at": f"2026-11-21T02:00:{len(self.rows):02d}.{secrets.randbelow(1000):03d}Z",
        }  # fmt: skip
        return self.sign("receipt", "receipts", **{**body, **more})

    def cursor(self, area: str) -> Cursor:
        return Cursor(area, self.heads[area])

    def feed_head(self, *areas: str) -> Statement:
        heads = {area: [self.heads[area].seq, self.heads[area].hash] for area in areas}
        return self.sign("feed-head", "receipts", epoch=self.epoch, areas=heads, at="2026-11-21T02:00:00.000Z")


class Device:
    """Another laptop, reduced to its key and chain."""

    def __init__(self, county: County, user: str, role: str, areas: tuple[str, ...], key: Ed25519PrivateKey) -> None:
        self.county, self.user, self.areas = county, user, areas
        self.key = key
        public = self.key.public_key().public_bytes_raw()
        self.id = device_id(public)
        self.certificate = county.certify(public, bytes(32), user)
        self.scope = county.scope(user, role, areas)
        self.seq, self.prev = 0, None
        self.clock = Clock()

    def write(
        self, document_type: str, state: dict[str, Any], *, document: str | None = None, parents: Iterable[str] = (),
        written: Iterable[str] | None = None, area: str | None = None,
    ) -> SignedRevision:  # fmt: skip
        self.seq += 1
        paths = tuple(written) if written is not None else tuple(path for path, _ in leaves(state))
        made = sign_revision(
            self.key, Payload(state, paths), county=self.county.code, document=document or new_document_id(),
            type=document_type, area=area or self.areas[0], parents=tuple(parents), author=self.user, device=self.id,
            device_seq=self.seq, prev=self.prev, seen={}, form_id=None, form_version=None,
            claimed_at=self.clock().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        )  # fmt: skip
        self.prev = made.id
        return made


def make_store(
    folder: Path, county: County | None = None, *, user: str = "li.qiu", role: str = "grid_worker",
    areas: Iterable[str] = (GRID,), clock: Clock | None = None,
) -> tuple[Store, County]:  # fmt: skip
    """An enrolled store in ``folder``, with the county that certified it."""
    county = county or County()
    profile = Profile.create(folder, PASSPHRASE, kdf=QUICK)
    profile.set_identity(county.identity(profile, user, role, areas))
    return Store.open(profile, now=clock or Clock()), county
