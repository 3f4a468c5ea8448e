"""The demo county: as many as asked for, the same for one seed, and everything in it consistent."""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain import identity_number
from fieldapp.domain.areas import is_area, level, parent
from fieldapp.domain.documents import DOOR_ANSWERS, LEAD_OUTCOMES, OTHER_REASONS, RECORDS
from fieldapp.domain.ids import door_answer_id
from fieldapp.workflows.intake.places import AreaTable
from fieldapp.workflows.intake.reading import read_file
from forms.api import Environment, Type, open_session
from resources.demo.generate import County, write_county
from resources.demo.homes import TODAY
from resources.demo.names import RARE
from resources.demo.visits import Visits

Documents = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("county")
    write_county(6_000, 1, out, visits=False)
    return out


@pytest.fixture(scope="module")
def documents(folder: Path) -> Documents:
    found: Documents = defaultdict(list)
    with (folder / "documents.jsonl").open(encoding="utf-8") as file:
        for line in file:
            document = json.loads(line)
            found[document["type"]].append(document)
    return found


@pytest.fixture(scope="module")
def names(folder: Path) -> dict[str, str]:
    features = json.loads((folder / "areas.geojson").read_text("utf-8"))["features"]
    return {feature["properties"]["code"]: feature["properties"]["name"] for feature in features}


def test_the_county_has_what_was_asked_for(documents: Documents, names: dict[str, str], folder: Path) -> None:
    assert (len(documents["household"]), len(documents["person"])) == (6_000, 18_000)
    assert Counter(level(code) for code in names) == {"county": 1, "town": 3, "village": 24, "grid": 100}
    fresh = json.loads((folder / "about.json").read_text("utf-8"))["fresh_leads"]
    assert len(documents["lead"]) + fresh == 300
    per_grid = Counter(home["area"] for home in documents["household"])
    assert len(per_grid) == 100
    assert 30 <= min(per_grid.values()) <= max(per_grid.values()) <= 100


def test_one_seed_makes_one_county_and_another_another() -> None:
    first, again, other = (list(County(200, seed).documents()) for seed in (7, 7, 8))
    assert first == again
    assert not {document["document"] for document in first} & {document["document"] for document in other}


@pytest.mark.parametrize("households", [1, 3, 57, 400])
def test_small_counties_come_out_exactly_too(households: int) -> None:
    county = County(households, 3, (1, 2, 8))
    made = Counter(document["type"] for document in county.documents())
    assert (made["household"], made["person"]) == (households, 3 * households)


def test_ids_areas_and_ties_hold(documents: Documents, names: dict[str, str]) -> None:
    every = [document for kind in documents.values() for document in kind]
    assert len({document["document"] for document in every}) == len(every)
    assert all(document["type"] in RECORDS and is_area(document["area"]) for document in every)
    homes = {home["document"]: home for home in documents["household"]}
    members = Counter(person["state"]["membership"]["household"] for person in documents["person"])
    assert members.keys() == homes.keys()
    for person in documents["person"]:
        assert person["area"] == homes[person["state"]["membership"]["household"]]["area"]
        assert names[person["area"]]
    heads = Counter(
        person["state"]["membership"]["household"]
        for person in documents["person"]
        if person["state"]["membership"]["relation"] == "head"
    )
    assert set(heads.values()) == {1}


def test_numbers_are_right_and_nobodys_twice(documents: Documents) -> None:
    seen = Counter(person["state"].get("id_number") for person in documents["person"])
    without = seen.pop(None)
    assert 60 < without < 240
    assert max(seen.values()) == 1
    for person in documents["person"]:
        state = person["state"]
        if number := state.get("id_number"):
            read = identity_number.read(number, today=TODAY)
            assert (read.faults, read.sex, str(read.birth_date)) == ((), state["sex"], state["birth_date"])
            assert number.startswith("341799")
        else:
            assert state["no_id_reason"]


def test_it_reads_like_reality(documents: Documents) -> None:
    people = [person["state"] for person in documents["person"]]
    homes = {home["document"]: home for home in documents["household"]}
    assert sum(any(ch in RARE for ch in person["full_name"]) for person in people) > 100
    assert sum(person["whereabouts"] == "away_work" for person in people) > 1_500
    young = ("grandson", "granddaughter")
    generations = {p["membership"]["household"] for p in people if p["membership"]["relation"] in young}
    assert len(generations) > 600
    doors = Counter((home["area"], home["state"]["doors"]["d1"]["number"]) for home in homes.values())
    assert sum(count > 1 for count in doors.values()) > 80
    assert sum(len(home["state"]["doors"]) > 1 for home in homes.values()) > 20
    namesakes = Counter((person["area"][:12], person["state"]["full_name"]) for person in documents["person"])
    assert sum(count > 1 for count in namesakes.values()) > 24
    alone = [home for home in homes.values() if "lives_alone" in home["state"].get("flags", ())]
    assert len(alone) > 300


