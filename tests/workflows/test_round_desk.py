"""Rounds at the desk: opened with scope and dates, proved by lists, closed with what that rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fieldapp.domain.documents import Round
from fieldapp.errors import RefusedError, StateError
from fieldapp.workflows import coverage, round_desk, round_proof, rounds, screening
from fieldapp.workflows.new_family import NewFamily
from fieldapp.workflows.round_desk import NewRound
from fieldapp.workflows.screening import Told
from tests.store.county import GRID, OTHER_GRID, VILLAGE
from tests.workflows.doors import actor, family, row_of_doors

COLD = NewRound("十二月低温走访", "cold", (GRID,), date(2026, 11, 21), date(2026, 12, 5), flagged_first=True)


def test_an_extra_round_reaches_the_grid_it_is_for_and_no_other(tmp_path: Path) -> None:
    desk = row_of_doors(tmp_path, desk=True)
    with desk.store:
        made = round_desk.open_round(desk.store, desk.actor, COLD).result()
        view = desk.store.read_now(lambda tx: tx.document(made))
        assert view is not None
        assert (view.area, view.state["kind"], view.state["number"]) == (f"{VILLAGE}*", "cold", 2)
        here = desk.store.read_now(lambda tx: rounds.open_rounds(tx, actor()))
        there = desk.store.read_now(lambda tx: rounds.open_rounds(tx, actor(scopes=(OTHER_GRID,))))
        assert [each.id for each in there] == [desk.round]
        assert [each.id for each in here] == [made, desk.round], "the cold does not wait for the regular round"


def test_an_extra_round_is_walked_first_then_the_regular_one(tmp_path: Path) -> None:
    desk = row_of_doors(tmp_path, desk=True)
    with desk.store:
        made = round_desk.open_round(desk.store, desk.actor, COLD).result()
        walked = []
        for home in (*desk.homes, desk.homes[0]):
            found = screening.door_list(desk.store, actor()).result().round
            assert found is not None
            walked.append(found.id)
            screening.answer(desk.store, actor(), found.id, home, Told("normal")).result()
        assert walked == [made] * 3 + [desk.round]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"title": " "}, "round.title"), ({"closes_on": date(2026, 11, 1)}, "round.dates"), ({"areas": ()}, "round.where")],
)
def test_a_round_wants_a_title_dates_and_a_place(tmp_path: Path, wrong: dict[str, object], code: str) -> None:
    desk = row_of_doors(tmp_path, desk=True)
    with desk.store, pytest.raises(StateError) as caught:
        round_desk.open_round(desk.store, desk.actor, replace(COLD, **wrong)).result()  # type: ignore[arg-type]
    assert caught.value.code == code


def test_a_worker_opens_no_round_and_nobody_beyond_their_area(tmp_path: Path) -> None:
    desk = row_of_doors(tmp_path, desk=True)
    with desk.store:
        for who, wanted in ((actor(), COLD), (desk.actor, replace(COLD, areas=("341799102201",)))):
            with pytest.raises(RefusedError):
                round_desk.open_round(desk.store, who, wanted).result()


def test_households_and_people_without_an_answer_stand_in_lists_until_the_last(tmp_path: Path) -> None:
    desk = row_of_doors(tmp_path, ("黄国强", "向军", "邓光明", "谢冬梅"), desk=True)
    with desk.store:

        def page() -> round_desk.RoundPage:
            return round_desk.page(desk.store, desk.actor, desk.round).result()

        def say(home: int, told: Told) -> None:
            screening.answer(desk.store, desk.actor, desk.round, desk.homes[home], told).result()

        assert ([line.people for line in page().silent], len(page().unmet)) == ([("黄国强",), ("向军",), ("邓光明",), ("谢冬梅",)], 4)
        say(0, Told("normal"))
        say(1, Told("other", reason="empty_house"))
        say(2, Told("nobody_home"))
        assert [(line.family, line.attempts) for line in page().silent] == [("邓光明", 1), ("谢冬梅", 0)]
        with pytest.raises(StateError) as caught:
            round_desk.close_round(desk.store, desk.actor, desk.round).result()
        assert caught.value.details["n"] == 2
        say(2, Told("nobody_home"))
        say(3, Told("all_away", how="phone"))
        screening.newly_found(desk.store, desk.actor, desk.round, GRID, NewFamily("外来户", "9"), None).result()
        last = page()
        assert not last.silent
        assert [(one.name, one.why) for one in last.unmet] == [("邓光明", "not_met")]
        assert ([each.family for each in last.new], [each.reason for each in last.vanished]) == (["外来户"], ["empty_house"])
        round_desk.close_round(desk.store, desk.actor, desk.round).result()
        closed = desk.store.read_now(lambda tx: tx.document(desk.round))
        assert closed is not None
        assert isinstance(closed.record, Round)
        assert closed.record.closed_by == "王敏"
        assert dict(closed.record.proof) == {"households": 5, "people": 5, "unmet": 1, "new": 1, "vanished": 1}


def test_long_lists_are_cut_and_still_counted_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(round_proof, "MOST", 2)
    desk = row_of_doors(tmp_path, ("黄国强", "向军", "邓光明", "谢冬梅", "罗志"), desk=True)
    with desk.store:

        def page() -> round_desk.RoundPage:
            return round_desk.page(desk.store, desk.actor, desk.round).result()

        assert ([line.family for line in page().silent], page().counts["silent"]) == (["黄国强", "向军"], 5)
        assert page().counts["unmet"] == 5
        for home in desk.homes[:4]:
            told = Told("other", reason="empty_house")
            screening.answer(desk.store, desk.actor, desk.round, home, told).result()
        assert ([line.family for line in page().silent], page().counts["silent"]) == (["罗志"], 1)
        assert (len(page().vanished), page().counts["vanished"], page().counts["unmet"]) == (2, 4, 1)
        screening.answer(desk.store, desk.actor, desk.round, desk.homes[4], Told("normal")).result()
        round_desk.close_round(desk.store, desk.actor, desk.round).result()
        closed = desk.store.read_now(lambda tx: tx.document(desk.round))
        assert closed is not None
        assert isinstance(closed.record, Round)
        assert dict(closed.record.proof) == {"households": 5, "people": 5, "unmet": 0, "new": 0, "vanished": 4}


def test_somebody_in_no_household_is_named_as_nowhere(tmp_path: Path) -> None:
    desk = row_of_doors(tmp_path, desk=True)
    with desk.store:
        desk.store.write_now(lambda tx: tx.create("person", GRID, {"full_name": "逄姓男子"}))
        found = round_desk.page(desk.store, desk.actor, desk.round).result()
        assert [one.name for one in found.unmet if one.why == "nowhere"] == ["逄姓男子"]


def test_coverage_counts_people_and_draws_the_curve(tmp_path: Path) -> None:
    desk = row_of_doors(tmp_path, desk=True)
    with desk.store:
        for home, told in zip(desk.homes, (Told("normal"), Told("nobody_home")), strict=False):
            screening.answer(desk.store, desk.actor, desk.round, home, told).result()
        page = coverage.page(desk.store, desk.actor, VILLAGE).result()
        assert (page.accounted, page.members) == (1, 3), "nobody home accounts for nobody"
        assert page.curve == (("2026-11-21", 2),)


def test_coverage_counts_a_round_where_it_is_for_and_shows_the_other_when_asked(tmp_path: Path) -> None:
    """The cold round is for one grid: no other grid stands there as not begun, and its people are not counted."""
    desk = row_of_doors(tmp_path, desk=True)
    with desk.store:
        desk.store.write_now(lambda tx: family(tx, "邻网格", "1", 1.0, grid=OTHER_GRID))
        made = round_desk.open_round(desk.store, desk.actor, COLD).result()
        cold = coverage.page(desk.store, desk.actor, VILLAGE).result()
        assert cold.round is not None
        assert (cold.round.id, [part.area for part in cold.parts], cold.total) == (made, [GRID], len(desk.homes))
        assert [each.id for each in cold.running] == [made, desk.round]
        regular = coverage.page(desk.store, desk.actor, VILLAGE, desk.round).result()
        assert regular.round is not None
        assert regular.round.id == desk.round
        assert [part.area for part in regular.parts] == [GRID, OTHER_GRID]
        assert regular.members == cold.members + 1


def test_visits_are_counted_by_person_though_the_second_is_only_named(tmp_path: Path) -> None:
    """王敏 was named as the second by one laptop and wrote as a user on another; 李国安 and 谭云 have no account."""
    desk = row_of_doors(tmp_path, desk=True)
    with desk.store:
        for first, second in (("李秋", "李国安"), ("李秋", "谭云"), ("李秋", "王敏"), ("王敏", "李国安")):
            user = {"李秋": "li.qiu", "王敏": "wang.min"}[first]
            people = {"i1": {"@row": True, "name": first, "user": user}, "i2": {"@row": True, "name": second}}
            state = {"household": desk.homes[0], "purpose": "routine", "finished_at": "2026-11-19T02:00:00Z",
                     "investigators": people}  # fmt: skip
            desk.store.write_now(lambda tx, state=state: tx.create("visit", GRID, state))
        counted = {each.name: each.home for each in coverage.page(desk.store, desk.actor, VILLAGE).result().people}
        assert counted == {"李秋": 3, "李国安": 2, "谭云": 1, "王敏": 2}
