"""The matters of 王梅's grids, as far as her own hands bring them; what the town does with them is in ``desk.py``."""

from __future__ import annotations

from datetime import date

from resources.demo.homes import TODAY
from resources.demo.stories.clerk import Clerk
from resources.demo.stories.families import Families

Made = dict[str, str]


def day(days_ago: int) -> date:
    """So many days before the demo's today, or after it where negative."""
    return date.fromordinal(TODAY.toordinal() - days_ago)


def hand_over(clerk: Clerk, families: Families) -> Made:
    """What she opened this autumn, by name."""
    return {
        "application": _application(clerk, families),
        "cut": _cut(clerk, families),
        "papers": _papers(clerk, families),
        "service": _service(clerk, families),
        "emergency": _emergency(clerk, families),
        "crisis": _crisis(clerk, families),
        "late": _late(clerk, families),
        "referral": _referral(clerk, families),
    }


def _application(clerk: Clerk, families: Families) -> str:
    """Accepted, everybody signed, visited and assessed: it goes to the town."""
    home = families.of("applicant")
    matter = clerk.ago(17).open("dibao", home, words="户主失业半年，老人多病")
    clerk.ago(17).do(matter, "accept", outcome="accepted", near_relative="no", applied_by="self")
    clerk.ago(16).adults_sign(matter, home)
    clerk.ago(15, hour=9).visit(
        home,
        {
            "purpose": "application",
            "assets_deposits": 6000,
            "needs": ("基本生活",),
            "event_kind": ("job_loss",),
            "event_hardship": "yes",
            "event_words": "厂里裁员，六月起没有固定收入。",
            "conclusion_text": "家庭人均收入低于标准，建议按程序核对后公示。",
        },
        {0: {"work": "lost", "income_kinds": ("none",)}},
        matter=matter,
        step="visit",
        purpose="application",
    )
    clerk.ago(15, hour=11).do(
        matter,
        "score",
        by_2="李国安",
        house="poor",
        appliance="few",
        food="enough",
        labour="one",
        illness="one",
        debt="some",
        remark="住房简陋，家电只有电视和电饭煲。",
    )
    return matter


def _cut(clerk: Clerk, families: Families) -> str:
    """A family in the program earns more: found, visited; the report and the hearing are the town's."""
    home = families.of("cut")
    matter = clerk.ago(9).open("adjust", home)
    clerk.ago(9).do(
        matter,
        "found",
        reason="income",
        outcome="decrease",
        words="儿子四月起在镇上做工，每月约三千元。",
        exit_check="yes",
    )
    clerk.ago(8, hour=9).visit(
        home,
        {"purpose": "review", "assets_deposits": 20000, "conclusion_text": "收入增加，拟减发，先听取家庭意见。"},
        {0: {"work": "flexible", "income_kinds": ("wage",), "income_kinds_wage": 3000}},
        matter=matter,
        step="visit",
        purpose="review",
    )
    return matter


def _papers(clerk: Clerk, families: Families) -> str:
    """Asked once for what is missing; it is due in three days."""
    matter = clerk.ago(4).open("temp_expense", families.of("papers"), words="孩子住院，自付两万三千元")
    clerk.ago(4).do(
        matter,
        "accept",
        outcome="supplement",
        near_relative="no",
        applied_by="self",
        words="住院结算单、出院小结",
        until=day(-3).isoformat(),
    )
    return matter


def _service(clerk: Clerk, families: Families) -> str:
    """Meals for somebody alone: served, received, and what the family said of it. Another order is still out."""
    done = clerk.ago(12).open(
        "service", families.of("served"), title="送餐上门两周", provider="周岭村幸福食堂", service="care"
    )
    clerk.ago(12).do(
        done,
        "order",
        service="care",
        what="每天中午送餐上门，连续两周",
        provider="周岭村幸福食堂",
        due=day(1).isoformat(),
        hours=14,
        wish="十一点半以后",
    )
    clerk.ago(1).do(
        done,
        "serve",
        served_on=day(1).isoformat(),
        hours=13,
        done="送餐十四天，代买药两次",
        volunteers=2,
        family_word="饭菜热乎，送饭的姑娘还帮我打扫了灶台。",
        satisfied="5",
    )
    out = clerk.ago(2).open(
        "service", families.of("elder"), title="陪同去县医院复查", provider="柏叶镇社工站", service="escort"
    )
    clerk.ago(2).do(
        out,
        "order",
        service="escort",
        what="陪同去县医院复查血压和眼睛",
        provider="柏叶镇社工站",
        due=day(-2).isoformat(),
        hours=5,
        wish="周二上午",
    )
    return done


def _emergency(clerk: Clerk, families: Families) -> str:
    """Somebody came at once; the town helps first, papers follow."""
    matter = clerk.ago(5, hour=19).open("emergency", families.of("emergency"), words="夜里灶房起火，烧了半间")
    clerk.ago(5, hour=20).do(
        matter,
        "respond",
        outcome="relocated",
        place="村委会值班室",
        meals="村委会食堂",
        words="灶房烧毁半间，人没有受伤，被褥全湿。",
    )
    return matter


def _crisis(clerk: Clerk, families: Families) -> str:
    """Followed from week to week; only what was seen is written."""
    home = families.of("crisis")
    matter = clerk.ago(13).open("crisis", home, person=clerk.person(home))
    clerk.ago(13).do(
        matter,
        "open",
        permission="yes",
        words="近两周不大出门，说夜里睡不着，饭量小。",
        provider="王梅、村医",
        until=day(6).isoformat(),
    )
    clerk.ago(6).do(
        matter,
        "session",
        permission="yes",
        level="watch",
        seen="精神比上周好些，愿意说话，夜里能睡四五个小时。",
        done="陪着去村卫生室，约了县医院心理门诊。",
        closed="no",
        next_on=day(-1).isoformat(),
    )
    return matter


def _late(clerk: Clerk, families: Families) -> str:
    """An office that has not answered by its day."""
    return _sent(clerk, families.of("late"), 14, 3, "公益性岗位", "县人社局", "五十二岁，能做轻活，愿意在村里保洁。")


def _referral(clerk: Clerk, families: Families) -> str:
    """The office answered; the family is still to be told."""
    matter = _sent(clerk, families.of("referred"), 16, 4, "残疾等级重新评定", "县残联", "右腿伤残加重，出门要拄双拐。")
    clerk.ago(4).do(
        matter, "answer", answered_by="县残联 周主任", outcome="done", words="已安排十一月十八日评定，结果为肢体二级。"
    )
    return matter


def _sent(clerk: Clerk, home: str, ago: int, due: int, title: str, provider: str, words: str) -> str:
    """A need handed to an office ``ago`` days before the demo's today, to be answered by ``due`` days before it."""
    then = clerk.ago(ago)
    matter = then.open("referral", home, title=title, provider=provider)
    then.do(matter, "send", title=title, provider=provider, words=words, until=day(due).isoformat())
    return matter
