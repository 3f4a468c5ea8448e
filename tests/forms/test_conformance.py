"""The recorded cases of other engines, and the table that says where they are not followed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forms.conformance.choices import choices
from forms.conformance.expressions import ExpressionCases
from forms.conformance.scenarios import ScenarioCases, recorded_at


def cases(shared: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((shared / "conformance" / name).read_text(encoding="utf-8"))
    return loaded


def test_every_expression_case_holds(shared: Path) -> None:
    outcomes = ExpressionCases(cases(shared, "xpath_cases.json")).run()
    assert [o.story for o in outcomes if not o.passed] == []
    assert len(outcomes) == 1692


def test_where_engines_disagree_javarosa_is_followed_or_the_table_says_why(shared: Path) -> None:
    outcomes = ExpressionCases(cases(shared, "xpath_javarosa_differs.json")).run()
    assert [o.story for o in outcomes if o.passed is False] == []
    assert sum(o.passed is None for o in outcomes) <= 7


def test_scenarios_hold_in_19_of_20_and_the_rest_has_its_reason(shared: Path) -> None:
    outcomes = ScenarioCases(cases(shared, "scenario_cases.json")).run()
    assert [o.story for o in outcomes if o.passed is False] == []
    assert sum(o.passed is True for o in outcomes) / len(outcomes) >= 0.96


@pytest.mark.parametrize("choice", choices(), ids=lambda c: c["why"][:40])
def test_every_choice_gives_a_reason_and_a_pattern(choice: dict[str, str]) -> None:
    assert len(choice["why"]) > 30
    assert set(choice) & {"expression", "test", "form"}
    assert choice["engine"] in ("javarosa", "web-forms")


def test_a_wrong_value_fails_and_is_not_left_out() -> None:
    data = {
        "meta": {}, "documents": {"d": "<a/>"},
        "cases": [{"id": "x", "expr": "1 + 1", "dialect": "xforms", "doc": "d", "context": "/",
                   "expect": {"type": "number", "value": 3}}],
    }  # fmt: skip
    assert [o.passed for o in ExpressionCases(data).run()] == [False]


def test_the_clock_stands_where_the_cases_were_recorded() -> None:
    """Some hold the day of their recording: played a day later they must read the same."""
    form = '<bind jr:preload="timestamp" jr:preloadParams="start" nodeset="/data/start" type="dateTime"/>'
    steps = [{"op": "init", "instance": "<data><start>2025-03-01T23:30:00.000-07:00</start><day>2025-03-01</day></data>"}]
    data = {"meta": {}, "forms": {"f": form}, "scenarios": [{"form": "f", "steps": steps}]}
    assert str(recorded_at(data)) == "2025-03-01 23:30:00-07:00"
    assert recorded_at({**data, "scenarios": []}) is None
