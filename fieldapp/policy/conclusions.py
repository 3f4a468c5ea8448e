"""What catalogue conditions may refer to, and how a condition tree becomes steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from operator import ge, gt, le, lt
from typing import Any

from fieldapp.policy.conditions import LEAVES, ORDER, Condition, leaves
from fieldapp.policy.evaluation import Case
from fieldapp.policy.rules import children, dibao, disability, family, labour, needs, single, tekun, temporary, tier
from fieldapp.policy.steps import About, Step
from fieldapp.policy.vocabulary import FactInfo, fact_info

HouseholdRule = Callable[[Case], Step]
PersonRule = Callable[[Case, str], Step]



def _status(name: str) -> HouseholdRule:
    return lambda c: tier.status(c, name)


RULES: dict[str, HouseholdRule] = {
    **{f"status.{name}": _status(name) for name in (*tier.RESULTS, "monitored")}, **tier.RESULTS,
    "temp_fast": temporary.temp_fast, "temp_fast.event": temporary.event, "temp_expense": temporary.temp_expense,
    "class_aid": dibao.class_aid, "need.low_income": needs.low_income, "family.size": family.size,
    "labour.some_able_jobless": labour.some_able_jobless,
}  # fmt: skip
PERSON_RULES: dict[str, PersonRule] = {
    "person.age": family.age, "labour.able": labour.able, "labour.able_jobless": labour.able_jobless,
    "disability.severe": disability.severe, "disability.no_labour": disability.no_labour_by_disability,
    "illness.listed": disability.listed_illness, "tekun.person": tekun.person, "single.person": single.person,
    "orphan.person": children.orphan_person, "swwrfy.person": children.unsupported_person,
    "child.under_18": children.under_18,
}  # fmt: skip
TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda a, b: a == b, "is_not": lambda a, b: a != b, "in": lambda a, b: a in b,
    "has": lambda a, b: b in a, "at_least": ge, "at_most": le, "below": lt, "above": gt,
}  # fmt: skip

Compiled = Callable[[Case, str, list[str]], Step]
"""(case, member row or "", rows found by person groups) -> step."""


def expected(info: FactInfo, node: Condition) -> object:
    """The value a fact is compared with; ValueError or FactError when it is none of the fact's values."""
    if node.compare == "in":
        parts = [part.strip() for part in node.value.replace("，", ",").replace("、", ",").split(",")]
        return tuple(info.read(part) for part in parts)
    if node.compare == "has":
        read = info.read([node.value])
        return read[0] if isinstance(read, tuple) else read
    if node.compare in ORDER and info.type not in ("int", "money", "decimal", "date"):
        raise ValueError("has no order")
    return info.read(node.value)


class Compiler:
    """Conditions as functions. What stands in several of ``conditions`` is computed once per case (and member)."""

    def __init__(self, conditions: Iterable[Condition] = ()) -> None:
        self._shared: dict[Condition, Compiled] = {}
        self._often = Counter(leaf for condition in conditions for leaf in leaves(condition))

    def gated(self, node: Condition, id: str) -> Compiled:
        """The condition of a policy, told only once somebody is identified (``family.identity``)."""
        inner = [self.compile(child, f"{id}.{number}") for number, child in enumerate(node.children)]
        about, compute = _about(node, id, "all"), self.compile(node, id)

        def gated(c: Case, row: str, found: list[str]) -> Step:
            known = family.identity(c)
            if known.value is True and node.kind == "all":
                return _all(about, inner, c, row, found, known)
            return c.after("status.policy", known, compute(c, row, found))

        return gated

    def compile(self, node: Condition, id: str) -> Compiled:
        """``id`` names the steps: policy:ID, policy:ID.0 … A shared part keeps the id of where it stood first."""
        of_member = not _of_household(node)
        if of_member and node.kind not in LEAVES:
            return self._plain(node, id)
        found = self._shared.get(node)
        if found is None:
            plain = self._plain(node, id)
            often = self._often[node] > 1 or node.kind not in LEAVES
            found = self._shared[node] = _remembered(plain, id, of_member=of_member) if often else plain
        return found

    def _plain(self, node: Condition, id: str) -> Compiled:
        if node.kind in LEAVES:
            return _LEAVES[node.kind](node, id)
        inner = [self.compile(child, f"{id}.{number}") for number, child in enumerate(node.children)]
        return _person(node, id, inner) if node.kind == "person" else _group(node, id, inner)


def _of_household(node: Condition) -> bool:
    """No member is looked at, so the result is one for the whole case."""
    if node.kind == "person" or (node.kind == "rule" and node.name in PERSON_RULES):
        return False
    if node.kind == "fact" and fact_info(node.name).level == "member":
        return False
    return all(_of_household(child) for child in node.children)


def _remembered(compute: Compiled, id: str, *, of_member: bool) -> Compiled:
    def of_row(c: Case, row: str, found: list[str]) -> Step:
        step = c.memo.get((id, row))
        if step is None:
            step = c.memo[id, row] = compute(c, row, found)
        return step

    def of_household(c: Case, row: str, found: list[str]) -> Step:
        step = c.memo.get(id)
        if step is None:
            step = c.memo[id] = compute(c, "", found)
        return step

    return of_row if of_member else of_household


