"""Runs expression cases: an XPath, a document, the value a conforming engine gives."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from forms.conformance.choices import judged
from forms.conformance.outcome import Outcome
from forms.expression.compiler import evaluate
from forms.expression.context import World
from forms.expression.moments import Moment
from forms.expression.nodes import Node
from forms.expression.values import Value, first, number_text, result_text, to_boolean, to_number, to_string
from forms.expression.xml import parse_xml

Json = Any


class ExpressionCases:
    """One case file; ``run`` gives the outcome of each case."""

    def __init__(self, data: Mapping[str, Json]) -> None:
        meta = data["meta"]
        self.documents: Mapping[str, str] = data["documents"]
        self.cases: list[Mapping[str, Json]] = data["cases"]
        self.zone = ZoneInfo(meta.get("timezone", "UTC"))
        self.now = datetime.fromisoformat(meta["now"]) if "now" in meta else datetime.now(UTC)
        self.document = lru_cache(maxsize=256)(self._document)

    def _document(self, key: str) -> Node:
        return parse_xml(self.documents[key])

    def run(self) -> list[Outcome]:
        return [self.outcome(case) for case in self.cases]

    def outcome(self, case: Mapping[str, Json]) -> Outcome:
        found = self.value(case)
        other = case.get("javarosa")
        expected = f"JavaRosa {other}" if isinstance(other, dict) else str(case["expect"])
        if isinstance(other, dict):
            good = agrees_with_javarosa(other, found, case["expect"]["type"])
        else:
            good = self.agrees(case, found)
        outcome = Outcome(case["id"], good, f"{case['expr']} gave {describe(found)}, expected {expected}")
        if not isinstance(other, dict):
            return judged(outcome, "web-forms", {"expression": case["expr"]})
        return judged(outcome, "javarosa", {"expression": case["expr"], "value": str(other["value"])})

    def value(self, case: Mapping[str, Json]) -> Value | Exception:
        document = self.document(case["doc"])
        plain = World(document, forms_rules=False)
        try:
            context = _located(case["context"], document, plain)
            root = _located(case["root"], document, plain) if "root" in case else document
            world = World(
                root, now=lambda: self.now, zone=self.zone, namespaces=case.get("ns"),
                language=case.get("lang") or "", forms_rules=case["dialect"] == "xforms",
            )  # fmt: skip
            return evaluate(case["expr"], context, world)
        except (ValueError, RecursionError) as error:
            return error

    def agrees(self, case: Mapping[str, Json], found: Value | Exception) -> bool:
        expect = case["expect"]
        if expect["type"] == "error":
            return isinstance(found, Exception)
        if isinstance(found, Exception):
            return False
        if expect["type"] == "node-set":
            return self._same_nodes(case, found)
        return same_value(expect, found)

    def _same_nodes(self, case: Mapping[str, Json], found: Value) -> bool:
        if not isinstance(found, list):
            return False
        document = self.document(case["doc"])
        plain = World(document, forms_rules=False)
        wanted = [_located(path, document, plain) for path in case["expect"]["value"]]
        if case["expect"].get("unordered"):
            return len(found) == len(wanted) and {_identity(n) for n in found} == {_identity(n) for n in wanted}
        return [_identity(n) for n in found] == [_identity(n) for n in wanted]


def _located(path: str, document: Node, world: World) -> Node:
    found = evaluate(path, document, world)
    if not isinstance(found, list) or not found:
        raise ValueError(f"{path} leads nowhere")
    node: Node = found[0]
    return node


def _identity(node: Node) -> object:
    """Namespace nodes are made anew at each look, so they are known by name."""
    return (id(node.parent), node.name, node.value) if node.kind == 6 else id(node)


def same_value(expect: Mapping[str, Json], found: Value) -> bool:
    kind, wanted = expect["type"], expect.get("value")
    if kind == "boolean":
        return to_boolean(found) is wanted
    if kind == "number":
        return same_number(result_number(found), wanted, expect.get("round_factor"))
    text = result_text(found)
    if kind == "string-length":
        return bool(len(text) == wanted)
    if kind == "string-regex":
        return re.search(str(wanted), text, re.I if "i" in expect.get("flags", "") else 0) is not None
    return bool(text == wanted)


def result_number(found: Value) -> float:
    """A result as a number; a moment gives the days it was made from, else its decimal days."""
    value = first(found)
    if isinstance(value, Moment):
        return value.days if value.days is not None else value.decimal_days()
    return to_number(value)


def same_number(found: float, wanted: Json, factor: float | None) -> bool:
    if isinstance(wanted, str):
        return {"NaN": found != found, "-0": found == 0 and math.copysign(1, found) < 0}.get(
            wanted, found == float(wanted)
        )
    if factor:
        return bool(math.floor(found * factor + 0.5) / factor == wanted)
    return bool(found == wanted) or math.isclose(found, wanted, rel_tol=1e-15)


def agrees_with_javarosa(other: Mapping[str, Json], found: Value | Exception, asked: str) -> bool:
    """JavaRosa's recorded value: its class and its text."""
    kind, wanted = other["type"], other["value"]
    if kind == "error":
        return isinstance(found, Exception)
    if isinstance(found, Exception):
        return False
    value = first(found)
    if kind == "Boolean":
        return to_boolean(found) is (wanted == "true")
    if kind == "Double":
        return _as_printed(to_number(value), wanted)
    if kind == "Date":
        if not isinstance(value, Moment):
            return False
        if asked == "number":
            return value.whole_days() == float(wanted)
        return bool(value.at.date().isoformat() == wanted)
    return bool(to_string(value) == wanted)


def _as_printed(found: float, wanted: str) -> bool:
    """JavaRosa prints what is nearer to a whole number than 1e-12 as that number."""
    number = float(wanted)
    return found == number or (found != found and number != number) or math.isclose(
        found, number, rel_tol=1e-11, abs_tol=1e-12
    )


def describe(found: Value | Exception) -> str:
    if isinstance(found, Exception):
        return f"{type(found).__name__}({found})"
    if isinstance(found, list):
        return "nodes " + ", ".join(f"{n.name}={n.string()[:20]!r}" for n in found[:5])
    return number_text(found) if isinstance(found, float) else repr(found)
