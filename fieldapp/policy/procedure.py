"""What procedure demands, as lines: where to apply, notice, hearing before a cut, what comes first."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.policy.assessment import Line
from fieldapp.policy.evaluation import Case
from fieldapp.policy.explain import clause_text
from fieldapp.policy.money import yuan
from fieldapp.policy.rules import dibao, leaving, temporary
from fieldapp.policy.rules.family import may_apply_here
from fieldapp.policy.rules.tier import has
from fieldapp.policy.words import Verdict

NAMES = {"dibao": ("低保", "the allowance"), "tekun": ("特困", "extreme poverty"), "edge": ("低保边缘", "edge")}
BY_REGISTER = ("dibao", "dibao_single", "edge", "rigid", "tekun")


def advice_for(c: Case, id: str, verdict: Verdict, first: str) -> Iterator[Line]:
    """Advice that belongs to one programme's result."""
    if verdict is Verdict.NOT_ASKED:
        zh, en = NAMES[first]
        yield Line(f"不再比对：先按{zh}", f"not asked, {en} comes first")
    if id in BY_REGISTER and may_apply_here(c).value is not True and verdict is not Verdict.NOT_ASKED:
        en = "asked for at the place of registration, or by residence permit where the county allows"
        yield Line("向户籍所在地申请；本县允许的，可凭居住证在居住地申请", en)
    if id == "temp_fast" and verdict is Verdict.FIRST_MATCH:
        yield from _fast(c)
    if id == "temp_expense" and verdict is Verdict.FIRST_MATCH:
        yield Line("经公示后给予", "given after public notice")
    if id == "swwrfy" and verdict is Verdict.FIRST_MATCH:
        yield Line("不宜公示", "never put on public notice")


def _fast(c: Case) -> Iterator[Line]:
    yield Line("不要求户籍，向急难发生地申请", "local registration not required; where the emergency happened")
    yield Line("不做经济状况核对", "economic check: not asked")
    yield Line("不公示", "public notice: none")
    days = c.param("temp_fast.days").value
    if days is not None:
        yield Line(f"先行救助，{days} 天内办结，事后补手续", f"help first, within {days} days, papers after")


def procedure(c: Case) -> Iterator[Line]:
    """Lines for the household as a whole."""
    near = c.fact("household.near_relative")
    if near.value is True:
        yield Line("近亲属申请：单独登记备案，县级入户调查", "near relative: registered apart, visited by the county")
    if leaving.gradual_exit(c).value is True:
        months = leaving.exit_months(c).value
        yield Line(f"低保渐退：就业后可继续享受，最长 {months} 个月", f"gradual exit: up to {months} months")
    yield from _exit(c)
    yield from _cut(c)
    yield from _present(c)
    if temporary.event(c).value is True or c.fact("signal.urgent").value is True:
        hours = c.param("emergency.answer_hours").value
        if hours is not None:
            yield Line(f"急难 {hours} 小时内响应", f"emergency answered within {hours} hours")


def _exit(c: Case) -> Iterator[Line]:
    if dibao.dibao(c).value is False and leaving.exit_check(c).value == "done":
        yield Line("退出前核查：已逐层比对低保边缘、刚性支出困难、临时救助",
                   "exit check done: edge, rigid spending and temporary assistance looked at")  # fmt: skip


def _cut(c: Case) -> Iterator[Line]:
    step = leaving.would_cut(c)
    if step.value is not True:
        return
    zh, en = clause_text(step, "zh"), clause_text(step, "en")
    yield Line(f"调减、终止前先听取意见（{zh}）", f"heard before anything is cut ({en})")
    yield Line(f"作出决定后书面告知并说明理由（{zh}）", f"written reasons ({en})")
    yield Line("停发后继续动态监测", "stays monitored")


def _present(c: Case) -> Iterator[Line]:
    """How the amount now paid was computed, beside the new one."""
    if has(c, "dibao").value is not True:
        return
    how = leaving.explains_present(c)
    if how is None:
        return
    amount, standard, per, with_job, with_rigid = how
    zh, en = _without(with_job, with_rigid)
    paid, std, each = (yuan(step.number or 0) for step in (amount, standard, per))
    people = per.inputs[1].value
    yield Line(f"原低保金 {paid} =（{std} − {each}）× {people}{zh}", f"{paid} was ({std} − {each}) × {people}{en}")


def _without(with_job: bool, with_rigid: bool) -> tuple[str, str]:
    if with_job and with_rigid:
        return "", ""
    if with_job:
        return "，未扣减刚性支出", ", without the deduction"
    if with_rigid:
        return "，未扣减就业成本", ", without the job cost"
    return "，未作任何扣减", ", without any deduction"
