"""孤儿 and 事实无人抚养儿童: what happened to each parent, and for how long."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, once
from fieldapp.policy.rules.disability import for_parent
from fieldapp.policy.rules.family import age, identity, someone
from fieldapp.policy.steps import Step

_ORPHAN = ("orphans2010",)
_ALONE = ("children2019", "children2020")
RULES = (
    rule("child.under_18", "未满 18 周岁", "under 18", "given", *_ORPHAN, *_ALONE),
    rule("child.parent_lost", "父或母死亡或查找不到", "parent dead or not to be found", "given", *_ORPHAN),
    rule("orphan.person", "孤儿条件", "conditions of an orphan", "all", *_ORPHAN),
    rule("orphan.someone", "有孤儿", "an orphan in the family", "any", *_ORPHAN),
    rule("orphan", "孤儿", "orphan", "after", *_ORPHAN),
    rule("child.parent_gone", "父或母死亡或失踪", "parent dead or missing", "given", *_ALONE),
    rule("child.long_enough", "满 6 个月", "for 6 months", "given", *_ALONE),
    rule("child.parent_severe", "父或母重残", "parent severely disabled", "given", *_ALONE),
    rule("child.parent_situation", "父或母属八种情形之一", "parent in one of the eight situations", "given", *_ALONE),
    rule("child.parent_unable", "父或母无法抚养", "parent cannot raise the child", "any", *_ALONE),
    rule("child.not_orphan", "不属孤儿", "not an orphan", "none", *_ALONE),
    rule("swwrfy.person", "事实无人抚养条件", "conditions of an unsupported child", "all", *_ALONE),
    rule("swwrfy.someone", "有事实无人抚养儿童", "an unsupported child in the family", "any", *_ALONE),
    rule("swwrfy", "事实无人抚养儿童", "de-facto unsupported child", "after", *_ALONE),
)  # fmt: skip

LOST = ("dead", "not_found")
GONE = ("dead", "declared_missing")
TIMED = ("sentence", "detox", "restricted", "lost_contact", "not_found")
"""A parent who cannot be found is out of contact, and must have been for as long."""
SITUATIONS = ("disabled", "ill", *TIMED, "revoked", "deported")


@once
def under_18(c: Case, row: str) -> Step:
    return c.given("child.under_18", lambda years: years < 18, age(c, row), row=row)


@once
def orphan_person(c: Case, row: str) -> Step:
    return c.all("orphan.person", _orphan(c, row), row)


def _orphan(c: Case, row: str) -> Iterator[Step]:
    yield under_18(c, row)
    for parent in ("father", "mother"):
        yield c.is_in("child.parent_lost", c.fact(f"member.{parent}", row), LOST, row)


@once
def unsupported_person(c: Case, row: str) -> Step:
    """Both parents in a situation, or one dead or missing and the other in one."""
    return c.all("swwrfy.person", _unsupported(c, row), row)


def _unsupported(c: Case, row: str) -> Iterator[Step]:
    yield under_18(c, row)
    yield c.none("child.not_orphan", (orphan_person(c, row),), row)
    for parent in ("father", "mother"):
        yield parent_unable(c, parent, row)


@once
def parent_unable(c: Case, parent: str, row: str) -> Step:
    return c.any("child.parent_unable", _unable(c, parent, row), row)


def _unable(c: Case, parent: str, row: str) -> Iterator[Step]:
    state = c.fact(f"member.{parent}", row)
    yield c.is_in("child.parent_gone", state, GONE, row)
    situation = c.is_in("child.parent_situation", state, SITUATIONS, row)
    if state.value in TIMED:
        months = c.fact(f"member.{parent}_months", row)
        yield c.given("child.long_enough", lambda _, m: m >= 6, situation, months, row=row)
    elif state.value == "disabled":
        yield _severe_parent(c, parent, situation, row)
    else:
        yield situation


def _severe_parent(c: Case, parent: str, situation: Step, row: str) -> Step:
    """By kind and level where they are told; else the office's word 重残 stands."""
    kind = c.fact(f"member.{parent}_disability.kind", row)
    if kind.value == "none":
        return c.made("child.parent_severe", True, situation, kind, row=row)
    level = c.fact(f"member.{parent}_disability.level", row)
    return c.given("child.parent_severe", lambda _, k, n: for_parent(k, n), situation, kind, level, row=row)


@once
def orphan(c: Case) -> Step:
    some = someone(c, "orphan.someone", lambda row: orphan_person(c, row), c.rows)
    return c.after("orphan", identity(c), some)


@once
def swwrfy(c: Case) -> Step:
    some = someone(c, "swwrfy.someone", lambda row: unsupported_person(c, row), c.rows)
    return c.after("swwrfy", identity(c), some)


def orphans(c: Case) -> list[str]:
    return [row for row in c.rows if orphan_person(c, row).value is True] if orphan(c).value else []


def unsupported(c: Case) -> list[str]:
    return [row for row in c.rows if unsupported_person(c, row).value is True] if swwrfy(c).value else []
