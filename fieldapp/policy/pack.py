"""A county's pack: dated parameters, the policy catalogue and the relations between policies. Frozen once read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

import msgspec

from fieldapp.policy.assessment import PackName
from fieldapp.policy.conditions import Condition
from fieldapp.policy.legal import cited_on
from fieldapp.policy.parameters import register
from fieldapp.policy.steps import About, Parameter, Step

RELATIONS = ("excludes", "tops_up", "higher_of", "stacks", "includes")
RELATION_WORDS: Mapping[str, tuple[str, str]] = {
    "excludes": ("相斥", "excludes"),
    "tops_up": ("补差", "tops up"),
    "higher_of": ("就高", "higher of"),
    "stacks": ("可叠加", "stacks"),
    "includes": ("已包含", "includes"),
}
PUBLIC_MARKS = ("CERTAIN", "CERTAIN*")


class ParamVersion(msgspec.Struct, frozen=True):
    """A parameter's value (ParamValue) from a day (included) to a day (excluded); None is 参数未定."""

    key: str
    value: Any
    since: date
    until: date | None = None
    source: str = ""
    clause: str = ""
    issuer: str = ""
    entered_by: str = ""
    approved_by: str = ""
    attachment: str = ""

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


class Paper(msgspec.Struct, frozen=True):
    """A paper a policy asks for. ``skip_if``: the ``check.*`` fact that makes it unnecessary (the Law §62)."""

    fact: str
    zh: str
    en: str
    must: bool = True
    skip_if: str = ""


class Policy(msgspec.Struct, frozen=True):
    """One policy of the catalogue between two dates; the same id may have several versions."""

    id: str
    zh: str
    en: str
    department: str
    needs: tuple[str, ...]
    subject: str
    when: Condition
    since: date
    until: date | None = None
    kind: str = "服务"
    per: str = ""
    amount: str = ""
    legal: str = ""
    mark: str = "UNSURE"
    approved_by: str = ""
    where: str = ""
    by_list: bool = False
    papers: tuple[Paper, ...] = ()
    aliases: tuple[str, ...] = ()
    accept_to_decide_wd: int | None = None
    publicity_days: int = 0
    note: str = ""

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)

    @property
    def to_public(self) -> bool:
        """Marked from memory or unsure, it is for staff only until the county has approved it."""
        return self.mark in PUBLIC_MARKS or bool(self.approved_by)


class Relation(msgspec.Struct, frozen=True):
    """How two policies stand to each other; ``a`` tops up or includes ``b``."""

    a: str
    b: str
    kind: str
    source: str = ""


class Pack:
    """Everything the county sets, read and checked. ``digest`` names its exact contents."""

    def __init__(
        self,
        county: str,
        edition: str,
        parameters: Iterable[ParamVersion] = (),
        policies: Iterable[Policy] = (),
        relations: Iterable[Relation] = (),
    ) -> None:
        self.county, self.edition = county, edition
        self.parameters = tuple(sorted(parameters, key=lambda version: (version.key, version.since)))
        self.policies = tuple(policies)
        self.relations = tuple(relations)
        self._steps: dict[date, Mapping[str, Step]] = {}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the pack's canonical JSON."""
        from fieldapp.policy.packfile import to_bytes

        return hashlib.sha256(to_bytes(self)).hexdigest()

    @cached_property
    def name(self) -> PackName:
        return PackName(self.county, self.edition, self.digest)

    def versions(self, key: str) -> tuple[ParamVersion, ...]:
        return tuple(version for version in self.parameters if version.key == key)

    def steps_on(self, on: date) -> Mapping[str, Step]:
        """A leaf step for every parameter that has a version on the day (its value may be None)."""
        found = self._steps.get(on)
        if found is None:
            leaves = {v.key: _leaf(v, on) for v in self.parameters if v.holds(on)}
            found = self._steps[on] = {**_fallbacks(on), **leaves}
        return found

    def policies_on(self, on: date) -> tuple[Policy, ...]:
        return tuple(policy for policy in self.policies if policy.holds(on))

    def replaced(self, **changes: Any) -> Pack:
        """A copy with other ``parameters``, ``policies``, ``relations``, ``edition`` or ``county``."""
        kept = {name: getattr(self, name) for name in ("county", "edition", "parameters", "policies", "relations")}
        return Pack(**{**kept, **changes})

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("county", "edition", "parameters", "policies", "relations")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        Pack.__init__(self, **state)


def _leaf(version: ParamVersion, on: date) -> Step:
    info = register()[version.key]
    parameter = Parameter(
        version.key, version.since, version.until, version.source, version.clause, version.issuer,
        version.entered_by, version.approved_by,
    )  # fmt: skip
    unit = {"money": "fen", "ratio": "ratio", "int": "count", "yes_no": "truth"}.get(info.type, "text")
    about = About(f"param:{version.key}", info.zh, info.en, "parameter", unit, cited_on(info.clauses, on), parameter)
    return Step(about, version.value)


def _fallbacks(on: date) -> dict[str, Step]:
    held = {info.key: info.fallback for info in register().values() if info.fallback is not None}
    return {key: _leaf(ParamVersion(key, value, date(2000, 1, 1)), on) for key, value in held.items()}


def unset(key: str) -> Step:
    """The leaf of a parameter the county has no line for: 参数未定."""
    info = register()[key]
    return Step(About(f"param:{key}", info.zh, info.en, "parameter", "text", (), Parameter(key)), None)