def _about(node: Condition, id: str, kind: str) -> About:
    return About(id, node.zh or "条件", node.en or "conditions", kind, "truth")


def _wrap(about: About, step: Step, row: str) -> Step:
    return Step(about, step.value, (step,), row)


def _fact(node: Condition, id: str) -> Compiled:
    about, info = _about(node, id, "leaf"), fact_info(node.name)
    wanted, test, of_member = expected(info, node), TESTS[node.compare], info.level == "member"
    name = node.name

    def fact(c: Case, row: str, found: list[str]) -> Step:
        leaf = c.fact(name, row if of_member else "")
        value = leaf.value
        return Step(about, None if value is None else test(value, wanted), (leaf,), row)

    return fact


def _rule(node: Condition, id: str) -> Compiled:
    about = _about(node, id, "leaf")
    if node.compare == "is" and node.value == "yes":
        if node.name in PERSON_RULES:
            of_person = PERSON_RULES[node.name]
            return lambda c, row, found: _wrap(about, of_person(c, row), row)
        of_household = RULES[node.name]
        return lambda c, row, found: _wrap(about, of_household(c), row)
    test, key = TESTS[node.compare], node.value.strip("{}") if node.value.startswith("{") else ""
    fixed = None if key else int(node.value)

    def compared(c: Case, row: str, found: list[str]) -> Step:
        step = PERSON_RULES[node.name](c, row) if node.name in PERSON_RULES else RULES[node.name](c)
        limit = c.param(key) if key else None
        wanted = limit.value if limit is not None else fixed
        value = None if step.value is None or wanted is None else test(step.value, wanted)
        return Step(about, value, (step,) if limit is None else (step, limit), row)

    return compared


def _param(node: Condition, id: str) -> Compiled:
    about = _about(node, id, "leaf")
    return lambda c, row, found: _wrap(about, c.param(node.name), row)


def _policy(node: Condition, id: str) -> Compiled:
    about = _about(node, id, "leaf")

    def other(c: Case, row: str, found: list[str]) -> Step:
        from fieldapp.policy.matching import condition_step

        return _wrap(about, condition_step(c, node.name), row)

    return other


def _person(node: Condition, id: str, inner: list[Compiled]) -> Compiled:
    """Some member of the family meets every part; all members are looked at, so that all who do are found."""
    about, each = _about(node, id, "any"), _about(node, f"{id}.each", "all")

    def person(c: Case, row: str, found: list[str]) -> Step:
        steps = []
        best: bool | None = False
        for member in c.rows:
            step = family.of_family(c, member, lambda row: _each(each, inner, c, row, found))
            steps.append(step)
            if step.value is True:
                found.append(member)
                best = True
            elif step.value is None and best is False:
                best = None
        if best is not True:
            steps.append(family.roster(c))
            best = best if family.roster(c).value else None
        return Step(about, best, tuple(steps), row)

    return person


def _each(about: About, inner: list[Compiled], c: Case, row: str, found: list[str]) -> Step:
    """All parts for one member; a part that fails stands for the whole."""
    value: bool | None = True
    parts = []
    for part in inner:
        step = part(c, row, found)
        if step.value is False:
            return step
        if step.value is None:
            value = None
        parts.append(step)
    return parts[0] if len(parts) == 1 else Step(about, value, tuple(parts), row)


def _all(
    about: About, inner: Collection[Compiled], c: Case, row: str, found: list[str], first: Step | None = None
) -> Step:
    value: bool | None = True
    parts = [] if first is None else [first]
    for part in inner:
        step = part(c, row, found)
        parts.append(step)
        if step.value is False:
            value = False
            break
        if step.value is None:
            value = None
    return Step(about, value, tuple(parts), row)


def _group(node: Condition, id: str, inner: list[Compiled]) -> Compiled:
    about = _about(node, id, node.kind)
    if node.kind == "all":
        return lambda c, row, found: _all(about, inner, c, row, found)
    if node.kind == "at_least":
        return lambda c, row, found: _at_least(about, node.count, [part(c, row, found) for part in inner], row)
    wanted = node.kind == "any"

    def some(c: Case, row: str, found: list[str]) -> Step:
        value: bool | None = not wanted
        parts = []
        for part in inner:
            step = part(c, row, found)
            parts.append(step)
            if step.value is True:
                value = wanted
                break
            if step.value is None:
                value = None
        return Step(about, value, tuple(parts), row)

    return some


def _at_least(about: About, count: int, steps: list[Step], row: str) -> Step:
    sure = sum(step.value is True for step in steps)
    open_ = sum(step.value is None for step in steps)
    value = True if sure >= count else None if sure + open_ >= count else False
    return Step(about, value, tuple(steps), row)


_LEAVES: dict[str, Callable[[Condition, str], Compiled]] = {
    "fact": _fact, "rule": _rule, "param": _param, "policy": _policy,
}  # fmt: skip
