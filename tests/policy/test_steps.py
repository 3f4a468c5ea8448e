"""What every step of a trace says, by its rule id: values a person can check on paper."""

from __future__ import annotations

from functools import cache

import pytest

from fieldapp.policy.api import Facts, explain, gaps, parameters_used
from fieldapp.policy.explain import line_text
from fieldapp.policy.steps import Step, walk
from tests.policy.makers import AFTER, BEFORE, family, look

WIFE = {"role": "wife", "age": 38}
FAMILIES: dict[str, Facts] = {
    "ill": family(
        {"age": 40, "wage_month": 2000}, {**WIFE, "illness": "leukaemia", "self_paid_medical_12_months": 3600},
        {"age": 9, "father": "dead", "mother": "in prison 12 months"}, income_month={"business": 100}, deposits=5000,
    ),
    "bills": family({"age": 40, "wage_month": 3300}, {**WIFE, "self_paid_medical_12_months": 30000}, deposits=0),
    "adrift": family({"age": "unknown", "id_number": "unknown"}),
    "orphan": family({"age": 70}, {"role": "grandson", "age": 9, "parents": "dead"}),
    "jobless": family({"age": 40, "work": "lost the job"}, {**WIFE, "wage_month": 2400}),
    "empty-handed": family({"age": 40, "wage_month": 9000}, housing={"bedding_food": "none"}),
    "fire": family({"age": 40, "wage_month": 9000}, event="fire"),
}  # fmt: skip

SAYS = [
    ("ill", "family.roster", "list of members: yes"), ("ill", "family.size", "members counted: 3"),
    ("ill", "family.identity", "identity established: yes"), ("ill", "income.person", "income of the person: 2000"),
    ("ill", "income.spending", "deductible rigid spending: 3600"), ("ill", "income.spending_month", "rigid deduction: 300"),
    ("bills", "income.rigid_deduction", "rigid deduction: 500"),
    ("ill", "income.after_costs", "countable income: 2100 − 300 job cost − 300 rigid deduction = 1500"),
    ("bills", "income.after_costs", "countable income: 3300 − 300 job cost − 500 capped rigid deduction = 2500"),
    ("ill", "income.per_person", "per person: 1500 / 3 = 500"), ("ill", "income.gross", "gross income: 2000 + 100 = 2100"),
    ("ill", "property.limit_per_person", "limit per person: 24 × 600 = 14400"),
    ("ill", "property.limit", "deposit limit: 24 × 600 × 3 = 43200"), ("ill", "property.financial", "deposits: 5000"),
    ("ill", "property.financial_within", "deposits within the limit: deposits 5000 ≤ 43200"),
    ("ill", "property.count_within", "number within the limit: passenger cars 0 ≤ 0"),
    ("ill", "property.ok", "property within the rules: yes"), ("ill", "illness.listed", "listed severe illness: yes"),
    ("ill", "illness.someone", "someone with a listed severe illness: yes"),
    ("ill", "dibao.income_low", "per person below the standard: 1500 / 3 = 500 < 600"),
    ("ill", "dibao.conditions", "conditions of the allowance: yes"), ("ill", "dibao.gap", "gap per person: 600 − 500 = 100"),
    ("ill", "class_aid.severe_illness", "top-up for severe illness: 0.3 × 600 = 180"),
    ("ill", "class_aid.minor", "top-up for minors: 0.2 × 600 = 120"), ("ill", "class_aid.applies", "belongs to the category: yes"),
    ("ill", "class_aid.some", "someone belongs to a category: yes"), ("ill", "class_aid", "category top-up: yes"),
    ("ill", "dibao.before_rounding", "difference and top-ups: (600 − 500) × 3 + 300 = 600"),
    ("ill", "dibao.amount", "allowance a month: (600 − 500) × 3 + 300 → 600（rounded up to whole yuan）"),
    ("bills", "edge.not_dibao", "not in the allowance: yes"), ("bills", "edge.standard", "edge standard: 1.5 × 600 = 900"),
    ("bills", "edge.income_low", "per person below the edge standard: per person 1250 is not below 900 (1250 ≥ 900)"),
    ("bills", "edge.economy", "income and property within the edge rules: no"),
    ("bills", "edge.conditions", "conditions of the edge: no"),
    ("bills", "rigid.comes_after", "not in the allowance, extreme poverty or edge: yes"),
    ("bills", "rigid.income_low", "per person below last year's disposable income: 2500 / 2 = 1250 < 1850"),
    ("bills", "rigid.spending", "rigid spending of five kinds: 30000"),
    ("bills", "rigid.income_year", "gross income of 12 months: 39600"),
    ("bills", "rigid.ratio", "rigid ratio: 30000 / 39600 = 75.8 %"),
    ("bills", "rigid.ratio_high", "ratio exceeds the threshold: 30000 / 39600 = 75.8 % > 60 %"),
    ("bills", "rigid.conditions", "conditions of rigid spending: yes"),
    ("ill", "child.under_18", "under 18: yes"), ("orphan", "child.parent_lost", "parent dead or not to be found: yes"),
    ("ill", "child.parent_gone", "parent dead or missing: yes"), ("ill", "child.long_enough", "for 6 months: yes"),
    ("ill", "child.parent_situation", "parent in one of the eight situations: yes"),
    ("ill", "child.parent_unable", "parent cannot raise the child: yes"), ("ill", "child.not_orphan", "not an orphan: yes"),
    ("orphan", "orphan.someone", "an orphan in the family: yes"), ("orphan", "orphan", "orphan: yes"),
    ("ill", "swwrfy.someone", "an unsupported child in the family: yes"), ("ill", "swwrfy", "de-facto unsupported child: yes"),
    ("fire", "temp_fast.event", "a sudden event: yes"), ("jobless", "temp_fast.job_lost", "work lost: yes"),
    ("jobless", "temp_fast.jobs_lost", "someone lost the work: yes"), ("ill", "temp_fast.not_helped", "in no programme: yes"),
    ("ill", "temp_fast.new_illness", "severe illness and not in a programme: yes"),
    ("empty-handed", "temp_fast.no_shelter", "without food or bedding: yes"),
    ("adrift", "temp_fast.no_means", "unknown and without means: to be checked (identity established: unclear)"),
    ("adrift", "temp_fast.unidentified", "identity not established: to be checked (identity established: unclear)"),
    ("adrift", "temp_fast.no_income", "no income: yes"), ("fire", "temp_fast.cause", "a sudden or urgent hardship: yes"),
    ("bills", "temp_expense.conditions", "conditions of the expense type: yes"),
    ("adrift", "status.policy", "conditions of the policy: to be checked (identity established: unclear)"), ("ill", "tekun.minor", "minor (16 and 17 by the province's limit): yes"),
]  # fmt: skip


