"""The shortest account of an assessment: one key per conclusion, amounts in yuan; what the command line prints."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from fieldapp.policy.assessment import Assessment
from fieldapp.policy.evaluation import Case
from fieldapp.policy.explain import explain, value_text
from fieldapp.policy.facts import Facts
from fieldapp.policy.money import Amount, yuan
from fieldapp.policy.pack import Pack
from fieldapp.policy.rules import dibao, income, leaving, single, tekun, temporary
from fieldapp.policy.steps import Gap, Step, gaps

TOPICS = (
    ("identity", ("member.identity", "member.id_kind")),
    ("disability assessment", ("member.disability.", "member.elder.", "selfcare.")),
    ("obligors", ("household.other_obligors", "obligor.")),
    ("economic check", ("member.income.", "household.income.", "household.deposits", "household.securities",
                        "household.insurance_value", "household.internet_finance", "household.claims",
                        "household.passenger_cars", "household.houses", "household.large_machines",
                        "member.deposits")),
    ("illness and spending", ("member.illness", "member.self_paid", "member.education_12", "member.rehabilitation_12",
                              "household.spending.")),
    ("age", ("member.age", "member.birth_date")),
    ("area", ("household.area",)),
    ("members", ("household.roster_complete", "member.relation", "member.lives_together", "member.away")),
)  # fmt: skip
"""What a gap is part of, in the words of a task for a department."""


def topic(gap: Gap) -> str:
    """The task a missing fact belongs to; a parameter is the county's, anything else "other facts"."""
    if gap.state == "parameter":
        return "parameters"
    return next((name for name, prefixes in TOPICS if gap.name.startswith(prefixes)), "other facts")


def summary(facts: Facts, pack: Pack, on: date, result: Assessment) -> dict[str, Any]:
    """Conclusions by name: programmes' states, per_person, amount, of_which_top_up, limit, tier, risk, missing ..."""
    c = Case(facts, pack, on)
    found: dict[str, Any] = {p.id: p.verdict.value for p in result.programs}
    steps = {"per_person": income.per_person(c), **_amounts(c, result)}
    found.update({name: _number(step) for name, step in steps.items() if step is not None})
    found |= {"tier": result.tier.tier, "risk": result.risk.level, "revisit_days": result.risk.revisit_days}
    found["missing"] = sorted({topic(g) for p in result.programs for g in gaps(p.step)})
    if found["temp_fast"] == "first_match":
        found |= {"economic_check": "not asked", "public_notice": "none"}
    if leaving.gradual_exit(c).value:
        found["gradual_exit"] = f"up to {value_text(leaving.exit_months(c), 'en')} months"
    if found["dibao"] == "no_match":
        found["exit_check"] = leaving.exit_check(c).value
    return found


def _amounts(c: Case, result: Assessment) -> dict[str, Step | None]:
    """The amount of the programme that pays: extreme poverty before the allowance, that before one member alone."""
    steps: dict[str, Step | None] = {}
    if result.program("tekun").verdict == "first_match":
        steps["amount"] = tekun.total(c)
        steps["self_care"] = tekun.self_care(c, tekun.people(c)[0])
    elif result.program("dibao").verdict == "first_match":
        steps |= {"amount": dibao.amount(c), "of_which_top_up": dibao.top_ups(c)}
    elif result.program("dibao_single").verdict == "first_match":
        people = single.people(c)
        steps["amount"] = result.program("dibao_single").amount_step
        steps["counted_income"] = income.own_countable(c, people[0]) if len(people) == 1 else None
    if result.program("temp_fast").verdict == "first_match":
        steps["limit"] = temporary.limit(c)
    return steps


def _number(step: Step) -> Any:
    if step.value is None:
        return "to_check"
    if step.about.unit == "fen" and isinstance(step.value, (int, Fraction)):
        return plain_yuan(step.value)
    return step.value


def plain_yuan(amount: Amount) -> int | float:
    """Yuan as a JSON number: 3490, 866.67."""
    text = yuan(amount)
    return float(text) if "." in text else int(text)


def explanations(result: Assessment, lang: str) -> dict[str, list[str]]:
    """Per programme, its step tree as lines with clause and parameter dates."""
    people = dict(result.people)
    lines: dict[str, list[str]] = {}
    for program in result.programs:
        roots = [program.step, *([program.amount_step] if program.amount_step else [])]
        seen: set[int] = set()
        told = [line for root in roots for line in explain(root, lang, people, seen=seen)]
        lines[program.id] = ["  " * line.depth + line.text + _basis(line.clause, line.parameter) for line in told]
        lines[program.id] += [f"{line.words(lang)}" for line in program.advice]
    return lines


def _basis(clause: str, parameter: str) -> str:
    parts = [part for part in (clause, parameter) if part]
    return f"  [{'; '.join(parts)}]" if parts else ""


