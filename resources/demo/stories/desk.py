"""邓丽's desk: leads from every side, a re-check announced and drawn, what the worker handed over carried on, one visit
sent back, and an answer of her own that stands against the worker's."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

from fieldapp.store.projections import people
from fieldapp.workflows import grid_workers, lead_desk, lead_entry, rechecks, reviews
from fieldapp.workflows.lead_clocks import terms_of
from fieldapp.workflows.lead_entry import NewLead
from fieldapp.workflows.matters import check_report, fund
from fieldapp.workflows.rechecks import NewRecheck
from resources.demo.cast import TOWN, VILLAGE
from resources.demo.stories.clerk import Clerk
from resources.demo.stories.families import Families
from resources.demo.stories.handed import Made, day

#: channel, who said it, what, days ago, urgent, role of the family
LEADS = (
    ("hotline", "12345 热线", "邻居来电：老人两天没有出门，敲门无人应。", 0, True, "elder"),
    ("anti_relapse", "防返贫监测平台", "家庭纯收入骤降，低于监测线。", 3, False, "job"),
    ("walk_in", "镇便民服务中心", "来窗口问：孩子上大学，学费怎么办。", 2, False, "school"),
    ("neighbour", "邻居 陈婶", "屋顶又漏了，一家人挤在堂屋睡。", 4, False, "housing"),
    ("child", "周岭小学 吴老师", "孩子说爸爸去医院了，家里只有奶奶。", 1, False, "illness"),
    ("online", "政务服务网申请", "申请临时救助，已传住院票据。", 1, False, "papers"),
    ("errand", "村会计 谭云", "收医保时听说家里欠了三个月电费。", 6, False, "late"),
)
PHONES = ("13807990001", "13907990002")
INSPECTORS = ("邓丽", "孙岚")


def leads_from_all_sides(clerk: Clerk, families: Families) -> None:
    """One by each way a lead comes in; those two days old and older are given to whoever walks the grid."""
    for channel, source, words, ago, urgent, role in LEADS:
        then = clerk.ago(ago, hour=9)
        wanted = NewLead(
            channel,
            families.name(role),
            families.place(role),
            words,
            source,
            urgent=urgent,
            household=families.of(role),
        )
        lead = lead_entry.enter(clerk.store, then.actor, wanted, terms_of(clerk.rules, then.day)).result()
        if ago > 1:
            lead_desk.assign(clerk.store, clerk.ago(ago - 1).actor, lead, "王梅").result()


def grids(clerk: Clerk) -> None:
    """Who walks where; one grid is shared by two."""
    for number, names in ((1, ("王梅",)), (2, ("王梅", "周全"))):
        grid_workers.assign(clerk.store, clerk.ago(30).actor, f"{VILLAGE}-{number:03}", names).result()


def announce(clerk: Clerk) -> tuple[str, str]:
    """Early in the month for the first half of it; and the one that runs now."""
    past = NewRecheck("十一月上旬走访抽查", TOWN, day(19), day(7), 100, INSPECTORS)
    running = NewRecheck("十一月下旬走访抽查", TOWN, day(6), day(-9), 50, INSPECTORS)
    return (
        rechecks.announce(clerk.store, clerk.ago(19).actor, past).result(),
        rechecks.announce(clerk.store, clerk.ago(6).actor, running).result(),
    )


def draw(clerk: Clerk, recheck: str) -> None:
    """Reveal; make the first of her own second visits, and publish what the two visits agree on."""
    drawn = rechecks.reveal(clerk.store, clerk.ago(6).actor, recheck).result()
    mine = next((each for each in drawn if each.kind == "visit" and each.inspector == clerk.who.name), None)
    if mine is None:
        return
    then = clerk.ago(3, hour=14)
    opened = rechecks.start_second(clerk.store, then.actor, then.shelf, recheck, mine.id, "孙岚").result()
    then.submit_visit(opened, {"changed": "没有变化", "missing": "没有"})
    rechecks.publish(clerk.store, clerk.ago(2).actor, clerk.shelf, recheck, mine.id, "(zh)").result()


def send_back(clerk: Clerk, visit: str) -> None:
    """The visit that says nothing of care although the words do."""
    then = clerk.ago(3)
    page = reviews.page(clerk.store, then.actor, clerk.shelf, visit, "zh", "(zh)").result()
    line = next((each for each in page.lines if each.path.endswith("/needs_care")), page.lines[0])
    words = "结论写老人腿脚不便，这里却答不需要照护，请核对；由谁照护也请补上。"
    reviews.send_back(clerk.store, then.actor, visit, page.leaves, {line.path: words}).result()


def carry_on(clerk: Clerk, families: Families, made: Made) -> None:
    """The town's steps of what came from the village."""
    _report(clerk, made["application"], families.of("applicant"), differs=False, ago=13)
    clerk.ago(13).do(made["application"], "check", outcome="agrees", words="与申报一致")
    clerk.ago(10).do(
        made["application"], "notice", until=day(3).isoformat(), place="周岭村村务公开栏", shown_amount=860
    )
    clerk.ago(2).do(made["application"], "notice_end", outcome="none", words="无异议")
    _report(clerk, made["cut"], families.of("cut"), differs=True, ago=5)
    clerk.ago(4).do(
        made["emergency"],
        "help",
        events=("fire",),
        words="灶房起火，被褥和口粮受损。",
        hardship="yes",
        measures=("cash", "goods"),
        amount=1500,
        goods="棉被两床、米一袋",
        people=2,
        no_check="OK",
        papers_due=day(-11).isoformat(),
    )