def test_the_walk_through_a_grid_goes_from_door_to_door(documents: Documents) -> None:
    by_grid: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for home in documents["household"]:
        by_grid[home["area"]].append(home["state"]["doors"]["d1"])
    for doors in by_grid.values():
        orders = [door["order"] for door in doors]
        assert orders == sorted(orders)
        assert len(set(orders)) == len(orders)
        steps = [abs(one["lat"] - two["lat"]) + abs(one["lon"] - two["lon"]) for one, two in itertools.pairwise(doors)]
        assert sorted(steps)[len(steps) // 2] < 0.01


def test_answers_belong_to_their_doors_and_rounds(documents: Documents) -> None:
    rounds = {each["document"]: each["state"] for each in documents["round"]}
    homes = {home["document"]: home for home in documents["household"]}
    for answer in documents["door_answer"]:
        state = answer["state"]
        assert answer["document"] == door_answer_id("341799", state["round"], state["household"])
        assert answer["area"] == homes[state["household"]]["area"]
        assert state["answer"] in DOOR_ANSWERS
        assert (state["answer"] == "other") == (state.get("reason") in (*OTHER_REASONS,))
        assert rounds[state["round"]]["opens_on"] <= state["at"][:10] <= TODAY.isoformat()
    closed = [key for key, state in rounds.items() if state.get("closed_at")]
    answered = Counter(answer["state"]["round"] for answer in documents["door_answer"])
    assert [answered[key] for key in closed] == [6_000]
    running = next(key for key, state in rounds.items() if state["number"] == 11)
    assert 2_500 < answered[running] < 4_500


def test_the_stories_stand_at_their_beginning(documents: Documents, folder: Path) -> None:
    stories = json.loads((folder / "about.json").read_text("utf-8"))["cases"]
    assert len(stories) == 9
    homes = {home["document"]: home for home in documents["household"]}
    assert homes[stories["high-medical-bill"]]["state"]["head_name"] == "肖雨"
    assert homes[stories["lupus"]]["state"]["programs"]["p1"]["amount_month"] == 21_000
    running = next(each["document"] for each in documents["round"] if each["state"]["number"] == 11)
    answers = [answer["state"] for answer in documents["door_answer"]]
    knocked = {answer["household"] for answer in answers if answer["round"] == running}
    assert not knocked & set(stories.values())
    assert not any("男子" in person["state"]["full_name"] for person in documents["person"])


def test_visits_of_last_quarter_are_filled_in_the_forms_themselves(tmp_path: Path) -> None:
    county = County(600, 5, (1, 2, 8), Visits(tmp_path, home_visits=2))
    made = [each for each in county.documents() if each["type"] == "visit"]
    forms = Counter(each["state"]["form_id"] for each in made)
    assert forms["home_visit"] == 2
    assert forms["revisit"] > forms["phone_visit"] > 0
    for each in made:
        form = Visits(tmp_path).shelf.newest(each["state"]["form_id"])
        assert each["state"]["form_version"] == form.version
        session = open_session(form, Environment(), prefill=each["state"]["answers"])
        missing = {session.node_of(problem.node_id).type for problem in session.problems()}
        assert missing <= {Type.IMAGE}
    without = [each for each in County(600, 5, (1, 2, 8)).documents()]
    assert [each for each in without if each["type"] != "visit"] == without
    assert len(without) + len(made) == sum(county.counts.values())


def test_leads_are_settled_or_wait_and_the_list_comes_in_like_any(
    documents: Documents, names: dict[str, str], folder: Path
) -> None:
    for lead in documents["lead"]:
        state = lead["state"]
        if outcome := state.get("answer", {}).get("outcome"):
            assert outcome in LEAD_OUTCOMES
            assert state["issued_on"] <= state["assigned_on"] <= state["checked_on"] <= state["answered_on"]
    data = (folder / "leads.csv").read_bytes()
    intake = read_file(data, "leads.csv", county="341799", areas=AreaTable(names), today=TODAY)
    assert len(intake.documents) == intake.rows_read > 8
    assert all(level(lead.area or "") == "grid" for lead in intake.documents)
    assert any(lead.state.get("person_name") == "邓山" for lead in intake.documents)


def test_outlines_tile_the_county(folder: Path, names: dict[str, str]) -> None:
    """A grid's area is inside its village's, and the areas of the parts add up to the whole."""
    features = json.loads((folder / "areas.geojson").read_text("utf-8"))["features"]
    size = {feature["properties"]["code"]: _area(feature["geometry"]) for feature in features}
    for code in names:
        below = [size[each] for each in names if parent(each) == code]
        if below:
            assert sum(below) == pytest.approx(size[code], rel=1e-6)


def _area(geometry: dict[str, Any]) -> float:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    total = 0.0
    for polygon in polygons:
        for ring in polygon:
            assert ring[0] == ring[-1]
            total += sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2
    return total
