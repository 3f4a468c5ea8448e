"""Alert leads of the last three months: one for every twenty households, most of them answered.

What came in this week and nobody has taken up yet is not written as documents: it is the list the departments sent
(``leads.csv``), and comes in through the same import as any.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from fieldapp.workflows.intake.leads import lead_document_id
from resources.demo.documents import Document, Household, document
from resources.demo.hardship import SEVERE
from resources.demo.homes import TODAY
from resources.demo.places import COUNTY

HOUSEHOLDS_PER_LEAD = 20
FRESH_DAYS = 6
HEADER = ("预警编号", "来源部门", "姓名", "证件号码", "住址", "预警内容", "下发日期", "办理时限")
_SEEN = {
    "true_needs_help": "情况属实，已与家属商定申请救助",
    "true_already_helped": "情况属实，已在册，本月待遇正常发放",
    "not_true": "上门核实，家庭生活正常，预警信息与实际不符",
    "not_found": "户籍在此，人已多年不在本地，邻居证实",
}
_STORY_LEAD = ("县医保局", "近12个月个人自付医疗费用11.8万元，疑似因病致困", 1)


class Alerts:
    """Draws leads about families and keeps the fresh ones for the list."""

    def __init__(self, days_off: frozenset[str]) -> None:
        self.days_off = days_off
        self.number = 0
        self.fresh: list[tuple[str, ...]] = []

    def about(self, family: Household, walker: str, chance: Random) -> Iterator[Document]:
        """The lead this family is due, if it is: as a document, or kept for the list."""
        member, source, content = _reason(family, chance)
        issued = TODAY - timedelta(days=chance.randrange(92))
        days = chance.choice((3, 5, 5, 10))
        while not self._worked(issued):
            issued -= timedelta(days=1)
        if (TODAY - issued).days <= FRESH_DAYS:
            masked = source == "县卫健委"
            self._to_list(family, member, source, content, issued, days, masked=masked, chance=chance)
        else:
            yield self._document(family, walker, member, source, content, issued, days, chance)

    def story(self, family: Household, chance: Random) -> None:
        """The lead with which the first case begins."""
        source, content, member = _STORY_LEAD
        self._to_list(family, member, source, content, date(2026, 11, 18), 5, masked=False, chance=chance)

    def list(self) -> bytes:
        """The fresh leads as the platform exports them: .csv in GB18030."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerows([HEADER, *self.fresh, ("合计", len(self.fresh))])
        return out.getvalue().encode("gb18030")

    def _next(self) -> str:
        self.number += 1
        return f"YJ2026{self.number:06d}"

    def _to_list(
        self, family: Household, member: int, source: str, content: str, issued: date, days: int, *, masked: bool,
        chance: Random,
    ) -> None:  # fmt: skip
        number = family.numbers[member] or ""
        if masked and number:
            number = number[:4] + "*" * 10 + number[-4:]
        shown = issued.strftime(chance.choice(("%Y%m%d", "%Y/%m/%d", "%Y-%m-%d 09:30:00")))
        term = chance.choice((f"{days}个工作日", str(days), "" if days == 5 else str(days)))
        name = family.home.members[member].name
        self.fresh.append((self._next(), source, name, number, family.address, content, shown, term))

    def _document(
        self, family: Household, walker: str, member: int, source: str, content: str, issued: date, days: int,
        chance: Random,
    ) -> Document:  # fmt: skip
        number = self._next()
        due = self._after(issued, days)
        state: Document = {
            "number": number, "source": source, "channel": "department", "content": content,
            "person_name": family.home.members[member].name, "id_number": family.numbers[member],
            "address": family.address, "issued_on": issued.isoformat(), "days": days, "due_on": due.isoformat(),
            "household": family.id, "person": family.people[member],
        }  # fmt: skip
        assigned = self._after(issued, chance.choice((1, 1, 2)))
        state |= {"assigned_on": assigned.isoformat(), "assigned_to": walker}
        checked = self._after(assigned, chance.randrange(1, days + 1))
        if due < TODAY and checked < TODAY and chance.random() < 0.95:
            state |= self._answer(family, walker, checked, chance)
        return document("lead", lead_document_id(COUNTY, source, number), family.grid.code, state)

    def _answer(self, family: Household, walker: str, checked: date, chance: Random) -> Document:
        answered = self._after(checked, chance.choice((0, 1)))
        outcomes = ("true_needs_help", "true_already_helped", "not_true", "not_found")
        helped = 25 if family.standing.tier is None else 5
        outcome = chance.choices(outcomes, (helped, 30 if family.standing.tier else 5, 60, 8))[0]
        answer = {
            "outcome": outcome, "seen": _SEEN[outcome], "at": f"{answered.isoformat()}T07:10:00Z",
            "by": walker, "taken_into_help": outcome == "true_needs_help" and chance.random() < 0.6,
        }  # fmt: skip
        return {"checked_on": checked.isoformat(), "answered_on": answered.isoformat(), "answer": answer}

    def _worked(self, day: date) -> bool:
        return day.weekday() < 5 and day.isoformat() not in self.days_off

    def _after(self, start: date, days: int) -> date:
        day = start
        while days > 0:
            day += timedelta(days=1)
            days -= self._worked(day)
        return day


def _reason(family: Household, chance: Random) -> tuple[int, str, str]:
    """(member, department, content): what a data comparison might have found about this family."""
    found: list[tuple[int, str, str]] = []
    for index, member in enumerate(family.home.members):
        if member.disability:
            found.append((index, "县残联", "残疾等级由四级变更为二级"))
        if member.illness in SEVERE or member.age > 60:
            cost = chance.randrange(4, 16)
            found.append((index, "县医保局", f"近12个月个人自付医疗费用{cost}万余元，疑似因病致困"))
        if 6 <= member.age < 16:
            found.append((index, "县教育局", "学生连续缺课15日，\n班主任反映家庭变故"))
        if 22 <= member.age < 58:
            found.append((index, "县人社局", "失业登记满6个月，无参保记录"))
            found.append((index, "县卫健委", "新增重症精神障碍在册管理"))
    return chance.choice(_by_weight(found) or [(0, "县民政局", "动态监测：家庭支出骤增")])


def _by_weight(found: Sequence[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """The rarer findings say more: everyone of working age would otherwise be out of work."""
    telling = [each for each in found if each[1] in ("县残联", "县教育局", "县医保局")]
    return [*found, *telling, *telling]