def mutual_aid(clerk: Clerk, families: Families) -> None:
    """Money given in autumn; a vote, a payment and a notice that hangs until next week."""
    for ago, amount, words, who in (
        (58, 18_600_00, "重阳节村民捐款", "村民 46 人"),
        (30, 5_000_00, "返乡企业捐款", "张记茶厂"),
    ):
        fund.enter(
            clerk.store,
            clerk.ago(ago).actor,
            VILLAGE,
            fund.Line("mutual_aid", amount, day(ago).isoformat(), words, who),
        ).result()
    home = families.of("aided")
    matter = clerk.ago(6).open("mutual_aid", home, person=clerk.person(home), words="骨折住院，家里一时拿不出押金")
    votes = [{"member": name, "vote": "for"} for name in ("周全", "谭云", "李国安", "陈婶")]
    clerk.ago(6).do(
        matter, "vote", asked=1000, committee=5, votes=[*votes, {"member": "何平安", "vote": "abstain"}], amount=1000
    )
    clerk.ago(5).do(matter, "pay", amount=1000)
    clerk.ago(4).do(matter, "notice", days=7)


def conference(clerk: Clerk, families: Families) -> None:
    """Three offices at one table; one has done its part."""
    matter = clerk.ago(8).open("conference", families.of("conference"), words="危房、欠费、无人照看，怎么一起解决？")
    clerk.ago(8).do(
        matter,
        "confer",
        chair="邓丽",
        question="危房、欠费、无人照看，怎么一起解决？",
        minutes="孙岚",
        responsible="镇民政所",
        opinions=[
            {"department": "housing", "person": "县住建局 钱工", "opinion": "可列入明年危房改造，先加固。"},
            {"department": "health", "person": "镇卫生院 吴医生", "opinion": "每月上门巡诊一次。"},
        ],
        decision_text="先加固住房、免欠费，村里安排邻里照看。",
        by_when=day(-12).isoformat(),
        actions=[
            {"who": "housing", "what": "屋面加固", "until": day(-12).isoformat()},
            {"who": "health", "what": "首次上门巡诊", "until": day(1).isoformat()},
        ],
    )
    page = clerk.page(matter)
    step = page.step("actions")
    if step.left:
        clerk.ago(1).do(
            matter,
            "actions",
            row=step.left[-1][0],
            answered_by="镇卫生院",
            outcome="done",
            words="十一月二十日已上门，血压偏高，已配药。",
        )


def contest(clerk: Clerk, household: str, phone: str) -> None:
    """Write down another telephone of a family; two laptops do so without having heard of each other."""
    clerk.store.write_now(lambda tx: tx.save(household, {"/phone": phone}))


def _report(clerk: Clerk, matter: str, household: str, *, differs: bool, ago: int) -> None:
    """The county's report as a file, read in and laid beside what was declared."""
    head = clerk.store.read_now(lambda tx: people.members(tx, household))[0]
    found: list[tuple[Any, ...]] = [("姓名", "证件号码", "核对项目", "核对结果", "数据来源", "核对日期")]
    on = day(ago).isoformat()
    deposits = "46800" if differs else "6000"
    found.append((head.full_name, head.id_number or "", "存款", deposits, "县农商行", on))
    found.append((head.full_name, head.id_number or "", "工资", "3400" if differs else "0", "县人社局", on))
    found.append((head.full_name, head.id_number or "", "车辆", "无", "县公安局交警大队", on))
    out = io.StringIO(newline="")
    csv.writer(out).writerows(found)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "核对报告.csv"
        file.write_text(out.getvalue(), encoding="utf-8")
        then = clerk.ago(ago)
        laid = check_report.lay_beside(clerk.store, matter, file).result()
        check_report.keep(clerk.store, then.actor, matter, "check", laid).result()
