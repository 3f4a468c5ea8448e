"""Every paper besides the visit report. To add one: its file beside this one, its line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldapp.reports.content import Paper
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.papers import (
    blank_form,
    decision_letter,
    family_sheet,
    file_index,
    lead_answer,
    matter_record,
    monthly,
    notice,
    one_page_table,
    outcomes,
    recheck_record,
    round_progress,
    service_record,
)
from fieldapp.workflows.papers.asking import Ask

Make = Callable[[ReadTx, Actor, Ask], Paper]


@dataclass(frozen=True)
class Kind:
    """A kind of paper. ``subject`` says what it is asked about: ``visit`` | ``household`` | ``lead`` | ``task`` |
    ``round`` | ``area`` | ``form`` | a type of matters; ``period`` whether it wants days, ``policy`` whether it wants a
    programme; ``desk`` that it is the supervisor's; ``sealed`` that it gets a code."""

    id: str
    title: str
    subject: str
    make: Make
    period: bool = False
    policy: bool = False
    desk: bool = False
    sealed: bool = True


_KINDS = (
    Kind("one_page_table", "入户核查情况登记表（一页）", "visit", one_page_table.paper),
    Kind("family_sheet", "政策告知单（给家庭）", "visit", family_sheet.paper, sealed=False),
    Kind("file_index", "一户一档目录", "household", file_index.paper),
    Kind("lead_answer", "预警线索核查反馈单", "lead", lead_answer.paper),
    Kind("service_record", "派单事项办理单", "task", service_record.paper),
    Kind("application_record", "救助申请办理记录", "application", matter_record.record_of("救助申请办理记录")),
    Kind("decision_letter", "审核确认（调整）告知书", "application", decision_letter.paper, sealed=False),
    Kind("emergency_record", "先行救助记录", "emergency", matter_record.record_of("先行救助（小额快救）记录")),
    Kind("mutual_aid_record", "互助记录", "mutual_aid", matter_record.record_of("村级互助记录")),
    Kind("referral_record", "转介记录", "referral", matter_record.record_of("转介办理记录")),
    Kind("conference_record", "会商纪要", "conference", matter_record.record_of("会商纪要")),
    Kind("recheck_record", "随机抽查记录", "recheck", recheck_record.paper, desk=True),
    Kind("round_progress", "排查进度报告", "round", round_progress.paper, desk=True),
    Kind("outcomes", "主动发现工作成效统计", "area", outcomes.paper, period=True, desk=True),
    Kind("monthly", "主动发现工作月报", "area", monthly.paper, period=True, desk=True),
    Kind("notice", "公示", "area", notice.paper, period=True, policy=True, desk=True, sealed=False),
    Kind("blank_form", "空白表（手写）", "form", blank_form.paper, sealed=False),
)
KINDS: dict[str, Kind] = {kind.id: kind for kind in _KINDS}
