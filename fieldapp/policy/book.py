"""The book of rules: every rule id with its words and clauses, in the version that is in force on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from importlib import import_module

import msgspec

from fieldapp.policy.legal import Clause, cited_on
from fieldapp.policy.legal import clauses as places
from fieldapp.policy.steps import About

ROOMS = (
    "family", "income", "property", "disability", "labour", "dibao", "single", "edge", "rigid", "tekun", "obligors",
    "children", "temporary", "tier", "risk", "needs", "leaving",
)  # fmt: skip
"""The files of ``fieldapp.policy.rules``; each has ``RULES``. A new programme adds its file here and nothing else."""

LONG_AGO = date.min


class Rule(msgspec.Struct, frozen=True):
    """One rule, in force from ``since`` (included) to ``until`` (excluded); clauses are cited by the day."""

    id: str
    zh: str
    en: str
    kind: str
    unit: str = "truth"
    clauses: tuple[Clause, ...] = ()
    since: date = LONG_AGO
    until: date | None = None

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


def rule(
    id: str,
    zh: str,
    en: str,
    kind: str,
    *cited: str,
    unit: str = "truth",
    since: date = LONG_AGO,
    until: date | None = None,
) -> Rule:
    """A rule with its clauses written as in ``legal.clauses``."""
    return Rule(id, zh, en, kind, unit, places(*cited), since, until)


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every version of every rule."""
    rooms = (import_module(f"fieldapp.policy.rules.{name}") for name in ROOMS)
    return tuple(rule for room in rooms for rule in room.RULES)


@lru_cache(maxsize=128)
def book_on(on: date) -> Mapping[str, About]:
    """The rules in force on the day, by id, citing the documents in force."""
    return {r.id: _about(r, on) for r in all_rules() if r.holds(on)}


def _about(rule: Rule, on: date) -> About:
    version = f"{rule.since:%Y-%m-%d}" if rule.since != LONG_AGO else ""
    return About(rule.id, rule.zh, rule.en, rule.kind, rule.unit, cited_on(rule.clauses, on), None, version)
