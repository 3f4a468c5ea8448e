"""The bytes of a revision, held by vectors in tests/data/revisions/ (protocol.md, "A revision")."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp.domain import feed, ids
from fieldapp.domain.chain import Link, inspect_chain
from fieldapp.domain.merging import RevisionContent, merge
from fieldapp.domain.payload import Payload, parse_payload
from fieldapp.domain.revision import (
    KEYS,
    FeedHead,
    SignedRevision,
    parse_envelope,
    sign_revision,
    verify_revision,
)
from fieldapp.domain.statements import sign_statement, verify_statement
from fieldapp.errors import InputError

VECTORS = json.loads((Path(__file__).parent.parent / "data/revisions/vectors.json").read_text(encoding="utf-8"))
KEY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTORS["signing_key"]))
DEVICE = ids.device_id(KEY.public_key().public_bytes_raw())


def stored(vector: dict[str, Any]) -> SignedRevision:
    return SignedRevision(
        vector["envelope"].encode(),
        bytes.fromhex(vector["signature"]),
        bytes.fromhex(vector["salt"]),
        vector["payload"].encode(),
    )


def made(**changes: Any) -> SignedRevision:
    fields: dict[str, Any] = {
        "county": "341799",
        "document": "0193-d",
        "type": "household",
        "area": "341799101201-003",
        "parents": (),
        "author": "li.qiu",
        "device": DEVICE,
        "device_seq": 1,
        "prev": None,
        "seen": {},
        "claimed_at": "2026-11-21T01:00:00.000Z",
        "form_id": None,
        "form_version": None,
    }
    return sign_revision(KEY, Payload({"phone": "1"}, ("/phone",)), **{**fields, **changes})


@pytest.mark.parametrize("vector", VECTORS["revisions"], ids=lambda v: v["name"])
def test_bytes_in_id_out(vector: dict[str, Any]) -> None:
    revision = stored(vector)
    envelope = verify_revision(revision, KEY.public_key())
    assert revision.id == vector["id"]
    assert revision.id == hashlib.sha256(vector["envelope"].encode()).hexdigest()
    assert envelope.to_bytes() == revision.envelope_bytes
    assert tuple(json.loads(vector["envelope"])) == KEYS


def test_merged_values_of_the_vectors() -> None:
    contents = []
    for vector in VECTORS["revisions"]:
        revision = stored(vector)
        envelope, payload = revision.envelope, parse_payload(vector["payload"].encode())
        contents.append(
            RevisionContent(
                revision.id, envelope.parents, envelope.author, envelope.device, envelope.claimed_at,
                payload.set, payload.state,
            )
        )  # fmt: skip
    merged = merge(contents)
    assert merged.state == VECTORS["merged"]["state"]
    assert {p: [v.value for v in vs] for p, vs in merged.conflicts.items()} == VECTORS["merged"]["conflicts"]
    assert list(merged.leaves) == VECTORS["merged"]["leaves"]


def test_same_inputs_same_bytes() -> None:
    salt = bytes(32)
    assert made(salt=salt) == made(salt=salt)
    assert made().id != made().id, "a fresh salt for every save"


@pytest.mark.parametrize("at", [0, 20, 100, -2])
def test_one_changed_byte_is_noticed(at: int) -> None:
    good = made()
    data = bytearray(good.envelope_bytes)
    data[at] ^= 1
    with pytest.raises(InputError, match=r"revision\.signature"):
        verify_revision(SignedRevision(bytes(data), good.signature, good.salt, good.payload), KEY.public_key())


def test_an_altered_payload_is_noticed_and_an_erased_one_is_not_an_error() -> None:
    good = made()
    assert good.payload
    with pytest.raises(InputError, match=r"revision\.payload"):
        verify_revision(
            SignedRevision(good.envelope_bytes, good.signature, good.salt, good.payload + b" "), KEY.public_key()
        )
    assert verify_revision(SignedRevision(good.envelope_bytes, good.signature, None, None), KEY.public_key())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"area": "3417"}, "envelope.area"),
        ({"device_seq": 0}, "envelope.device_seq"),
        ({"device_seq": 2}, "envelope.prev"),
        ({"prev": "a" * 64}, "envelope.prev"),
        ({"parents": tuple(f"{n:064x}" for n in range(33))}, "envelope.parents"),
        ({"parents": ("a" * 64, "a" * 64)}, "envelope.parents"),
        ({"device": "x"}, "envelope.device"),
        ({"seen": {"341799": FeedHead(1, -1, "a" * 64)}}, "envelope.seen"),
    ],
)
def test_an_envelope_outside_the_rules_is_never_signed(change: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as failed:
        made(**change)
    assert failed.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"[]", "envelope.not_json"),
        (b"{", "envelope.not_json"),
        (b'{"protocol":1}', "envelope.keys"),
        (b'{"protocol":1,"protocol":1}', "envelope.not_json"),
        (b"[" * 100_000, "envelope.too_large"),
        (b"[" * 60_000, "envelope.not_json"),
    ],
)
def test_strange_envelopes(text: bytes, code: str) -> None:
    with pytest.raises(InputError) as failed:
        parse_envelope(text)
    assert failed.value.code == code


def test_a_newer_protocol_says_its_version() -> None:
    future = made().envelope_bytes.replace(b'"protocol":1', b'"protocol":2')
    with pytest.raises(InputError, match=r"envelope\.protocol"):
        parse_envelope(future)


def test_a_write_names_a_leaf() -> None:
    with pytest.raises(InputError, match="set_not_a_leaf"):
        parse_payload(b'{"state":{"a":{"b":1}},"set":["/a"]}')


def test_a_statement_serves_one_kind_only() -> None:
    receipt = sign_statement("receipt", {"revision": "x"}, KEY)
    assert verify_statement(receipt, "receipt", KEY.public_key()) == {"revision": "x"}
    with pytest.raises(InputError, match=r"statement\.kind"):
        verify_statement(receipt, "scope", KEY.public_key())


def test_the_feed_hash_follows_every_row() -> None:
    one = feed.extend(feed.start("341799", 1, "341799101201-003"), feed.REVISION, "a" * 64)
    assert [one.seq, one.hash] == VECTORS["feed"]["first"]
    other = feed.extend(feed.start("341799", 2, "341799101201-003"), feed.REVISION, "a" * 64)
    assert one.hash != other.hash


def test_derived_ids_are_agreed() -> None:
    derived = VECTORS["ids"]
    assert ids.imported_document_id("341799", "周岭村台账", "周岭村", 5, kind="person") == derived["imported"]
    assert ids.door_answer_id("341799", "round", "household") == derived["door"]
    assert ids.same_as_id("341799", "b", "a") == ids.same_as_id("341799", "a", "b") == derived["same_as"]
    assert ids.new_document_id()[14] == "7"


def test_gaps_and_forks_of_a_device() -> None:
    chain = [Link(1, "a", None), Link(2, "b", "a"), Link(5, "e", "d"), Link(5, "f", "d"), Link(6, "g", "x")]
    report = inspect_chain(reversed(chain))
    assert (report.gaps, report.forks, report.broken, report.last) == (((3, 4),), (5,), (6,), 6)
    assert inspect_chain(chain[:2]).whole
    assert inspect_chain([Link(3, "c", "b")], after=Link(2, "b", "a")).whole
    assert inspect_chain([Link(3, "c", "z")], after=Link(2, "b", "a")).broken == (3,)
