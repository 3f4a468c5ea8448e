"""The rules applied to a form while it is filled, and what they said when it was submitted, ready to be shown."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from fieldapp.policy import api as policy
from fieldapp.policy.api import Assessment, Facts
from fieldapp.workflows.visit_submission import RevisitPlan
from forms.api import FactAnswer, FormDefinition

#: The order in which states matter to whoever stands at the door.
STATE_ORDER = ("conflict", "papers", "first_match", "to_check", "has", "no_match", "not_asked")
TONES = {
    "has": "done", "first_match": "done", "papers": "changed", "to_check": "changed", "no_match": "todo",
    "conflict": "abnormal", "not_asked": "todo",
}  # fmt: skip
REVISITED = ("high", "medium", "low")
#: A form that asks these asks what a comparison rests on; one that does not would only say 待核实 forty times, and its
#: few facts would stand before those of the last home visit.
RESTS_ON = frozenset({"household.area", "member.income.wage_month"})


@dataclass(frozen=True)
class StepLine:
    """One line of a calculation: how deep it stands, its words, the clause and the dated parameter it rests on."""

    depth: int
    text: str
    clause: str
    parameter: str


@dataclass(frozen=True)
class PolicyLine:
    """One programme or policy for this household. ``state`` is one of the six (or ``not_asked``), ``words`` its name
    on screen, ``reasons`` why, shortest first. ``to_public``: the county has signed it, a family may be shown it."""

    id: str
    name: str
    department: str
    state: str
    words: str
    reasons: tuple[str, ...]
    needs: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    amount: int | None = None
    to_public: bool = True
    steps: tuple[StepLine, ...] = field(default=(), repr=False)

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "todo")

    @property
    def clause(self) -> str:
        return next((step.clause for step in self.steps if step.clause), "")


@dataclass(frozen=True)
class OpenFact:
    """A fact that is still missing, and how many policies hang on it; ``row`` is the member's row key or ""."""

    fact: str
    row: str
    words: str
    policies: int


@dataclass(frozen=True)
class Assessed:
    """``programs`` are what the rules reckon, ``policies`` the catalogue's; ``frozen`` is kept with the visit."""

    programs: tuple[PolicyLine, ...]
    policies: tuple[PolicyLine, ...]
    tier: str
    risk: str
    needs: tuple[str, ...]
    open_facts: tuple[OpenFact, ...]
    on: date
    revisit: RevisitPlan | None = None
    risk_reason: str = ""
    frozen: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def program(self, program_id: str) -> PolicyLine | None:
        return next((line for line in self.programs if line.id == program_id), None)

    def policy(self, policy_id: str) -> PolicyLine | None:
        return next((line for line in self.policies if line.id == policy_id), None)

    def foremost(self, count: int) -> tuple[PolicyLine, ...]:
        """What to show where there is room for ``count``: by state, the catalogue's own order within it."""
        ranked = sorted(self.policies, key=lambda line: STATE_ORDER.index(line.state))
        return tuple(ranked[:count])


def compares(form: FormDefinition) -> bool:
    """Whether a form asks enough for its answers to be compared with policies and frozen."""
    return {node.fact for node in form.nodes.values() if node.fact} >= RESTS_ON


class Rules:
    """The policy pack in force, read once. Any thread; Python work of some milliseconds, so not the window's."""

    def __init__(self, pack: Path | bytes) -> None:
        self._source = pack
        self._pack: Any = None
        self._lock = threading.Lock()

    def assess(self, answers: Iterable[FactAnswer], on: date, lang: str = "zh") -> Assessed:
        """What holds for these answers today. Raises FactError for a form that binds facts the rules do not know."""
        facts = Facts.from_answers(answers)
        result = policy.assess(facts, self._loaded(), on)
        frozen = {"result": policy.to_json(result), "facts": facts.to_json()}
        return read(result, lang, frozen)

    def parameter(self, key: str, on: date) -> Any:
        """The county's value of a parameter on a day (money in 分, shares as Fraction); None when it has set none."""
        step = self._loaded().steps_on(on).get(key)
        return None if step is None else step.value

    def cadence(self, on: date) -> dict[str, int]:
        """Risk -> days to the next visit, as far as the county has set them."""
        found = {risk: self.parameter(f"risk.{risk}.revisit_days", on) for risk in REVISITED}
        return {risk: int(days) for risk, days in found.items() if days is not None}

    def _loaded(self) -> Any:
        with self._lock:
            if self._pack is None:
                self._pack = policy.load_pack(self._source)
            return self._pack


def from_frozen(frozen: Mapping[str, Any], lang: str = "zh") -> Assessed:
    """What was said when the visit was submitted, with the parameters of that day."""
    return read(policy.from_json(frozen["result"]), lang, frozen)


def frozen_of(assessment: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The frozen result in a visit's ``assessment``; None when it has none."""
    kept = assessment.get("frozen")
    return kept[0] if isinstance(kept, list | tuple) and kept else None


def read(result: Assessment, lang: str, frozen: Mapping[str, Any]) -> Assessed:
    """An assessment as screens show it, in ``lang`` (zh | en)."""
    names = dict(result.people)
    programs = tuple(
        PolicyLine(
            each.id, _pick(each.name, lang), "", str(each.verdict), each.state_words(lang), each.reasons(lang),
            amount=_whole(each.amount), steps=_steps(each.step, lang, names),
        )
        for each in result.programs
    )  # fmt: skip
    policies = tuple(
        PolicyLine(
            each.policy, _pick(each.name, lang), each.department, str(each.state), each.state_words(lang),
            each.reasons(lang), each.needs, tuple(_pick(paper, lang) for paper in each.papers), _whole(each.amount),
            each.to_public, _steps(each.step, lang, names),
        )
        for each in result.matches
    )  # fmt: skip
    questions = tuple(
        OpenFact(each.fact, each.row, each.en if lang == "en" else each.zh, len(each.policies))
        for each in result.questions
    )
    return Assessed(
        programs, policies, result.tier.words(lang), result.risk.words(lang), result.need_names(), questions, result.on,
        _revisit(result, lang), result.risk.reason(lang), frozen,
    )  # fmt: skip


def _revisit(result: Assessment, lang: str) -> RevisitPlan | None:
    risk = result.risk
    if risk.level not in REVISITED:
        return None
    return RevisitPlan(risk.level, risk.revisit_on.isoformat() if risk.revisit_on else None, risk.reason(lang))


def _steps(step: policy.Step, lang: str, names: Mapping[str, str]) -> tuple[StepLine, ...]:
    return tuple(
        StepLine(line.depth, line.text, line.clause, line.parameter) for line in policy.explain(step, lang, names)
    )


def _pick(words: tuple[str, str], lang: str) -> str:
    return words[1] if lang == "en" else words[0]


def _whole(amount: Any) -> int | None:
    return None if amount is None else int(amount)
