"""Messages in columns: what was signed arrives byte for byte, and rubbish is refused without a fault of ours."""

from __future__ import annotations

import contextlib
import hashlib

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.domain.payload import Payload
from fieldapp.domain.revision import SignedRevision, sign_revision
from fieldapp.errors import InputError
from sync.protocol.carrying import _Text, decode, encode
from sync.protocol.framing import StreamPacker, pack, unpack, unpack_stream
from sync.protocol.limits import MAX_PLAIN
from sync.protocol.messages import PushItem, PushRequest, PushResponse, Sent, Signed, Verdict
from tests.sync.county import COUNTY, GRID_A

digests = st.binary(max_size=4).map(lambda data: hashlib.sha256(data).hexdigest())
texts = st.text(max_size=12)
# Envelopes as nobody would sign them: marks, digests of other revisions, anything.
pieces = st.one_of(
    st.binary(max_size=20),
    digests.map(lambda d: f'"{d}"'.encode()),
    st.sampled_from([b"\xff", b"\xfe\x01", b"\xfd\0\0"]),
)
sent = st.builds(
    Sent,
    st.lists(pieces, max_size=6).map(b"".join),
    st.binary(max_size=70) | st.binary(min_size=64, max_size=64),
    st.none() | st.binary(max_size=40) | st.binary(min_size=32, max_size=32),
    st.none() | st.binary(max_size=60),
)
signed = st.builds(
    Signed, texts, st.lists(pieces, max_size=5).map(b"".join), st.binary(min_size=32, max_size=32),
    st.binary(min_size=64, max_size=64) | st.binary(max_size=9),
)  # fmt: skip
items = st.builds(PushItem, sent, st.lists(texts, max_size=2), st.none() | signed)
requests = st.builds(PushRequest, texts, st.integers(0, 9), st.lists(items, max_size=8), st.lists(signed, max_size=3))


def chain(count: int) -> list[SignedRevision]:
    """A device's revisions as they are: each names the one before it, every third is built on the one before."""
    key, made = Ed25519PrivateKey.generate(), list[SignedRevision]()
    device = hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()
    for seq in range(1, count + 1):
        last = made[-1].id if made else None
        edits = last is not None and seq % 3 == 0
        made.append(
            sign_revision(
                key,
                Payload({"address": f"周岭村{seq}号"}, ("/address",)),
                county=COUNTY,
                document=made[-1].envelope.document if edits else f"home-{seq}",
                type="household",
                area=GRID_A,
                parents=(last,) if edits else (),
                author="li.qiu",
                device=device,
                device_seq=seq,
                prev=last,
                seen={},
                claimed_at="2026-11-21T01:00:00.000Z",
                form_id=None,
                form_version=None,
            )
        )
    return made


@given(requests, st.lists(digests, max_size=6))
@settings(max_examples=150, deadline=None)
def test_every_message_arrives_as_it_was_sent(request: PushRequest, known: list[str]) -> None:
    assert unpack(pack(request, known=known), PushRequest, known=known) == request


@given(st.lists(requests, max_size=4), st.integers(1, 400))
@settings(max_examples=60, deadline=None)
def test_a_stream_gives_its_messages_whatever_pieces_it_comes_in(messages: list[PushRequest], size: int) -> None:
    packer = StreamPacker()
    data = b"".join([packer.add(message) for message in messages] + [packer.end()])
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    assert list(unpack_stream(pieces, PushRequest)) == messages
    cut = list(unpack_stream(pieces[: len(pieces) // 2], PushRequest))
    assert cut == messages[: len(cut)], "cut off, it ends with its last whole message"


def test_digests_that_follow_from_the_rest_are_not_sent() -> None:
    revisions = chain(60)
    request = PushRequest("d", 1, [PushItem(Sent.of(revision), []) for revision in revisions])
    text, random = encode(request)
    assert len(random) == 60 * 96
    assert not [r for r in revisions if r.envelope.payload_hash.encode() in text]
    assert not [r for r in revisions[:-1] if r.id.encode() in text]
    assert [item.revision.revision() for item in decode(text + random, PushRequest).items] == revisions
    receipts = [Signed("receipt", b'{"revision":"%s"}' % r.id.encode(), bytes(32), bytes(64)) for r in revisions]
    answer = PushResponse(1, [Verdict("accepted", "", receipt) for receipt in receipts])
    known = [revision.id for revision in revisions]
    assert revisions[0].id.encode() not in encode(answer, known)[0]
    assert unpack(pack(answer, known=known), PushResponse, known=known) == answer


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_rubbish_is_refused_and_nothing_else_happens(data: st.DataObject) -> None:
    text, random = encode(PushRequest("d", 1, [PushItem(Sent.of(revision), []) for revision in _CHAIN]))
    plain = bytearray(text + random)
    for _ in range(data.draw(st.integers(1, 4))):
        plain[data.draw(st.integers(0, len(plain) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(plain)) | st.just(len(plain)))
    with contextlib.suppress(InputError):
        assert isinstance(decode(bytes(plain[:end]), PushRequest), PushRequest)


def test_marks_do_not_swell() -> None:
    """Two hundred envelopes of nothing but marks would be more than two gigabytes."""
    count = 200
    swollen = _Text(
        [b"\xff" * 200_000] * count, [b""] * count, [], [], [], {}, {}, msgspec.msgpack.encode(PushRequest("d", 1, []))
    )
    text = msgspec.msgpack.encode(swollen)
    assert len(text) > MAX_PLAIN
    small = msgspec.msgpack.encode(msgspec.structs.replace(swollen, envelopes=[b"\xff" * 9_000] * count))
    plain = len(small).to_bytes(4, "big") + small + bytes(96 * count)
    with pytest.raises(InputError, match=r"message\.too_large"):
        decode(plain, PushRequest)


_CHAIN = chain(7)
