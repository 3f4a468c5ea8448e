"""Somebody of the demo county at the own laptop: opens matters, fills their forms and visits, on the day of the story.

Everything goes through the workflows the window calls; what a form asks and the story does not tell is answered as
last time, else with the answer that says "nothing here".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from fieldapp.domain.pointers import get
from fieldapp.store.api import Store
from fieldapp.store.projections import households, people
from fieldapp.store.projections.households import HouseholdRow
from fieldapp.workflows import visit_files, visit_submission, visits
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.assessing import Rules
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.last_answers import last_answer
from fieldapp.workflows.matters import filling, opening, page
from fieldapp.workflows.matters.page import MatterPage
from fieldapp.workflows.visit_drafts import HOME_VISIT
from fieldapp.workflows.visit_submission import Finished
from fieldapp.workflows.visits import VisitOpening, VisitStart
from forms.api import Environment, FormSession, Kind, NodeView, Type, open_session
from resources import path
from resources.demo.cast import Colleague
from resources.demo.homes import TODAY
from resources.demo.places import COUNTY
from resources.demo.stories.pictures import photo, signature

CHINA = timezone(timedelta(hours=8))
PACK = ("policy", "demo", "pack.xlsx")
#: what is said where the story is silent, the first of these that a question has
QUIET = ("none", "no", "same", "normal", "not_needed", "enough", "self", "yes")
YES = (
    "roster_complete",
    "told",
    "consent",
    "undertaking",
    "undertakes",
    "authorises",
    "identity_known",
    "hardship",
    "lives_together",
    "insured_medical",
    "insured_pension",
    "owned",
    "safe",
    "support_duty",
    "bank_card",
    "reached",
    "selfcare_all",
    "independent",
    "disability_card",
)
PARTNER = "李国安"
Said = Mapping[str, Any]


@dataclass
class Clerk:
    """``day`` is what day it is; ``hour`` of China. ``told`` are answers for whole forms by question name."""

    store: Store
    who: Colleague
    shelf: FormShelf
    rules: Rules = field(default_factory=lambda: Rules(path(*PACK)))
    day: date = TODAY
    hour: int = 10

    def ago(self, days: int, hour: int = 10) -> Clerk:
        """The same person so many days before the demo's today."""
        return replace(self, day=TODAY - timedelta(days=days), hour=hour)

    @property
    def actor(self) -> Actor:
        who, now = self.who, datetime(self.day.year, self.day.month, self.day.day, self.hour, 20, tzinfo=CHINA)
        return Actor(
            who.user, who.name, who.role, COUNTY, who.areas, today=lambda: self.day, now=lambda: now.astimezone(UTC)
        )

    # --- families ---------------------------------------------------------------------------------------------------

    def families(self) -> list[HouseholdRow]:
        """Those of the own areas."""
        return [row for area in self.who.areas for row in self.store.read_now(households.in_area, area)]

    def person(self, household: str, place: int = 0) -> str:
        return self.store.read_now(lambda tx: people.members(tx, household))[place].id

    # --- matters ----------------------------------------------------------------------------------------------------

    def open(self, procedure: str, household: str, **more: Any) -> str:
        wanted = opening.Wanted(procedure, household, **more)
        return opening.open_matter(self.store, self.actor, self.rules, wanted).result()

    def do(self, matter: str, step: str, row: str = "", **said: Any) -> None:
        """Fill the step's form and submit it."""
        opened = filling.start(self.store, self.actor, self.shelf, matter, step, row=row).result()
        self._submit(opened, said, {})

    def page(self, matter: str) -> MatterPage:
        return page.page(self.store, self.actor, matter, "zh").result()

    def adults_sign(self, matter: str, household: str) -> None:
        """Undertaking and authorisation of each adult."""
        for each in self.store.read_now(lambda tx: people.members(tx, household)):
            if int((each.birth_date or "1980")[:4]) <= self.day.year - 18 and not each.deceased_on:
                self.do(matter, "undertaking", row=each.id, undertakes="yes", authorises="yes", capacity="self")

    # --- visits -----------------------------------------------------------------------------------------------------

    def visit(self, household: str, said: Said, members: Mapping[int, Said] | None = None, **about: Any) -> str:
        """A finished visit. ``members``: place in the family → what that member answers."""
        wanted = VisitStart(household, partner=PARTNER, **about)
        opened = visits.start(self.store, self.actor, self.shelf, wanted).result()
        return self.submit_visit(opened, said, members)

    def submit_visit(self, opened: VisitOpening, said: Said, members: Mapping[int, Said] | None = None) -> str:
        rows = self.store.read_now(lambda tx: people.members(tx, opened.header.household))
        by_key = {rows[place].id: told for place, told in (members or {}).items() if place < len(rows)}
        head = rows[0].full_name if rows else None
        frame = {
            "present_member": head,
            "talked_to": head,
            "investigator_1_identity": "grid",
            "investigator_2_identity": "village",
            "reached": "yes",
        }
        return self._submit(opened, {**frame, **said}, by_key)

    def _submit(self, opened: VisitOpening, said: Said, members: Mapping[str, Said]) -> str:
        session = session_of(opened, self)
        _Filling(self, opened, session, said, members).fill()
        facts = session.facts()
        assessed = self.rules.assess(facts, self.day) if opened.header.form_id == HOME_VISIT else None
        frozen, revisit = (assessed.frozen, assessed.revisit) if assessed is not None else (None, None)
        later = replace(self, hour=self.hour + 1)
        done = Finished(session.finalise(), facts, frozen, revisit, self.rules.cadence(self.day))
        return visit_submission.submit(self.store, later.actor, opened, done).result().visit


