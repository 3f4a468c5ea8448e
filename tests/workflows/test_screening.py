"""A row of doors: what one key writes, what is counted, what is taken back, what keeps a round open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.domain.ids import door_answer_id
from fieldapp.errors import RefusedError, StateError
from fieldapp.workflows import households, round_desk, rounds, screening
from fieldapp.workflows.new_family import NewFamily
from fieldapp.workflows.screening import Told
from tests.store.county import COUNTY, GRID, OTHER_GRID
from tests.workflows.doors import Row, actor, row_of_doors


@pytest.fixture
def row(tmp_path: Path) -> Iterator[Row]:
    made = row_of_doors(tmp_path)
    with made.store:
        yield made


def say(row: Row, home: int, told: Told) -> screening.Given:
    return screening.answer(row.store, row.actor, row.round, row.homes[home], told).result()


def doors(row: Row) -> screening.DoorList:
    return screening.door_list(row.store, row.actor).result()


def test_doors_stand_in_walking_order_and_wait(row: Row) -> None:
    found = doors(row)
    assert [door.head for door in found.doors] == ["黄国强", "向军", "邓光明"]
    assert [door.state for door in found.doors] == ["todo"] * 3
    assert (found.silent, found.round.number if found.round else 0) == (3, 3)


def test_a_normal_door_is_one_document_everybody_names_alike(row: Row) -> None:
    say(row, 0, Told("normal"))
    view = row.store.read_now(lambda tx: tx.document(door_answer_id(COUNTY, row.round, row.homes[0])))
    assert view is not None
    assert (view.state["answer"], view.state["by"], view.state["how_known"]) == ("normal", "李秋", "seen")
    assert len(row.store.read_now(lambda tx: tx.revisions(view.id))) == 1
    assert doors(row).doors[0].state == "done"


def test_nobody_home_twice_before_the_round_may_close(row: Row) -> None:
    for home in (0, 1):
        say(row, home, Told("normal"))
    say(row, 2, Told("nobody_home"))
    assert doors(row).doors[2].attempts == 1
    assert doors(row).silent == 1
    say(row, 2, Told("nobody_home"))
    assert doors(row).doors[2].attempts == 2
    assert doors(row).silent == 0


def test_taking_back_restores_door_and_people(row: Row) -> None:
    page = screening.door_page(row.store, row.actor, row.homes[0], row.round).result()
    son = page.members[0].id
    given = say(row, 0, Told("changed", whereabouts={son: "away_work"}, note="外出务工"))
    assert doors(row).doors[0].note == "外出务工"
    screening.take_back(row.store, row.actor, given).result()
    after = screening.door_page(row.store, row.actor, row.homes[0], row.round).result()
    assert after.members[0].whereabouts == "home"
    assert doors(row).doors[0].state == "todo"
    assert doors(row).silent == 3


def test_taking_back_a_second_answer_restores_the_first(row: Row) -> None:
    say(row, 0, Told("normal"))
    second = say(row, 0, Told("nobody_home"))
    screening.take_back(row.store, row.actor, second).result()
    door = doors(row).doors[0]
    assert (door.answer, door.attempts) == ("normal", 0)


def test_a_death_told_at_the_door_ends_in_the_persons_document(row: Row) -> None:
    person = screening.door_page(row.store, row.actor, row.homes[1], row.round).result().members[0].id
    say(row, 1, Told("changed", whereabouts={person: "died"}, died_on="2026-10"))
    view = row.store.read_now(lambda tx: tx.document(person))
    assert view is not None
    assert view.state["deceased_on"] == "2026-10"


def test_a_newly_found_family_stands_behind_the_door_it_was_found_at(row: Row) -> None:
    family = NewFamily("外来户周老", "1-2", ("周小",), phone="13800000000", note="租住")
    screening.newly_found(row.store, row.actor, row.round, GRID, family, row.homes[0]).result()
    found = doors(row)
    assert [door.head for door in found.doors] == ["黄国强", "外来户周老", "向军", "邓光明"]
    assert (found.doors[1].people, found.doors[1].answer) == (2, "new")


def test_a_closed_round_takes_no_answer(tmp_path: Path) -> None:
    row = row_of_doors(tmp_path, closed_at="2026-11-20T00:00:00Z")
    with row.store:
        assert doors(row).round is None
        with pytest.raises(StateError) as caught:
            say(row, 0, Told("normal"))
    assert caught.value.code == "round.closed"


def test_a_round_closes_only_without_a_silent_door(tmp_path: Path) -> None:
    row = row_of_doors(tmp_path, desk=True)
    with row.store:
        for home in (0, 1):
            say(row, home, Told("normal"))
        with pytest.raises(StateError) as caught:
            round_desk.close_round(row.store, row.actor, row.round).result()
        assert (caught.value.code, caught.value.details["n"]) == ("round.silent", 1)
        say(row, 2, Told("all_away", how="phone"))
        round_desk.close_round(row.store, row.actor, row.round).result()
        assert doors(row).round is None


def test_the_round_counts_every_door_once(row: Row) -> None:
    say(row, 0, Told("normal"))
    say(row, 1, Told("difficulty", signals=("illness",)))
    progress = rounds.progress(row.store, row.actor).result()
    assert progress is not None
    assert (progress.answered, progress.total) == (2, 3)
    assert progress.states() == {"done": 1, "changed": 0, "abnormal": 1, "absent": 0, "todo": 1}


def test_taking_back_and_moving_in_ask_for_the_same_right_as_answering(row: Row) -> None:
    """Scopes shrink while a window is open: what was right an hour ago is refused now, before it is signed."""
    given = say(row, 0, Told("normal"))
    elsewhere = actor(scopes=(OTHER_GRID,))
    with pytest.raises(RefusedError) as caught:
        screening.take_back(row.store, elsewhere, given).result()
    assert caught.value.code == "refused.scope"
    with pytest.raises(RefusedError) as caught:
        screening.moved_in(row.store, elsewhere, row.homes[0], "周小", None).result()
    assert caught.value.code == "refused.scope"
    assert doors(row).doors[0].answer == "normal"


def test_a_full_number_is_shown_to_nobody_whose_role_may_not_read_people(row: Row) -> None:
    stranger = actor(role="third_party")
    with pytest.raises(RefusedError) as caught:
        households.reveal(row.store, stranger, row.homes[0], "phone").result()
    assert caught.value.code == "refused.role"
