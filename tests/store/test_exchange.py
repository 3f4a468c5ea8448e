"""What comes from the county and goes to it: feeds, receipts, verdicts, moves, evictions, erasure."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain import feed
from fieldapp.domain.revision import FeedHead, SignedRevision
from fieldapp.errors import InputError
from fieldapp.store.api import Store, find
from fieldapp.store.exchange import Cursor, FeedResult
from fieldapp.store.projections import people
from fieldapp.store.projections.keeping import table_names
from tests.store.county import GRID, OTHER_GRID, VILLAGE, County, Device, make_store


def pull(store: Store, county: County, *areas: str, page: int = 200, **more: Any) -> list[FeedResult]:
    """Read the county's feeds as the sync client does."""
    results = []
    for area in areas or sorted(county.rows):
        while True:
            known = store.read_now(lambda tx: tx.cursors()).get(area)
            start = known.seq if known else 0
            rows = county.rows[area][start : start + page]
            if not rows:
                break
            head = feed.start(county.code, county.epoch, area)
            for row in county.rows[area][: start + len(rows)]:
                head = feed.extend(head, row.kind, row.subject, row.detail)
            signed = county.sign(
                "feed-head", "receipts", epoch=county.epoch, areas={area: [head.seq, head.hash]}, at="2026"
            )
            cursor = Cursor(area, head)
            results.append(_apply(store, rows, cursor, signed, more))
    return results


def _apply(store: Store, rows: Any, cursor: Cursor, head: Any, more: dict[str, Any]) -> FeedResult:
    return store.write_now(lambda tx: tx.apply_feed(rows, cursor, head=head, **more))


def people_of(*devices: Device) -> list[Any]:
    return [statement for device in devices for statement in (device.certificate, device.scope)]


def dump(store: Store) -> dict[str, list[Any]]:
    """Every projection's rows, for comparing two stores."""
    made = {}
    for table in table_names():
        if table == "card_index":
            continue
        columns = "subject, kind, area, head_name, people, conflicts, content" if table == "card" else "*"
        made[table] = sorted(store.read_now(lambda tx, t=table, c=columns: tx.rows(f"SELECT {c} FROM {t}")), key=repr)
    return made


@pytest.fixture
def wang(county: County) -> Device:
    return county.device("wang.min")


def house(device: Device, name: str = "周大山", **more: Any) -> tuple[SignedRevision, SignedRevision]:
    home = device.write("household", {"address": "周岭村12号"}, **more)
    state = {"full_name": name, "membership": {"household": home.envelope.document, "relation": "head"}}
    return home, device.write("person", state, **more)


def test_a_pulled_household_is_found_and_keeps_its_author(store: Store, county: County, wang: Device) -> None:
    home, head = house(wang)
    county.publish(home, head)
    (result,) = pull(store, county, statements=people_of(wang))
    assert (result.stored, result.refused) == (2, ())
    assert [hit.subject for hit in store.read_now(lambda tx: find(tx, "zds"))] == [home.envelope.document]
    view = store.read_now(lambda tx: tx.document(head.envelope.document))
    assert view
    assert (view.authors, view.area) == (("wang.min",), GRID)
    assert store.read_now(lambda tx: tx.seen())[GRID].seq == 2
    assert pull(store, county) == []


def test_a_row_that_was_tampered_with_is_refused_and_the_others_stand(
    store: Store, county: County, wang: Device
) -> None:
    home, head = house(wang)
    broken = SignedRevision(head.envelope_bytes, head.signature, head.salt, (head.payload or b"") + b" ")
    county.publish(home, broken)
    (result,) = pull(store, county, statements=people_of(wang))
    assert result.refused == ((head.id, "revision.payload"),)
    assert store.read_now(lambda tx: tx.document(head.envelope.document)) is None
    assert store.read_now(lambda tx: tx.document(home.envelope.document))


def test_authors_roles_and_devices_are_checked_again(store: Store, county: County, wang: Device) -> None:
    outsider = county.device("helper", role="third_party")
    liar = county.device("liar")
    liar.user = "wang.min"
    stranger = county.device("stranger")
    bad = [outsider.write("household", {"address": "x"}), liar.write("household", {"address": "y"})]
    unknown = stranger.write("household", {"address": "z"})
    county.publish(*bad, unknown)
    (result,) = pull(store, county, statements=people_of(wang, outsider, liar))
    assert [code for _, code in result.refused] == ["revision.role", "revision.author", "device.unknown"]
    assert result.missing_devices == (stranger.id,)
    store.write_now(lambda tx: tx.apply_statements(people_of(stranger)))
    assert store.read_now(lambda tx: tx.document(unknown.envelope.document)), "taken once its device is known"


