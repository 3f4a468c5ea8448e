"""``answers`` and ``loop``: what became of the leads, for the platform that asked and for the office."""

from __future__ import annotations

import argparse
import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

from fieldapp.domain.documents import Lead
from sync.server.admin.command import add_command
from sync.server.keys import write_private
from sync.server.reading import documents_of
from sync.server.service import Service
from sync.server.storage import controls

COLUMNS = (
    "预警编号",
    "来源",
    "核查结果",
    "核查情况",
    "下发日期",
    "分派日期",
    "核查日期",
    "反馈日期",
    "是否按时",
    "是否纳入",
)
OUTCOMES = {
    "true_needs_help": "属实需救助",
    "true_already_helped": "属实已救助",
    "not_true": "不属实",
    "not_found": "查无此人",
}
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}


def register(commands: Any) -> None:
    out = add_command(commands, "answers", _answers, "answered leads as CSV for the platform that asked")
    out.add_argument("file", type=Path)
    out.add_argument("--source", help="only leads of this sender")
    out.add_argument("--encoding", choices=sorted(ENCODINGS), default="utf-8")
    add_command(commands, "loop", _loop, "the loop counted: passed on, assigned, checked, answered, in time, helped")


def leads(service: Service) -> list[Lead]:
    return service.read(lambda c: [Lead.read(d.id, d.state) for d in documents_of(service, c, "lead")])


def answers_csv(found: list[Lead], *, source: str | None = None) -> tuple[str, int]:
    """(CSV text, rows) of the answered leads; cells that a spreadsheet would run as a formula are guarded."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    answered = [lead for lead in found if lead.answered_on and source in (None, lead.source)]
    for lead in sorted(answered, key=lambda lead: (lead.answered_on or "", lead.number or "")):
        writer.writerow([_guarded(cell) for cell in _row(lead)])
    return text.getvalue(), len(answered)


def loop_counts(found: list[Lead]) -> dict[str, int]:
    """How far the leads went round the loop."""
    counts: Counter[str] = Counter(passed_on=len(found))
    for lead in found:
        counts["withdrawn"] += bool(lead.withdrawn_on)
        counts["assigned"] += bool(lead.assigned_on or lead.assigned_to)
        counts["checked"] += bool(lead.checked_on)
        counts["answered"] += bool(lead.answered_on)
        counts["in_time"] += in_time(lead) is True
        counts["taken_into_help"] += bool(lead.answer.get("taken_into_help"))
    return dict(counts)


def in_time(lead: Lead) -> bool | None:
    """Whether the answer came by the due day; None without an answer or a day."""
    if not lead.answered_on or not lead.due_on:
        return None
    return lead.answered_on[:10] <= lead.due_on[:10]


def _row(lead: Lead) -> list[str]:
    timely = {True: "是", False: "否", None: ""}[in_time(lead)]
    outcome = str(lead.answer.get("outcome") or "")
    return [
        lead.number or "",
        lead.source or "",
        OUTCOMES.get(outcome, outcome),
        str(lead.answer.get("seen") or ""),
        lead.issued_on or "",
        lead.assigned_on or "",
        lead.checked_on or "",
        lead.answered_on or "",
        timely,
        {True: "是", False: "否"}.get(bool(lead.answer.get("taken_into_help")), ""),
    ]


def _guarded(cell: str) -> str:
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t") else cell


def _answers(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    text, rows = answers_csv(leads(service), source=options.source)
    write_private(options.file, text.encode(ENCODINGS[options.encoding], errors="strict"))
    service.write(lambda c: controls.note(c, service.keys.county, options.by, "answers", str(rows)))
    return {"file": str(options.file), "rows": rows}


def _loop(service: Service, _: argparse.Namespace) -> dict[str, int]:
    return loop_counts(leads(service))
