"""Fills the home visit as an investigator would, from a family described as in ``cases.yaml``.

Each key of a case becomes the answers that say it on the form; what the case does not mention was asked and answered
"none". What is ``unknown`` is answered 不清楚.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from forms.api import FormSession

RELATIONS = {
    "head": "head", "husband": "spouse", "wife": "spouse", "son": "child", "daughter": "child",
    "mother": "parent", "father": "parent", "grandson": "grandchild", "granddaughter": "grandchild",
}  # fmt: skip
INCOMES = {
    "wage_month": "wage",
    "business_month": "business",
    "pension_month": "pension",
    "basic_pension_month": "basic_pension",
    "transfer_month": "transfer",
}
ADULT = 16
OLD = 60


class Investigator:
    """Answers the form of one family; ``on`` is the day of the visit."""

    def __init__(self, session: FormSession, on: date) -> None:
        self.session, self.on = session, on

    def answer(self, where: str, value: Any) -> None:
        """One answer; ``unknown`` goes to the question's companion."""
        if value == "unknown":
            self.session.set(where + "_unk", "unclear")
        else:
            self.session.set(where, value)

    def each(self, under: str, answers: Mapping[str, Any]) -> None:
        for name, value in answers.items():
            self.answer(f"{under}/{name}", value)

    def family(self, case: Mapping[str, Any]) -> None:
        facts = case["facts"]
        self.basics(facts)
        self.answer("/already/already_programs", tuple(case_programs(facts)) or ("none",))
        for row in self.session.children("/members"):
            self.session.remove_row(row)
        for number, member in enumerate(facts["members"], 1):
            self.member(f"m{number}", member)
        self.household(facts)

    def basics(self, facts: Mapping[str, Any]) -> None:
        self.each(
            "/basics",
            {
                "visit_date": self.on, "purpose": "routine", "investigator_1": "李秀", "investigator_1_identity": "grid",
                "investigator_2": "陈芳", "investigator_2_identity": "village", "present_member": "户主",
                "area": facts["area"], "living_place": "周岭村4组6号", "near_relative": "no", "monitored": "no",
            },
        )  # fmt: skip

    def member(self, key: str, member: Mapping[str, Any]) -> None:
        if not self.session.exists(f"/members/{key}"):
            self.session.add_row("/members", key)
        at = f"/members/{key}"
        self.who(f"{at}/who", member)
        if not self.is_child(member):
            self.work(f"{at}/income", member)
        self.health(f"{at}/health", member)
        self.school(f"{at}/schooling_now", member)
        self.care(f"{at}/care", member)

    def is_child(self, member: Mapping[str, Any]) -> bool:
        return isinstance(member.get("age"), int) and member["age"] < ADULT

    def who(self, at: str, member: Mapping[str, Any]) -> None:
        relation = RELATIONS.get(member.get("role", "head"), "other")
        papers = "none" if member.get("id_number") == "unknown" else "id_card"
        answers = {
            "full_name": member["name"],
            "relation": relation,
            "sex": member.get("sex", "unknown"),
            "id_kind": papers,
        }
        self.each(at, answers)
        if papers == "none":
            self.each(at, {"no_id_reason": "说不清自己是谁", "identity_known": "unknown"})
        else:
            self.answer(at + "/id_number", "unknown")
        if isinstance(member.get("age"), int):
            self.answer(at + "/birth_date", date(self.on.year - member["age"], 1, 15))
        else:
            self.each(at, {"birth_date": "unknown", "age_told": "unknown"})
        self.each(at, {"lives_together": "yes", "away": "none"})
        self.answer(at + "/status", ("elsewhere",) if member.get("registered_elsewhere") else ("none",))

    def work(self, at: str, member: Mapping[str, Any]) -> None:
        wage = member.get("wage_month")
        work = "employed" if wage else {"lost": "lost"}.get(member.get("work", ""), "none")
        unknown = member.get("income") == "unknown"
        self.each(at, {"labour_ability": "full", "work": "unknown" if unknown else work})
        if not wage and not unknown:
            self.each(at, {"caring_for": "no", "registered_unemployed": "no", "wants_work": "yes"})
        self.incomes(at + "/income_kinds", member, unknown)

    def incomes(self, gate: str, member: Mapping[str, Any], unknown: bool) -> None:
        if unknown:
            return self.answer(gate, "unknown")
        found = {INCOMES[key]: value for key, value in member.items() if key in INCOMES}
        self.answer(gate, tuple(found) or ("none",))
        for kind, amount in found.items():
            self.answer(f"{gate}_{kind}", amount)
        return None

    def health(self, at: str, member: Mapping[str, Any]) -> None:
        disability, illness = member.get("disability"), member.get("illness")
        self.answer(at + "/has_disability", disability if disability == "unknown" else ("yes" if disability else "no"))
        if isinstance(disability, Mapping):
            self.each(at, {"disability_kind": disability["kind"], "disability_level": str(disability["level"])})
            self.each(at, {"disability_card": "yes", "disability_needs": ("none",), "rehabilitation_paid": 0})
        self.answer(at + "/has_illness", "yes" if illness else "no")
        if illness:
            self.answer(at + "/illness", illness)
        if illness:
            self.each(at, {"chronic": "no", "in_hospital": "yes", "needs_rehabilitation": "no"})
        if isinstance(disability, Mapping) and self.session.view(at.replace("health", "own/own_assets")).relevant:
            self.answer(at.replace("health", "own/own_assets"), ("none",))
        if illness or isinstance(disability, Mapping):
            self.answer(at + "/medical_paid", member.get("self_paid_medical_12_months", 0))
        self.answer(at + "/insured_medical", "yes")

    def school(self, at: str, member: Mapping[str, Any]) -> None:
        self.answer(at + "/school", member.get("school", "none"))
        if "school" in member:
            self.answer(at + "/education_paid", member.get("education_12_months", 0))

    def care(self, at: str, member: Mapping[str, Any]) -> None:
        self.each(at, {"selfcare_all": "yes", "needs_care": "no", "mood_permission": "yes"})
        self.each(at, {"mood": "calm", "behaviour": "usual", "danger_to_self": "no"})
        if self.session.view(at + "/member_already").relevant:
            self.answer(at + "/member_already", ("none",))
        if isinstance(member.get("age"), int) and member["age"] >= OLD:
            self.each(at, {"living": "family", "elder_level": "0"})
        if isinstance(member.get("age"), int) and member["age"] < 18:
            self.each(at, {"guardian": "parents", "child_permission": "yes", "father": "present", "mother": "present"})

    def household(self, facts: Mapping[str, Any]) -> None:
        incomes = {kind: facts["income_month"][kind] for kind in facts.get("income_month", {})}
        self.answer("/family/roster_complete", "yes")
        self.gate("/family/family_income", incomes)
        owned = {"deposits": facts["deposits"]} if "deposits" in facts else {}
        self.gate("/family/assets", owned)
        self.answer("/family/develops_business", facts.get("can_and_wants_to_develop_a_business", "no"))
        self.answer("/spending/living_12", 0)
        self.gate("/spending/family_spending", {})
        self.each("/housing", {"housing_kind": "砖混", "safe": "yes", "bedding_food": "enough"})
        self.answer("/housing/housing_problems", ("none",))
        self.answer("/obligors_part/other_obligors", "no")
        self.each("/events", {"event_kind": ("none",), "lived_with_any": "no", "urgent": "no"})
        self.answer("/events/needs", tuple(facts.get("needs_ticked", ())) or ("none",))
        self.each("/conclusion", {"conclusion_text": "情况属实", "told": "yes"})
        self.each(
            "/signing", {"consent": "yes", "undertaking": "yes", "signer": "refused", "signer_relation": "不识字"}
        )

    def gate(self, at: str, amounts: Mapping[str, Any]) -> None:
        self.answer(at, tuple(amounts) or ("none",))
        for kind, amount in amounts.items():
            self.answer(f"{at}_{kind}", amount)


def case_programs(facts: Mapping[str, Any]) -> list[str]:
    """The programs a family has, by their ids; "dibao 210 a month since 2025-07" says how much besides."""
    return [str(item).split()[0] for item in facts.get("already", ())]
