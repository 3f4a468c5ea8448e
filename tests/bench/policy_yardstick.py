"""The yardstick of the rules' bench: the same conclusions as plain functions, without a trace and without "unknown".

Facts are plain dictionaries with nothing missing, parameters one flat dictionary of the day; money is 分 and
Fraction as in the rules. ``conclude`` must say what ``assess`` says about the same family, or the bench stops.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

Told = dict[str, Any]
INCOME = tuple(
    f"member.income.{k}_month" for k in ("wage", "business", "property", "pension", "support", "transfer", "other")
)
LEFT_OUT = {
    "member.income.basic_pension_month": "income.basic_pension_excluded",
    "member.income.childcare_month": "income.childcare_excluded",
    "member.income.disability_subsidy_month": "income.disability_subsidy_excluded",
    "member.income.elder_allowance_month": "income.elder_allowance_excluded",
}
TOGETHER = tuple(f"household.income.{k}_month" for k in ("business", "property", "transfer", "other"))
SPENT = ("member.self_paid_medical_12_months", "member.education_12_months", "member.rehabilitation_12_months")
SPENT_TOGETHER = tuple(f"household.spending.{k}_12_months" for k in ("medical", "education", "rehabilitation"))
FINANCIAL = tuple(f"household.{k}" for k in ("deposits", "securities", "insurance_value", "internet_finance", "claims"))
ITEMS = tuple(f"selfcare.{k}" for k in ("eating", "dressing", "bed", "toilet", "walking_indoors", "bathing"))
MIND = ("intellectual", "mental")
AT_SCHOOL = frozenset({"kindergarten", "primary", "middle", "high", "vocational", "college", "university"})
OWN_DUTY = frozenset({"parent", "grandparent", "grandchild"})
PAIRS = frozenset({
    ("head", "spouse"), ("head", "child"), ("head", "parent"), ("spouse", "child"), ("spouse", "parent_in_law"),
    ("parent", "parent"), ("parent_in_law", "parent_in_law"), ("child", "child_in_law"), ("child", "grandchild"),
    ("child_in_law", "grandchild"), ("parent", "grandparent"), ("parent", "sibling"),
})  # fmt: skip


def age(m: Told, on: date) -> int:
    born = m["member.birth_date"]
    if not born:
        return int(m["member.age"])
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def counts(m: Told, years: int) -> bool:
    if m["member.away"] in ("sentence", "detox", "missing", "religious"):
        return False
    relation = m["member.relation"]
    if relation in ("head", "spouse"):
        return True
    if relation == "child" and (years < 18 or m["member.school"] in AT_SCHOOL or not m["member.independent"]):
        return True
    together = m["member.lives_together"] and m["member.long_together"]
    return bool(together and (relation in OWN_DUTY or m["member.support_duty"]))


def severe(m: Told) -> bool:
    kind, level = m["member.disability.kind"], m["member.disability.level"]
    return kind != "none" and (level in (1, 2) or (kind in MIND and level == 3))


def no_labour(m: Told, years: int, p: Told) -> bool:
    kind, level = m["member.disability.kind"], m["member.disability.level"]
    by_level = 1 <= level <= {"intellectual": 3, "mental": 3, "limb": 2, "visual": 1}.get(kind, 0)
    return years >= 60 or years < 16 or by_level


def listed(m: Told, p: Told) -> bool:
    told = m["member.illness"].lower()
    return told != "none" and any(name.lower() in told for line in p["severe_illness.list"] for name in line.split("/"))


def income_of(m: Told, p: Told) -> int:
    total = sum([m[name] for name in INCOME])
    for name, key in LEFT_OUT.items():
        if m[name] and not p[key]:
            total += m[name]
    return total


def job_cost(m: Told, p: Told) -> int:
    return min(m["member.income.wage_month"], p["job_cost.month"])


def countable(gross: int, job: int, spent: int, p: Told) -> Fraction | int:
    rigid = min(Fraction(spent, 12), p["rigid_deduction.cap_month_per_household"])
    return max(gross - job - rigid, 0)


def top_up(m: Told, years: int, p: Told, std: int) -> Fraction | int:
    rates = [Fraction(0)]
    if severe(m):
        rates.append(p["class_aid.rate_of_standard.severe_disability"])
    if listed(m, p):
        rates.append(p["class_aid.rate_of_standard.severe_illness"])
    if years >= 70:
        rates.append(p["class_aid.rate_of_standard.aged_70"])
    if years < 18:
        rates.append(p["class_aid.rate_of_standard.minor"])
    return max([rate * std for rate in rates])


def unable(m: Told, years: int, p: Told, pcdi: int, property_ok: bool, had: set[str]) -> bool:
    if "tekun" in m["member.already"] or (years >= 60 and ("dibao" in m["member.already"] or "dibao" in had)):
        return True
    kind, level = m["member.disability.kind"], m["member.disability.level"]
    weak = years >= 70 or (kind != "none" and (level in (1, 2) or (kind in MIND and level == 3)))
    own = sum([m[name] for name in INCOME])
    return (weak and own < pcdi and property_ok) or m["member.away"] in ("sentence", "missing")


def nobody_able(i: int, fam: Told) -> bool:
    h, members, years = fam["h"], fam["members"], fam["years"]
    mine = members[i]["member.relation"]
    for j, other in enumerate(members):
        pair = (mine, other["member.relation"])
        if j == i or not (pair in PAIRS or pair[::-1] in PAIRS) or years[j] < 18:
            continue
        if not unable(other, years[j], fam["p"], fam["pcdi"], fam["property_ok"], fam["had"]):
            return False
    return not h["household.other_obligors"] or all([not o["obligor.able"] for o in fam["obligors"]])


def self_care(m: Told) -> str:
    missing = sum([not m[item] for item in ITEMS])
    return "self" if not missing else "partial" if missing < 4 else "full"


def able_jobless(m: Told, years: int, p: Told) -> bool:
    told = m["member.labour_ability"]
    able = told in ("full", "weak") if told else (
        16 <= years < 60 and m["member.school"] not in AT_SCHOOL and not severe(m)
        and not no_labour_level(m) and not listed(m, p))  # fmt: skip
    return able and m["member.work"] in ("none", "lost", "returned_early") and m["member.income.wage_month"] == 0


def no_labour_level(m: Told) -> bool:
    limit = {"intellectual": 3, "mental": 3, "limb": 2, "visual": 1}.get(m["member.disability.kind"], 0)
    return 1 <= m["member.disability.level"] <= limit


def parent_unable(m: Told, parent: str) -> bool:
    state, months = m[f"member.{parent}"], m[f"member.{parent}_months"] or 0
    if state in ("dead", "declared_missing", "revoked", "deported", "ill"):
        return True
    if state == "disabled":
        kind, level = m[f"member.{parent}_disability.kind"], m[f"member.{parent}_disability.level"]
        return kind == "none" or level in (1, 2) or (kind in MIND and level in (3, 4))
    return state in ("sentence", "detox", "restricted", "lost_contact") and months >= 6


def conclude(h: Told, members: list[Told], obligors: list[Told], p: Told, on: date) -> Told:
    """Programmes, amounts, circle, risk, needs and the state of every policy."""
    years = [age(m, on) for m in members]
    inside = [i for i, m in enumerate(members) if counts(m, years[i])]
    size, area = len(inside), h["household.area"]
    std, pcdi = p[f"dibao.standard_month.{area}"], p[f"rigid.disposable_income_month.{area}"]
    gross = sum([income_of(members[i], p) for i in inside]) + sum([h[name] for name in TOGETHER])
    job = sum([job_cost(members[i], p) for i in inside])
    spent = sum([members[i][name] for i in inside for name in SPENT]) + sum([h[name] for name in SPENT_TOGETHER])
    per = Fraction(countable(gross, job, spent, p), size)
    limit = p["property.deposit_limit_months_of_standard_per_person"] * std
    money = sum([h[name] for name in FINANCIAL])
    cars = h["household.passenger_cars"] <= p["property.vehicle_limit"] or h["household.car_exempted"]
    property_ok = bool((money <= limit * size or h["household.property_exempted"]) and cars)
    local = any([not m["member.registered_elsewhere"] for m in members])
    had = set(h["already.programs"])
    fam = {"h": h, "members": members, "years": years, "p": p, "pcdi": pcdi, "property_ok": property_ok, "had": had,
           "obligors": obligors}  # fmt: skip
    out: Told = {"per_person": per}
    dibao = per < std and property_ok
    out["dibao"] = dibao if local or not dibao else None
    if out["dibao"]:
        out["dibao.amount"] = (
            ceil(((std - per) * size + sum([top_up(members[i], years[i], p, std) for i in inside])) / 100) * 100
        )
    edge_economy = per < p["edge.multiplier"] * std and property_ok
    out["edge"] = not dibao and edge_economy
    alone = [i for i in inside if alone_ok(members[i], years[i], edge_economy, p, std, limit)]
    out["dibao_single"] = not dibao and bool(alone)
    if out["dibao_single"]:
        out["dibao_single.amount"] = sum([own_amount(members[i], years[i], p, std) for i in alone])
    three = [i for i in inside if no_labour(members[i], years[i], p)
             and own(members[i], h, size) < std and property_ok and nobody_able(i, fam)]  # fmt: skip
    out["tekun"] = bool(three)
    if three:
        base = p["tekun.base_multiple_of_standard"] * std
        out["tekun.amount"] = sum([base + p[f"tekun.care_month.{self_care(members[i])}"] for i in three])
    five = spent + h["household.spending.living_12_months"] + h["household.spending.other_12_months"]
    high = bool(five) and Fraction(five, gross * 12) > p["rigid.min_ratio"] if gross else False
    out["rigid"] = not (dibao or out["edge"] or len(three) == size) and per < pcdi and property_ok and high
    lost = [[m[f"member.{x}"] in ("dead", "not_found") for x in ("father", "mother")] for m in members]
    orphans = [years[i] < 18 and all(lost[i]) for i in range(len(members))]
    out["orphan"] = any(orphans)
    alone_children = [years[i] < 18 and not orphans[i] and all([parent_unable(m, x) for x in ("father", "mother")])
                      for i, m in enumerate(members)]  # fmt: skip
    out["swwrfy"] = any(alone_children)
    ill = [listed(m, p) for m in members]
    event = bool(h["event.kind"])
    cause = (event or any([m["member.work"] == "lost" for m in members]) or h["housing.bedding_food"] == "none"
             or (not {"dibao", "tekun", "edge"} & had and any(ill)))  # fmt: skip
    out["temp_fast"] = cause and h["event.hardship"]
    if out["temp_fast"]:
        people = h["event.people_helped"] or size
        out["temp_fast.amount"] = p["temp_fast.limit_months_of_standard_per_person"] * std * people
    paid = spent + h["household.spending.other_12_months"]
    paid += h["household.spending.for_people_who_lived_with_them_12_months"]
    enough = paid >= p["temp_expense.necessary_spending_12_months_at_least"]
    out["temp_expense"] = enough and per < pcdi and property_ok
    status = {name: name in had or bool(out[name]) for name in ("tekun", "dibao", "dibao_single", "edge", "rigid",
                                                               "orphan", "swwrfy")}  # fmt: skip
    status["monitored"] = bool(h["household.monitored"])
    status["other_hardship"] = bool(h["household.other_hardship"])
    out["tier"] = next((n for n in (1, 2, 3) if any([status[name] for name in p[f"tier.{n}"]])), 0)
    out["risk"] = risk(h, members, years, size, ill, event, had, p, on)
    out["needs"] = needs(h, members, years, ill, event, status, p)
    out["matches"] = matches(h, members, years, inside, ill, status, out, p, had, three)
    return out


def own(m: Told, h: Told, size: int) -> Fraction | int:
    return sum([m[name] for name in INCOME]) + Fraction(sum([h[name] for name in TOGETHER]), size)


def alone_ok(m: Told, years: int, edge: bool, p: Told, std: int, limit: int) -> bool:
    jobless = m["member.work"] in ("none", "lost", "returned_early") and m["member.income.wage_month"] == 0
    group = (severe(m) and edge) or (listed(m, p) and edge) or (severe(m) and years >= 18 and jobless)
    if not group or countable(income_of(m, p), job_cost(m, p), sum([m[name] for name in SPENT]), p) >= std:
        return False
    return m["member.deposits"] <= limit and m["member.passenger_cars"] <= p["property.vehicle_limit"]


def own_amount(m: Told, years: int, p: Told, std: int) -> int:
    income = countable(income_of(m, p), job_cost(m, p), sum([m[name] for name in SPENT]), p)
    return ceil((std - income + top_up(m, years, p, std)) / 100) * 100


def risk(h: Told, members: list[Told], years: list[int], size: int, ill: list[bool], event: bool, had: set[str],
         p: Told, on: date) -> str:  # fmt: skip
    alone = [m["member.lives_alone"] or size == 1 for m in members]
    died = h["event.carer_died_on"]
    holds = {
        "urgent": h["signal.urgent"] or (event and not h["event.cleared"]),
        "self_harm": any([m["member.danger_to_self"] for m in members]),
        "ill_alone": any([a and b for a, b in zip(ill, alone, strict=True)]),
        "unsafe_weather": h["round.kind"] == "weather" and not h["housing.safe"],
        "carer_died": isinstance(died, date) and 0 <= (on - died).days <= 90,
        "aged_alone": any([y >= 70 and a for y, a in zip(years, alone, strict=True)]),
        "disabled": any([severe(m) for m in members]), "ill": any(ill),
        "lead_true": h["lead.answer"] in ("true_needs_help", "true_already_helped"),
        "in_program": bool(had & {"tekun", "dibao", "dibao_single", "edge", "rigid", "orphan", "swwrfy"}),
    }  # fmt: skip
    return next((n for n in ("high", "medium", "low") if any([holds[x] for x in p[f"risk.{n}.any"]])), "none")


def needs(
    h: Told, members: list[Told], years: list[int], ill: list[bool], event: bool, status: Told, p: Told
) -> set[str]:
    def some(name: str, *values: Any) -> bool:
        return any([m[name] in values for m in members])

    low = any([status[n] for n in ("tekun", "dibao", "dibao_single", "edge", "rigid", "orphan", "swwrfy")])
    old = any([m["member.elder.level"] >= 2 for m in members])
    found = {
        "基本生活": any([status[n] for n in ("dibao", "tekun", "dibao_single", "orphan", "swwrfy")]),
        "医疗健康": any(ill) or some("member.illness.chronic", True) or any([m[SPENT[0]] > 0 for m in members]),
        "康复": some("member.needs_rehabilitation", True) or some("member.disability.aids_needed", True),
        "照护": some("member.needs_care", True) or some("member.disability.long_care", True) or old
        or any([self_care(m) != "self" for m, y in zip(members, years, strict=True)
                if y >= 60 or m["member.disability.kind"] != "none"]),
        "关怀探访": any([y >= 60 and (m["member.lives_alone"] or m["member.empty_nest"])
                     for m, y in zip(members, years, strict=True)]),
        "心理": some("member.danger_to_self", True) or any([m["member.mood"] != "calm" for m in members]),
        "教育资助": any([m["member.school"] != "none" for m in members]),
        "住房": not h["housing.safe"] or h["housing.danger_level"] in ("C", "D") or h["housing.none"] or h["housing.difficult"],
        "就业": low and any([able_jobless(m, y, p) for m, y in zip(members, years, strict=True)]),
        "急难": event or h["signal.urgent"] or h["event.disaster_damage"],
        "法律": h["need.legal"] or h["event.unpaid_crime_damage"], "儿童保护": status["orphan"] or status["swwrfy"],
        "养老": old, "无障碍/适老": h["housing.barriers"], "殡葬": h["event.member_died"],
        "取暖/能源": h["housing.heating_difficulty"], "服务转介": h["need.words"] != "none",
    }  # fmt: skip
    return {name for name, holds in found.items() if holds} | set(h["need.ticked"])


def matches(h: Told, members: list[Told], years: list[int], inside: list[int], ill: list[bool], s: Told, out: Told,
            p: Told, had: set[str], three: list[int]) -> dict[str, bool]:  # fmt: skip
    """Whether each policy's condition holds."""
    people = [(members[i], years[i], i) for i in inside]
    low = any([s[n] for n in ("tekun", "dibao", "dibao_single", "edge", "rigid")])
    low_all = low or s["orphan"] or s["swwrfy"]
    disabled = [(m, y, i) for m, y, i in people if m["member.disability.kind"] != "none"]
    school = {m["member.school"] for m, _, _ in people}
    rural, barriers = h["household.area"] == "rural", h["housing.barriers"]
    return {
        "dibao": bool(out["dibao"]), "dibao_single": out["dibao_single"],
        "class_aid": bool(out["dibao"]) and any([top_up(m, y, p, 1) for m, y, _ in people]),
        "tekun": out["tekun"], "edge": out["edge"], "rigid": out["rigid"], "temp_fast": bool(out["temp_fast"]),
        "temp_expense": out["temp_expense"], "price_subsidy": low_all and p["price_subsidy.running"], "medical_insure": low,
        "medical_aid": low_all and any([ill[i] or m[SPENT[0]] > 0 or m["member.illness.chronic"] for m, _, i in people]),
        "emergency_medical": any([m["member.needs_emergency_care"] for m, _, _ in people]),
        "edu_pre_comp": low_all and bool(school & {"kindergarten", "primary", "middle"}),
        "edu_high": low_all and bool(school & {"high", "vocational"}),
        "edu_univ": low_all and bool(school & {"college", "university"}),
        "rural_house": rural and (h["housing.danger_level"] in ("C", "D") or h["housing.none"])
        and (low or h["household.monitored"] or bool(h["event.kind"])),
        "public_rental": not rural and (h["housing.difficult"] or h["housing.none"]) and low,
        "job_aid": (s["dibao"] or s["edge"] or s["rigid"]) and any([able_jobless(m, y, p) for m, y, _ in people]),
        "public_post": any([m["member.registered_unemployed"] for m, _, _ in people]) and low,
        "disaster": h["event.disaster_damage"],
        "disability_living": any([i not in three for _, _, i in disabled]) and (
            s["dibao"] or s["dibao_single"] or (s["edge"] and p["disability_living.extend_edge"])),
        "disability_care": any([m["member.disability.level"] in (1, 2) and m["member.disability.long_care"]
                                and not m["member.work_injury_care"] and i not in three for m, _, i in disabled]),
        "child_rehab": any([y <= 6 and (m["member.disability.kind"] in ("visual", "hearing", "speech", "limb", "intellectual")
                                        or m["member.disability.autism"]) for m, y, _ in people]),
        "aids": any([m["member.disability.aids_needed"] for m, _, _ in disabled]),
        "accessible_home": barriers and low and any([severe(m) for m, _, _ in people]),
        "aging_home": barriers and (s["tekun"] or s["dibao"] or s["edge"]) and any(
            [y >= 60 and (y >= 80 or m["member.elder.level"] >= 2 or m["member.disability.kind"] != "none") for m, y, _ in people]),
        "elder_consume": any([y >= 60 and m["member.elder.level"] >= 2 for m, y, _ in people]),
        "elder_age": any([y >= p["elder_age.from_age"] for _, y, _ in people]),
        "elder_visit": any([y >= 60 and (m["member.lives_alone"] or m["member.empty_nest"] or m["member.elder.level"] >= 2
                                         or i in three) for m, y, i in people]),
        "orphan": out["orphan"], "swwrfy": out["swwrfy"], "stray": any([m["member.stray"] for m, _, _ in people]),
        "legal_aid": h["need.legal"] and low_all, "judicial_aid": h["event.unpaid_crime_damage"],
        "service_aid": low_all and any([y >= 60 or m["member.disability.kind"] != "none" or m["member.needs_care"]
                                        or m["member.elder.level"] >= 2 for m, y, _ in people]),
        "heating": low and p["heating.offered"], "funeral": h["event.member_died"] and low and p["funeral.offered"],
        "childcare": any([y < 3 for _, y, _ in people]), "charity": "慈善" in h["need.ticked"] and low_all,
        "industry_aid": rural and (low or h["household.monitored"]) and h["household.develops_business"],
        "veteran_aid": any([m["member.veteran"] for m, _, _ in people]) and (low or h["household.other_hardship"]),
        "rural_monitoring": h["household.monitored"],
    }  # fmt: skip
