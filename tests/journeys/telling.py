"""What a family of ``cases.yaml`` says at the door, by node id of the home visit; what the case leaves out is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.cases.filling import ADULT, INCOMES, OLD, case_programs
from tests.journeys.families import SAID

SPOUSES = ("husband", "wife")
RELATIONS = {"head": "head", "husband": "spouse", "wife": "spouse", "son": "son", "mother": "mother",
             "daughter": "daughter", "father": "father"}  # fmt: skip


def people_of(facts: Mapping[str, Any], year: int = 2026) -> list[tuple[str, str, str]]:
    """(name, relation, birth) as the registry would have them."""
    return [
        (one["name"], _relation(one), f"{year - one['age']}-01-15")
        for one in facts["members"]
    ]


def _relation(member: Mapping[str, Any]) -> str:
    role = str(member.get("role", "head"))
    return "spouse" if role in SPOUSES else role


def told(facts: Mapping[str, Any], ids: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """Answers for ``Hands``: by question name for the household, by node id for each member."""
    said: dict[str, Any] = {
        **SAID, "present_member": facts["members"][0]["name"], "area": facts["area"],
        "already_programs": case_programs(facts) or ["none"], "living": "family", **_gate("family_income", facts),
        **_assets(facts), "insured_medical": "yes", "living_12": 0, "monitored": "no",
        "develops_business": "no", "lived_with_any": "no", "roster_complete": "yes", "needs": list(facts.get("needs_ticked", ())) or ["none"], **more,
    }  # fmt: skip
    for member in facts["members"]:
        at = f"/members/{ids[member['name']]}"
        said |= {f"{at}/{name}": value for name, value in _member(member).items()}
    return said


def _member(member: Mapping[str, Any]) -> dict[str, Any]:
    age = member.get("age", 40)
    said: dict[str, Any] = {"who/birth_date": f"{2026 - age}-01-15", "care/selfcare_all": "yes"}
    if age >= ADULT:
        found = {INCOMES[key]: value for key, value in member.items() if key in INCOMES}
        said["income/work"] = _work(member)
        said["income/income_kinds"] = list(found) or ["none"]
        said |= {f"income/income_kinds_{kind}": amount for kind, amount in found.items()}
        if member.get("newly_employed"):
            said["income/newly_employed"] = "yes"
    disability, illness = member.get("disability"), member.get("illness")
    said["health/has_disability"] = "yes" if disability else "no"
    said["health/has_illness"] = "yes" if illness else "no"
    if disability:
        said |= {"health/disability_kind": disability["kind"], "health/disability_level": str(disability["level"]),
                 "health/disability_card": "yes", "health/disability_needs": ["none"],
                 "health/rehabilitation_paid": 0}  # fmt: skip
    if illness:
        said |= {"health/illness": illness, "health/chronic": "no", "health/in_hospital": "yes"}
    if illness or disability:
        said["health/medical_paid"] = member.get("self_paid_medical_12_months", 0)
    if "school" in member:
        said |= {"schooling_now/school": member["school"],
                 "schooling_now/education_paid": member.get("education_12_months", 0)}  # fmt: skip
    if age >= OLD:
        said |= {"care/living": "family", "care/elder_level": "0"}
    return said


def _work(member: Mapping[str, Any]) -> str:
    if member.get("wage_month"):
        return "employed"
    return "lost" if "lost" in str(member.get("work", "")) else "none"


def _gate(name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    amounts = facts.get("income_month", {})
    return {name: list(amounts) or ["none"], **{f"{name}_{kind}": amount for kind, amount in amounts.items()}}


def _assets(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"assets": ["deposits"], "assets_deposits": facts["deposits"]} if "deposits" in facts else {"assets": ["none"]}
