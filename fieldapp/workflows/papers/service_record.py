"""The record of a task handed to others (服务派单、转介、应急): what, to whom, by when, and its result.

Providers see a name and an address and nothing of the family's circumstances (trade.md, "Door answers").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.domain.documents import Task
from fieldapp.reports.content import Line, Paper, Section, SignHere
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.papers.asking import Ask, asked_document, family_name, imprint_for
from fieldapp.workflows.report_data_answers import local_time
from fieldapp.workflows.report_data_masking import hide_numbers
from fieldapp.workflows.report_words import TASK_KINDS, words


def paper(tx: ReadTx, actor: Actor, ask: Ask) -> Paper:
    """``ask.subject`` is a task."""
    view = asked_document(tx, ask, "task")
    task = Task.read(view.id, view.state)
    head, address = family_name(tx, task.household or "")
    person = tx.document(task.person or "")
    name = str(person.state.get("full_name") or "") if person else head
    about = (
        Line("类别", words(TASK_KINDS, task.kind)), Line("事项", hide_numbers(task.title or "")),
        Line("服务对象", name), Line("住址", address), Line("承办机构（人）", task.provider or ""),
        Line("派单时间", local_time(view.first_at)), Line("办结期限", task.due_on or "未定"),
    )  # fmt: skip
    sections = (
        Section("派单", about), Section("办理结果", _result(task.result)),
        Section("签字", (SignHere(("承办人", "服务对象或家属", "派单人")),)),
    )  # fmt: skip
    draft = "" if task.result.get("at") else "尚未办结"
    title = f"{words(TASK_KINDS, task.kind)}事项办理单"
    return Paper(imprint_for(tx, actor, ask, view, title), sections, (view.id,), draft)


def _result(result: Mapping[str, Any]) -> tuple[Line, ...]:
    if not result:
        return (Line("结果", "　"), Line("办结时间", "　"), Line("工时", "　"), Line("满意度", "　"))
    return (
        Line("结果", hide_numbers(str(result.get("text") or ""))),
        Line("办结时间", local_time(str(result.get("at") or ""))),
        Line("工时", f"{result['hours']} 小时" if result.get("hours") else ""),
        Line("本人（家属）评价", str(result.get("word") or "")),
    )  # fmt: skip