@cache
def lines_of(name: str) -> dict[str, set[str]]:
    result = look(FAMILIES[name])
    found: dict[str, set[str]] = {}
    for step in walk(roots(result)):
        found.setdefault(step.id, set()).add(line_text(step, "en"))
    return found


def roots(result: object) -> list[Step]:
    programs, matches = result.programs, result.matches  # type: ignore[attr-defined]
    return [
        *(p.step for p in programs),
        *(p.amount_step for p in programs if p.amount_step),
        *(m.step for m in matches),
    ]


@pytest.mark.parametrize(("name", "id", "line"), SAYS, ids=[f"{name}: {id}" for name, id, _ in SAYS])
def test_a_step_says(name: str, id: str, line: str) -> None:
    assert line in lines_of(name)[id]


def test_a_trace_names_people_clauses_and_parameters_with_their_dates() -> None:
    result = look(FAMILIES["ill"])
    lines = explain(result.program("dibao").step, "zh", dict(result.people))
    assert lines[0].text == "最低生活保障：是"
    assert lines[0].depth == 0
    assert any("甲1：工资性收入：2000" in line.text for line in lines)
    assert any("《社会救助法》第18条" in line.clause for line in lines)
    standard = next(p for p in parameters_used(result.program("dibao").step) if p.key == "dibao.standard_month.rural")
    assert (str(standard.since), standard.source) == ("2026-07-01", "示例民发〔2026〕18号")
    assert standard.entered_by != standard.approved_by
    assert len({id(line.step) for line in lines if not line.text.startswith("扣减")}) >= 20


def test_an_earlier_day_shows_the_parameter_with_its_end() -> None:
    used = parameters_used(look(FAMILIES["ill"], BEFORE).program("dibao").step)
    standard = next(p for p in used if p.key == "dibao.standard_month.rural")
    assert (str(standard.since), str(standard.until)) == ("2025-07-01", "2026-07-01")
    assert look(FAMILIES["ill"], AFTER).on != look(FAMILIES["ill"], BEFORE).on


def test_an_unknown_step_names_every_gap_once() -> None:
    facts = family({"age": 40, "wage_month": "unknown"}, WIFE, deposits="unknown")
    found = {(gap.name, gap.row, gap.state) for gap in gaps(look(facts).program("dibao").step)}
    assert found == {("member.income.wage_month", "01", "unclear"), ("household.deposits", "", "unclear")}
