"""Who counts as the family living together (共同生活的家庭成员); age; area; identity; where one applies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, once
from fieldapp.policy.steps import Step

RULES = (
    rule("family.roster", "家庭成员名单", "list of members", "given", "measures2021 7"),
    rule("family.left_out", "按规定不计入", "left out by rule", "given", "measures2021 7"),
    rule("family.member", "计入共同生活的家庭成员", "counts as family", "given", "measures2021 7"),
    rule("family.counting", "计入成员的情况", "of a member who counts", "all", "measures2021 7"),
    rule("family.size", "计入家庭人数", "members counted", "sum", "measures2021 7", unit="count"),
    rule("person.age", "周岁", "full years", "given", "county", unit="count"),
    rule("family.identity", "身份已核清", "identity established", "any", "law 40", "regulation2014 58"),
    rule("place.local", "户籍在本地", "registered here", "given", "law 37", "regulation2014 11", "measures2021 4-6"),
    rule("place.by_permit", "凭居住证在居住地申请", "by residence permit", "all", "law 37", "measures2021 4-6"),
    rule("place.any_local", "有成员户籍在本地", "some member is registered here", "any",
         "law 37", "regulation2014 11"),
    rule("place.here", "可在本地申请", "may apply here", "any", "law 37", "regulation2014 11"),
)  # fmt: skip

LEFT_OUT = frozenset({"sentence", "detox", "missing", "religious"})
AT_SCHOOL = frozenset({"kindergarten", "primary", "middle", "high", "vocational", "college", "university"})
BY_DUTY = frozenset({"parent", "grandparent", "grandchild"})


@once
def roster(c: Case) -> Step:
    """Whether the members are listed at all; without any row nothing about the family is known."""
    complete = c.fact("household.roster_complete")
    if c.rows and complete.value is not False:
        return c.made("family.roster", True, complete)
    return c.open_fact("household.roster_complete", "", complete.note or "pending")


@once
def age(c: Case, row: str) -> Step:
    """Full years on the day (the birthday itself counts), from the date of birth, else the age told."""
    born = c.fact("member.birth_date", row)
    if isinstance(born.value, date):
        if born.value > c.on:  # not born yet on the day: mistyped, or a day in the past
            return c.made("person.age", None, c.open_fact("member.birth_date", row, "pending"), row=row)
        return c.made("person.age", full_years(born.value, c.on), born, row=row)
    told = c.fact("member.age", row)
    if told.value is None:
        return c.made("person.age", None, told, row=row)
    return c.made("person.age", told.value, told, born, row=row)  # a date of birth would go before what was told


def full_years(born: date, on: date) -> int:
    """周岁: whole years lived, the birthday counting; born on 29 February, the birthday falls on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@once
def left_out(c: Case, row: str) -> Step:
    """Serving a sentence, detoxified, declared missing, three years in a religious place; conscripts by province."""
    away = c.fact("member.away", row)
    if away.value == "army":
        conscripts = c.param("family.conscript_excluded")
        return c.made("family.left_out", conscripts.value, away, conscripts, row=row)
    return c.is_in("family.left_out", away, LEFT_OUT, row)


@once
def member(c: Case, row: str) -> Step:
    """Spouse, minor children, adult children not independent or at school up to undergraduate, and others with
    a duty of support who live together for long; less those left out."""
    out = left_out(c, row)
    if out.value is True:
        return c.made("family.member", False, out, row=row)
    belongs = _belongs(c, row)
    value = None if out.value is None or belongs[0] is None else belongs[0]
    return c.made("family.member", False if belongs[0] is False else value, out, *belongs[1], row=row)


def _belongs(c: Case, row: str) -> tuple[bool | None, tuple[Step, ...]]:
    relation = c.fact("member.relation", row)
    if relation.value in ("head", "spouse"):
        return True, (relation,)
    if relation.value == "child":
        dependent, used = _dependent_child(c, row)
        if dependent is True:
            return True, (relation, *used)
        together, more = _lives_together(c, row)
        return _or(dependent, together), (relation, *used, *more)
    together, used = _lives_together(c, row)
    if relation.value in BY_DUTY or together is False:
        return together, (relation, *used)
    duty = c.fact("member.support_duty", row)
    if relation.value is None and duty.value is not True:
        return None, (relation, *used, duty)
    return _and(together, duty.value), (relation, *used, duty)


