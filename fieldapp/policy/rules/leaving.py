"""Before a household leaves a programme: gradual exit, the check that there is no cliff, recalculation, procedure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, once
from fieldapp.policy.rules import dibao, edge, rigid, temporary
from fieldapp.policy.rules.family import size, someone
from fieldapp.policy.rules.income import gross, job_cost, rigid_deduction
from fieldapp.policy.rules.property import standard
from fieldapp.policy.rules.tier import has
from fieldapp.policy.steps import Step

RULES = (
    rule("leaving.above", "不再符合低保", "no longer in the allowance", "none", "law 47", "regulation2014 13"),
    rule("leaving.new_job", "因就业增收", "newly employed", "any", "measures2021 33", "notice2022"),
    rule("gradual_exit", "低保渐退", "gradual exit", "all", "measures2021 33", "notice2022"),
    rule("gradual_exit.months", "渐退期", "months of gradual exit", "pick", "measures2021 33", "notice2022",
         unit="count"),
    rule("exit_check", "退出前核查是否属于其他层次", "exit check", "pick", "law 14", "law 47", "monitoring2023",
         unit="text"),
    rule("cut.lower", "拟减发或停发", "would be cut or ended", "any", "law 48", "regulation2014 13"),
    rule("cut.less", "新算金额低于现领", "new amount below the present one", "below", "law 47",
         "regulation2014 13"),
    rule("procedure.cut", "先听取意见，书面告知理由，纳入监测", "heard first, written reasons, stays monitored", "all",
         "law 48", "regulation2014 13"),
    rule("recalculation.then", "当时的算法", "how it was computed then", "given", "law 46", "measures2021 31",
         unit="fen"),
)  # fmt: skip


@once
def no_longer(c: Case) -> Step:
    return c.none("leaving.above", (dibao.dibao(c),))


@once
def gradual_exit(c: Case) -> Step:
    """In the allowance, newly employed, now above the standard."""
    return c.all("gradual_exit", _gradual(c))


def _gradual(c: Case) -> Iterator[Step]:
    yield has(c, "dibao")
    yield someone(c, "leaving.new_job", lambda row: c.fact("member.newly_employed", row))
    yield no_longer(c)


@once
def exit_months(c: Case) -> Step:
    months = c.param("dibao.gradual_exit_months")
    return c.made("gradual_exit.months", months.value, months)


@once
def exit_check(c: Case) -> Step:
    """Edge, rigid spending and temporary assistance are all looked at before anybody leaves."""
    steps = [no_longer(c), edge.edge(c), *([rigid.rigid(c)] if "rigid" in c.book else []), temporary.temp_expense(c)]
    open_ = any(step.value is None for step in steps)
    return c.made("exit_check", None if open_ else "done", *steps)


@once
def would_cut(c: Case) -> Step:
    """The allowance would end or shrink."""
    return c.all("procedure.cut", (has(c, "dibao"), c.any("cut.lower", _lower(c))))


def _lower(c: Case) -> Iterator[Step]:
    yield no_longer(c)
    paid = c.fact("already.dibao_amount_month")
    if paid.value is not None:
        yield c.below("cut.less", dibao.amount(c), paid)


def explains_present(c: Case) -> tuple[Step, Step, Step, bool, bool] | None:
    """How the amount now paid was computed: (amount, standard then, per person then, job cost, rigid deduction).

    Tries the standard of the month it started with and without each deduction; None when nothing gives it.
    """
    paid, since = c.fact("already.dibao_amount_month"), c.fact("already.dibao_since")
    if not isinstance(since.value, date) or paid.value is None or not size(c).value:
        return None
    then = Case(c.facts, c.pack, since.value)
    for with_rigid in (True, False):
        for with_job in (True, False):
            per, amount = _computed(then, with_job, with_rigid)
            if amount is not None and amount.value == paid.value:
                return amount, standard(then), per, with_job, with_rigid
    return None


def _computed(then: Case, with_job: bool, with_rigid: bool) -> tuple[Step, Step | None]:
    parts = [job_cost(then)] if with_job else []
    parts += [rigid_deduction(then)] if with_rigid else []
    rest = then.minus("income.after_costs", gross(then), *parts)
    per = then.divide("income.per_person", rest, size(then))
    if per.number is None or per.number < 0:
        return per, None
    gap = then.minus("dibao.gap", standard(then), per)
    whole_gap = then.times("dibao.difference", gap, size(then))
    return per, dibao.rounded(then, "recalculation.then", whole_gap)
