"""The yardstick of the rules' bench: the same conclusions as plain functions, three-valued as the rules are, without
steps, words or clauses.

A fact that is not known is None, and so is what hangs on it. Facts are plain dictionaries, parameters one flat
dictionary of the day; money is 分 and Fraction as in the rules. ``conclude`` must say what ``assess`` says about the
same household, whatever is known of it, or the bench stops; a property test holds both to each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

Told = dict[str, Any]
Truth = bool | None
INCOME = tuple(f"member.income.{k}_month" for k in ("wage", "business", "property", "pension", "support", "transfer", "other"))
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
STATUSES = ("tekun", "dibao", "dibao_single", "edge", "rigid", "orphan", "swwrfy")


# --- three values -------------------------------------------------------------------------------------------------


def every(parts: Iterable[Truth]) -> Truth:
    value: Truth = True
    for part in parts:
        if part is False:
            return False
        if part is None:
            value = None
    return value


def some(parts: Iterable[Truth]) -> Truth:
    value: Truth = False
    for part in parts:
        if part is True:
            return True
        if part is None:
            value = None
    return value


def negated(value: Truth) -> Truth:
    return None if value is None else not value


def total(values: Iterable[Any]) -> Any:
    result: Any = 0
    for value in values:
        if value is None:
            return None
        result += value
    return result


def below(a: Any, b: Any) -> Truth:
    return None if a is None or b is None else a < b


def at_least(a: Any, b: Any) -> Truth:
    return None if a is None or b is None else a >= b


def at_most(a: Any, b: Any) -> Truth:
    return None if a is None or b is None else a <= b


def among(a: Any, values: Any) -> Truth:
    return None if a is None else a in values


def times(a: Any, b: Any) -> Any:
    return None if a is None or b is None else a * b


# --- people -------------------------------------------------------------------------------------------------------


def age(m: Told, on: date) -> int | None:
    born = m["member.birth_date"]
    if not born:
        return m["member.age"]  # type: ignore[no-any-return]
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def counts(m: Told, years: int | None, p: Told) -> Truth:
    away = m["member.away"]
    out = p.get("family.conscript_excluded") if away == "army" else among(away, ("sentence", "detox", "missing", "religious"))
    if out is True:
        return False
    inside = belongs(m, years)
    return False if inside is False else None if out is None or inside is None else True


def belongs(m: Told, years: int | None) -> Truth:
    relation, lives = m["member.relation"], m["member.lives_together"]
    together = False if m["member.long_together"] is False else lives
    if relation in ("head", "spouse"):
        return True
    if relation == "child":
        return some((dependent(m, years), together))
    if relation in OWN_DUTY or together is False:
        return together  # type: ignore[no-any-return]
    duty = m["member.support_duty"]
    if relation is None and duty is not True:
        return None
    return every((together, duty))


def dependent(m: Told, years: int | None) -> Truth:
    if years is None:
        return None
    if years < 18 or m["member.school"] in AT_SCHOOL or m["member.independent"] is False:
        return True
    return None if m["member.school"] is None or m["member.independent"] is None else False


def level_is(kind: str | None, level: int | None, meaning: Any) -> Truth:
    if kind == "none":
        return False
    return None if kind is None or level is None else meaning(kind, level)


def is_severe(kind: str, level: int) -> bool:
    return level in (1, 2) or (kind in MIND and level == 3)


def has_no_labour(kind: str, level: int) -> bool:
    return 1 <= level <= {"intellectual": 3, "mental": 3, "limb": 2, "visual": 1}.get(kind, 0)


def severe_parent(kind: str, level: int) -> bool:
    return level in (1, 2) or (kind in MIND and level in (3, 4))


def severe(m: Told) -> Truth:
    return level_is(m["member.disability.kind"], m["member.disability.level"], is_severe)


def no_labour_level(m: Told) -> Truth:
    return level_is(m["member.disability.kind"], m["member.disability.level"], has_no_labour)


def minor(years: int | None, p: Told) -> Truth:
    if years is None or years < 16 or years >= 18:
        return below(years, 16)
    return below(years, p.get("tekun.child_age_limit"))


def listed(m: Told, p: Told) -> Truth:
    told = m["member.illness"]
    if told is None or told == "none":
        return None if told is None else False
    return any(name.lower() in told.lower() for line in p["severe_illness.list"] for name in line.split("/"))


def jobless(m: Told) -> Truth:
    wage = m["member.income.wage_month"]
    return every((among(m["member.work"], ("none", "lost", "returned_early")), None if wage is None else wage == 0))


def able(m: Told, years: int | None, p: Told) -> Truth:
    told = m["member.labour_ability"]
    if told is not None:
        return told in ("full", "weak")
    if m.get("labour told", False):
        return None
    school = m["member.school"]
    return every((
        None if years is None else 16 <= years < 60, None if school is None else school not in AT_SCHOOL,
        negated(some((severe(m), no_labour_level(m)))), negated(listed(m, p)),
    ))  # fmt: skip


def able_jobless(m: Told, years: int | None, p: Told) -> Truth:
    idle = jobless(m)
    return False if idle is False else every((idle, able(m, years, p)))


def self_care(m: Told) -> str | None:
    items = [m[item] for item in ITEMS]
    unable = items.count(False)
    if unable >= 4:
        return "full"
    return None if None in items else "partial" if unable else "self"


# --- money --------------------------------------------------------------------------------------------------------


def income_of(m: Told, p: Told) -> Any:
    return total([*[m[name] for name in INCOME], *[left(m[name], p[key]) for name, key in LEFT_OUT.items()]])


def left(amount: Any, out: Truth) -> Any:
    return amount if not amount else None if out is None else 0 if out else amount


def job_cost(m: Told, p: Told) -> Any:
    wage = m["member.income.wage_month"]
    return wage if not wage else min(wage, p["job_cost.month"])


def countable(gross: Any, job: Any, spent: Any, p: Told) -> Any:
    if gross is None or job is None or spent is None:
        return None
    return max(gross - job - min(Fraction(spent, 12), p["rigid_deduction.cap_month_per_household"]), 0)


def own_countable(m: Told, p: Told) -> Any:
    return countable(income_of(m, p), job_cost(m, p), total([m[name] for name in SPENT]), p)


def top_up(m: Told, years: int | None, p: Told, std: Any) -> Any:
    best: Any = 0
    for applies, name in ((severe(m), "severe_disability"), (listed(m, p), "severe_illness"),
                          (at_least(years, 70), "aged_70"), (below(years, 18), "minor")):  # fmt: skip
        if applies is None or (applies and std is None):
            return None
        if applies:
            best = max(best, p[f"class_aid.rate_of_standard.{name}"] * std)
    return best


def rounded(amount: Any) -> Any:
    return None if amount is None else ceil(Fraction(amount, 100)) * 100


# --- obligors, parents --------------------------------------------------------------------------------------------


def unable(program: Truth, dibao: Truth, years: int | None, severe_: Truth, income: Any, owns: Truth, away: Truth, pcdi: Any) -> Truth:
    weak = every((some((at_least(years, 70), severe_)), below(income, pcdi), owns))
    return some((program, every((at_least(years, 60), dibao)), weak, away))


def member_unable(m: Told, years: int | None, fam: Told) -> Truth:
    already, programs = m["member.already"], fam["h"]["already.programs"]
    dibao = None if already is None or programs is None else "dibao" in already or "dibao" in programs
    return unable(None if already is None else "tekun" in already, dibao, years, severe(m),
                  total([m[name] for name in INCOME]), fam["property_ok"], among(m["member.away"], ("sentence", "missing")),
                  fam["pcdi"])  # fmt: skip


def listed_unable(o: Told, fam: Told) -> Truth:
    if o["obligor.able"] is not None:
        return not o["obligor.able"]
    program = o["obligor.program"]
    grave = level_is(o["obligor.disability.kind"], o["obligor.disability.level"], is_severe)
    away = among(o["obligor.away"], ("no_capacity", "missing", "sentence", "dead"))
    found = unable(among(program, ("tekun",)), among(program, ("dibao",)), o["obligor.age"], grave, o["obligor.income_month"],
                   o["obligor.property_ok"], away, fam["pcdi"])  # fmt: skip
    return True if found else None


def nobody_able(i: int, fam: Told) -> Truth:
    members, years, parts = fam["members"], fam["years"], [fam["roster"]]
    mine = members[i]["member.relation"]
    for j, other in enumerate(members):
        theirs = other["member.relation"]
        if j == i:
            continue
        if mine is None or theirs is None:
            parts.append(None)
        elif (mine, theirs) in PAIRS or (theirs, mine) in PAIRS:
            if years[j] is None:
                parts.append(None)
            elif years[j] >= 18:
                parts.append(member_unable(other, years[j], fam))
    if fam["obligors"]:
        return every([*parts, *[listed_unable(o, fam) for o in fam["obligors"]]])
    apart = fam["h"]["household.other_obligors"]
    return every((*parts, None if apart is not False else True))


def parent_unable(m: Told, parent: str) -> Truth:
    state = m[f"member.{parent}"]
    if state is None:
        return None
    if state in ("dead", "declared_missing", "revoked", "deported", "ill"):
        return True
    if state == "disabled":
        kind = m[f"member.{parent}_disability.kind"]
        return True if kind == "none" else level_is(kind, m[f"member.{parent}_disability.level"], severe_parent)
    return at_least(m[f"member.{parent}_months"], 6) if state in ("sentence", "detox", "restricted", "lost_contact") else False


# --- the household ------------------------------------------------------------------------------------------------


def conclude(h: Told, members: list[Told], obligors: list[Told], p: Told, on: date) -> Told:
    """Programmes, amounts, circle, risk, needs and the condition of every policy; None is not known."""
    roster: Truth = True if members and h["household.roster_complete"] is not False else None
    years = [age(m, on) for m in members]
    known = [counts(m, y, p) for m, y in zip(members, years, strict=True)]
    inside = [i for i, value in enumerate(known) if value is not False]
    size = None if roster is None or None in known else sum([value is True for value in known])
    area = h["household.area"]
    std, pcdi = (p[f"{key}.{area}"] if area else None for key in ("dibao.standard_month", "rigid.disposable_income_month"))
    identity = some([m["member.identity"] or None for m in members]) if members else None
    gross = job = None
    if roster:
        gross = total([*[None if known[i] is None else income_of(members[i], p) for i in inside], *[h[name] for name in TOGETHER]])
        job = total([job_cost(members[i], p) for i in inside])
    spent = total([*[members[i][name] for i in inside for name in SPENT], *[h[name] for name in SPENT_TOGETHER]])
    rest = countable(gross, job, spent, p)
    per = Fraction(rest, size) if rest is not None and size else None
    limit = times(p["property.deposit_limit_months_of_standard_per_person"], std)
    money = total([h[name] for name in FINANCIAL])
    property_ok = None if roster is None else every((
        some((at_most(money, times(limit, size)), h["household.property_exempted"])),
        some((at_most(h["household.passenger_cars"], p["property.vehicle_limit"]), h["household.car_exempted"])),
    ))  # fmt: skip
    local = None if roster is None else some([negated(m["member.registered_elsewhere"]) for m in members])
    here = True if local else None
    already = [h["already.programs"], *[m["member.already"] for m in members]]
    had = {name for names in already if names for name in names}
    had_all = roster is True and None not in already
    fam = {"h": h, "members": members, "years": years, "p": p, "pcdi": pcdi, "property_ok": property_ok, "had": had,
           "obligors": obligors, "roster": roster}  # fmt: skip

    def gate(value: Truth) -> Truth:
        return value if identity else None

    def anyone(values: list[Truth]) -> Truth:
        found = some(values)
        return found if found or roster else None

    def one_of_family(values: list[Truth]) -> Truth:
        """Somebody of those who count; while it is open whether the member counts, so is the answer."""
        return anyone([every((known[i], value)) for i, value in zip(inside, values, strict=True)])

    out: Told = {"per_person": per}
    dibao = out["dibao"] = gate(every((below(per, std), property_ok, here)))
    if dibao:
        ups = total([top_up(members[i], years[i], p, std) for i in inside])
        out["dibao.amount"] = rounded(total([(std - per) * size, ups]))
    economy = every((below(per, times(p["edge.multiplier"], std)), property_ok))
    edge = out["edge"] = gate(every((negated(dibao), economy, here)))
    alone = [alone_ok(members[i], years[i], economy if dibao else edge, p, std, limit) for i in inside]
    out["dibao_single"] = gate(every((negated(dibao), one_of_family(alone), here)))
    if out["dibao_single"]:
        fit = [i for i, ok in zip(inside, alone, strict=True) if ok]
        out["dibao_single.amount"] = total([own_amount(members[i], years[i], p, std) for i in fit])
    three = {i: three_withouts(i, fam, std, size) for i in inside}
    out["tekun"] = gate(every((one_of_family(list(three.values())), here)))
    if out["tekun"]:
        base = times(p["tekun.base_multiple_of_standard"], std)
        cares = [self_care(members[i]) for i in inside if three[i]]
        out["tekun.amount"] = total([total((base, p[f"tekun.care_month.{care}"] if care else None)) for care in cares])
    family_three = every([roster, *three.values()])
    out["rigid"] = gate(None if roster is None else every((
        negated(some((dibao, edge, family_three))), below(per, pcdi), property_ok, ratio_high(h, spent, gross, p), here)))
    orphans = [every((below(y, 18), *[among(m[f"member.{x}"], ("dead", "not_found")) for x in ("father", "mother")]))
               for m, y in zip(members, years, strict=True)]  # fmt: skip
    out["orphan"] = gate(anyone(orphans))
    out["swwrfy"] = gate(anyone([every((below(y, 18), negated(o), parent_unable(m, "father"), parent_unable(m, "mother")))
                                 for m, y, o in zip(members, years, orphans, strict=True)]))  # fmt: skip
    ill = [listed(m, p) for m in members]
    event = None if h["event.kind"] is None else bool(h["event.kind"])
    programs = h["already.programs"]
    helped = None if programs is None else bool({"dibao", "tekun", "edge"} & set(programs))
    cause = some((event, anyone([among(m["member.work"], ("lost",)) for m in members]), among(h["housing.bedding_food"], ("none",)),
                  every((roster, negated(identity), at_most(gross, 0))), every((negated(helped), anyone(ill)))))  # fmt: skip
    out["temp_fast"] = every((cause, h["event.hardship"]))
    if out["temp_fast"]:
        people = size if h["event.people_helped"] is None else h["event.people_helped"]
        out["temp_fast.amount"] = times(times(p["temp_fast.limit_months_of_standard_per_person"], std), people)
    paid = total([spent, h["household.spending.other_12_months"],
                  h["household.spending.for_people_who_lived_with_them_12_months"]])  # fmt: skip
    enough = at_least(paid, p["temp_expense.necessary_spending_12_months_at_least"])
    out["temp_expense"] = gate(every((enough, below(per, pcdi), property_ok)) if roster else None)
    s: Told = {name: True if name in had or out[name] else None if out[name] is None or not had_all else False
               for name in STATUSES}  # fmt: skip
    s["monitored"] = some(("rural_monitoring" in had or (False if had_all else None), h["household.monitored"]))
    s["other_hardship"] = h["household.other_hardship"]
    out["tier"] = circle(s, p)
    out["risk"] = risk(h, members, years, size, ill, event, had, had_all, anyone, p, on)
    out["needs"] = needs(h, members, years, ill, event, s, p)
    found = matches(h, members, years, inside, ill, s, out, p, three, one_of_family, std)
    free = ("temp_fast", "emergency_medical", "stray")
    out["matches"] = {id: value if id in free else gate(value) for id, value in found.items()}
    return out


def three_withouts(i: int, fam: Told, std: Any, size: int | None) -> Truth:
    m, years, h = fam["members"][i], fam["years"][i], fam["h"]
    labour = some((at_least(years, 60), minor(years, fam["p"]), no_labour_level(m)))
    if labour is False:
        return False
    own, shared = total([m[name] for name in INCOME]), total([h[name] for name in TOGETHER])
    if shared:
        shared = Fraction(shared, size) if size else None
    livelihood = every((below(total((own, shared)), std), fam["property_ok"]))
    return False if livelihood is False else every((labour, livelihood, nobody_able(i, fam)))


def alone_ok(m: Told, years: int | None, edge: Truth, p: Told, std: Any, limit: Any) -> Truth:
    grave, ill = severe(m), listed(m, p)
    group = some((every((grave, edge)), every((ill, edge)), every((grave, at_least(years, 18), jobless(m)))))
    if group is False:
        return False
    cars = some((at_most(m["member.passenger_cars"], p["property.vehicle_limit"]), m["car exempted"]))
    return every((group, below(own_countable(m, p), std), every((at_most(m["member.deposits"], limit), cars))))


def own_amount(m: Told, years: int | None, p: Told, std: Any) -> Any:
    return rounded(total((std - own_countable(m, p), top_up(m, years, p, std))))


def ratio_high(h: Told, spent: Any, gross: Any, p: Told) -> Truth:
    five = total([spent, h["household.spending.living_12_months"], h["household.spending.other_12_months"]])
    if five == 0:
        return False
    if five is None or gross is None:
        return None
    if gross == 0:
        choice = p.get("rigid.zero_income")
        return None if choice is None else choice == "exceeds"
    return bool(Fraction(five, gross * 12) > p["rigid.min_ratio"])


def circle(s: Told, p: Told) -> int | None:
    for number in (1, 2, 3):
        value = some([s[name] for name in p[f"tier.{number}"]])
        if value is not False:
            return number if value else None
    return 0


def risk(h: Told, members: list[Told], years: list[int | None], size: int | None, ill: list[Truth], event: Truth, had: set[str],
         had_all: bool, anyone: Any, p: Told, on: date) -> str | None:  # fmt: skip
    alone = [True if m["member.lives_alone"] or size == 1 else None if m["member.lives_alone"] is None or size is None else False
             for m in members]  # fmt: skip
    died = h["event.carer_died_on"]
    holds = {
        "urgent": some((h["signal.urgent"], every((event, negated(h["event.cleared"]))))),
        "self_harm": anyone([m["member.danger_to_self"] for m in members]),
        "ill_alone": anyone([every(pair) for pair in zip(ill, alone, strict=True)]),
        "unsafe_weather": every((among(h["round.kind"], ("weather",)), negated(h["housing.safe"]))),
        "carer_died": None if died is None else isinstance(died, date) and 0 <= (on - died).days <= 90,
        "aged_alone": anyone([every((at_least(y, 70), a)) for y, a in zip(years, alone, strict=True)]),
        "disabled": anyone([severe(m) for m in members]), "ill": anyone(list(ill)),
        "lead_true": among(h["lead.answer"], ("true_needs_help", "true_already_helped")),
        "in_program": True if had & set(STATUSES) else False if had_all else None,
    }  # fmt: skip
    levels = [(name, some([holds[x] for x in p[f"risk.{name}.any"]])) for name in ("high", "medium", "low")]
    found = next((name for name, value in levels if value), None)
    return found or (None if None in [value for _, value in levels] else "none")


def needs(h: Told, members: list[Told], years: list[int | None], ill: list[Truth], event: Truth, s: Told, p: Told) -> set[str]:
    """What something known speaks for."""
    def told(name: str) -> bool:
        return any([m[name] is True for m in members])

    low = any([s[n] for n in STATUSES])
    level = any([(m["member.elder.level"] or 0) >= 2 for m in members])
    assessed = [m for m, y in zip(members, years, strict=True)
                if (y is not None and y >= 60) or m["member.disability.kind"] not in ("none", None)]  # fmt: skip
    found = {
        "基本生活": any([s[n] for n in ("dibao", "tekun", "dibao_single", "orphan", "swwrfy")]),
        "医疗健康": True in ill or told("member.illness.chronic") or any([(m[SPENT[0]] or 0) > 0 for m in members]),
        "康复": told("member.needs_rehabilitation") or told("member.disability.aids_needed"),
        "照护": told("member.needs_care") or told("member.disability.long_care") or level
        or any([self_care(m) in ("partial", "full") for m in assessed]),
        "关怀探访": any([y is not None and y >= 60 and (m["member.lives_alone"] or m["member.empty_nest"])
                     for m, y in zip(members, years, strict=True)]),
        "心理": told("member.danger_to_self") or any([m["member.mood"] not in ("calm", None) for m in members]),
        "教育资助": any([m["member.school"] not in ("none", None) for m in members]),
        "住房": h["housing.safe"] is False or h["housing.danger_level"] in ("C", "D") or h["housing.none"] or h["housing.difficult"],
        "就业": low and any([able_jobless(m, y, p) for m, y in zip(members, years, strict=True)]),
        "急难": event or h["signal.urgent"] or h["event.disaster_damage"],
        "法律": h["need.legal"] or h["event.unpaid_crime_damage"], "儿童保护": s["orphan"] or s["swwrfy"],
        "养老": level, "无障碍/适老": h["housing.barriers"], "殡葬": h["event.member_died"],
        "取暖/能源": h["housing.heating_difficulty"], "服务转介": h["need.words"] not in ("none", None),
    }  # fmt: skip
    return {name for name, holds in found.items() if holds} | set(h["need.ticked"] or ())


def matches(h: Told, members: list[Told], years: list[int | None], inside: list[int], ill: list[Truth], s: Told, out: Told,
            p: Told, three: dict[int, Truth], anyone: Any, std: Any) -> dict[str, Truth]:  # fmt: skip
    """The condition of each policy."""
    people = [(members[i], years[i], i) for i in inside]
    low = some([s[n] for n in ("tekun", "dibao", "dibao_single", "edge", "rigid")])
    low_all = some((low, s["orphan"], s["swwrfy"]))
    area = h["household.area"]
    rural, urban = among(area, ("rural",)), among(area, ("urban",))
    monitored, barriers, legal = h["household.monitored"], h["housing.barriers"], h["need.legal"]
    disabled = {i: None if m["member.disability.kind"] is None else m["member.disability.kind"] != "none" for m, _, i in people}
    old = {i: at_least(y, 60) for _, y, i in people}
    frail = {i: at_least(m["member.elder.level"], 2) for m, _, i in people}

    def school(*stages: str) -> Truth:
        return every((low_all, anyone([among(m["member.school"], stages) for m, _, _ in people])))

    def told(name: str) -> Truth:
        return anyone([m[name] for m, _, _ in people])

    def ups() -> Truth:
        if out["dibao"] is False:
            return False
        extra = total([top_up(m, y, p, std) for m, y, _ in people])
        return every((out["dibao"], None if extra is None else extra > 0))

    event = None if h["event.kind"] is None else bool(h["event.kind"])
    house = some((among(h["housing.danger_level"], ("C", "D")), h["housing.none"]))
    hurt = [every((disabled[i], negated(three[i]))) for _, _, i in people]
    return {
        **{id: out[id] for id in (*STATUSES, "temp_fast", "temp_expense")},
        "dibao_single": every((out["dibao_single"], True if out["dibao_single"] else None)), "class_aid": ups(),
        "price_subsidy": every((low_all, p["price_subsidy.running"])), "medical_insure": low,
        "medical_aid": every((low_all, anyone([some((ill[i], None if m[SPENT[0]] is None else m[SPENT[0]] > 0,
                                                      m["member.illness.chronic"])) for m, _, i in people]))),
        "emergency_medical": told("member.needs_emergency_care"), "edu_pre_comp": school("kindergarten", "primary", "middle"),
        "edu_high": school("high", "vocational"), "edu_univ": school("college", "university"),
        "rural_house": every((rural, house, some((low, monitored, event)))),
        "public_rental": every((urban, some((h["housing.difficult"], h["housing.none"])), low)),
        "job_aid": every((some((s["dibao"], s["edge"], s["rigid"])), anyone([able_jobless(m, y, p) for m, y, _ in people]))),
        "public_post": every((anyone([every((m["member.registered_unemployed"], able(m, y, p))) for m, y, _ in people]),
                              some((low, h["household.zero_employment"],
                                    anyone([at_least(m["member.unemployed_months"], 12) for m, _, _ in people]))))),
        "disaster": h["event.disaster_damage"],
        "disability_living": every((anyone(hurt), some((s["dibao"], s["dibao_single"],
                                                        every((s["edge"], p["disability_living.extend_edge"])))))),
        "disability_care": anyone([every((d, among(m["member.disability.level"], (1, 2)), m["member.disability.long_care"],
                                          negated(m["member.work_injury_care"]))) for d, (m, _, _) in zip(hurt, people, strict=True)]),
        "child_rehab": anyone([every((at_most(y, 6), some((among(m["member.disability.kind"],
                               ("visual", "hearing", "speech", "limb", "intellectual")), m["member.disability.autism"]))))
                               for m, y, _ in people]),
        "aids": anyone([every((disabled[i], m["member.disability.aids_needed"])) for m, _, i in people]),
        "accessible_home": every((barriers, low, anyone([severe(m) for m, _, _ in people]))),
        "aging_home": every((barriers, some((s["tekun"], s["dibao"], s["edge"])), anyone(
            [every((old[i], some((at_least(y, 80), frail[i], disabled[i])))) for _, y, i in people]))),
        "elder_consume": anyone([every((old[i], frail[i])) for _, _, i in people]),
        "elder_age": anyone([every((old[i], at_least(y, p["elder_age.from_age"]))) for _, y, i in people]),
        "elder_visit": anyone([every((old[i], some((m["member.lives_alone"], m["member.empty_nest"], frail[i], three[i]))))
                               for m, _, i in people]),
        "stray": told("member.stray"), "legal_aid": every((legal, low_all)), "judicial_aid": h["event.unpaid_crime_damage"],
        "service_aid": every((low_all, anyone([some((old[i], disabled[i], m["member.needs_care"], frail[i]))
                                               for m, _, i in people]))),
        "heating": every((low, p["heating.offered"])), "funeral": every((h["event.member_died"], low, p["funeral.offered"])),
        "childcare": anyone([below(y, 3) for _, y, _ in people]),
        "charity": every((None if h["need.ticked"] is None else "慈善" in h["need.ticked"], low_all)),
        "industry_aid": every((rural, some((low, monitored)), h["household.develops_business"])),
        "veteran_aid": every((told("member.veteran"), some((low, h["household.other_hardship"])))),
        "rural_monitoring": monitored,
    }  # fmt: skip
