"""Visits of the village for screens: last year's beside this one's, rules reckoned, a photo, one returned, two writers
who do not agree, a re-check announced; what was opened and printed is on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QColor, QImage

from fieldapp.store.api import Store
from fieldapp.store.projections.visits import waiting
from fieldapp.workflows import exporting, rechecks, reviews, visit_files, visit_submission, visits
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.assessing import Rules
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.rechecks import NewRecheck
from fieldapp.workflows.visit_submission import Finished
from fieldapp.workflows.visits import VisitStart
from forms.api import Environment, FormSession, Kind, NodeView, Type, open_session
from tests.journeys.laptop import compiled_forms
from tests.policy.makers import DEMO
from tests.store.county import VILLAGE
from ui.questions.signature import strokes_to_bytes

LAST_YEAR, FINISHED = datetime(2025, 11, 12, 2, 5, tzinfo=UTC), datetime(2026, 11, 20, 1, 46, tzinfo=UTC)
SEEN_BEFORE = 3
DOORS = ("#9a8f7d", "#7b8794")
NOTHING = ("no", "none", "unknown", "normal")
ORDINARY: dict[str, Any] = {
    "purpose": "routine", "investigator_2": "陈芳", "investigator_1_identity": "grid",
    "investigator_2_identity": "village", "area": "rural", "roster_complete": "yes", "labour_ability": "full",
    "lives_together": "yes", "housing_kind": "砖混平房", "safe": "yes", "selfcare_all": "yes", "insured_medical": "yes",
    "identity_known": "yes", "told": "yes", "consent": "yes", "undertaking": "yes", "signer": "self",
    "conclusion_text": "家庭情况没有明显变化", "present_member": "本人",
}  # fmt: skip
#: What the family said of what changed since last year, by question name.
HARDER = {
    "has_illness": "yes", "illness": "高血压并发肾病", "chronic": "yes", "medical_paid": 42600, "assets": ["deposits"],
    "assets_deposits": 6000, "needs": ["基本生活", "医疗健康"], "conclusion_text": "因病支出大，建议申请低保和医疗救助",
}  # fmt: skip
EASIER = {"assets": ["deposits"], "assets_deposits": 20000}
LONG = {
    "housing_kind": "二十世纪八十年代所建土坯结构三间，西侧山墙开裂，屋顶多处漏雨，已报危房改造尚未列入年度计划",
    "present_others": "村党支部书记、村民小组长、驻村工作队队员、邻居两户",
    "conclusion_text": "一人患慢性阻塞性肺疾病合并二型糖尿病，两人在外务工收入不稳定，孩子由邻居照看；建议继续按月回访，"
    "协助办理门诊慢特病认定，并把住房安全转介住建部门。",
}  # fmt: skip


@cache
def shelf() -> FormShelf:
    return FormShelf(compiled_forms())


@cache
def rules() -> Rules:
    return Rules((DEMO / "pack.xlsx").read_bytes())


def fill_visits(store: Store, worker: Actor, homes: Sequence[str], *, long: bool = False) -> list[str]:
    """``homes`` are visited, the first ones a year ago too; the newest visits, in their order."""
    more = LONG if long else {}
    made = []
    for number, home in enumerate(homes):
        if number < SEEN_BEFORE:
            visit(store, replace(worker, now=lambda: LAST_YEAR), home, {**ORDINARY, **EASIER, **more})
        at = FINISHED - timedelta(minutes=37 * number)
        said = {**ORDINARY, **(HARDER if number % 2 == 0 else EASIER), **more}
        made.append(visit(store, replace(worker, now=lambda at=at: at), home, said))
    contested(store, made[1])
    return made


def door(shade: str) -> bytes:
    """A photo in one colour."""
    picture, data = QImage(800, 600, QImage.Format.Format_RGB32), QByteArray()
    picture.fill(QColor(shade))
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    picture.save(buffer, "JPEG")
    return data.data()


def visit(store: Store, worker: Actor, home: str, said: Mapping[str, Any]) -> str:
    """Fill the home visit with what was ``said`` by question name, what is required and was not said with nothing."""
    opening = visits.start(store, worker, shelf(), VisitStart(home)).result()
    session = open_session(opening.form, Environment(now=worker.now), draft=opening.draft, prefill=opening.prefill)
    for name, value in {**said, "investigator_1": worker.name}.items():
        for each in _asked(session, name):
            if session.exists(each) and session.view(each).relevant:
                session.set(each, value)
    _answer_the_rest(session)
    for problem in session.problems():
        node = session.node_of(problem.node_id)
        file = (strokes_to_bytes([[(0.1, 0.6), (0.4, 0.2), (0.9, 0.7)]]), "signature")
        data, kind = file if "signature" in node.appearance else (door(DOORS[len(said) % 2]), "photo")
        session.set(problem.node_id, visit_files.keep(store, opening.header.visit, data, kind).result())
    facts = session.facts()
    assessed = rules().assess(facts, worker.today())
    finished = Finished(session.finalise(), facts, assessed.frozen, assessed.revisit)
    return visit_submission.submit(store, worker, opening, finished).result().visit


def returned(store: Store, desk: Actor, visit_id: str) -> None:
    """The desk asks for one answer more."""
    page = reviews.page(store, desk, shelf(), visit_id, "zh", "中文 (zh)").result()
    asked = {"/conclusion/conclusion_text": "请补：照护人白天几点到几点不在家？", "": "照片看不清门牌"}
    reviews.send_back(store, desk, visit_id, page.leaves, asked).result()


def contested(store: Store, visit_id: str) -> None:
    """Two laptops mended the same visit on the same day."""
    heads = store.read_now(lambda tx: tuple(row.id for row in tx.revisions(visit_id)))
    for housing in ("砖木平房", "砖混平房，东间漏雨"):
        writes = {"/answers/housing/housing_kind": housing}
        store.write_now(lambda tx, writes=writes: tx.save(visit_id, writes, parents=heads))


def look_back(store: Store, desk: Actor, newest: Sequence[str], folder: Path) -> None:
    """What the desk has done: last year's visits approved, one of this year's returned, a re-check drawn and another announced, a report
    printed."""
    for row in store.read_now(waiting, desk.scopes[0]):
        if (row.finished_at or "") < FINISHED.isoformat()[:4]:
            page = reviews.page(store, desk, shelf(), row.id, "zh", "中文 (zh)").result()
            reviews.approve(store, desk, row.id, page.leaves).result()
    returned(store, desk, newest[2])
    over = NewRecheck("十一月中旬抽查", VILLAGE, date(2026, 11, 11), FINISHED.date(), 1000, ("汪静", "何平"))
    drawn = rechecks.announce(store, replace(desk, today=lambda: over.first), over).result()
    rechecks.reveal(store, desk, drawn).result()
    running = NewRecheck("十一月抽查", VILLAGE, date(2026, 11, 1), date(2026, 11, 30), 100, ("王敏", "李秋"))
    rechecks.announce(store, desk, running).result()
    exporting.export_visit(store, desk, shelf().best, newest[0], folder).result()


def _asked(session: FormSession, name: str) -> list[str]:
    """Where the questions of this name are, in every row."""
    return [each for each in _questions(session, "") if session.node_of(each).name == name]


def _questions(session: FormSession, parent: str) -> Iterable[str]:
    for child in session.children(parent):
        if session.node_of(child).kind is Kind.QUESTION:
            yield child
        else:
            yield from _questions(session, child)


def _answer_the_rest(session: FormSession) -> None:
    """Answer what is still required until only what cannot be answered is."""
    tried: set[str] = set()
    while waiting := [each.node_id for each in session.problems() if each.node_id not in tried]:
        tried.update(waiting)
        for each in waiting:
            if session.exists(each) and (value := _nothing(session.view(each))) is not None:
                session.set(each, value)


def _nothing(view: NodeView) -> Any:
    choices = [choice.value for choice in view.choices]
    if choices:
        one = next((each for each in NOTHING if each in choices), choices[0])
        return [one] if view.node.type is Type.SELECT_MULTIPLE else one
    return {Type.TEXT: "无", Type.DECIMAL: 0, Type.INTEGER: 0}.get(view.node.type)
