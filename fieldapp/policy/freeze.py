"""Assessments as JSON: every step spelled out with its words of the day, so that what was said stays said.

    {"schema": "assessment/1", on, pack, people, programs, tier, risk, needs, matches, questions, conflicts, procedure,
     open_parameters, abouts: [{id, zh, en, kind, unit, clauses, parameter, version}],
     steps: [[about, value, inputs, row, note, [zh, en] | null]]}

Results name their steps by position in ``steps``, steps what they are about by position in ``abouts``; inputs of a
step come before it. Arithmetic and comparisons keep their text; what is plain from value and kind does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from fieldapp.policy.assessment import (
    Assessment,
    Conflict,
    Line,
    Match,
    Need,
    PackName,
    ProgramResult,
    Question,
    Risk,
    Tier,
)
from fieldapp.policy.explain import step_text
from fieldapp.policy.legal import Clause
from fieldapp.policy.money import Amount
from fieldapp.policy.problems import FactError
from fieldapp.policy.steps import About, Gap, Parameter, Step, StepValue, walk
from fieldapp.policy.vocabulary import fact_info
from fieldapp.policy.words import MatchState, Verdict

SCHEMA = "assessment/1"


def to_json(result: Assessment) -> dict[str, Any]:
    """The assessment as plain JSON data."""
    steps = list(walk(_steps_of(result)))
    number = {id(step): index for index, step in enumerate(steps)}
    distinct = list({id(step.about): step.about for step in steps}.values())
    abouts = {id(about): index for index, about in enumerate(distinct)}
    policies = {match.policy: index for index, match in enumerate(result.matches)}
    return {
        "schema": SCHEMA, "on": result.on.isoformat(), "pack": msgspec.to_builtins(result.pack),
        "people": dict(result.people), "programs": [_program(p, number) for p in result.programs],
        "tier": {"tier": result.tier.tier, "by": result.tier.by, "words": _pair(result.tier),
                 "step": number[id(result.tier.step)]},
        "risk": {"level": result.risk.level, "revisit_days": result.risk.revisit_days,
                 "revisit_on": str(result.risk.revisit_on or "") or None, "words": _pair(result.risk),
                 "step": number[id(result.risk.step)]},
        "needs": [{"name": n.name, "source": n.source, "step": number[id(n.step)] if n.step else None}
                  for n in result.needs],
        "matches": [_match(m, number) for m in result.matches],
        "questions": [[q.fact, q.row, q.state, [policies[name] for name in q.policies], _value(q.weight)]
                      for q in result.questions],
        "conflicts": msgspec.to_builtins(result.conflicts), "procedure": msgspec.to_builtins(result.procedure),
        "open_parameters": msgspec.to_builtins(result.open_parameters),
        "abouts": [_about(about) for about in distinct],
        "steps": [_step(step, number, abouts) for step in steps],
    }  # fmt: skip


def _pair(result: Tier | Risk) -> list[str]:
    return [result.words("zh"), result.words("en")]


def _steps_of(result: Assessment) -> list[Step]:
    found = [p.step for p in result.programs] + [p.amount_step for p in result.programs if p.amount_step]
    found += [result.tier.step, result.risk.step, *(n.step for n in result.needs if n.step)]
    return [*found, *(m.step for m in result.matches)]


def _program(p: ProgramResult, number: Mapping[int, int]) -> dict[str, Any]:
    return {
        "id": p.id, "name": list(p.name), "state": p.verdict.value, "words": [p.state_words(), p.state_words("en")],
        "amount": _value(p.amount), "people": list(p.people), "advice": msgspec.to_builtins(p.advice),
        "step": number[id(p.step)], "amount_step": number[id(p.amount_step)] if p.amount_step else None,
    }  # fmt: skip


def _match(m: Match, number: Mapping[int, int]) -> dict[str, Any]:
    plain = msgspec.to_builtins(msgspec.structs.replace(m, step=None, amount=None))
    words = [m.state_words(), m.state_words("en")]
    return {**plain, "amount": _value(m.amount), "words": words, "step": number[id(m.step)]}


def _about(about: About) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": about.id, "zh": about.zh, "en": about.en, "kind": about.kind, "unit": about.unit}
    if about.clauses:
        entry["clauses"] = [[c.doc, c.article] for c in about.clauses]
    if about.parameter is not None:
        entry["parameter"] = {k: v for k, v in msgspec.to_builtins(about.parameter).items() if v}
    if about.version:
        entry["version"] = about.version
    return entry


TOLD = frozenset({"below", "above", "at_most", "at_least", "minus", "divide", "times", "sum", "round"})


def _step(step: Step, number: Mapping[int, int], abouts: Mapping[int, int]) -> list[Any]:
    told = step.value is not None and (step.about.kind in TOLD or step.about.unit == "percent")
    text = [step_text(step, "zh"), step_text(step, "en")] if told else None
    inputs = [number[id(i)] for i in step.inputs]
    return [abouts[id(step.about)], _value(step.value), inputs, step.row, step.note, text]


def _value(value: StepValue | Amount) -> Any:
    """Fractions as {"fraction": "n/d"}, dates and decimals marked, the rest as it is."""
    if isinstance(value, Fraction):
        return {"fraction": f"{value.numerator}/{value.denominator}"}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return _listed(value) if isinstance(value, tuple) else value


def _listed(value: tuple[Any, ...]) -> list[Any]:
    return [_listed(item) if isinstance(item, tuple) else item for item in value]


def from_json(data: Mapping[str, Any]) -> Assessment:
    """The assessment ``to_json`` wrote; its steps answer with the words of that day. FactError if it is none."""
    if data.get("schema") != SCHEMA:
        raise FactError("policy.assessment_file", where="schema")
    steps: list[Step] = []
    abouts = [_read_about(entry) for entry in data["abouts"]]
    for entry in data["steps"]:
        steps.append(_read_step(entry, abouts, steps))
    return Assessment(
        on=date.fromisoformat(data["on"]), pack=msgspec.convert(data["pack"], PackName),
        people=tuple(data["people"].items()), programs=tuple(_read_program(p, steps) for p in data["programs"]),
        tier=Tier(data["tier"]["tier"], data["tier"]["by"], steps[data["tier"]["step"]]),
        risk=_read_risk(data["risk"], steps), needs=tuple(_read_need(n, steps) for n in data["needs"]),
        matches=tuple(_read_match(m, steps) for m in data["matches"]),
        questions=tuple(_read_question(q, data["matches"]) for q in data["questions"]),
        conflicts=tuple(msgspec.convert(c, Conflict) for c in data["conflicts"]),
        procedure=tuple(msgspec.convert(line, Line) for line in data["procedure"]),
        open_parameters=tuple(msgspec.convert(g, Gap) for g in data["open_parameters"]),
    )  # fmt: skip


_READERS: dict[str, Callable[[str], object]] = {
    "fraction": Fraction, "date": date.fromisoformat, "decimal": Decimal,
}  # fmt: skip


def _read(value: Any) -> Any:
    if isinstance(value, Mapping):
        ((kind, text),) = value.items()
        return _READERS[kind](text)
    return tuple(_read(item) for item in value) if isinstance(value, list) else value


def _read_about(entry: Mapping[str, Any]) -> About:
    return About(
        entry["id"], entry["zh"], entry["en"], entry["kind"], entry["unit"],
        tuple(Clause(doc, article) for doc, article in entry.get("clauses", [])),
        msgspec.convert(entry["parameter"], Parameter) if "parameter" in entry else None, entry.get("version", ""),
    )  # fmt: skip


def _read_step(entry: list[Any], abouts: list[About], before: list[Step]) -> Step:
    about, value, inputs, row, note, text = entry
    words = (text[0], text[1]) if text else None
    return Step(abouts[about], _read(value), tuple(before[i] for i in inputs), row, note, words)


def _read_program(p: Mapping[str, Any], steps: list[Step]) -> ProgramResult:
    return ProgramResult(
        p["id"], (p["name"][0], p["name"][1]), Verdict(p["state"]), steps[p["step"]], _read(p["amount"]),
        None if p["amount_step"] is None else steps[p["amount_step"]], tuple(p["people"]),
        tuple(msgspec.convert(line, Line) for line in p["advice"]),
    )  # fmt: skip


def _read_risk(r: Mapping[str, Any], steps: list[Step]) -> Risk:
    on = date.fromisoformat(r["revisit_on"]) if r["revisit_on"] else None
    return Risk(r["level"], r["revisit_days"], on, steps[r["step"]])


def _read_question(q: list[Any], matches: list[Mapping[str, Any]]) -> Question:
    fact, row, state, policies, weight = q
    info = fact_info(fact)
    names = tuple(matches[index]["policy"] for index in policies)
    return Question(fact, row, state, info.zh, info.en, names, _read(weight))


def _read_need(n: Mapping[str, Any], steps: list[Step]) -> Need:
    return Need(n["name"], n["source"], None if n["step"] is None else steps[n["step"]])


def _read_match(m: Mapping[str, Any], steps: list[Step]) -> Match:
    plain = {k: v for k, v in m.items() if k not in ("words", "reasons", "step", "amount", "state", "note")}
    plain.update({k: tuple((p[0], p[1]) for p in m[k]) for k in ("papers", "bring")})
    plain.update({k: tuple(m[k]) for k in ("needs", "people", "clashes", "name")})
    plain["note"] = msgspec.convert(m["note"], Line) if m["note"] else None
    return Match(**plain, state=MatchState(m["state"]), step=steps[m["step"]], amount=_read(m["amount"]))
