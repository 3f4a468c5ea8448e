"""What the server let through by a fault of its own, the client refuses: every rule is asked at both ends.

Each bug is put into the server on purpose; the laptop of somebody else must not show what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.ids import review_id
from fieldapp.domain.payload import Payload
from fieldapp.domain.revision import sign_revision
from fieldapp.store.api import WriteTx
from fieldapp.store.writing import WriteTx as Writing
from sync.client.progress import SyncResult
from sync.client.run import SyncRun
from sync.server.admin.devices import adopt
from sync.server.handlers import pull
from sync.server.ingest import committing, judging
from tests.sync.chaos.wire import Wire
from tests.sync.chaos.world import Phone, World, view_of
from tests.sync.county import COUNTY, GRID_A, GRID_B

Patch = pytest.MonkeyPatch


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """li.qiu walks grid A, zhao.min grid B, sun.wei sits in the town; good weather."""
    made = World(tmp_path / "world", 1)
    yield made
    made.close()


def phone(world: World, user: str) -> Phone:
    return next(one for one in world.phones if one.user == user)


def sync(world: World, user: str) -> SyncResult:
    one = phone(world, user)
    return SyncRun(one.store, Wire(world.service, one.profile, world.weather, lambda *_: None)).run()  # type: ignore[arg-type]


def write(world: World, user: str, work: Callable[[WriteTx], Any]) -> Any:
    return phone(world, user).store.write_now(work)


def held(world: World, user: str) -> set[str]:
    """Documents of which anything at all is kept on this laptop."""
    found = phone(world, user).store.read_now(lambda tx: tx.rows("SELECT document FROM revision"))
    return {row[0] for row in found}


def lets_in(patch: Patch, *reasons: str) -> None:
    """A server that does not look at these."""
    plain = judging.judge

    def careless(item: Any, context: Any) -> Any:
        verdict = plain(item, context)
        return judging.Judgement("accepted") if verdict.reason in reasons else verdict

    patch.setattr(committing, "judge", careless)


def codes(result: SyncResult) -> list[str]:
    return [code for _, code in result.refused]


def test_a_feed_of_another_grid_is_not_taken(world: World, monkeypatch: Patch) -> None:
    theirs = write(world, "zhao.min", lambda tx: tx.create("household", GRID_B, {"phone": "1"}))
    ours = write(world, "li.qiu", lambda tx: tx.create("household", GRID_A, {"phone": "2"}))
    sync(world, "zhao.min")
    everything = pull.readable_areas
    monkeypatch.setattr(pull, "readable_areas", lambda c, county, epoch, _areas: everything(c, county, epoch, (COUNTY,)))
    result = sync(world, "li.qiu")
    assert (GRID_B, "feed.scope") in result.refused
    assert held(world, "li.qiu") == {ours}
    assert theirs not in view_of(phone(world, "li.qiu").store)
    cursors = phone(world, "li.qiu").store.read_now(lambda tx: tx.cursors())
    assert GRID_B not in cursors


def test_what_a_role_does_not_read_is_not_kept(world: World, monkeypatch: Patch) -> None:
    harm = write(world, "sun.wei", lambda tx: tx.create("sealed_report", GRID_A, {"words": "有人动手"}))
    sync(world, "sun.wei")
    monkeypatch.setattr(pull.roles, "may", lambda *_: True)
    result = sync(world, "li.qiu")
    assert codes(result) == ["revision.unreadable"]
    assert harm not in held(world, "li.qiu")
    contents = phone(world, "li.qiu").store.read_now(lambda tx: tx.rows("SELECT payload FROM refused"))
    assert contents == [(None,)], "not in the list of what was refused either"


def approval(tx: WriteTx, visit: str, decision: str = "approved") -> str:
    view = tx.document(visit)
    assert view
    state = {"subject": visit, "subject_leaves": list(view.merged.leaves), "decision": decision, "by": "孙伟"}
    return tx.create("review", view.area, state, document_id=review_id(COUNTY, visit))


def test_nobody_approves_their_own(world: World, monkeypatch: Patch) -> None:
    visit = write(world, "sun.wei", lambda tx: tx.create("visit", GRID_A, {"purpose": "routine"}))
    review = write(world, "sun.wei", lambda tx: approval(tx, visit))
    lets_in(monkeypatch, "review.own")
    assert sync(world, "sun.wei").quarantined == 0
    result = sync(world, "li.qiu")
    assert codes(result) == ["review.own"]
    assert held(world, "li.qiu") == {visit}
    assert review not in view_of(phone(world, "li.qiu").store)


def test_nobody_approves_what_they_mended_under_anothers_name(world: World, monkeypatch: Patch) -> None:
    """The leaf is li.qiu's; sun.wei wrote what it rests on."""
    visit = write(world, "sun.wei", lambda tx: tx.create("visit", GRID_A, {"purpose": "routine"}))
    sync(world, "sun.wei")
    sync(world, "li.qiu")
    write(world, "li.qiu", lambda tx: tx.save(visit, {"/note": "补充"}))
    sync(world, "li.qiu")
    sync(world, "sun.wei")
    write(world, "sun.wei", lambda tx: approval(tx, visit))
    lets_in(monkeypatch, "review.own")
    sync(world, "sun.wei")
    assert codes(sync(world, "li.qiu")) == ["review.own"]


