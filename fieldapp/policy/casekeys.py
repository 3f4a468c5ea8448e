"""The keys of described cases: which fact each names, and how its words become answers of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Collection

from fieldapp.policy import casewords
from fieldapp.policy.problems import FactError
from fieldapp.policy.vocabulary import FactInfo, fact_info, nearest, vocabulary

INCOME_KINDS = ("wage", "business", "property", "transfer", "pension", "basic_pension", "support", "other",
                "preferential", "assistance", "scholarship", "childcare", "disability_subsidy",
                "elder_allowance")  # fmt: skip
INCOME_WORDS = {"wages": "wage", "salary": "wage", "pensions": "pension", "rent": "property", "alimony": "support",
                "childcare_subsidy": "childcare", "disability_subsidies": "disability_subsidy"}  # fmt: skip
HOUSEHOLD_INCOME = ("business", "property", "transfer", "other")
PROPERTY = ("deposits", "securities", "insurance_value", "internet_finance", "claims", "passenger_cars",
            "large_machines", "houses", "shops", "companies")  # fmt: skip
SELF_CARE = ("eating", "dressing", "bed", "toilet", "walking_indoors", "bathing")
CASE_KEYS = frozenset({"id", "found_by", "facts", "path", "later", "expect", "name", "title", "note", "schema",
                       "county_parameters"})  # fmt: skip
HOUSEHOLD_ALIASES = {
    "can_and_wants_to_develop_a_business": "household.develops_business", "savings": "household.deposits",
    "cars": "household.passenger_cars", "car": "household.passenger_cars", "vehicles": "household.passenger_cars",
    "vehicle": "household.passenger_cars", "vehicle_exempted": "household.car_exempted",
    "stocks": "household.securities", "funds": "household.securities", "debt": "household.debts",
    "urgent": "signal.urgent", "carer_died": "event.carer_died_on", "people_helped": "event.people_helped",
    "rural_monitoring": "household.monitored", "hardship": "event.hardship", "land": "household.land_mu",
    "zero_employment_household": "household.zero_employment", "lead": "lead.answer", "round": "round.kind",
    "living_12_months": "household.spending.living_12_months", "exempted": "household.property_exempted",
    "passenger_vehicles": "household.passenger_cars", "machines": "household.large_machines", "needs": "need.ticked",
    "needs_ticked": "need.ticked", "other_spending_12_months": "household.spending.other_12_months",
}  # fmt: skip
MEMBER_ALIASES = {
    "medical_12_months": "member.self_paid_medical_12_months", "card": "member.disability.card",
    "self_paid_medical": "member.self_paid_medical_12_months", "birthday": "member.birth_date",
    "born": "member.birth_date", "chronic": "member.illness.chronic", "disability_card": "member.disability.card",
    "long_term_care": "member.disability.long_care", "autism": "member.disability.autism",
    "salary_month": "member.income.wage_month", "alone": "member.lives_alone",
    "rehabilitation": "member.needs_rehabilitation", "unemployed": "member.registered_unemployed",
    "elder_level": "member.elder.level", "danger_to_oneself": "member.danger_to_self",
    "savings": "member.deposits", "cars": "member.passenger_cars", "vehicles": "member.passenger_cars",
    "birth": "member.birth_date", "date_of_birth": "member.birth_date", "medical_self_paid_12_months":
    "member.self_paid_medical_12_months", "self_paid_rehabilitation_12_months": "member.rehabilitation_12_months",
    "childcare_subsidy_month": "member.income.childcare_month", "lives_with_family": "member.lives_together",
}  # fmt: skip


def known_or_other(words: object) -> list[str]:
    """What they were; a word the vocabulary has not is "other"."""
    known = fact_info("livedwith.was").values
    listed = words if isinstance(words, (list, tuple)) else [words]
    return [str(word) if word in known else "other" for word in listed]


def is_unknown(value: object) -> bool:
    """Whether the case says it is not known."""
    return isinstance(value, str) and value.strip().lower() in ("unknown", "unclear", "不清楚", "待核")


def is_none(value: object) -> bool:
    """Whether the case says there is none."""
    return value is None or (isinstance(value, str) and value.strip().lower() in ("none", "nothing", "n/a", "无"))


def able(value: object) -> object:
    """Self-care in words."""
    if isinstance(value, bool) or is_unknown(value):
        return value
    text = str(value).lower()
    return not re.search(r"not|unable|cannot|needs help|\bno\b|不能", text)


def fact_of(key: str, handled: Collection[str], *, member: bool) -> str:
    """The fact a key names; FactError with the nearest known key, of those ``handled`` apart too."""
    names = vocabulary()
    aliases = MEMBER_ALIASES if member else HOUSEHOLD_ALIASES
    if key in aliases:
        return aliases[key]
    prefixes = (
        ("member.", "member.income.", "member.disability.", "member.illness.", "selfcare.", "member.elder.")
        if member
        else ("household.", "household.spending.", "event.", "housing.", "already.", "need.", "signal.", "doc.",
              "check.", "round.", "lead.", "livedwith.")
    )  # fmt: skip
    for name in (key, *(prefix + key for prefix in prefixes)):
        if name in names and (names[name].level == "member") == member:
            return name
    known = [*aliases, *handled, *_short_names(prefixes)]
    raise FactError("policy.case_key", where=key, key=key, nearest=nearest(key, known), known="")


def _short_names(prefixes: tuple[str, ...]) -> list[str]:
    return [n.removeprefix(p) for n in vocabulary() for p in prefixes if n.startswith(p)]


def worded(info: FactInfo, value: object) -> object:
    """A choice told by its Chinese or English word; yes and no told as words."""
    if info.type == "yes_no" and isinstance(value, str):
        return _yes(value)
    if info.type == "choices" and isinstance(value, str):
        value = [value]
    if info.type == "choices" and isinstance(value, (list, tuple)):
        return [_choice(info, item) for item in value]
    return _choice(info, value) if info.type == "choice" else value


def _yes(text: str) -> object:
    word = text.strip().lower()
    if word in ("lost", "given", "able", "holds", "held"):
        return word != "lost"
    return text


def _choice(info: FactInfo, value: object) -> object:
    if value is False:
        return "none" if "none" in info.values else value
    text = str(value).strip()
    for key, words in info.values.items():
        if text == key or text.lower() in (key.lower(), words[0], words[1].lower()):
            return key
    guess = {"member.disability.kind": "disability", "obligor.disability.kind": "disability",
             "member.father_disability.kind": "disability", "member.mother_disability.kind": "disability"}  # fmt: skip
    return casewords.first(guess[info.name], text) or text if info.name in guess else text
