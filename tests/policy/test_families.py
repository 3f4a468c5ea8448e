"""Families told in the format of the case files: what the command says of each, against sums done by hand.

Bands, rounding per person and capped job cost (dibao.gap_rounded, class_aid.rounded, income.job_cost.capped) among
them; and every way a file can be wrong, refused with place and remedy.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from fieldapp.policy.__main__ import main
from fieldapp.policy.api import Facts, Pack, assess
from fieldapp.policy.packyaml import read_yaml_pack
from fieldapp.policy.summary import summary
from fieldapp.policy.yamlfile import read_yaml
from tests.policy.makers import AFTER

FAMILIES = Path(__file__).with_name("data") / "families.yaml"


@cache
def told() -> dict[str, Any]:
    return read_yaml(FAMILIES.read_bytes())  # type: ignore[no-any-return]


@cache
def pack(changed: str) -> Pack:
    parameters = {**told()["county_parameters"], **yaml.safe_load(changed)}
    return read_yaml_pack(yaml.safe_dump({"county_parameters": parameters}, allow_unicode=True).encode())


@pytest.mark.parametrize("family", told()["cases"], ids=lambda family: family["id"])
def test_what_is_said_of_the_family(family: dict[str, Any]) -> None:
    on: date = family.get("day", AFTER)
    facts, rules = Facts.from_case({"facts": family["facts"]}), pack(yaml.safe_dump(family.get("with", {})))
    found = summary(facts, rules, on, assess(facts, rules, on))
    assert {name: found.get(name) for name in family["expect"]} == family["expect"]


def test_the_command_assesses_every_family_of_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    plain = [{"id": f["id"], "facts": f["facts"]} for f in told()["cases"] if not {"day", "with"} & set(f)]
    file = tmp_path / "families.yaml"
    file.write_text(yaml.safe_dump({**told(), "cases": plain}, allow_unicode=True), encoding="utf-8")
    assert main(["assess", str(file), "--pack", str(file), "--on", "2026-11-21", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["cases"]
    assert list(said) == [family["id"] for family in plain]
    assert said["fifty-nine"]["summary"]["amount"] == 600
    assert main(["assess", str(file), "--pack", str(file), "--on", "2026-11-21", "--case", "fifty-nine"]) == 0
    assert '"amount": 600' in capsys.readouterr().out


WRONG_FACTS = [
    ("members: [{role: head, wage_mnth: 1}]", "members[1].wage_mnth", "wage_month"),
    ("members: [{role: head}, {role: huband}]", "members[2].role", "husband"),
    ("members: [{role: head, disability: {knd: limb, level: 2}}]", "members[1].disability.knd", "disability.kind"),
    ("members: [{role: head, disability: severe}]", "members[1].disability", "visual, hearing"),
    ("members: [{role: head, disability: {kind: limb, level: 5}}]", "members[1].disability.level", "between 0 and 4"),
    ("members: [{role: head, age: 400}]", "members[1].age", "between 0 and 130"),
    ("members: [{role: head, birth_date: 1950-13-01}]", "members[1].birth_date", "wrong value"),
    ("members: [{role: head, school: scool}]", "members[1].school", "vocational"),
    ("members: [{role: head, id_number: 341799199001011230}]", "members[1].id_number", "check_digit"),
    ("members: [{role: head, father: on the moon}]", "members[1].father", "declared_missing"),
    ("members: [{role: head, wage_month: 100, income_month: {wage: 200}}]", "members[1].income_month.wage", "wage_month"),
    ("members: [{role: head, property: {houses: 2}}]", "members[1].property", "household"),
    ("members: [甲]", "members[1]", "no value"), ("members: {a: 1}", "dict is no value", "no value"),
    ("members: []\nsavings: 5\ndeposits: 6", "deposits", "savings says otherwise"),
    ("members: [{role: head, deposits: 9}]\ndeposits: 8", "household.deposits", "less than its members"),
    ("members: []\nspending: 5000", "spending", "medical, education"), ("members: []\nproperty: 9", "property", "deposits"),
    ("members: []\nincome_month: 800", "income_month", "wage, business"), ("members: []\nincome_month: {wagee: 1}", "income_month.wagee", "wage"),
    ("members: []\nalready: [dibaoo]", "already", "dibao"), ("members: []\nalready: [{dibao: 210, form: 2}]", "already: ", "amount_month"),
    ("members: []\nlived_with: uncle", "lived_with", "relation"), ("members: []\nneeds_ticked: [照顾]", "needs_ticked", "照护"),
    ("members: []\nobligors: [{abel: true}]", "obligors.[1].abel", "able"), ("members: []\ndepositts: 1", "depositts", "deposits"),
    ("members: []\nmembers: []", "line 3", "twice"), ("members: [", "line 3", "cannot be read"), ("- a", "", "not a file of facts"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "remedy"), WRONG_FACTS, ids=[text for text, _, _ in WRONG_FACTS])
def test_a_wrong_family_is_refused_with_place_and_remedy(
    text: str, place: str, remedy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text(text if text == "- a" else f"area: rural\n{text}\n", encoding="utf-8")
    assert main(["assess", str(file), "--pack", str(FAMILIES), "--on", "2026-11-21"]) == 2
    said = capsys.readouterr().err
    assert place in said
    assert remedy in said
    assert "Traceback" not in said


WRONG_PACKS = [
    ({"edge.multipler": 1.5}, "edge.multipler", "edge.multiplier"),
    ({"job_cost": {"method": "fixd", "month": 300}}, "job_cost.method", "定额"),
    ({"job_cost": {"method": "fixed", "mnth": 300}}, "job_cost.mnth", "job_cost.month"),
    ({"dibao.standard_month": [{"from": "2025-7-1", "urban": 1, "rural": 1}]}, "dibao.standard_month.urban", "2026-07-01"),
    ({"dibao.standard_month": [{"frm": date(2025, 7, 1), "urban": 1, "rural": 1}]}, "dibao.standard_month.frm", "nearest"),
    ({"edge.multiplier": [{"from": date(2025, 7, 1), "valu": 2}]}, "edge.multiplier", "value"),
    ({"dibao.standard_month": {"urban": -5, "rural": 600}}, "dibao.standard_month.urban", "negative"),
    ({"dibao.rounding": "sideways"}, "dibao.rounding", "up to whole yuan"),
    ({"single_person.groups": ["the deserving"]}, "single_person.groups", "edge household"),
    ({"class_aid.stack": "both"}, "class_aid.stack", "highest per person"),
    ({"dibao.bands": [{"up_to": 200}]}, "dibao.bands", "上限=人均额"),
    ({"risk": {"high": {"revisit_days": 7, "any": ["full moon"]}}}, "risk.high.any", "urgent signal open"),
    ({"rigid_deduction": {"items": ["holidays"], "cap_month_per_household": 500}}, "rigid_deduction.items", "medical"),
    ({"dibao.gradual_exit_months": 9}, "dibao.gradual_exit_months", "ceiling 6"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "place", "remedy"), WRONG_PACKS, ids=[place for _, place, _ in WRONG_PACKS])
def test_a_wrong_parameter_is_refused_with_place_and_remedy(
    changed: dict[str, Any], place: str, remedy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "county.yaml"
    told_wrong = {"county_parameters": {**told()["county_parameters"], **changed}}
    file.write_text(yaml.safe_dump(told_wrong, allow_unicode=True), encoding="utf-8")
    assert main(["assess", str(FAMILIES), "--case", "fifty-nine", "--pack", str(file), "--on", "2026-11-21"]) == 1
    said = capsys.readouterr().err
    assert f"county.yaml:{place}" in said
    assert remedy in said


def test_a_parameter_left_out_is_not_taken_from_another_county() -> None:
    """Every entry of the file left out in turn: what hangs on it is to be checked, nothing is assumed."""
    families = {f["id"]: Facts.from_case({"facts": f["facts"]}) for f in told()["cases"]}
    hangs = {
        "edge.multiplier": ("the-edge-at-two-standards", "edge"), "rigid.min_ratio": ("rigid-living", "rigid"),
        "job_cost": ("edge-household-with-a-deaf-son", "dibao"), "dibao.amount_mode": ("fifty-nine", "amount"),
        "rigid_deduction": ("rigid-medical", "dibao"), "single_person.groups": ("severely-disabled-with-some-work", "dibao_single"),
        "property.deposit_limit_months_of_standard_per_person": ("fifty-nine", "dibao"), "dibao.rounding": ("fifty-nine", "amount"),
        "severe_illness.list": ("edge-household-with-leukaemia", "dibao_single"), "tekun.care_month": ("sixty-and-able", "amount"),
        "temp_expense": ("expense-on-the-threshold", "temp_expense"), "temp_fast": ("a-fire-for-two-of-three", "limit"),
        "class_aid.rate_of_standard": ("orphan-with-his-grandmother", "nothing"), "income.floor_zero": ("a-loss-in-the-business", "per_person"),
    }  # fmt: skip
    for key, (family, name) in hangs.items():
        kept = {k: v for k, v in told()["county_parameters"].items() if k != key}
        without = read_yaml_pack(yaml.safe_dump({"county_parameters": kept}, allow_unicode=True).encode())
        facts = families[family]
        found = summary(facts, without, AFTER, assess(facts, without, AFTER))
        assert found.get(name, "to_check") == "to_check", (key, family, name)
