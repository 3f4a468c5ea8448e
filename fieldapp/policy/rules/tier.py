"""三圈层: which circle a household stands in, by the county's table; what it has counts like what it may have."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, once
from fieldapp.policy.rules import children, dibao, edge, rigid, single, tekun
from fieldapp.policy.rules.family import roster
from fieldapp.policy.steps import Step

RULES = (
    rule("status.has", "已享受", "already has it", "given", "law 42", "catalogue"),
    rule("status.told", "已享政策", "policies already had", "given", "law 42", "catalogue", unit="text"),
    rule("status.program", "属于或初步符合", "has it or may have it", "any", "law 14", "monitoring2023"),
    rule("status.policy", "政策条件", "conditions of the policy", "after", "law 40", "regulation2014 58"),
    rule("tier.in_circle", "属于该圈层", "in the circle", "any", "county", "law 14", "monitoring2023"),
    rule("tier", "圈层", "circle", "pick", "county", "law 14", "monitoring2023", unit="count"),
)  # fmt: skip

RESULTS: dict[str, Callable[[Case], Step]] = {
    "tekun": tekun.tekun, "orphan": children.orphan, "swwrfy": children.swwrfy, "dibao": dibao.dibao,
    "dibao_single": single.dibao_single, "edge": edge.edge, "rigid": rigid.rigid,
}  # fmt: skip


@once
def has(c: Case, program: str) -> Step:
    """The household, or a member of it, already has the programme."""
    parts, told, complete = _told(c)
    if program in told:
        return c.made("status.has", True, *parts)
    return c.made("status.has", False if complete else None, *parts)


@once
def _told(c: Case) -> tuple[tuple[Step, ...], frozenset[str], bool]:
    """(the facts about what they have, everything told, whether that is all)."""
    parts = [c.fact("already.programs"), *[c.fact("member.already", row) for row in c.rows]]
    known = [step.value for step in parts if isinstance(step.value, tuple)]
    complete = len(known) == len(parts) and roster(c).value is True
    return (*parts, roster(c)), frozenset(name for names in known for name in names), complete


@once
def told(c: Case) -> Step:
    """Everything they have, of the family and of each member."""
    parts, names, _ = _told(c)
    return c.made("status.told", tuple(sorted(names)), *parts)


@once
def status(c: Case, program: str) -> Step:
    """Has the programme, or the rules find a first match."""
    if program == "monitored":
        return c.any("status.program", (has(c, "rural_monitoring"), c.fact("household.monitored")))
    if program == "other_hardship":
        return c.any("status.program", (c.fact("household.other_hardship"),))
    if program not in RESULTS or (program == "rigid" and "rigid" not in c.book):
        return has(c, program)
    return c.any("status.program", _either(c, program))


def _either(c: Case, program: str) -> Iterator[Step]:
    yield has(c, program)
    yield RESULTS[program](c)


@once
def tier(c: Case) -> Step:
    """1, 2 or 3, 0 outside; not known while an inner circle is open."""
    used: list[Step] = []
    for number in (1, 2, 3):
        table = c.param(f"tier.{number}")
        if table.value is None:
            return c.made("tier", None, *used, table)
        step = c.any("tier.in_circle", [status(c, name) for name in table.names])
        used += [table, step]
        if step.value is not False:
            return c.made("tier", number if step.value else None, *used)
    return c.made("tier", 0, *used)


def placed_by(c: Case) -> str:
    """The programme that puts the household into its circle, "" while unknown or outside."""
    number = tier(c).value
    names = c.param(f"tier.{number}").names if number else ()
    return next((name for name in names if status(c, name).value is True), "")
