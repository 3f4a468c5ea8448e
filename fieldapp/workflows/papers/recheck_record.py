"""The record of a random re-check (双随机抽查记录): what was announced, the seed that came out, who was drawn, and the
second visit beside the first, question by question. Anybody can draw again from it; no worker is ranked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fieldapp.domain.documents import Recheck, Visit
from fieldapp.domain.drawing import Drawn, problems
from fieldapp.reports.content import Grid, Line, Paper, Section, SignHere, Words
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.form_reading import read_form
from fieldapp.workflows.papers.asking import Ask, asked_document, family_name, imprint_of_area
from fieldapp.workflows.places import places
from fieldapp.workflows.rechecks import about_the_visit, second_visit
from fieldapp.workflows.report_data_masking import hide_answer
from fieldapp.workflows.visit_drafts import HOME_VISIT

KINDS = {"visit": "走访", "service": "服务派单"}
WRONG = {
    "commitment": "种子与预先公布的校验值不符", "drawn": "抽取结果重算不一致", "twice": "名单有重复",
    "shape": "记录不完整",
}  # fmt: skip
HEAD, WIDTHS = ("序号", "类别", "户主", "地点", "抽查人", "题数", "不一致"), (0.7, 1.2, 1.4, 3, 1.5, 0.9, 1)
COMPARED, SHARES = ("问题", "走访记录", "抽查所见"), (3, 3, 3)
HOW = "校验值在时段结束前公布，种子在其后公布：任何人用种子和名单都能重新抽一遍，谁也不能事先挑选。"


def paper(tx: ReadTx, actor: Actor, ask: Ask) -> Paper:
    """``ask.subject`` is a re-check. Raises StateError ``state.unknown``."""
    view = asked_document(tx, ask, "recheck")
    record = Recheck.read(view.id, view.state)
    drawn = [Drawn(*(str(part) for part in each)) for each in record.drawn]
    rows = tuple((str(n), *_row(tx, record, each)) for n, each in enumerate(drawn, 1))
    listed = Grid("", HEAD, rows, WIDTHS) if rows else Words("还没有抽取。")
    sections = (
        Section("抽取办法", (*_about(tx, record, view.state), Words(HOW, "small"))), Section("抽中名单", (listed,)),
        *_comparisons(tx, ask, drawn), Section("签字", (SignHere(("抽查人", "被查单位", "组织单位（盖章）")),)),
    )  # fmt: skip
    draft = "" if record.seed else "已作废" if record.superseded else "种子尚未公布"
    imprint = imprint_of_area(tx, actor, ask, record.area or view.area, "随机抽查记录")
    return Paper(imprint, sections, (view.id,), draft)


def _about(tx: ReadTx, record: Recheck, state: Mapping[str, Any]) -> Iterator[Line]:
    yield Line("名称", record.title or "")
    yield Line("范围", places(tx).grid_words(record.area))
    yield Line("时段", f"{record.first} 至 {record.last}")
    yield Line("比例", f"{record.per_mille / 10:g}%")
    yield Line("抽查人库", "、".join(record.inspectors))
    yield Line("公布校验值", f"{record.announced_on} {record.commitment}")
    if record.superseded:
        instead = tx.document(str(record.superseded.get("by") or ""))
        title = str(instead.state.get("title") or "") if instead else ""
        on, who, why = (record.superseded.get(name) or "—" for name in ("on", "who", "why"))
        yield Line("作废", f"{on} {who}：{why}")
        yield Line("由哪次代替", title or "—")
    if record.seed:
        yield Line("公布种子", f"{record.drawn_on} {record.seed}")
        yield Line("候选", f"{len(record.candidates)} 件")
        wrong = problems(state)
        yield Line("重新抽取核对", "；".join(WRONG.get(each, each) for each in wrong) or "与公布的结果一致")


def _row(tx: ReadTx, record: Recheck, drawn: Drawn) -> tuple[str, ...]:
    document = tx.document(drawn.id)
    head, place = family_name(tx, str(document.state.get("household") or "")) if document else ("", "")
    found = record.results.get(drawn.id) or {}
    asked, differs = (str(found[name]) if name in found else "—" for name in ("asked", "differs"))
    return KINDS.get(drawn.kind, drawn.kind), head, place, drawn.inspector, asked, differs


def _comparisons(tx: ReadTx, ask: Ask, drawn: list[Drawn]) -> Iterator[Section]:
    """Only what differs; that the rest agrees stands in a line."""
    for number, each in enumerate(drawn, 1):
        second = second_visit(tx, each.id) if each.kind == "visit" else None
        document = tx.document(each.id)
        if second is None or document is None:
            continue
        first = Visit.read(each.id, document.state)
        form = ask.forms(second.form_id or HOME_VISIT, second.form_version)
        compared = [one for one in read_form(form, second.answers, first.answers, "zh") if not about_the_visit(one)]
        rows = tuple(
            (" · ".join(filter(None, (one.row, one.label))), hide_answer(one.node, one.last) or "—",
             hide_answer(one.node, one.text) or "—")
            for one in compared if one.differs
        )  # fmt: skip
        said = f"共比对 {len(compared)} 题，{len(rows)} 题不一致。"
        table = (Grid("", COMPARED, rows, SHARES),) if rows else ()
        yield Section(f"第 {number} 件：走访与抽查对照", (Words(said), *table))
