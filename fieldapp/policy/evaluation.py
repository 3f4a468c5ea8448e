"""One household on one day: reads facts and parameters as steps and computes with them, three-valued.

Every operation returns a Step. An operand that is not known makes arithmetic and comparison not known;
``all`` is False as soon as one part is, ``any`` True as soon as one is, whatever is still open. Parts may be
given lazily (``lazily``): reading stops at the part that decides, so a trace holds what was needed and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import update_wrapper
from operator import ge, gt, le, lt
from typing import Any, Concatenate, ParamSpec, TypeVar

from fieldapp.policy.book import book_on
from fieldapp.policy.facts import Facts, fact_about
from fieldapp.policy.pack import Pack, unset
from fieldapp.policy.steps import About, Step, StepValue

P = ParamSpec("P")
T = TypeVar("T")


def once(compute: Callable[Concatenate[Case, P], T]) -> Callable[Concatenate[Case, P], T]:
    """Compute a rule at most once per case (and row). Asked some hundred times a household, so one way for each
    number of arguments: building a general key costs more than most rules."""
    ways: dict[int, Callable[[Callable[..., Any]], Callable[..., Any]]] = {1: _once_alone, 2: _once_of_row}
    way = ways.get(compute.__code__.co_argcount, _once_of_many)
    remembered: Callable[Concatenate[Case, P], T] = way(compute)
    update_wrapper(remembered, compute)
    return remembered


def _once_alone(compute: Callable[[Case], T]) -> Callable[[Case], T]:
    def remembered(case: Case) -> T:
        memo = case.memo
        found: T | None = memo.get(compute)
        if found is None:
            found = memo[compute] = compute(case)
        return found

    return remembered


def _once_of_row(compute: Callable[..., T]) -> Callable[..., T]:
    """``row`` has a default in rules that are asked for the household as well."""
    def remembered(case: Case, row: str = "") -> T:
        memo, key = case.memo, (compute, row)
        found: T | None = memo.get(key)
        if found is None:
            found = memo[key] = compute(case, row)
        return found

    return remembered


def _once_of_many(compute: Callable[..., T]) -> Callable[..., T]:
    def remembered(case: Case, *args: str) -> T:
        memo, key = case.memo, (compute, args)
        found: T | None = memo.get(key)
        if found is None:
            found = memo[key] = compute(case, *args)
        return found

    return remembered


class Case:
    """The evaluation of ``facts`` under ``pack`` on a day; nothing in it outlives one assessment."""

    __slots__ = ("_facts", "_params", "book", "facts", "memo", "on", "pack", "rows")

    def __init__(self, facts: Facts, pack: Pack, on: date) -> None:
        self.facts, self.pack, self.on = facts, pack, on
        self.book: Mapping[str, About] = book_on(on)
        self.rows: tuple[str, ...] = tuple(sorted(facts.members))
        self.memo: dict[Any, Any] = {}
        self._params = pack.steps_on(on)
        self._facts = facts.leaves

    # --- leaves ------------------------------------------------------------------------------------------

    def fact(self, name: str, row: str = "") -> Step:
        """A fact; its value is None (and ``note`` its state) when it is not known."""
        return self._facts[name, row]

    def each(self, names: Iterable[str], row: str = "") -> list[Step]:
        """Several facts of one row."""
        leaves = self._facts
        return [leaves[name, row] for name in names]

    def param(self, key: str) -> Step:
        """A parameter in force; None (参数未定) when the county left it empty or has no line."""
        return self._params.get(key) or unset(key)

    def has_param(self, key: str) -> bool:
        """Whether the county has a line for it on the day, be it empty."""
        return key in self._params

    def open_fact(self, name: str, row: str, state: str) -> Step:
        """A fact that was told, yet leaves open what the rule needs."""
        return Step(fact_about(name), None, (), row, state)

    # --- operations --------------------------------------------------------------------------------------

    def made(self, id: str, value: StepValue, *inputs: Step, row: str = "", note: str = "") -> Step:
        """A step whose value the caller computed; unknown values must come from an unknown input."""
        return Step(self.book[id], value, inputs, row, note)

    def given(self, id: str, compute: Callable[..., StepValue], *inputs: Step, row: str = "") -> Step:
        """``compute(*values)`` when every input is known."""
        values = []
        for step in inputs:
            if step.value is None:
                return Step(self.book[id], None, inputs, row)
            values.append(step.value)
        return Step(self.book[id], compute(*values), inputs, row)

    def total(self, id: str, steps: Iterable[Step], row: str = "") -> Step:
        """The sum; truths count as one each."""
        inputs = tuple(steps)
        value: Any = 0
        for step in inputs:
            if step.value is None:
                value = None
                break
            value += step.value
        return Step(self.book[id], value, inputs, row)

    def minus(self, id: str, first: Step, *others: Step, row: str = "") -> Step:
        return self.given(id, lambda a, *rest: a - sum(rest), first, *others, row=row)

    def times(self, id: str, a: Step, b: Step, row: str = "") -> Step:
        return self.given(id, lambda x, y: whole(x * y), a, b, row=row)

    def divide(self, id: str, a: Step, b: Step, row: str = "") -> Step:
        """Exact division; the divisor is known to be positive."""
        return self.given(id, lambda x, y: whole(Fraction(x, y)), a, b, row=row)

    def least(self, id: str, a: Step, b: Step, row: str = "") -> Step:
        return self.given(id, min, a, b, row=row)

    def below(self, id: str, a: Step, b: Step, row: str = "") -> Step:
        """低于: a < b."""
        return self._compare(id, a, b, row, lt)

    def above(self, id: str, a: Step, b: Step, row: str = "") -> Step:
        """超过: a > b."""
        return self._compare(id, a, b, row, gt)

    def at_most(self, id: str, a: Step, b: Step, row: str = "") -> Step:
        return self._compare(id, a, b, row, le)

    def at_least(self, id: str, a: Step, b: Step, row: str = "") -> Step:
        return self._compare(id, a, b, row, ge)

    def _compare(self, id: str, a: Step, b: Step, row: str, how: Callable[[Any, Any], bool]) -> Step:
        value = None if a.value is None or b.value is None else how(a.value, b.value)
        return Step(self.book[id], value, (a, b), row)

    def is_in(self, id: str, step: Step, among: Collection[object], row: str = "") -> Step:
        """Whether a known value is one of these."""
        return Step(self.book[id], None if step.value is None else step.value in among, (step,), row)

    def all(self, id: str, parts: Iterable[Step], row: str = "") -> Step:
        value: bool | None = True
        inputs = []
        for part in parts:
            inputs.append(part)
            if part.value is False:
                value = False
                break
            if part.value is None:
                value = None
        return Step(self.book[id], value, tuple(inputs), row)

    def any(self, id: str, parts: Iterable[Step], row: str = "") -> Step:
        """True by the first part that is (and the trace holds that part alone)."""
        value: bool | None = False
        inputs = []
        for part in parts:
            if part.value is True:
                return Step(self.book[id], True, (part,), row)
            inputs.append(part)
            if part.value is None:
                value = None
        return Step(self.book[id], value, tuple(inputs), row)

    def none(self, id: str, parts: Iterable[Step], row: str = "") -> Step:
        """True when every part is False."""
        value: bool | None = True
        inputs = []
        for part in parts:
            inputs.append(part)
            if part.value is True:
                value = False
                break
            if part.value is None:
                value = None
        return Step(self.book[id], value, tuple(inputs), row)

    def after(self, id: str, first: Step, then: Step, row: str = "") -> Step:
        """``then``, but only once ``first`` is established: before that nobody is told yes or no."""
        return Step(self.book[id], then.value if first.value is True else None, (first, then), row)


def lazily(*parts: Callable[[], Step]) -> Iterator[Step]:
    """Parts that are computed only when reached."""
    return (part() for part in parts)


def whole(value: Fraction | int) -> Fraction | int:
    """An int where a fraction came out whole."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value
