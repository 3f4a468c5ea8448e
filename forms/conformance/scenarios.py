"""Runs scenario cases: a form, steps of filling it, and what another engine gave after each."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from forms.conformance.outcome import Outcome
from forms.definition.load import load_definition
from forms.definition.model import FormDefinition
from forms.environment import Environment
from forms.expression.nodes import Node, NodeKind
from forms.expression.xml import parse_xml
from forms.problems import FormError, UnknownNode
from forms.session.session import Session
from forms.session.tree import Answer

Json = Any
_STEP = re.compile(r"^(@?[^\[]+?)(?:\[(\d+)\])?$")
_CLOCK = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)")
_UUID = re.compile(r"^(?:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$")


class Mismatch(Exception):
    """The engine gave something else."""


class ScenarioCases:
    """One scenario file; ``run`` gives the outcome of each."""

    def __init__(self, data: Mapping[str, Json]) -> None:
        self.data = data
        self.loaded: dict[str, FormDefinition | FormError] = {}
        zone = ZoneInfo(data.get("meta", {}).get("timezone", "America/Phoenix"))
        self.env = Environment(now=lambda: datetime.now(UTC), zone=zone, random=random.Random(1))

    def run(self) -> list[Outcome]:
        return [self.outcome(number, scenario) for number, scenario in enumerate(self.data["scenarios"])]

    def outcome(self, number: int, scenario: Mapping[str, Json]) -> Outcome:
        name = f"{scenario['file']} > {scenario['test']} > {number}"
        try:
            Scenario(self._form(scenario["form"]), self.env).play(scenario["steps"])
        except (Mismatch, FormError) as problem:
            return Outcome(name, False, f"{scenario['form']}: {type(problem).__name__} {problem}")
        return Outcome(name, True, "")

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

    def __init__(self, definition: FormDefinition, env: Environment) -> None:
        self.definition = definition
        self.env = env
        self.session = Session.open(definition, env)

    def play(self, steps: list[Mapping[str, Json]]) -> None:
        for number, step in enumerate(steps):
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
        if not same_text(found, step["value"]):
            raise Mismatch(f"{found!r}, expected {step['value']!r}")

    def node(self, ref: str) -> Answer:
        """The node of a positional path."""
        parts = ref.strip("/").split("/")
        at = self.session.root
        for part in parts[1:]:
            name, number = _split(part)
            if name.startswith("@"):
                found = [a for a in at.attributes if a.name == name[1:]]
            else:
                found = at.named(name.rpartition(":")[2])
            if len(found) < number:
                raise UnknownNode(ref)
            at = found[number - 1]
        return at

    def check(self, number: int, step: Mapping[str, Json]) -> None:
        if "instance" in step:
            found = _outline(parse_xml(self.session.submission_xml(), keep_space=False))
            wanted = _outline(parse_xml(step["instance"], keep_space=False))
            if found != wanted:
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
            name = node.name
            if node.plan.is_repeat:
                around = node.parent.named(name)
                name += f"[{next(i for i, n in enumerate(around, 1) if n is node)}]"
            parts.append(name)
            node = node.parent
        return "/" + "/".join(reversed(parts))


def _split(part: str) -> tuple[str, int]:
    match = _STEP.match(part)
    if match is None:
        raise UnknownNode(part)
    return match[1], int(match[2] or 1)


def _outline(node: Node) -> list[Any]:
    """Names, attributes and texts; identifiers and clock readings are alike."""
    if node.kind == NodeKind.DOCUMENT:
        return _outline(next(n for n in node.children if n.kind == NodeKind.ELEMENT))
    attributes = sorted((a.name, _alike(a.value)) for a in node.attributes)
    children = [_outline(c) for c in node.children if c.kind == NodeKind.ELEMENT]
    return [node.name, attributes, children or _alike(node.string())]


def _alike(text: str) -> str:
    if _UUID.match(text):
        return "uuid"
    return text


def same_text(found: str, wanted: str) -> bool:
    return found == wanted


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
                if x != y:
                    return _first_difference(x, y, here)
        return f"{here} is {a[2]!r}, expected {b[2]!r}"
    return f"{path}: {a!r}, expected {b!r}"
