"""The sheet a family keeps: what they may have, in plain words, and what to bring; only policies the county has signed.

No rule, no amount of income, nothing about mood or danger: the sheet lies on a table where neighbours sit.
"""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.domain.documents import Visit, rows
from fieldapp.errors import StateError
from fieldapp.policy.api import Assessment, Match
from fieldapp.reports.content import Grid, Line, Paper, Section, Words
from fieldapp.store.api import DocumentView, ReadTx
from fieldapp.store.projections import visits
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.papers.asking import Ask, asked_document, family_name, imprint_for
from fieldapp.workflows.report_data_rules import assessment_of

#: State -> what a family is told.
TOLD = {
    "has": "您家正在享受",
    "first_match": "看起来符合，可以申请",
    "papers": "看起来符合，还差材料",
    "to_check": "还要核对，先可以申请",
}
HEAD = ("政策", "您家的情况", "请带上", "找谁办")
WIDTHS = (2.6, 2.4, 3.2, 1.8)
NOTHING_FOUND = "这次没有比对出可以申请的政策。情况有变化，请随时告诉我们。"
FREE_TO_APPLY = "您随时可以到乡镇（街道）申请，工作人员都要受理。这张纸上的是初步比对，最后以审核确认为准。"


def paper(tx: ReadTx, actor: Actor, ask: Ask) -> Paper:
    """``ask.subject`` is a visit, or a household: then of its last visit with a result. Raises StateError
    ``report.no_assessment``."""
    view, result = _assessed(tx, ask)
    visit = Visit.read(view.id, view.state)
    head, _ = family_name(tx, visit.household or "")
    told = tuple(_row(match) for match in _shown(result))
    found = Grid("", HEAD, told, WIDTHS) if told else Words(NOTHING_FOUND)
    names = "、".join(_names(visit))
    contact = (Line("联系人", names or "　"), Line("联系电话", "　"), Line("下次来看您", _next(result)))
    sections = (
        Section("", (Words(f"{head}家：", "heading"), Words("我们来过您家，按现在知道的情况，您家可以看看这些政策。"))),
        Section("", (found,)), Section("", (Words(FREE_TO_APPLY),)), Section("", contact),
    )  # fmt: skip
    return Paper(imprint_for(tx, actor, ask, view, "政策告知单"), sections, (view.id,), numbered=False, manner="large")


def _assessed(tx: ReadTx, ask: Ask) -> tuple[DocumentView, Assessment]:
    asked = asked_document(tx, ask, "visit", "report", "household")
    ids = [asked.id] if asked.type != "household" else [row.id for row in visits.of_household(tx, asked.id)]
    for view in tx.documents(ids):
        result = assessment_of(Visit.read(view.id, view.state).assessment)
        if result is not None:
            return view, result
    raise StateError("report.no_assessment")


def _shown(result: Assessment) -> Iterator[Match]:
    order = list(TOLD)
    told = [match for match in result.matches if match.to_public and str(match.state) in TOLD]
    yield from sorted(told, key=lambda match: order.index(str(match.state)))


def _row(match: Match) -> tuple[str, ...]:
    missing = [paper[0] for paper in match.papers]
    bring = "、".join(missing or [paper[0] for paper in match.bring]) or "身份证、户口簿"
    state = str(match.state)
    return match.name[0], TOLD[state], "" if state == "has" else bring, match.department


def _names(visit: Visit) -> list[str]:
    return [str(row.get("name")) for _, row in rows(visit.investigators) if row.get("name")]


def _next(result: Assessment) -> str:
    return result.risk.revisit_on.isoformat() if result.risk.revisit_on else "　"
