"""Families and packs with defaults, in the words of the case files."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from fieldapp.policy.api import Assessment, Facts, Pack, assess, load_pack

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "policy" / "demo"
AFTER = date(2026, 11, 21)
BEFORE = date(2026, 6, 30)


@cache
def demo() -> Pack:
    return load_pack(DEMO / "parameters.yaml")


def family(*members: dict[str, Any], area: str = "rural", **facts: Any) -> Facts:
    """A described family: what is not listed was asked and answered none."""
    listed = [
        {"name": f"甲{number}", "role": "head" if number == 1 else "son", **m} for number, m in enumerate(members, 1)
    ]
    return Facts.from_case({"area": area, "members": listed, **facts})


def with_parameters(**values: Any) -> Pack:
    """The demo pack with other values; ``dibao__rounding="x"`` is the key dibao.rounding; None is 参数未定."""
    from fieldapp.policy.pack import ParamVersion
    from fieldapp.policy.parameters import register

    keys = {name.replace("__", "."): value for name, value in values.items()}
    kept = [version for version in demo().parameters if version.key not in keys]
    since = date(2025, 7, 1)
    made = [ParamVersion(key, register()[key].read(value), since) for key, value in keys.items()]
    return demo().replaced(parameters=[*kept, *made])


def look(facts: Facts, on: date = AFTER, pack: Pack | None = None) -> Assessment:
    return assess(facts, pack or demo(), on)


def verdict(facts: Facts, program: str, on: date = AFTER, pack: Pack | None = None) -> str:
    return look(facts, on, pack).program(program).verdict.value
