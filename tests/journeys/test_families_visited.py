"""Families no case tells of, visited in the window with a real server; every amount is reckoned by hand beside it.

prison      the father serves a sentence, the mother works far away; the grandmother has the child
orphan      a boy whose parents are dead lives with grandparents in another grid
foreign     a wife without a register here counts as family
elsewhere   a family registered in another county: help at once here, the allowance where it is registered
disabled    a father who is severely disabled and a mother out of contact: the boy is de facto unsupported
weather     an unsafe house in a cold round is a high risk though nobody said urgent
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.areas import board
from fieldapp.store.api import WriteTx
from fieldapp.workflows.assessing import Assessed
from tests.journeys.county import JourneyCounty
from tests.journeys.laptop import Laptop
from tests.journeys.matters import GRID, family, sync, visit
from tests.journeys.telling import people_of, told


@pytest.fixture
def worker(county_server: JourneyCounty) -> Iterator[Laptop]:
    made = Laptop.of(county_server.laptop("worker"))
    yield made
    made.leave()


def seen(worker: Laptop, photo: Path, facts: dict[str, Any], own: dict[str, dict[str, Any]], **more: Any) -> Assessed:
    """The family visited: ``own`` holds answers of one member by name."""
    home, ids = family(worker.store, GRID, *people_of(facts))
    said = told(facts, ids, **more)
    for name, answers in own.items():
        said |= {f"/members/{ids[name]}/{node}": value for node, value in answers.items()}
    return visit(worker, home, photo, said)[1]


def states(rules: Assessed, *names: str) -> dict[str, str]:
    found = {line.id: line.state for line in rules.programs}
    return {name: found[name] for name in names}


def amount(rules: Assessed, program: str) -> int | None:
    line = rules.program(program)
    assert line is not None, program
    return line.amount


def test_a_father_in_prison_and_a_mother_away(worker: Laptop, picture: Path) -> None:
    """Three count: (2000 − 300) ÷ 3 = 566.67 < 600; 3 × 600 − 1700 = 100, and 0.2 × 600 for the child: 220."""
    facts = {"area": "rural", "members": [
        {"name": "李强", "role": "head", "age": 40}, {"name": "王兰", "role": "wife", "age": 38, "wage_month": 2000},
        {"name": "李奶", "role": "mother", "age": 68, "basic_pension_month": 180},
        {"name": "李一", "role": "son", "age": 9, "school": "primary"},
    ]}  # fmt: skip
    rules = seen(worker, picture, facts, {
        "李强": {"who/away": "sentence"}, "王兰": {"who/away": "work"},
        "李一": {"care/guardian": "relative", "care/child_permission": "yes", "care/father": "sentence",
               "care/father_months": 24, "care/mother": "present"},
    })  # fmt: skip
    assert states(rules, "dibao", "swwrfy", "orphan") == {
        "dibao": "first_match",
        "swwrfy": "no_match",
        "orphan": "no_match",
    }
    assert amount(rules, "dibao") == 220_00


@pytest.mark.long
def test_a_disabled_father_and_a_mother_out_of_contact(worker: Laptop, picture: Path) -> None:
    """Mental disability of level 4 is enough for the parents of an unsupported child, and for nothing else."""
    facts = {"area": "rural", "members": [
        {"name": "向父", "role": "head", "age": 41, "disability": {"kind": "mental", "level": 4}},
        {"name": "向小", "role": "son", "age": 8, "school": "primary"},
    ]}  # fmt: skip
    rules = seen(worker, picture, facts, {"向小": {
        "care/guardian": "parents", "care/child_permission": "yes", "care/father": "disabled",
        "care/father_disability_kind": "mental", "care/father_disability_level": "4", "care/mother": "lost_contact",
        "care/mother_months": 7,
    }})  # fmt: skip
    assert states(rules, "swwrfy", "orphan") == {"swwrfy": "first_match", "orphan": "no_match"}
    assert rules.tier.startswith("一")


@pytest.mark.long
def test_a_foreign_wife_without_a_register_counts(worker: Laptop, picture: Path) -> None:
    """Three count: (1500 − 300) ÷ 3 = 400 < 600; 3 × 600 − 1200 = 600, and 120 for the child: 720."""
    facts = {"area": "rural", "members": [
        {"name": "刘海", "role": "head", "age": 40, "wage_month": 1500}, {"name": "阮氏", "role": "wife", "age": 33},
        {"name": "刘一", "role": "daughter", "age": 5},
    ]}  # fmt: skip
    rules = seen(worker, picture, facts, {
        "阮氏": {"who/id_kind": "none", "who/no_id_reason": "外籍，未办居留证", "who/identity_known": "yes",
               "who/status": ["elsewhere"], "who/residence_permit": "no"},
        "刘一": {"care/guardian": "parents", "care/child_permission": "yes", "care/father": "present", "care/mother": "present"},
    })  # fmt: skip
    assert states(rules, "dibao") == {"dibao": "first_match"}
    assert amount(rules, "dibao") == 720_00


@pytest.mark.long
def test_a_family_registered_elsewhere(worker: Laptop, picture: Path) -> None:
    """Burnt out here: help at once, 2 × 750; the allowance is never refused, it is asked for where they belong."""
    facts = {
        "area": "urban",
        "members": [{"name": "外来甲", "role": "head", "age": 35}, {"name": "外来乙", "role": "wife", "age": 34}],
    }
    away = {"who/status": ["elsewhere"], "who/residence_permit": "no"}
    rules = seen(
        worker, picture, facts, {"外来甲": away, "外来乙": away}, event_kind=["fire"], event_hardship="yes",
        event_people=2, event_words="出租屋失火", event_cleared="no", urgent="yes",
    )  # fmt: skip
    assert states(rules, "temp_fast", "dibao") == {"temp_fast": "first_match", "dibao": "to_check"}
    assert amount(rules, "temp_fast") == 1500_00
    assert rules.revisit is not None
    assert rules.revisit.risk == "high"


def test_an_unsafe_house_in_a_cold_round(worker: Laptop, county_server: JourneyCounty, picture: Path) -> None:
    supervisor = county_server.laptop("supervisor")

    def work(tx: WriteTx) -> str:
        state = {
            "title": "低温雨雪走访",
            "kind": "cold",
            "areas": [GRID],
            "opens_on": "2026-11-20",
            "closes_on": "2026-11-24",
        }
        return tx.create("round", board("341799101"), state)

    supervisor.store.write(work).result()
    sync(county_server)
    facts = {"area": "rural", "members": [{"name": "何七", "role": "head", "age": 55, "wage_month": 3000}]}
    rules = seen(worker, picture, facts, {}, safe="no", danger_level="C", urgent="no")
    assert rules.revisit is not None
    assert rules.revisit.risk == "high", rules.risk_reason


@pytest.mark.long
def test_an_orphan_with_grandparents_in_another_grid(worker: Laptop, picture: Path) -> None:
    """Both grandparents of 72 and 70 live on basic pensions, which do not count: 3 × 600, and 0.2 × 600 for each of the
    three: 2160. The boy is an orphan; the old are each other's obligors and neither can."""
    facts = {"area": "rural", "members": [
        {"name": "邓爷", "role": "head", "age": 72, "basic_pension_month": 190},
        {"name": "邓奶", "role": "wife", "age": 70, "basic_pension_month": 190},
        {"name": "邓孙", "role": "grandson", "age": 10, "school": "primary"},
    ]}  # fmt: skip
    rules = seen(worker, picture, facts, {"邓孙": {
        "care/guardian": "relative", "care/child_permission": "yes", "care/father": "dead", "care/mother": "dead",
    }})  # fmt: skip
    assert states(rules, "orphan", "swwrfy", "dibao", "tekun") == {
        "orphan": "first_match", "swwrfy": "no_match", "dibao": "first_match", "tekun": "first_match",
    }  # fmt: skip
    assert amount(rules, "dibao") == 2160_00
    assert rules.tier.startswith("一")
