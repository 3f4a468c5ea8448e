"""The frozen result of the rules as a paper prints it: what holds, the arithmetic, the clause (policy.api)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fieldapp.policy import api as policy
from fieldapp.policy.api import Assessment, Explained, Match, ProgramResult
from fieldapp.reports.content import Comparison
from fieldapp.workflows.assessing import STATE_ORDER, frozen_of

#: Lines of a step tree that say something to a reader of paper; the rest is on screen under 查看计算过程.
PRINTED_KINDS = frozenset({"minus", "divide", "times", "round", "below", "above", "at_most", "at_least"})
MOST_LINES = 16
#: Reasons that only repeat the verdict.
EMPTY_REASONS = frozenset({"是", "否"})
UNSIGNED = "（县级尚未核定，仅供工作人员参考）"
PAID_ONCE = frozenset({"temp_fast", "temp_expense"})


def assessment_of(visit_assessment: Mapping[str, Any]) -> Assessment | None:
    """The assessment frozen with a visit; None when the laptop had no policy pack."""
    frozen = frozen_of(visit_assessment)
    return policy.from_json(frozen["result"]) if frozen else None


def comparisons(result: Assessment) -> tuple[Comparison, ...]:
    """Programmes with their arithmetic, then the catalogue's policies that no programme stands for; what holds comes
    first."""
    names = dict(result.people)
    seen: set[int] = set()
    programs = [_program(each, names, seen) for each in _ranked(result.programs, lambda p: str(p.verdict))]
    reckoned = {program.id for program in result.programs}
    rest = [match for match in result.matches if match.policy not in reckoned or match.state.value == "has"]
    return tuple(programs + [_policy(each) for each in _ranked(rest, lambda m: str(m.state))])


def standing(result: Assessment) -> tuple[tuple[str, str], ...]:
    """(label, words) of circle, risk and next visit."""
    found = [("圈层", result.tier.words()), ("风险等级", result.risk.words())]
    if result.risk.revisit_on:
        found.append(("下次回访", result.risk.revisit_on.isoformat()))
    return tuple(found)


def amount_words(program: ProgramResult) -> str:
    """``每月 3490 元``; "" without an amount."""
    if program.amount is None:
        return ""
    paid = "一次" if program.id in PAID_ONCE else "每月"
    return f"测算金额：{paid} {policy.yuan(program.amount)} 元"


def _ranked(results: Sequence[Any], state: Any) -> list[Any]:
    return sorted(results, key=lambda each: STATE_ORDER.index(state(each)))


def _program(program: ProgramResult, names: Mapping[str, str], seen: set[int]) -> Comparison:
    told = policy.explain(program.step, "zh", names, seen=seen)
    reckoned = policy.explain(program.amount_step, "zh", names, seen=seen) if program.amount_step else ()
    advice = [each.zh for each in program.advice]
    lines = [amount_words(program), *_arithmetic(reckoned), *program.reasons(), *_arithmetic(told), *advice]
    clause = next((line.clause for line in told if line.clause), policy.clause_text(program.step))
    who = "、".join(names.get(row, "") for row in program.people if names.get(row))
    name = f"{program.name[0]}（{who}）" if who and len(program.people) < len(names) else program.name[0]
    return Comparison(name, str(program.verdict), program.state_words(), _telling(lines), clause)


def _arithmetic(lines: Sequence[Explained]) -> Iterator[str]:
    for line in lines:
        # A top-up nobody gets is no arithmetic; an income of zero (a quotient) is.
        nothing = line.step.about.unit == "fen" and line.step.value == 0 and line.step.about.kind != "divide"
        if line.step.about.kind in PRINTED_KINDS and line.step.value is not None and not nothing:
            yield f"{line.text}（{line.parameter}）" if line.parameter else line.text


def _policy(match: Match) -> Comparison:
    lines = list(match.reasons())
    papers = "、".join(paper[0] for paper in match.papers)
    if papers:
        lines.append(f"待补材料：{papers}")
    if not match.to_public and str(match.state) != "no_match":
        lines.append(UNSIGNED)
    return Comparison(
        match.name[0], str(match.state), match.state_words(), _telling(lines), policy.clause_text(match.step)
    )


def _telling(lines: Sequence[str]) -> tuple[str, ...]:
    """Each line once, none that only repeats the verdict or stands within another."""
    once = list(dict.fromkeys(line for line in lines if line and line not in EMPTY_REASONS))
    return tuple(line for line in once if not any(line != other and line in other for other in once))[:MOST_LINES]
