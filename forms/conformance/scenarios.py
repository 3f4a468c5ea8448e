"""Runs scenario cases: a form, steps of filling it, and what another engine gave after each."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from forms.conformance.choices import judged
from forms.conformance.outcome import Outcome
from forms.definition.load import load_definition
from forms.definition.model import FormDefinition
from forms.definition.plan import NodePlan, Plan, Role
from forms.environment import Environment
from forms.expression.nodes import Node, NodeKind
from forms.expression.xml import parse_xml
from forms.problems import FormError, UnknownNode
from forms.session.session import Session
from forms.session.tree import Answer

Json = Any
_STEP = re.compile(r"^(@?[^\[]+?)(?:\[(\d+)\])?$")
_EDITING = re.compile(r"\bedit|restore", re.I)
_HOST = re.compile(r"\[object \w+\]")
_STAMPED = re.compile(r'<bind\b(?=[^>]*\bjr:preload="timestamp")[^>]*\bnodeset="[^"]*/([^"/]+)"')
_FILLED = re.compile(r"<([\w.-]+)>(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))</")
_DRAWN = re.compile(r"\b(?:now|uuid)\(")


class Mismatch(Exception):
    """The engine gave something else."""


class ScenarioCases:
    """One scenario file; ``run`` gives the outcome of each."""

    def __init__(self, data: Mapping[str, Json]) -> None:
        self.data = data
        self.loaded: dict[str, FormDefinition | FormError] = {}
        zone = ZoneInfo(data.get("meta", {}).get("timezone", "America/Phoenix"))
        now = recorded_at(data) or datetime.now(UTC)
        self.env = Environment(now=lambda: now, zone=zone, random=random.Random(1))

    def run(self) -> list[Outcome]:
        return [self.outcome(number, scenario) for number, scenario in enumerate(self.data["scenarios"])]

    def outcome(self, number: int, scenario: Mapping[str, Json]) -> Outcome:
        name = f"{scenario['file']} > {scenario['test']} > {number}"
        try:
            definition = self._form(scenario["form"])
            self._play(definition, scenario)
        except (Mismatch, FormError) as problem:
            outcome = Outcome(name, False, f"{scenario['form']}: {type(problem).__name__} {problem}")
            facts = {"test": name, "form": self.data["forms"][scenario["form"]], "steps": str(scenario["steps"])}
            return judged(outcome, "web-forms", facts)
        return Outcome(name, True, "")

    def _play(self, definition: FormDefinition, scenario: Mapping[str, Json]) -> None:
        """Fill the form; a case about editing opens what it recorded first, which was given to it."""
        env, steps = self._environment(definition), scenario["steps"]
        try:
            Scenario(Session.open(definition, env)).play(steps)
        except Mismatch:
            opened = steps[0].get("instance") if _EDITING.search(f"{scenario['file']} {scenario['test']}") else None
            if not opened:
                raise
            Scenario(Session.reopen(definition, env, opened.encode())).play(steps)

    def _environment(self, definition: FormDefinition) -> Environment:
        """External files are not in the cases; empty ones stand in, as JavaRosa does for a missing file."""
        files: dict[str, bytes | list[dict[str, str]]] = {s: [] for s in definition.external_files}
        return replace(self.env, instances=files)

    def _form(self, key: str) -> FormDefinition:
        if key not in self.loaded:
            try:
                self.loaded[key] = load_definition(self.data["forms"][key].encode())
            except FormError as error:
                self.loaded[key] = error
        found = self.loaded[key]
        if isinstance(found, FormError):
            raise found
        return found


class Scenario:
    """One form being filled step by step."""

    def __init__(self, session: Session) -> None:
        self.definition = session.definition
        self.session = session

    def play(self, steps: list[Mapping[str, Json]]) -> None:
        for number, step in enumerate(_with_host_values(steps)):
            try:
                getattr(self, step["op"])(step)
            except UnknownNode as error:
                raise Mismatch(f"step {number} {step['op']} {step.get('ref')}: no such node {error}") from error
            except Mismatch as error:
                raise Mismatch(f"step {number} {step['op']} {step.get('ref')}: {error}") from error
            self.check(number, step)

    def init(self, step: Mapping[str, Json]) -> None:
        return

    def answer(self, step: Mapping[str, Json]) -> None:
        node = self.node(step["ref"])
        try:
            self.session.set(node.id, step["value"])
        except FormError:
            if node.plan.control and not node.readonly and node.value:
                self.session.set(node.id, "")

    def add_repeat(self, step: Mapping[str, Json]) -> None:
        parent, _, name = step["ref"].rpartition("/")
        around = self.node(parent)
        self.session.add_row(f"{around.id}/{_split(name)[0]}")

    def remove_repeat(self, step: Mapping[str, Json]) -> None:
        self.session.remove_row(self.node(step["ref"]).id)

    def read(self, step: Mapping[str, Json]) -> None:
        node = self.node(step["ref"])
        found = node.string()
        if step["value"] is None or node.plan.path in drawn_paths(self.definition.plan):
            return  # nothing was recorded, or what was recorded is a clock reading or an identifier
        if not _same(found, step["value"]):
            raise Mismatch(f"{found!r}, expected {step['value']!r}")

    def node(self, ref: str) -> Answer:
        """The node of a positional path."""
        parts = ref.strip("/").split("/")
        at = self.session.root
        for part in parts[1:]:
            name, number = _split(part)
            found: list[Any] = at.named(name.rpartition(":")[2])
            if name.startswith("@"):
                found = [a for a in at.attributes if a.name == name[1:]]
            if len(found) < number:
                raise UnknownNode(ref)
            at = found[number - 1]
        return at

    def check(self, number: int, step: Mapping[str, Json]) -> None:
        if "instance" in step:
            drawn = drawn_paths(self.definition.plan)
            found = _outline(parse_xml(self.session.submission_xml(), keep_space=False), drawn)
            wanted = _outline(parse_xml(step["instance"], keep_space=False), drawn)
            if not _same(found, wanted):
                raise Mismatch(f"step {number} {step['op']}: {_first_difference(found, wanted)}")
        if "violations" in step:
            self._violations(number, step)

    def _violations(self, number: int, step: Mapping[str, Json]) -> None:
        problems = {(self.path_of(p.node_id), p.kind) for p in self.session.problems()}
        wanted = {(ref, kind) for ref, kind in step["violations"]}
        if problems != wanted:
            raise Mismatch(f"step {number} {step['op']}: problems {sorted(problems)}, expected {sorted(wanted)}")

    def path_of(self, node_id: str) -> str:
        node: Any = self.session.find(node_id)
        parts = []
        while isinstance(node, Answer):
            name: str = node.name
            if node.plan.is_repeat:
                around = node.parent.named(name)
                name += f"[{next(i for i, n in enumerate(around, 1) if n is node)}]"
            parts.append(name)
            node = node.parent
        return "/" + "/".join(reversed(parts))


def _with_host_values(steps: list[Mapping[str, Json]]) -> list[Mapping[str, Json]]:
    """Answers recorded as a host's object (a file, a place) get the value the recording then shows."""
    return [
        {**step, "value": _shown_later(steps[number:], step["ref"])} if _HOST.search(str(step.get("value"))) else step
        for number, step in enumerate(steps)
    ]


