"""Procedure files (YAML) read and checked: an unknown word, step, role or parameter is named with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fieldapp.domain.documents import RECORDS, Matter
from fieldapp.domain.roles import ROLES
from fieldapp.errors import InputError
from fieldapp.policy.parameters import register
from fieldapp.workflows.matters.procedure import (
    ADULT,
    DAYS,
    FORM,
    HOURS,
    LEVELS,
    ONCE,
    READ,
    ROW,
    SESSION,
    VISIT,
    WORKING,
    Outcome,
    Procedure,
    Step,
    Stop,
    TermRule,
    Words,
)

TOP = {"id", "type", "kind", "zh", "en", "group", "roles", "about", "door", "steps", "policies", "program",
       "parameters", "whole", "stops", "alone", "public_notice", "note_zh", "note_en"}  # fmt: skip
STEP = {"zh", "en", "roles", "level", "kind", "form", "each", "again", "rows", "needs", "optional", "term", "reads",
        "fills", "outcomes", "closes", "not_by", "when", "pays", "fund", "intake", "revisit_days", "offers",
        "note_zh", "note_en"}  # fmt: skip
OUTCOME = {"zh", "en", "closes", "opens", "program", "tone"}
TERM = {"days", "unit", "parameter", "start", "until", "clause"}
DOORS = {"household", "lead", "plan", "desk", "matter"}


def read_procedure(data: bytes, where: str) -> Procedure:
    """Raises InputError ``procedure.*`` with the place in the file."""
    import yaml

    from fieldapp.policy.yamlfile import read_yaml

    try:
        tree = read_yaml(data)
    except yaml.YAMLError as error:
        raise InputError("procedure.unreadable", where=where) from error
    if not isinstance(tree, Mapping):
        raise InputError("procedure.unreadable", where=where)
    try:
        found = _procedure(tree)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError("procedure.wrong", where=where, what=str(error)) from error
    problems = [*_unknown(tree), *_wrong(found)]
    if problems:
        raise InputError("procedure.wrong", where=where, what="；".join(problems))
    return found


def _procedure(tree: Mapping[str, Any]) -> Procedure:
    return Procedure(
        id=tree["id"], type=tree["type"], kind=tree.get("kind", tree["id"]), words=_words(tree),
        group=tree.get("group", tree["type"]), roles=_texts(tree["roles"]), about=tree.get("about", "household"),
        door=_texts(tree.get("door", ["household"])),
        steps=tuple(_step(name, each) for name, each in tree["steps"].items()),
        policies=_texts(tree.get("policies")), program=tree.get("program", ""),
        parameters=_texts(tree.get("parameters")), whole=_term(tree.get("whole")),
        stops=tuple(Stop(**each) for each in tree.get("stops", ())), alone=bool(tree.get("alone", False)),
        public_notice=bool(tree.get("public_notice", True)), note=_note(tree),
    )  # fmt: skip


def _step(name: str, tree: Mapping[str, Any]) -> Step:
    outcomes = tuple(_outcome(one, each) for one, each in (tree.get("outcomes") or {}).items())
    return Step(
        id=name, words=_words(tree), roles=_texts(tree["roles"]), level=tree["level"], kind=tree.get("kind", FORM),
        form=tree.get("form", ""), each=tree.get("each", ONCE), again=_texts(tree.get("again")),
        rows=dict(tree.get("rows") or {}),
        needs=tuple(_alternative(each) for each in _list(tree.get("needs"))), optional=bool(tree.get("optional")),
        term=_term(tree.get("term")), reads={**READ, **(tree.get("reads") or {})}, fills=dict(tree.get("fills") or {}),
        outcomes=outcomes, closes=bool(tree.get("closes")), not_by=_texts(tree.get("not_by")),
        when={key: _plain(value) for key, value in (tree.get("when") or {}).items()}, pays=bool(tree.get("pays")),
        fund=tree.get("fund", ""), intake=tree.get("intake", ""), revisit_days=int(tree.get("revisit_days", 0)),
        offers=dict(tree.get("offers") or {}),
        note=_note(tree),
    )  # fmt: skip


def _outcome(name: str, tree: Mapping[str, Any]) -> Outcome:
    return Outcome(
        name, _words(tree), bool(tree.get("closes")), _texts(tree.get("opens")), tree.get("program", ""),
        tree.get("tone", "done"),
    )  # fmt: skip


def _words(tree: Mapping[str, Any]) -> Words:
    return Words(tree["zh"], tree["en"])


def _note(tree: Mapping[str, Any]) -> Words:
    return Words(tree.get("note_zh", ""), tree.get("note_en", ""))


def _term(tree: Mapping[str, Any] | None) -> TermRule | None:
    return TermRule(**tree) if tree is not None else None


def _alternative(tree: Any) -> dict[str, tuple[str, ...]]:
    """``accept`` | ``[accept, visit]`` | ``{accept: accepted, visit: []}``."""
    if isinstance(tree, str):
        return {tree: ()}
    if isinstance(tree, Mapping):
        return {name: _texts(outcomes) for name, outcomes in tree.items()}
    return {name: () for name in tree}


def _list(tree: Any) -> list[Any]:
    return [] if tree is None else tree if isinstance(tree, list) else [tree]


def _texts(tree: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in _list(tree))


def _plain(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _unknown(tree: Mapping[str, Any]) -> Iterable[str]:
    yield from (f"? {name}" for name in tree.keys() - TOP)
    for name, step in tree["steps"].items():
        yield from (f"{name}: ? {key}" for key in step.keys() - STEP)
        yield from (f"{name}: term ? {key}" for key in (step.get("term") or {}).keys() - TERM)
        for one, outcome in (step.get("outcomes") or {}).items():
            yield from (f"{name}.{one}: ? {key}" for key in outcome.keys() - OUTCOME)


def _wrong(found: Procedure) -> Iterable[str]:
    if not issubclass(RECORDS.get(found.type, object), Matter):
        yield f"type: {found.type}"
    yield from (f"roles: {role}" for role in set(found.roles) - set(ROLES))
    yield from (f"door: {door}" for door in set(found.door) - DOORS)
    yield from (f"parameter: {key}" for key in found.settings_wanted() if key not in register())
    for stop in found.stops:
        yield from (f"stops: {name}" for name in (stop.begin, stop.end) if not found.has(name))
    for step in found.steps:
        yield from (f"{step.id}: {problem}" for problem in _wrong_step(found, step))


def _wrong_step(found: Procedure, step: Step) -> Iterable[str]:
    before = [each.id for each in found.steps]
    yield from (f"roles {role}" for role in set(step.roles) - set(ROLES))
    if step.level not in LEVELS:
        yield f"level {step.level}"
    if step.kind not in (FORM, VISIT) or step.each not in (ONCE, ADULT, SESSION, ROW):
        yield f"kind {step.kind} {step.each}"
    if not step.form:
        yield "no form"
    if (step.each == ROW) != bool(step.rows) or (step.rows and step.rows.get("step") not in before):
        yield f"rows {step.rows}"
    if step.term is not None and step.term.unit not in (WORKING, DAYS, HOURS):
        yield f"term unit {step.term.unit}"
    for name, outcomes in [pair for each in step.needs for pair in each.items()]:
        if name not in before or (name != step.id and before.index(name) > before.index(step.id)):
            yield f"needs {name}"
        elif any(found.step(name).outcome(one) is None for one in outcomes):
            yield f"needs {name} {outcomes}"
    yield from (f"not_by {name}" for name in step.not_by if name not in before)
