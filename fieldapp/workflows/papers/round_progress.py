"""How far a screening round is: numbers, map, curve, and the grids one by one. Grids are listed in their own order and
no worker is named: progress is not a ranking (trade.md, "Supervision without harassment")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fieldapp.domain.documents import Round
from fieldapp.reports.content import AreaMap, Count, Counts, Curve, Grid, Line, Paper, Section, Shape
from fieldapp.store.api import ReadTx
from fieldapp.store.projections import door_answers, households
from fieldapp.store.projections.door_answers import AnswerRow
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.papers.asking import Ask, asked_document, imprint_for
from fieldapp.workflows.places import Places, places
from fieldapp.workflows.report_data_answers import local_time
from fieldapp.workflows.report_words import ROUND_KINDS, words
from fieldapp.workflows.rounds import RoundInfo, is_silent, scope_of, state_of

LEGEND = (("done", "已排查完"), ("changed", "排查中"), ("todo", "未开始"))
HEAD = ("网格", "应排查户数", "已排查", "正常", "有变化", "疑似困难", "无人在家", "其他", "仍须上门")
WIDTHS = (2.6, 1.2, 1, 1, 1, 1.1, 1.1, 1, 1.2)
MOST_DAYS = 120


@dataclass(frozen=True)
class GridState:
    """One grid's doors. ``silent`` keep the round open."""

    area: str
    total: int
    tally: dict[str, int]
    silent: int

    @property
    def answered(self) -> int:
        return min(sum(self.tally.values()), self.total)

    @property
    def kind(self) -> str:
        return "done" if not self.silent and self.total else "changed" if self.answered else "todo"


def paper(tx: ReadTx, actor: Actor, ask: Ask) -> Paper:
    """``ask.subject`` is a round."""
    view = asked_document(tx, ask, "round")
    record = Round.read(view.id, view.state)
    info = RoundInfo(
        record.id, record.title or "", record.number, record.kind or "regular", record.opens_on, record.closes_on,
        record.closed_at, bool(record.flagged_first), tuple(record.areas),
    )  # fmt: skip
    names = places(tx)
    scopes = scope_of(info, actor.scopes)
    answers = [answer for area in scopes for answer in door_answers.of_round(tx, info.id, area).values()]
    grids = [_grid(tx, info, code) for code in _grid_codes(tx, names, info, actor)]
    sections = (
        Section("", tuple(_about(info))), Section("总体情况", (_counts(grids),)),
        Section("进度曲线", (_curve(info, actor.today(), answers, sum(grid.total for grid in grids)),)),
        *_map(names, grids), Section("分网格情况", (Grid("", HEAD, tuple(_rows(names, grids)), WIDTHS),)),
    )  # fmt: skip
    title = f"{info.title or '网格排查'}进度报告"
    return Paper(imprint_for(tx, actor, ask, view, title), sections, (view.id,), numbered=False)


def _about(info: RoundInfo) -> Iterator[Line]:
    yield Line("排查轮次", f"{info.title}{f'（第 {info.number} 轮）' if info.number else ''}")
    yield Line("类别", words(ROUND_KINDS, info.kind))
    yield Line("起止", f"{info.opens_on or ''} 至 {info.closes_on or ''}")
    yield Line("状态", f"已于 {local_time(info.closed_at)} 关闭" if info.closed_at else "进行中")


def _grid_codes(tx: ReadTx, names: Places, info: RoundInfo, actor: Actor) -> list[str]:
    """Every grid of the round: those the county named, and those where households lie all the same."""
    scopes = scope_of(info, actor.scopes)
    inside = {code for code in names.names if len(code) == 16 and any(code.startswith(scope) for scope in scopes)}
    inside |= {grid for scope in scopes for grid in households.grids(tx, scope)}
    return sorted(inside)


def _grid(tx: ReadTx, info: RoundInfo, area: str) -> GridState:
    answers = door_answers.of_round(tx, info.id, area)
    homes = households.in_area(tx, area)
    tally: dict[str, int] = {}
    for home in homes:
        told = answers.get(home.id)
        if state_of(told) != "todo":
            kind = (told.answer if told else None) or "changed"
            tally[kind] = tally.get(kind, 0) + 1
    return GridState(area, len(homes), tally, sum(is_silent(answers.get(home.id)) for home in homes))


def _counts(grids: list[GridState]) -> Counts:
    total, answered = sum(g.total for g in grids), sum(g.answered for g in grids)
    share = f"{answered * 100 // total}%" if total else "—"
    return Counts((
        Count("应排查（户）", str(total)), Count(f"已排查（{share}）", str(answered), "done"),
        Count("有变化", str(_sum(grids, "changed", "new")), "changed"),
        Count("疑似困难", str(_sum(grids, "difficulty")), "abnormal"),
        Count("无人在家", str(_sum(grids, "nobody_home")), "absent"),
        Count("仍须上门", str(sum(g.silent for g in grids)), "todo"),
    ))  # fmt: skip


def _sum(grids: list[GridState], *kinds: str) -> int:
    return sum(grid.tally.get(kind, 0) for grid in grids for kind in kinds)


def _curve(info: RoundInfo, today: date, answers: list[AnswerRow], goal: int) -> Curve:
    """Doors answered up to the end of each day of the round."""
    days = sorted(local_time(answer.at)[:10] for answer in answers if answer.at and answer.answer)
    start = date.fromisoformat(info.opens_on or (days[0] if days else today.isoformat()))
    end = max(date.fromisoformat(info.closes_on) if info.closes_on else today, start)
    span = [start + timedelta(days=n) for n in range(min((end - start).days, MOST_DAYS) + 1)]
    values = tuple(sum(day <= each.isoformat() for day in days) for each in span if each <= today)
    return Curve(tuple(f"{day.month}/{day.day}" for day in span), values, goal, "已排查")


def _map(names: Places, grids: list[GridState]) -> Iterator[Section]:
    shapes = tuple(
        Shape(names.name(grid.area), names.outlines[grid.area], grid.kind)
        for grid in grids
        if grid.area in names.outlines
    )
    if shapes:
        yield Section("网格图", (AreaMap(shapes, LEGEND),))


def _rows(names: Places, grids: list[GridState]) -> Iterator[tuple[str, ...]]:
    for grid in grids:
        told = [grid.tally.get(kind, 0) for kind in ("normal", "changed", "difficulty", "nobody_home")]
        other = grid.answered - sum(told)
        numbers = (grid.total, grid.answered, *told, max(other, 0), grid.silent)
        yield names.grid_words(grid.area), *(str(number) for number in numbers)