def _shown_later(steps: list[Mapping[str, Json]], ref: str) -> str:
    for step in steps:
        if step["op"] == "remove_repeat":
            break
        if step["op"] == "read" and step["ref"] == ref and step["value"]:
            return str(step["value"])
        if "instance" in step:
            return _text_at(parse_xml(step["instance"], keep_space=False), ref)
    return ""


def _text_at(document: Node, ref: str) -> str:
    at: Node = document
    for part in ref.strip("/").split("/"):
        name, number = _split(part)
        found = at.named(name)
        if len(found) < number:
            return ""
        at = found[number - 1]
    return at.string()


def recorded_at(data: Mapping[str, Json]) -> datetime | None:
    """When the cases were recorded, since some hold that day: ``meta.now``, or else the earliest reading of a clock
    that a form filled in by itself; None when there is neither."""
    said = data.get("meta", {}).get("now")
    if said:
        return datetime.fromisoformat(said)
    found = []
    for scenario in data["scenarios"]:
        names = {match[1] for match in _STAMPED.finditer(data["forms"][scenario["form"]])}
        for step in scenario["steps"]:
            instance = step.get("instance") or ""
            found += [match[2] for match in _FILLED.finditer(instance) if match[1] in names]
    return min((datetime.fromisoformat(text) for text in found), default=None)


def _split(part: str) -> tuple[str, int]:
    match = _STEP.match(part)
    if match is None:
        raise UnknownNode(part)
    return match[1], int(match[2] or 1)


def drawn_paths(plan: Plan) -> set[str]:
    """Nodes that hold a reading of the clock or an identifier, another one at every filling."""
    found = {p.path for p in plan.root.walk() if _is_drawn(p)}
    for action in plan.actions:
        if action.target_plan is not None and action.value and _DRAWN.search(action.value.text):
            found.add(action.target_plan.path)
    return found


def _is_drawn(plan: NodePlan) -> bool:
    calculate = plan.expressions.get(Role.CALCULATE)
    return plan.preload in ("uid", "timestamp") or (calculate is not None and bool(_DRAWN.search(calculate.text)))


def _same(a: Json, b: Json) -> bool:
    """Equal, but for the last digits of numbers: the recording engine's dates have fractions of a day."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    if a == b or not (isinstance(a, str) and isinstance(b, str)):
        return bool(a == b)
    try:
        return "." in a + b and math.isclose(float(a), float(b), rel_tol=1e-12, abs_tol=1e-10)
    except ValueError:
        return False


def _outline(node: Node, drawn: set[str], path: str = "") -> list[Any]:
    """Names, attributes and texts; values drawn anew at each filling only count as there or not."""
    if node.kind == NodeKind.DOCUMENT:
        return _outline(next(n for n in node.children if n.kind == NodeKind.ELEMENT), drawn)
    here = f"{path}/{node.name}"
    attributes = sorted((a.name, a.value) for a in node.attributes if a.value)
    children = [_outline(c, drawn, here) for c in node.children if c.kind == NodeKind.ELEMENT]
    text = node.string() if not children else ""
    return [node.name, attributes, children or ("drawn" if text and here in drawn else text)]


def _first_difference(a: Json, b: Json, path: str = "") -> str:
    if isinstance(a, list) and isinstance(b, list) and a and b and isinstance(a[0], str) and a[0] == b[0]:
        here = f"{path}/{a[0]}"
        if a[1] != b[1]:
            return f"{here} attributes {a[1]}, expected {b[1]}"
        if isinstance(a[2], list) and isinstance(b[2], list):
            names = [c[0] for c in a[2]], [c[0] for c in b[2]]
            if names[0] != names[1]:
                return f"{here} has {names[0]}, expected {names[1]}"
            for x, y in zip(a[2], b[2], strict=True):
                if not _same(x, y):
                    return _first_difference(x, y, here)
        return f"{here} is {a[2]!r}, expected {b[2]!r}"
    return f"{path}: {a!r}, expected {b!r}"
