"""The county server over HTTP, asked by hand-made messages (the real client has its own tests)."""

from __future__ import annotations

from pathlib import Path

from fieldapp.domain.payload import Payload
from fieldapp.domain.revision import sign_revision
from fieldapp.store.api import QUICK, Profile
from sync.client.transport import Patience, Transport
from sync.protocol.messages import (
    At,
    EnrolRequest,
    FetchRequest,
    FetchResponse,
    PullRequest,
    PullResponse,
    PushItem,
    PushRequest,
    PushResponse,
    Sent,
    enrolment_bytes,
)
from tests.sync.county import COUNTY, GRID_A, PASSPHRASE, County

ONCE = Patience(timeout=20, tries=1)


def test_a_push_comes_back_by_pull(county: County, tmp_path: Path) -> None:
    county.user("li.qiu", "grid_worker", GRID_A)
    profile = Profile.create(tmp_path / "p", PASSPHRASE, kdf=QUICK)
    transport = Transport(county.address, profile, patience=ONCE)
    secret = bytes.fromhex(county.code("li.qiu").secret)
    proof = profile.signing_key().sign(enrolment_bytes(secret, profile.device_public, profile.exchange_public))
    answer = transport.enrol(EnrolRequest(secret, profile.device_public, profile.exchange_public, proof))
    from sync.client.enrol import identity_from

    profile.set_identity(identity_from(answer, county.code("li.qiu").root, county.address))
    prev, items = None, []
    for n in range(1, 4):
        revision = sign_revision(
            profile.signing_key(), Payload({"address": f"{n}号"}, ("/address",)), county=COUNTY, document=f"d{n}",
            type="household", area=GRID_A, parents=(), author="li.qiu", device=profile.device, device_seq=n,
            prev=prev, seen={}, claimed_at="2026-11-21T01:00:00.000Z", form_id=None, form_version=None,
        )  # fmt: skip
        prev = revision.id
        items.append(PushItem(Sent.of(revision), []))
    pushed = transport.call("/v1/push", PushRequest(profile.device, 1, items), PushResponse)
    assert [v.state for v in pushed.verdicts] == ["accepted"] * 3
    again = transport.call("/v1/push", PushRequest(profile.device, 1, items), PushResponse)
    assert [v.state for v in again.verdicts] == ["already"] * 3
    pulled = transport.call("/v1/pull", PullRequest(profile.device, []), PullResponse)
    assert [page.area for page in pulled.areas] == [GRID_A]
    assert [row.revision for row in pulled.areas[0].rows] == [item.revision for item in items]
    fetched = transport.call(
        "/v1/fetch", FetchRequest(profile.device, [item.revision.revision().id for item in items]), FetchResponse
    )
    assert fetched.revisions == [item.revision for item in items]
    seq, hash_ = pulled.areas[0].head.statement().body["areas"][GRID_A]
    nothing = transport.call("/v1/pull", PullRequest(profile.device, [At(GRID_A, 1, seq, hash_)]), PullResponse)
    assert nothing.areas == []
