"""抽查台账: every re-check with what was announced, what came out, and how many answers differed; nobody is ranked."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.domain.documents import Recheck
from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.cells import PLACE, day, town_village_grid, whole
from fieldapp.workflows.papers.asking import Ask, family_name
from fieldapp.workflows.places import places
from fieldapp.workflows.rechecks import second_visit

TITLE = "抽查台账"
KINDS = {"visit": "走访", "service": "服务派单"}
COLUMNS = (
    *PLACE,
    Column("title", "抽查名称", width=22), Column("first", "时段起", Kind.DATE), Column("last", "时段止", Kind.DATE),
    Column("announced_on", "公布校验值日", Kind.DATE), Column("commitment", "校验值", width=30),
    Column("drawn_on", "公布种子日", Kind.DATE), Column("seed", "种子", width=30),
    Column("candidates", "候选（件）", Kind.NUMBER), Column("kind", "类别"), Column("head", "户主"),
    Column("address", "住址", width=26), Column("inspector", "抽查人"), Column("done_on", "抽查日", Kind.DATE),
    Column("asked", "比对（题）", Kind.NUMBER), Column("differs", "不一致（题）", Kind.NUMBER),
    Column("published_on", "结果公布日", Kind.DATE),
)  # fmt: skip


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    for view in tx.of_type("recheck"):
        record = Recheck.read(view.id, view.state)
        area = record.area or view.area.rstrip("*")
        if not (area.startswith(ask.subject) or ask.subject.startswith(area)) or not ask.holds(record.last):
            continue
        begun = (
            *town_village_grid(names, area), record.title, day(record.first), day(record.last),
            day(record.announced_on), record.commitment, day(record.drawn_on), record.seed, len(record.candidates),
        )  # fmt: skip
        for kind, document, inspector in record.drawn or (("", "", ""),):
            yield (*begun, KINDS.get(kind, kind), *_family(tx, document), inspector, *_result(tx, record, document))


def _family(tx: ReadTx, document: str) -> tuple[str, str]:
    view = tx.document(document) if document else None
    return family_name(tx, str(view.state.get("household") or "")) if view else ("", "")


def _result(tx: ReadTx, record: Recheck, document: str) -> tuple[Cell, ...]:
    second = second_visit(tx, document) if document else None
    found = record.results.get(document) or {}
    done = day(second.finished_at) if second else None
    return done, whole(found.get("asked")), whole(found.get("differs")), day(found.get("on"))
