"""People of a county at their desks, for matters: one store, a worker, a town supervisor and the county take turns at
it; forms are filled through the real engine, by question name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fieldapp.policy.api import load_pack
from fieldapp.store.api import Store, WriteTx
from fieldapp.workflows import households, visit_submission
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.assessing import Rules
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.matters import filling, opening, page
from fieldapp.workflows.matters.page import MatterPage
from fieldapp.workflows.matters.writing import StepDone, do_step
from fieldapp.workflows.visit_submission import Finished
from fieldapp.workflows.visits import VisitOpening
from forms.api import Environment, FormSession, Kind, Type, open_session
from tests.store.county import COUNTY, GRID, VILLAGE, County, make_store

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 21)
PACK = Path(__file__).resolve().parents[3] / "resources" / "policy" / "demo" / "pack.xlsx"
NAMES = {"grid_worker": ("li.qiu", "李秋"), "supervisor": ("wang.min", "王敏"), "county": ("he.ping", "何平")}


@cache
def demo_rules() -> Rules:
    load_pack(PACK)
    return Rules(PACK)


@dataclass
class Office:
    """``day`` is what day it is for everybody; it is moved by hand."""

    store: Store
    shelf: FormShelf
    county: County
    day: date = TODAY
    role: str = "grid_worker"
    version: int = 2
    made: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, folder: Path) -> Office:
        county = County()
        store, _ = make_store(folder / "profile", county, role="county", areas=(COUNTY,))
        return cls(store, FormShelf(folder / "forms"), county)

    def actor(self, role: str) -> Actor:
        """The user of this role; the store signs as them from now on."""
        user, name = NAMES[role]
        areas = {"grid_worker": (GRID,), "supervisor": (VILLAGE,), "county": (COUNTY,)}[role]
        now = lambda: datetime(self.day.year, self.day.month, self.day.day, 1, 30, tzinfo=UTC)  # noqa: E731
        return Actor(user, name, role, COUNTY, areas, today=lambda: self.day, now=now)

    def family(self, head: str, *others: tuple[str, str, str], **more: Any) -> str:
        """(name, relation, birth) of the others; the head was born in 1980."""

        def work(tx: WriteTx) -> str:
            home = tx.create("household", GRID, {"head_name": head, "address": "周岭村4组6号", **more})
            for name, relation, born in ((head, "head", "1980-01-01"), *others):
                member = {"household": home, "relation": relation, "lives_with_family": True}
                self.made[name] = tx.create(
                    "person", GRID, {"full_name": name, "birth_date": born, "membership": member}
                )
            return home

        return self.store.write(work).result()

    def open(self, procedure: str, household: str, role: str = "grid_worker", **more: Any) -> str:
        wanted = opening.Wanted(procedure, household, **more)
        return opening.open_matter(self.store, self.actor(role), demo_rules(), wanted).result()

    def do(self, matter: str, step: str, role: str = "grid_worker", row: str = "", **said: Any) -> MatterPage:
        """Fill the step's form and submit it; the matter as it stands then."""
        actor = self.actor(role)
        opened = filling.start(self.store, actor, self.shelf, matter, step, row=row).result()
        session = self.session(opened)
        answer(session, said)
        visit_submission.submit(self.store, actor, opened, Finished(session.finalise(), session.facts())).result()
        return self.page(matter, role)

    def session(self, opened: VisitOpening) -> FormSession:
        now = lambda: datetime(self.day.year, self.day.month, self.day.day, 9, 30, tzinfo=ZONE)  # noqa: E731
        env = Environment(now=now, zone=ZONE)
        return open_session(opened.form, env, draft=opened.draft, prefill=opened.prefill)

    def visit(self, household: str, by: tuple[str, ...] = ("li.qiu",)) -> str:
        """A finished home visit, as the visit form leaves it."""

        def work(tx: WriteTx) -> str:
            people = {f"i{n}": {"@row": True, "user": user, "name": user} for n, user in enumerate(by, 1)}
            return tx.create("visit", GRID, {
                "household": household, "purpose": "application", "form_id": "home_visit",
                "finished_at": f"{self.day}T03:00:00Z", "investigators": people,
            })  # fmt: skip

        return self.store.write(work).result()

    def do_visit(self, matter: str, household: str, role: str = "grid_worker") -> None:
        """The home visit as the matter's evidence."""
        done = StepDone("visit", self.day.isoformat(), visit=self.visit(household))
        do_step(self.store, self.actor(role), matter, done).result()

    def page(self, matter: str, role: str = "grid_worker", lang: str = "zh") -> MatterPage:
        return page.page(self.store, self.actor(role), matter, lang).result()

    def chain(self, household: str, role: str = "grid_worker") -> list[tuple[str, str]]:
        found = households.page(self.store, self.actor(role), household).result().chain
        return [(link.kind, link.what) for link in found]

    def states(self, matter: str) -> dict[str, str]:
        return {step.id: step.state for step in self.page(matter).steps}


def answer(session: FormSession, said: Mapping[str, Any]) -> None:
    """Answers by question name; a list under a repeat's name is its rows. What is required and unsaid gets a harmless
    answer."""
    for name, value in said.items():
        node = next(node for node in session.definition.walk() if node.name == name and not node.repeats)
        if node.kind is Kind.REPEAT:
            for place, row in enumerate(value):
                rows = session.children(node.id)
                row_id = rows[place] if place < len(rows) else session.add_row(node.id).rows_added[0].row_id
                for question, told in row.items():
                    session.set(f"{row_id}/{question}", told)
        else:
            session.set(node.id, value)
    for _ in range(40):
        problems = session.problems()
        if not problems:
            return
        view = session.view(problems[0].node_id)
        session.set(view.id, _harmless(view))
    raise AssertionError([problem.node_id for problem in session.problems()])


def _harmless(view: Any) -> Any:
    if view.node.has_choices:
        return view.choices[0].value
    kinds = {Type.INTEGER: 1, Type.DECIMAL: 0, Type.DATE: TODAY.isoformat(), Type.IMAGE: "blob-1",
             Type.FILE: "blob-1", Type.DATETIME: "2026-11-21T08:30:00.000+08:00"}  # fmt: skip
    return kinds.get(view.node.type, "情况属实")
