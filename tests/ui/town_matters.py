"""Matters of the village for screens: an application halfway, a referral over its day, an emergency, one closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fieldapp.domain.areas import board
from fieldapp.store.api import WriteTx
from fieldapp.store.projections import funds, people
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters.opening import Wanted, create
from fieldapp.workflows.matters.writing import StepDone, write_step

SETTINGS = {"publicity.days": 7, "approval.delegated": False, "emergency.answer_hours": 24, "temp_fast.days": 3}
REPORT = (
    {"name": "邓光明", "item": "存款", "declared_value": 600000, "found": "26000", "unit": "元", "source": "县农商行",
     "state": "differs", "differs": True},
    {"name": "邓涛", "item": "工资", "declared_value": 340000, "found": "3400", "unit": "元/月", "source": "县人社局",
     "state": "agrees", "differs": False},
)  # fmt: skip


def fill_matters(tx: WriteTx, worker: Actor, homes: list[str], *, halfway: int = 6, long: bool = False) -> None:
    """``halfway`` is the place of the family whose application is under way."""
    today = worker.today()
    halves(tx, worker, homes[halfway], today, long=long)
    handed = "请县人社局就近介绍不用出重力的活，并告知公益性岗位的申请办法和所需材料" if long else "就近找活"
    sent = create(tx, worker, Wanted("referral", homes[8], title=handed, provider="县人社局"), SETTINGS)
    ago = today - timedelta(days=9)
    write_step(tx, worker, sent, _done("send", ago, until=(today - timedelta(days=2)).isoformat(), words=handed))
    create(tx, worker, Wanted("emergency", homes[11], words="老旧砖房，术后居家"), SETTINGS)
    for amount, words, who in ((24500_00, "村民捐款", "村民 20 人"), (-1000_00, "小范住院，先打款", "小范")):
        entry = {"account": "mutual_aid", "amount": amount, "on": today.isoformat(), "words": words, "who": who}
        tx.create("fund_entry", board(funds.home_of(worker.scopes[0])), {**entry, "by": worker.name})
    closed = create(tx, worker, Wanted("service", homes[1], title="十天内帮采茶", provider="镇志愿者队"), SETTINGS)
    write_step(tx, worker, closed, _done("order", ago, until=today.isoformat(), words="十天内帮采茶"))
    write_step(tx, worker, closed, _done("serve", today - timedelta(days=1), words="采茶 60 斤"))


def halves(tx: WriteTx, worker: Actor, home: str, today: date, *, long: bool) -> None:
    matter = create(tx, worker, Wanted("dibao", home), SETTINGS)
    words = "残疾证、银行流水和在外务工子女的收入证明（能核对的不用交）" if long else "残疾证"
    asked = _done("accept", today - timedelta(days=8), outcome="supplement", words=words,
                  until=(today + timedelta(days=2)).isoformat(), form=("application_acceptance", ""))  # fmt: skip
    write_step(tx, worker, matter, asked)
    write_step(tx, worker, matter, _done("supplement", today - timedelta(days=5), outcome="given", words=words))
    for row in people.members(tx, home)[:2]:
        write_step(tx, worker, matter, _done("undertaking", today - timedelta(days=5), row=row.id))
    tx.save(matter, {"/reports/check/rows": [dict(row) for row in REPORT], "/reports/check/outcome": "differs"})


def _done(step: str, on: date, **more: Any) -> StepDone:
    return StepDone(step, on.isoformat(), **more)
