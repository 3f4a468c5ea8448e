"""Assessments as JSON: every step spelled out with its words of the day, so that what was said stays said.

    {"schema": "assessment/1", on, pack, facts, people, programs, tier, risk, needs, matches, questions,
     conflicts, procedure, open_parameters, steps: [{id, zh, en, kind, unit, value, text: [zh, en], clauses, ...}]}

Results name their steps by position in ``steps``; inputs of a step come before it.
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
from fieldapp.policy.explain import line_text, step_text
from fieldapp.policy.legal import Clause
from fieldapp.policy.money import Amount
from fieldapp.policy.problems import FactError
from fieldapp.policy.steps import About, Gap, GapFinder, Parameter, Step, StepValue, walk
from fieldapp.policy.words import MatchState, Verdict

SCHEMA = "assessment/1"


def to_json(result: Assessment) -> dict[str, Any]:
    """The assessment as plain JSON data."""
    steps = list(walk(_steps_of(result)))
    number = {id(step): index for index, step in enumerate(steps)}
    finder = GapFinder()
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
        "questions": [{**msgspec.to_builtins(msgspec.structs.replace(q, weight=0)), "weight": _value(q.weight)}
                      for q in result.questions],
        "conflicts": msgspec.to_builtins(result.conflicts), "procedure": msgspec.to_builtins(result.procedure),
        "open_parameters": msgspec.to_builtins(result.open_parameters),
        "steps": [_step(step, number, finder) for step in steps],
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
        "reasons": {"zh": p.reasons(), "en": p.reasons("en")}, "step": number[id(p.step)],
        "amount_step": number[id(p.amount_step)] if p.amount_step else None,
    }  # fmt: skip


def _match(m: Match, number: Mapping[int, int]) -> dict[str, Any]:
    plain = msgspec.to_builtins(msgspec.structs.replace(m, step=None, amount=None))
    return {
        **plain, "amount": _value(m.amount), "words": [m.state_words(), m.state_words("en")],
        "reasons": {"zh": m.reasons(), "en": m.reasons("en")}, "step": number[id(m.step)],
    }  # fmt: skip


def _step(step: Step, number: Mapping[int, int], finder: GapFinder) -> dict[str, Any]:
    about = step.about
    entry: dict[str, Any] = {
        "id": about.id, "zh": about.zh, "en": about.en, "kind": about.kind, "unit": about.unit,
        "value": _value(step.value), "text": [step_text(step, "zh", finder), step_text(step, "en", finder)],
        "line": [line_text(step, "zh", finder), line_text(step, "en", finder)],
        "inputs": [number[id(i)] for i in step.inputs],
    }  # fmt: skip
    if about.clauses:
        entry["clauses"] = [{"doc": c.doc, "article": c.article, "zh": c.words("zh"), "en": c.words("en")}
                            for c in about.clauses]  # fmt: skip
    if about.parameter is not None:
        entry["parameter"] = msgspec.to_builtins(about.parameter)
    entry.update({k: v for k, v in (("row", step.row), ("note", step.note), ("version", about.version)) if v})
    return entry


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
    for entry in data["steps"]:
        steps.append(_read_step(entry, steps))
    return Assessment(
        on=date.fromisoformat(data["on"]), pack=msgspec.convert(data["pack"], PackName),
        people=tuple(data["people"].items()), programs=tuple(_read_program(p, steps) for p in data["programs"]),
        tier=Tier(data["tier"]["tier"], data["tier"]["by"], steps[data["tier"]["step"]]),
        risk=_read_risk(data["risk"], steps), needs=tuple(_read_need(n, steps) for n in data["needs"]),
        matches=tuple(_read_match(m, steps) for m in data["matches"]),
        questions=tuple(_read_question(q) for q in data["questions"]),
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


def _read_step(entry: Mapping[str, Any], before: list[Step]) -> Step:
    about = About(
        entry["id"], entry["zh"], entry["en"], entry["kind"], entry["unit"],
        tuple(Clause(c["doc"], c["article"]) for c in entry.get("clauses", [])),
        msgspec.convert(entry["parameter"], Parameter) if "parameter" in entry else None, entry.get("version", ""),
    )  # fmt: skip
    return Step(about, _read(entry["value"]), tuple(before[i] for i in entry["inputs"]), entry.get("row", ""),
                entry.get("note", ""), (entry["text"][0], entry["text"][1]))  # fmt: skip


def _read_program(p: Mapping[str, Any], steps: list[Step]) -> ProgramResult:
    return ProgramResult(
        p["id"], (p["name"][0], p["name"][1]), Verdict(p["state"]), steps[p["step"]], _read(p["amount"]),
        None if p["amount_step"] is None else steps[p["amount_step"]], tuple(p["people"]),
        tuple(msgspec.convert(line, Line) for line in p["advice"]),
    )  # fmt: skip


def _read_risk(r: Mapping[str, Any], steps: list[Step]) -> Risk:
    on = date.fromisoformat(r["revisit_on"]) if r["revisit_on"] else None
    return Risk(r["level"], r["revisit_days"], on, steps[r["step"]])


def _read_question(q: Mapping[str, Any]) -> Question:
    return Question(q["fact"], q["row"], q["state"], q["zh"], q["en"], tuple(q["policies"]), _read(q["weight"]))


def _read_need(n: Mapping[str, Any], steps: list[Step]) -> Need:
    return Need(n["name"], n["source"], None if n["step"] is None else steps[n["step"]])


def _read_match(m: Mapping[str, Any], steps: list[Step]) -> Match:
    plain = {k: v for k, v in m.items() if k not in ("words", "reasons", "step", "amount", "state", "note")}
    plain.update({k: tuple((p[0], p[1]) for p in m[k]) for k in ("papers", "bring")})
    plain.update({k: tuple(m[k]) for k in ("needs", "people", "clashes", "name")})
    plain["note"] = msgspec.convert(m["note"], Line) if m["note"] else None
    return Match(**plain, state=MatchState(m["state"]), step=steps[m["step"]], amount=_read(m["amount"]))