def _dependent_child(c: Case, row: str) -> tuple[bool | None, tuple[Step, ...]]:
    years = age(c, row)
    if years.number is None:
        return None, (years,)
    if years.number < 18:
        return True, (years,)
    school = c.fact("member.school", row)
    if school.value in AT_SCHOOL:
        return True, (years, school)
    alone = c.fact("member.independent", row)
    if alone.value is False:
        return True, (years, school, alone)
    return (None if school.value is None or alone.value is None else False), (years, school, alone)


def _lives_together(c: Case, row: str) -> tuple[bool | None, tuple[Step, ...]]:
    """Living together as told, unless it is said not to be for long; how long is long is left to people."""
    together, long = c.fact("member.lives_together", row), c.fact("member.long_together", row)
    value = together.value if long.value is not False else False
    return (None if value is None else bool(value)), (together, long)


def _or(a: object, b: object) -> bool | None:
    return True if a is True or b is True else None if a is None or b is None else False


def _and(a: object, b: object) -> bool | None:
    return False if a is False or b is False else None if a is None or b is None else True


@once
def size(c: Case) -> Step:
    """How many count; the leaf of the member list itself while that is not complete."""
    listed = roster(c)
    if not listed.value:
        return listed
    people = [member(c, row) for row in c.rows]
    open_ = any(step.value is None for step in people)
    return c.made("family.size", None if open_ else sum(step.value is True for step in people), *people, listed)


@once
def counted(c: Case) -> tuple[str, ...]:
    """Rows that count, or may; those left out for certain are not read any further."""
    return tuple([row for row in c.rows if member(c, row).value is not False])


def someone(c: Case, id: str, of: Callable[[str], Step], rows: Iterable[str] | None = None) -> Step:
    """Whether it holds for some member (of the family, or of ``rows``); that it holds for nobody also rests on all
    members being listed."""
    parts = (of_family(c, row, of) for row in c.rows) if rows is None else (of(row) for row in rows)
    step = c.any(id, parts)
    if step.value is True:
        return step
    listed = roster(c)
    return c.made(id, step.value if listed.value else None, *step.inputs, listed)


def of_family(c: Case, row: str, of: Callable[[str], Step]) -> Step:
    """What holds for a member as one of the family: who is left out is not looked at, and while it is open whether
    somebody counts, so is what follows from it."""
    counts = member(c, row)
    if counts.value is False:
        return counts
    step = of(row)
    return step if step.value is False else c.all("family.counting", (counts, step), row)


@once
def identity(c: Case) -> Step:
    """Somebody of the household is identified; until then every conclusion is 待核实."""
    if not c.rows:
        return roster(c)
    return c.any("family.identity", (_identified(c, row) for row in c.rows))


def _identified(c: Case, row: str) -> Step:
    told = c.fact("member.identity", row)
    return told if told.value is not False else c.open_fact("member.identity", row, "pending")


@once
def may_apply_here(c: Case) -> Step:
    """户籍所在地; or by residence permit where the county allows it. Registered elsewhere is never a "no": the
    place of registration compares by its own standard, so here it stays open."""
    if not roster(c).value:
        return roster(c)
    local = c.any("place.any_local", (_local(c, row) for row in c.rows))
    if local.value is not False:
        return c.any("place.here", (local,))
    allowed = c.param("dibao.residence_permit")
    permits = [c.fact("member.residence_permit", row) for row in c.rows]
    if allowed.value and any(step.value for step in permits):
        return c.made("place.here", True, local, c.made("place.by_permit", True, allowed, *permits))
    elsewhere = allowed if allowed.value is None else c.open_fact("member.registered_elsewhere", c.rows[0], "pending")
    return c.made("place.here", None, local, elsewhere)


def _local(c: Case, row: str) -> Step:
    elsewhere = c.fact("member.registered_elsewhere", row)
    value = None if elsewhere.value is None else not elsewhere.value
    return c.made("place.local", value, elsewhere, row=row)


@once
def area(c: Case) -> Step:
    return c.fact("household.area")


@once
def by_area(c: Case, key: str) -> Step:
    """The parameter of the household's area (``key.urban`` or ``key.rural``), resting on the area."""
    here = area(c)
    if here.value is None:
        return here
    leaf = c.param(f"{key}.{here.value}")
    return Step(leaf.about, leaf.value, (here,))