def test_a_certificate_the_county_did_not_sign_is_not_believed(store: Store, county: County) -> None:
    other = County()
    forged = other.device("wang.min")
    county.publish(forged.write("household", {"address": "x"}))
    (result,) = pull(store, county, statements=people_of(forged))
    assert [code for _, code in result.refused] == ["device.unknown"]


@pytest.mark.parametrize("harm", ["drop", "swap", "cut", "head"])
def test_a_feed_that_lies_is_not_taken(store: Store, county: County, wang: Device, harm: str) -> None:
    county.publish(*(wang.write("household", {"address": str(n)}) for n in range(4)))
    rows, cursor = list(county.rows[GRID]), county.cursor(GRID)
    if harm == "drop":
        del rows[1]
    elif harm == "swap":
        rows[1], rows[2] = rows[2], rows[1]
    elif harm == "cut":
        rows.pop()
    else:
        cursor = Cursor(GRID, FeedHead(1, 4, "0" * 64))
    with pytest.raises(InputError, match=r"feed\.(gap|hash)"):
        store.write_now(lambda tx: tx.apply_feed(rows, cursor, statements=people_of(wang)))
    assert store.read_now(lambda tx: tx.cursors()) == {}
    assert store.read_now(lambda tx: tx.rows("SELECT count(*) FROM revision")) == [(0,)]


def test_quarantined_and_waiting_are_shown_nowhere_until_released(store: Store, county: County, wang: Device) -> None:
    home, head = house(wang)
    county.publish(home)
    county.verdict(GRID, head.id, "quarantined", "leaves")
    county.publish(head)
    pull(store, county, statements=people_of(wang))
    document = head.envelope.document
    view = store.read_now(lambda tx: tx.document(document))
    assert view
    assert (view.quarantined, dict(view.state)) == ((head.id,), {})
    assert store.read_now(lambda tx: find(tx, "周大山")) == []
    county.rows["later"] = [1, 2]  # type: ignore[list-item]
    release = county.receipt(head.id, "accepted", at="2027-01-01T00:00:00.000Z")
    del county.rows["later"]
    county.append(GRID, feed.VERDICT, head.id, statement=release)
    pull(store, county)
    assert len(store.read_now(lambda tx: find(tx, "周大山"))) == 1


def test_own_work_put_aside_by_the_county_disappears_here_too(store: Store, county: County) -> None:
    home = store.write_now(lambda tx: tx.create("household", GRID, {"address": "x"}))
    (sent,) = store.read_now(lambda tx: tx.unsent())
    store.write_now(lambda tx: tx.apply_receipts([county.receipt(sent.id, "quarantined", "role")]))
    view = store.read_now(lambda tx: tx.document(home))
    assert view
    assert view.quarantined == (sent.id,)
    assert dict(view.state) == {}
    assert store.read_now(lambda tx: tx.sync_state()).quarantined == 1
    assert store.read_now(lambda tx: tx.unsent()) == []


def test_receipts_are_believed_only_from_the_receipts_key(store: Store, county: County) -> None:
    store.write_now(lambda tx: tx.create("household", GRID, {"address": "x"}))
    (sent,) = store.read_now(lambda tx: tx.unsent())
    forged = county.sign("receipt", "server", revision=sent.id, state="accepted")
    result = store.write_now(lambda tx: tx.apply_receipts([forged]))
    assert (result.accepted, result.refused) == (0, ((sent.id, "statement.signer"),))
    assert store.read_now(lambda tx: tx.sync_state()).unsent == 1


