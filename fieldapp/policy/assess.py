"""Assess one household: programmes, circle, risk, needs, policies, what to ask next, what procedure demands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from fieldapp.policy.assessment import (
    Assessment,
    Match,
    Need,
    ProgramResult,
    Question,
    Risk,
    Tier,
)
from fieldapp.policy.evaluation import Case
from fieldapp.policy.facts import Facts
from fieldapp.policy.matching import conflicts, matches
from fieldapp.policy.pack import Pack
from fieldapp.policy.procedure import advice_for, procedure
from fieldapp.policy.rules import children, dibao, edge, needs, rigid, single, tekun, temporary, tier
from fieldapp.policy.rules import risk as risks
from fieldapp.policy.steps import Gap, GapFinder, Step
from fieldapp.policy.vocabulary import fact_info
from fieldapp.policy.words import MatchState, Verdict

PROGRAMS: dict[str, Callable[[Case], Step]] = {
    "dibao": dibao.dibao, "dibao_single": single.dibao_single, "edge": edge.edge, "rigid": rigid.rigid,
    "tekun": tekun.tekun, "orphan": children.orphan, "swwrfy": children.swwrfy,
    "temp_fast": temporary.temp_fast, "temp_expense": temporary.temp_expense,
}  # fmt: skip


def assess(facts: Facts, pack: Pack, on: date) -> Assessment:
    """What the rules in force on the day say about these facts under this pack."""
    c = Case(facts, pack, on)
    programs = _programs(c)
    found = matches(c)
    level = risks.risk(c)
    circle = tier.tier(c)
    open_ = [*(p.step for p in programs if p.verdict is Verdict.TO_CHECK), circle, level]
    hanging = _hanging(c, found, open_)
    return Assessment(
        on=on, pack=pack.name, people=_people(c), programs=programs,
        tier=Tier(_int(circle.value), tier.placed_by(c), circle), risk=_risk(c, level),
        needs=tuple(_needs(c)), matches=found, questions=_questions(hanging),
        conflicts=conflicts(c, found), procedure=tuple(procedure(c)),
        open_parameters=tuple(sorted(gap for gap in hanging if gap.state == "parameter")),
    )  # fmt: skip


def assess_programs(facts: Facts, pack: Pack, on: date) -> tuple[ProgramResult, ...]:
    """The programmes alone, for runs over many households."""
    return _programs(Case(facts, pack, on))


def _programs(c: Case) -> tuple[ProgramResult, ...]:
    return tuple(_program(c, id) for id in PROGRAMS if id in c.book)


def _int(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _people(c: Case) -> tuple[tuple[str, str], ...]:
    named = ((row, c.fact("member.name", row).value) for row in c.rows)
    return tuple((row, str(name)) for row, name in named if name)


def _program(c: Case, id: str) -> ProgramResult:
    step = PROGRAMS[id](c)
    verdict = Verdict.TO_CHECK if step.value is None else Verdict.FIRST_MATCH if step.value else Verdict.NO_MATCH
    first = comes_first(c, id) if verdict is Verdict.NO_MATCH else ""
    if first:
        verdict = Verdict.NOT_ASKED
    name = (c.book[id].zh, c.book[id].en)
    amount = _amount(c, id) if verdict is Verdict.FIRST_MATCH else None
    advice = tuple(advice_for(c, id, verdict, first))
    value = amount.number if amount is not None else None
    return ProgramResult(id, name, verdict, step, value, amount, _rows(c, id), advice)


ORDER = {"dibao_single": ("dibao",), "edge": ("dibao",), "rigid": ("dibao", "tekun", "edge")}


def comes_first(c: Case, id: str) -> str:
    """The programme that already answers this one, "" when there is none."""
    return next((name for name in ORDER.get(id, ()) if PROGRAMS[name](c).value is True), "")


def _amount(c: Case, id: str) -> Step | None:
    if id == "dibao":
        return dibao.amount(c)
    if id == "tekun":
        return tekun.total(c)
    if id == "temp_fast":
        return temporary.limit(c)
    if id == "dibao_single":
        amounts = [single.amount(c, row) for row in single.people(c)]
        return amounts[0] if len(amounts) == 1 else c.total("single.total", amounts)
    return None


def _rows(c: Case, id: str) -> tuple[str, ...]:
    people = PEOPLE.get(id)
    return tuple(people(c)) if people else ()


PEOPLE: dict[str, Callable[[Case], list[str]]] = {
    "dibao_single": single.people, "tekun": tekun.people, "orphan": children.orphans, "swwrfy": children.unsupported,
}  # fmt: skip


def _risk(c: Case, step: Step) -> Risk:
    name = step.value if isinstance(step.value, str) else "unknown"
    days = c.param(f"risk.{name}.revisit_days").value if name in risks.LEVELS else None
    on = c.on + timedelta(days=days) if isinstance(days, int) else None
    return Risk(name, _int(days), on, step)


def _needs(c: Case) -> Iterator[Need]:
    ticked = c.fact("need.ticked").names
    for name in needs.VOCABULARY:
        step = needs.found(c, name)
        if name in ticked:
            yield Need(name, "ticked", step)
        elif step is not None:
            yield Need(name, "rule", step)


def _hanging(c: Case, found: tuple[Match, ...], open_: list[Step]) -> dict[Gap, dict[str, int]]:
    """For every gap the open policies that hang on it, each with the cash it may bring."""
    finder = GapFinder()
    policies: dict[Gap, dict[str, int]] = {}
    for match in found:
        if match.state is MatchState.TO_CHECK:
            for gap in finder.of(match.step):
                policies.setdefault(gap, {})[match.policy] = _worth(c, match)
    for step in open_:
        for gap in finder.of(step):
            policies.setdefault(gap, {})
    return policies


def _questions(hanging: dict[Gap, dict[str, int]]) -> tuple[Question, ...]:
    """Missing facts, those first on which most possible policies hang, then those worth most."""
    asked = [_question(gap, names) for gap, names in hanging.items() if gap.state != "parameter"]
    return tuple(sorted(asked, key=lambda q: (-len(q.policies), -q.weight, q.fact, q.row)))


def _question(gap: Gap, policies: dict[str, int]) -> Question:
    info = fact_info(gap.name)
    return Question(gap.name, gap.row, gap.state, info.zh, info.en, tuple(sorted(policies)), sum(policies.values()))


def _worth(c: Case, match: Match) -> int:
    policy = next(p for p in c.pack.policies if p.id == match.policy)
    value = c.param(policy.amount).value if policy.amount else None
    return value if isinstance(value, int) else 0


