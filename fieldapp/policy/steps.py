"""The step tree: every result carries its value, what it was computed from, and the clause it rests on.

A step is a node of a graph without cycles; the same step may stand under several results. ``value`` None
means "not known", and then some input is not known either, down to a fact or an empty parameter: ``gaps``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import msgspec

from fieldapp.policy.legal import Clause
from fieldapp.policy.words import GAP_WORDS, Words

StepValue = int | Fraction | bool | str | Decimal | date | tuple[str, ...] | None


class Parameter(msgspec.Struct, frozen=True):
    """The version of a parameter in force: from (included) to (excluded), document, clause, who signed."""

    key: str
    since: date | None = None
    until: date | None = None
    source: str = ""
    clause: str = ""
    issuer: str = ""
    entered_by: str = ""
    approved_by: str = ""


class About(msgspec.Struct, frozen=True):
    """What a step is about; shared by all steps of the same rule, fact or parameter version.

    ``kind``: fact, parameter, or the operation (sum, minus, divide, times, at_most, below, above, at_least,
    equals, all, any, none, least, most, round, floor, pick, given). ``unit``: fen, ratio, count, truth, text.
    """

    id: str
    zh: str
    en: str
    kind: str
    unit: str = ""
    clauses: tuple[Clause, ...] = ()
    parameter: Parameter | None = None
    version: str = ""


class Step(msgspec.Struct, frozen=True, gc=False):
    """One step. ``row`` is the member or obligor concerned; ``note`` adds words, or a gap's state."""

    about: About
    value: StepValue
    inputs: tuple[Step, ...] = ()
    row: str = ""
    note: str = ""
    frozen_text: Words | None = None

    @property
    def id(self) -> str:
        """The rule id, ``fact:NAME`` or ``param:KEY``."""
        return self.about.id

    @property
    def known(self) -> bool:
        return self.value is not None

    @property
    def names(self) -> tuple[str, ...]:
        """The words of a list; none where it is not known."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def number(self) -> int | Fraction | None:
        """A count, an amount in 分 or a ratio; None where it is not known."""
        return self.value if isinstance(self.value, (int, Fraction)) else None

    def label(self, lang: str = "zh") -> str:
        return self.about.en if lang == "en" else self.about.zh

    def text(self, lang: str = "zh") -> str:
        """The arithmetic or comparison of this step in one line."""
        from fieldapp.policy.explain import step_text

        return step_text(self, lang)


class Gap(msgspec.Struct, frozen=True, order=True):
    """Why something is not known: a fact of a row (state) or an empty parameter (state "parameter")."""

    name: str
    row: str
    state: str

    def words(self, lang: str = "zh") -> str:
        return GAP_WORDS[self.state][1 if lang == "en" else 0]


def gaps(step: Step) -> tuple[Gap, ...]:
    """Every fact and parameter that keeps this step unknown, each once, sorted; empty for a known step."""
    return tuple(sorted(GapFinder().of(step)))


class GapFinder:
    """Gaps of many steps that share what stands below them; each step is walked once."""

    def __init__(self) -> None:
        self._found: dict[int, frozenset[Gap]] = {}

    def of(self, step: Step) -> frozenset[Gap]:
        if step.value is not None:
            return frozenset()
        found = self._found.get(id(step))
        if found is None:
            found = self._found[id(step)] = self._below(step)
        return found

    def _below(self, step: Step) -> frozenset[Gap]:
        kind = step.about.kind
        if kind == "fact":
            return frozenset((Gap(step.about.id.removeprefix("fact:"), step.row, step.note or "missing"),))
        if kind == "parameter":
            return frozenset((Gap(step.about.id.removeprefix("param:"), "", "parameter"),))
        return frozenset().union(*[self.of(inner) for inner in step.inputs if inner.value is None])


def walk(steps: Iterable[Step]) -> Iterator[Step]:
    """Every step below the given ones once, inputs before what uses them."""
    seen: set[int] = set()

    def visit(step: Step) -> Iterator[Step]:
        if id(step) in seen:
            return
        seen.add(id(step))
        for inner in step.inputs:
            yield from visit(inner)
        yield step

    for step in steps:
        yield from visit(step)


def facts_used(step: Step) -> frozenset[tuple[str, str]]:
    """(fact, row) of every fact in the trace."""
    return frozenset((s.about.id[5:], s.row) for s in walk([step]) if s.about.kind == "fact")


def parameters_used(step: Step) -> tuple[Parameter, ...]:
    """The parameter versions in the trace, by key."""
    found = {s.about.parameter.key: s.about.parameter for s in walk([step]) if s.about.parameter is not None}
    return tuple(found[key] for key in sorted(found))