def test_kept_means_accepted_and_complete_with_its_photos(store: Store, county: County) -> None:
    photo = b"\xff\xd8\xff" + b"p" * 5000 + b"\xff\xd9"

    def save(tx: Any) -> None:
        home = tx.create("household", GRID, {"address": "x"})
        blob = tx.put_blob("visit-1", photo)
        tx.create("visit", GRID, {"household": home, "answers": {"door": blob}}, document_id="visit-1")

    store.write_now(save)
    home, visit = store.read_now(lambda tx: tx.unsent())
    assert (home.blobs, len(visit.blobs)) == ((), 1)
    assert store.read_now(lambda tx: tx.blobs_unsent()) == [], "not before its revision is at the county"
    store.write_now(lambda tx: tx.apply_receipts([county.receipt(home.id), county.receipt(visit.id)]))
    state = store.read_now(lambda tx: tx.sync_state())
    assert (state.kept, state.unsent, state.unsent_blobs) == (1, 0, 1)
    (blob,) = store.read_now(lambda tx: tx.blobs_unsent())
    assert (blob.id, blob.size, blob.offset) == (visit.blobs[0], len(photo), 0)
    assert store.read_now(lambda tx: tx.unsettled()) == [visit.id]
    done = county.receipt(visit.id, blobs_held=[blob.id], at="2027-01-01T00:00:00.000Z")
    store.write_now(lambda tx: tx.apply_receipts([done]))
    state = store.read_now(lambda tx: tx.sync_state())
    assert (state.kept, state.unsent_blobs) == (2, 0)


def test_a_child_before_its_parent_waits(store: Store, county: County, wang: Device) -> None:
    home = wang.write("household", {"address": "a"})
    child = wang.write(
        "household", {"address": "b"}, document=home.envelope.document, parents=[home.id], written=["/address"]
    )
    county.publish(child)
    pull(store, county, statements=people_of(wang))
    view = store.read_now(lambda tx: tx.document(home.envelope.document))
    assert view
    assert (view.waiting, dict(view.state)) == ((child.id,), {})
    county.publish(home)
    pull(store, county)
    view = store.read_now(lambda tx: tx.document(home.envelope.document))
    assert view
    assert (view.waiting, view.state["address"]) == ((), "b")


def test_every_order_of_arrival_reads_the_same(tmp_path: Path, county: County, wang: Device) -> None:
    zhao = county.device("zhao.lei")
    home, head = house(wang)
    document = head.envelope.document
    one = wang.write("person", {"phone": "1"}, document=document, parents=[head.id])
    two = zhao.write("person", {"phone": "2"}, document=document, parents=[head.id])
    move = zhao.write("person", {"membership": {"household": "elsewhere"}}, document=document, parents=[two.id])
    dumps = []
    for number, order in enumerate(itertools.permutations([home, head, one, two, move])):
        if number % 12:
            continue
        county.rows.clear()
        county.heads.clear()
        county.publish(*order)
        store, _ = make_store(tmp_path / str(number), county)
        with store:
            pull(store, county, page=2, statements=people_of(wang, zhao))
            dumps.append(dump(store))
    assert len(dumps) == 10
    assert all(found == dumps[0] for found in dumps)


def test_a_fork_is_kept_and_shown(store: Store, county: County, wang: Device) -> None:
    home = wang.write("household", {"address": "a"})
    wang.seq, wang.prev = 0, None
    twin = wang.write("household", {"address": "b"})
    county.publish(home, twin)
    (result,) = pull(store, county, statements=people_of(wang))
    assert result.stored == 2
    assert store.read_now(lambda tx: tx.chain_faults()) == [(wang.id, "fork", 1, 1)]


def test_a_move_keeps_what_both_areas_show(tmp_path: Path, county: County, wang: Device) -> None:
    home, head = house(wang)
    county.publish(home, head)
    county.append(GRID, feed.EVICT, home.envelope.document)
    county.publish(home, area=OTHER_GRID)
    dumps = []
    for name, order in (("ab", [GRID, OTHER_GRID]), ("ba", [OTHER_GRID, GRID])):
        store, _ = make_store(tmp_path / name, county, areas=[VILLAGE], role="supervisor")
        with store:
            for area in order:
                pull(store, county, area, page=1, statements=people_of(wang))
            view = store.read_now(lambda tx: tx.document(home.envelope.document))
            assert view
            assert view.area == OTHER_GRID
            dumps.append(dump(store))
    assert dumps[0] == dumps[1]


def test_eviction_deletes_what_a_backup_covers_and_seals_the_rest(store: Store, county: County, wang: Device) -> None:
    home, head = house(wang)
    county.publish(home, head)
    pull(store, county, statements=people_of(wang))
    store.write_now(lambda tx: tx.save_draft("d", "visit", home.envelope.document, {"age": 7}))
    covered = county.sign("backed-up-to", "receipts", epoch=1, areas={GRID: [1, "x"]}, at="2026")
    store.write_now(lambda tx: tx.apply_statements([covered]))
    for revision in (home, head):
        county.append(GRID, feed.EVICT, revision.envelope.document)
    (result,) = pull(store, county)
    assert result.sealed == 2
    assert store.read_now(lambda tx: tx.document(home.envelope.document)) is None
    assert store.read_now(lambda tx: find(tx, "周大山")) == []
    assert store.read_now(lambda tx: tx.rows("SELECT count(*) FROM revision")) == [(0,)]
    kinds = store.read_now(lambda tx: tx.rows("SELECT kind, revision FROM sealed ORDER BY kind"))
    assert kinds == [("draft", None), ("revision", head.id)], "the backed-up one is gone, the other sealed"
    later = county.sign("backed-up-to", "receipts", epoch=1, areas={GRID: [9, "x"]}, at="2026")
    store.write_now(lambda tx: tx.apply_statements([later]))
    assert store.read_now(lambda tx: tx.rows("SELECT kind FROM sealed")) == [("draft",)]


