"""A lead whose family nobody matched is linked by a person, to a family there is or a new one, and back again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.errors import StateError
from fieldapp.store.api import Store
from fieldapp.store.projections import households, people
from fieldapp.workflows import households as registry
from fieldapp.workflows import lead_link, leads, screening
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.lead_clocks import LeadTerms
from fieldapp.workflows.lead_entry import NewLead, enter
from fieldapp.workflows.leads import Evidence, LeadAnswer
from fieldapp.workflows.new_family import NewFamily
from tests.store.county import GRID, VILLAGE
from tests.ui.town import village

JPEG = b"\xff\xd8\xff\xe0" + bytes(64) + b"\xff\xd9"


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[tuple[Store, Actor]]:
    _profile, store, actor = village(tmp_path)
    with store:
        yield store, actor


def unmatched(store: Store, actor: Actor, name: str = "陌生人") -> str:
    lead = enter(store, actor, NewLead("neighbour", name, "老粮站旁", "两天没出门", phone="13800000000"), LeadTerms())
    return lead.result()


def test_linked_to_the_member_of_its_name_and_back(laptop: tuple[Store, Actor]) -> None:
    store, actor = laptop
    lead = unmatched(store, actor, "邓涛")
    home = registry.find(store, actor, "邓光明").result()[0].id
    store.write_now(lambda tx: tx.save(lead, {"/household": None, "/person": None}))
    linked = lead_link.link(store, actor, lead, home).result()
    page = leads.page(store, actor, lead).result()
    assert (page.line.household, linked.elsewhere) == (home, "")
    person = store.read_now(lambda tx: tx.document(lead)).state["person"]  # type: ignore[union-attr]
    assert store.read_now(lambda tx: people.person(tx, str(person))).full_name == "邓涛"  # type: ignore[union-attr]
    lead_link.take_back(store, actor, linked).result()
    assert leads.page(store, actor, lead).result().line.household is None


def test_a_new_household_from_a_lead_leaves_no_trace_when_taken_back(laptop: tuple[Store, Actor]) -> None:
    store, actor = laptop
    lead = unmatched(store, actor)
    before = store.read_now(lambda tx: households.count(tx, GRID))
    page = leads.page(store, actor, lead).result()
    family = lead_link.proposal(page.line.name, page.address, page.phone)
    assert family == NewFamily("陌生人", "", (), "13800000000", "", "老粮站旁")
    linked = lead_link.link_new(store, actor, lead, family).result()
    home = registry.page(store, actor, linked.household).result()
    assert (home.head, home.address, [one.name for one in home.members]) == ("陌生人", "老粮站旁", ["陌生人"])
    assert store.read_now(lambda tx: households.count(tx, GRID)) == before + 1
    assert lead_link.take_back(store, actor, linked).result() == lead
    assert store.read_now(lambda tx: households.count(tx, GRID)) == before
    assert registry.find(store, actor, "陌生人").result() == []
    assert leads.page(store, actor, lead).result().line.household is None


def test_at_the_desk_a_lead_in_no_grid_gets_its_grid_first(tmp_path: Path) -> None:
    _profile, store, actor = village(tmp_path, desk=True)
    with store:
        lead = unmatched(store, actor)
        assert store.read_now(lambda tx: tx.document(lead)).area == VILLAGE  # type: ignore[union-attr]
        with pytest.raises(StateError) as caught:
            lead_link.link_new(store, actor, lead, NewFamily("陌生人", "")).result()
        assert caught.value.code == "lead.no_grid"
        home = registry.find(store, actor, "谢冬梅").result()[0].id
        assert lead_link.link(store, actor, lead, home).result().elsewhere == GRID


def test_a_newly_found_family_taken_back_is_no_door_either(laptop: tuple[Store, Actor]) -> None:
    store, actor = laptop
    found = screening.door_list(store, actor).result()
    assert found.round is not None
    given = screening.newly_found(store, actor, found.round.id, found.grid, NewFamily("外来户", "9"), None).result()
    assert len(screening.door_list(store, actor).result().doors) == len(found.doors) + 1
    screening.take_back(store, actor, given).result()
    assert [door.head for door in screening.door_list(store, actor).result().doors] == [d.head for d in found.doors]


def test_an_answer_by_phone_keeps_how_and_its_proof(laptop: tuple[Store, Actor]) -> None:
    store, actor = laptop
    lead = unmatched(store, actor)
    proof = (Evidence(JPEG, "photo"), Evidence(b"%PDF-1.4 statement", "file"))
    answer = LeadAnswer("not_true", "电话里本人说在女儿家", None, False, "phone", proof)
    leads.answer(store, actor, lead, answer).result()
    page = leads.page(store, actor, lead).result()
    assert (page.how, len(page.photos), len(page.files)) == ("phone", 1, 1)
    kept = store.read_now(lambda tx: [tx.blob(blob) for blob in (*page.photos, *page.files)])
    assert [b"".join(blob.pieces()) for blob in kept if blob] == [JPEG, b"%PDF-1.4 statement"]
    leads.take_back_answer(store, lead).result()
    after = leads.page(store, actor, lead).result()
    assert (after.how, after.photos, after.line.state) == ("", (), "open")