def session_of(opened: VisitOpening, clerk: Clerk) -> FormSession:
    """The form's session on the clerk's day."""
    env = Environment(now=clerk.actor.now, zone=CHINA, username=clerk.who.user)
    last = opened.last.answers if opened.last is not None else None
    return open_session(opened.form, env, draft=opened.draft, prefill=opened.prefill, last_saved=last)


class _Filling:
    """One form: first what the story tells, then whatever is still asked, until nothing is missing."""

    def __init__(
        self, clerk: Clerk, opened: VisitOpening, session: FormSession, said: Said, members: Mapping[str, Said]
    ) -> None:
        self.clerk, self.opened, self.session = clerk, opened, session
        self.said, self.members = said, members

    def fill(self) -> None:
        self._rows()
        self._missing()
        self._tell()
        self._photos()
        self._missing()

    def _rows(self) -> None:
        """Repeats are told as lists of rows."""
        for node in self.session.definition.walk():
            told = self.said.get(node.name) if node.kind is Kind.REPEAT and not node.repeats else None
            for place, row in enumerate(told or ()):
                there = self.session.children(node.id)
                row_id = there[place] if place < len(there) else self.session.add_row(node.id).rows_added[0].row_id
                for question, value in row.items():
                    self.session.set(f"{row_id}/{question}", value)

    def _tell(self) -> None:
        """What the story says over what was the same as last time."""
        for node in self.session.definition.walk():
            if node.kind is not Kind.QUESTION:
                continue
            if node.name in self.said and not node.repeats:
                self._set(node.id, self.said[node.name])
            for key, told in self.members.items():
                if node.name in told and len(node.repeats) == 1:
                    self._set(node.repeats[0] + f"/{key}" + node.id[len(node.repeats[0]) :], told[node.name])

    def _photos(self) -> None:
        """Besides the door, which every visit asks for."""
        for node in self.session.definition.walk():
            if node.name in ("photo_room", "photo_kitchen"):
                self._set(node.id, self._picture(self.session.view(node.id)))

    def _set(self, node_id: str, value: Any) -> None:
        view = self.session.view(node_id)
        if view.relevant and not view.readonly and view.value != value:
            self.session.set(view.id, value)

    def _missing(self) -> None:
        for _round in range(600):
            problems = self.session.problems()
            if not problems:
                return
            view = self.session.view(problems[0].node_id)
            self.session.set(view.id, self._answer(view))
        raise AssertionError([problem.node_id for problem in self.session.problems()][:5])

    def _answer(self, view: NodeView) -> Any:
        name = view.node.name
        member = next((told for key, told in self.members.items() if f"/{key}/" in view.id), {})
        if name in member:
            return member[name]
        if name in self.said:
            return self.said[name]
        if view.node.type in (Type.IMAGE, Type.FILE):
            return self._picture(view)
        return self._as_last(view) or self._quiet(view)

    def _as_last(self, view: NodeView) -> Any:
        last = self.opened.last
        value = get(last.answers, view.id) if last is not None else None
        found = last_answer(self.opened.form, view.node, value, "zh") if value is not None else None
        return found[0] if found is not None else None

    def _quiet(self, view: NodeView) -> Any:
        choices = [choice.value for choice in view.choices]
        if choices:
            first = "yes" if view.node.name in YES else next((one for one in QUIET if one in choices), choices[0])
            return (first,) if view.node.type is Type.SELECT_MULTIPLE else first
        if view.node.type is Type.DATE:
            return self.clerk.day
        if view.node.type is Type.DATETIME:
            return self.clerk.actor.now().astimezone(CHINA)
        return {Type.INTEGER: 0, Type.DECIMAL: Decimal(0)}.get(view.node.type, "无")

    def _picture(self, view: NodeView) -> str:
        owner, seed = self.opened.header.owner, self.opened.title
        if "signature" in view.node.appearance:
            return visit_files.keep(self.clerk.store, owner, signature(seed + view.node.name), "signature").result()
        what = view.node.name.removeprefix("photo_")
        return visit_files.keep(self.clerk.store, owner, photo(what, seed), "photo").result()