def test_work_the_county_never_answered_is_not_evicted(store: Store, county: County) -> None:
    home = store.write_now(lambda tx: tx.create("household", GRID, {"address": "x"}))
    store.write_now(lambda tx: tx.evict_area(GRID))
    assert store.read_now(lambda tx: tx.document(home)) is None
    (unsent,) = store.read_now(lambda tx: tx.unsent())
    assert unsent.document == home


def test_eviction_needs_the_countys_signature(store: Store, county: County, wang: Device) -> None:
    home, _ = house(wang)
    county.publish(home)
    county.append(GRID, feed.EVICT, home.envelope.document)
    with pytest.raises(InputError, match=r"feed\.unsigned"):
        store.write_now(lambda tx: tx.apply_feed(county.rows[GRID], county.cursor(GRID), statements=people_of(wang)))


def test_the_erased_is_gone_and_still_supersedes(store: Store, county: County, wang: Device) -> None:
    home, head = house(wang)
    document = head.envelope.document
    secret = wang.write("person", {"illness": "秘密病情"}, document=document, parents=[head.id])
    county.publish(home, head, secret)
    pull(store, county, statements=people_of(wang))
    tomb = county.sign("erasure", "control", revisions={secret.id: ["/illness"]}, why="court", at="2026")
    county.append(GRID, feed.ERASE, secret.id, statement=tomb)
    pull(store, county)
    view = store.read_now(lambda tx: tx.document(document))
    assert view
    assert "illness" not in view.state
    assert view.merged.leaves == (secret.id,)
    row = store.read_now(
        lambda tx: tx.rows("SELECT payload, salt, erased_set FROM revision WHERE id = ?", (secret.id,))
    )
    assert row == [(None, None, '["/illness"]')]


def test_a_tombstone_holds_at_the_door(store: Store, county: County, wang: Device) -> None:
    home, head = house(wang)
    tomb = county.sign("erasure", "control", revisions={head.id: []}, why="court", at="2026")
    store.write_now(lambda tx: tx.apply_erasure(tomb))
    county.publish(home, head)
    pull(store, county, statements=people_of(wang))
    view = store.read_now(lambda tx: tx.document(head.envelope.document))
    assert view
    assert dict(view.state) == {}


def test_a_control_document_never_goes_back(store: Store, county: County) -> None:
    new = county.sign("control", "control", name="holidays", version=3, content={})
    old = county.sign("control", "control", name="holidays", version=2, content={})
    assert store.write_now(lambda tx: tx.apply_statements([new, old])) == (("control", "control.older"),)
    assert store.read_now(lambda tx: tx.controls()) == {"holidays": 3}


def test_bare_rows_are_fetched_by_id(store: Store, county: County, wang: Device) -> None:
    home, head = house(wang)
    for revision in (home, head):
        county.append(GRID, feed.REVISION, revision.id)
    (result,) = pull(store, county)
    assert result.lacking == (home.id, head.id)
    stray = wang.write("household", {"address": "q"})
    fetched = store.write_now(lambda tx: tx.apply_fetched([home, head, stray], people_of(wang)))
    assert (fetched.stored, fetched.refused) == (2, ((stray.id, "feed.unasked"),))
    members = store.read_now(lambda tx: people.members(tx, home.envelope.document))
    assert [member.full_name for member in members] == ["周大山"]


def test_reading_from_the_beginning_again_changes_nothing(store: Store, county: County, wang: Device) -> None:
    county.publish(*house(wang))
    pull(store, county, statements=people_of(wang))
    before = dump(store)
    result = store.write_now(lambda tx: tx.apply_feed(county.rows[GRID], county.cursor(GRID), reset=True))
    assert (result.stored, result.already) == (0, 2)
    assert dump(store) == before