def test_what_one_wrote_after_an_approval_does_not_undo_it(world: World) -> None:
    """A laptop that comes later sees the approval and what its author wrote then: another leaf, which reopens it."""
    visit = write(world, "li.qiu", lambda tx: tx.create("visit", GRID_A, {"purpose": "routine"}))
    sync(world, "li.qiu")
    sync(world, "sun.wei")
    review = write(world, "sun.wei", lambda tx: approval(tx, visit))
    write(world, "sun.wei", lambda tx: tx.save(visit, {"/note": "电话核对"}))
    sync(world, "sun.wei")
    world.phones.append(world.enrol("li.qiu"))
    fresh = world.phones.pop()
    result = SyncRun(fresh.store, Wire(world.service, fresh.profile, world.weather, lambda *_: None)).run()  # type: ignore[arg-type]
    assert result.refused == []
    assert {visit, review} <= set(view_of(fresh.store))
    fresh.store.close()


def test_ones_own_may_be_sent_back(world: World) -> None:
    visit = write(world, "sun.wei", lambda tx: tx.create("visit", GRID_A, {"purpose": "routine"}))
    review = write(world, "sun.wei", lambda tx: approval(tx, visit, "returned"))
    sync(world, "sun.wei")
    assert sync(world, "li.qiu").refused == []
    assert {visit, review} <= held(world, "li.qiu")


@pytest.mark.parametrize("harm", ["subject", "none", "others"])
def test_a_decision_about_something_else_is_none(world: World, monkeypatch: Patch, harm: str) -> None:
    visit = write(world, "li.qiu", lambda tx: tx.create("visit", GRID_A, {"purpose": "routine"}))
    other = write(world, "li.qiu", lambda tx: tx.create("visit", GRID_A, {"purpose": "routine"}))
    sync(world, "li.qiu")
    sync(world, "sun.wei")

    def forge(tx: WriteTx) -> str:
        named = tx.document(other if harm == "others" else visit)
        assert named
        state = {"subject": other if harm == "subject" else visit, "decision": "approved",
                 "subject_leaves": [] if harm == "none" else list(named.merged.leaves)}  # fmt: skip
        return tx.create("review", GRID_A, state, document_id=review_id(COUNTY, visit))

    write(world, "sun.wei", forge)
    lets_in(monkeypatch, "review.subject", "review.leaves")
    sync(world, "sun.wei")
    assert codes(sync(world, "li.qiu")) == ["review.subject" if harm == "subject" else "review.leaves"]


def from_elsewhere(world: World, document_type: str, area: str) -> str:
    """li.qiu signs what he may not, past his own program."""
    one = phone(world, "li.qiu")

    def work(tx: Writing) -> str:
        seq, prev = 1, None
        signed = sign_revision(
            one.profile.signing_key(), Payload({"phone": "1"}, ("/phone",)), county=COUNTY, document="d-1",
            type=document_type, area=area, parents=(), author="li.qiu", device=one.profile.device, device_seq=seq,
            prev=prev, seen={}, claimed_at="2026-11-21T01:00:00.000Z", form_id=None, form_version=None,
        )  # fmt: skip
        return world_push(world, signed)

    return one.store.write_now(work)


def world_push(world: World, signed: Any) -> str:
    from sync.protocol.messages import PushItem, PushRequest, Sent
    from sync.server.handlers import push
    from sync.server.sticks import caller_of

    device = phone(world, "li.qiu").profile.device
    caller = caller_of(world.service, device)
    answer = push.push(world.service, caller, PushRequest(device, 1, [PushItem(Sent.of(signed), [])]))
    assert answer.verdicts[0].receipt
    return str(signed.id)


@pytest.mark.parametrize(
    ("document_type", "area", "reason"), [("household", GRID_B, "scope"), ("round", GRID_A, "role")]
)
def test_who_might_not_write_it_is_not_believed(
    world: World, monkeypatch: Patch, document_type: str, area: str, reason: str
) -> None:
    lets_in(monkeypatch, reason)
    from_elsewhere(world, document_type, area)
    assert codes(sync(world, "sun.wei")) == [f"revision.{reason}"]
    assert held(world, "sun.wei") == set()


def test_what_somebody_answered_for_is_believed_also_after_a_restore(world: World) -> None:
    world.do_backup(phone(world, "sun.wei"))
    name = from_elsewhere(world, "household", GRID_B)
    assert sync(world, "zhao.min").refused == []
    assert held(world, "zhao.min") == set()
    assert adopt(world.service, [name], by="office") == [name]
    assert sync(world, "zhao.min").refused == []
    assert held(world, "zhao.min") == {"d-1"}
    before = world.service.read(world.service.row).epoch
    while world.service.read(world.service.row).epoch == before:
        world.do_restore(phone(world, "sun.wei"))
    world.heal()
    fresh = world.enrol("zhao.min")
    result = SyncRun(fresh.store, Wire(world.service, fresh.profile, world.weather, lambda *_: None)).run()  # type: ignore[arg-type]
    assert result.refused == []
    assert "d-1" in view_of(fresh.store)
    fresh.store.close()
