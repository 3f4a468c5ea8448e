"""Last quarter's visits: home visits, revisits and calls, filled in the forms that ship with the program.

Each is a real session of its form, answered question by question until nothing but photos and signatures is missing
(those were on paper then), so that "last time" stands beside this time at the same questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from fieldapp.domain.documents import Household as HouseholdRecord
from fieldapp.domain.documents import Person as PersonRecord
from fieldapp.domain.ids import derived_document_id
from fieldapp.domain.pointers import ROW
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.visit_prefill import prefill
from forms.api import Environment, FormDefinition, FormSession, NodeView, Type, open_session
from resources.demo.documents import Document, Household, document, household_documents
from resources.demo.homes import TODAY, Member

HOME_VISITS = 48  # filling one takes a third of a second
REVISITED, CALLED = 0.25, 0.10  # of the families that are visited by plan
SECOND = "李国安"
#: answers that say "nothing here", the first that a question has
_NOTHING = ("none", "no", "same", "normal", "not_needed", "enough", "self")


class Visits:
    """Makes visits about families; forms are compiled once into ``folder``."""

    def __init__(self, folder: Path, home_visits: int = HOME_VISITS) -> None:
        self.shelf = FormShelf(folder)
        self.left = home_visits

    def about(self, family: Household, walker: str, chance: Random) -> Iterator[Document]:
        """The visits this family had since August, if any."""
        if not family.standing.tier and not family.standing.risk:
            return
        in_town = family.grid.town.endswith("101")
        if self.left and in_town and chance.random() < 0.45:
            self.left -= 1
            yield self._visit("home_visit", family, walker, chance.randrange(25, 90), chance)
        elif chance.random() < REVISITED:
            yield self._visit("revisit", family, walker, chance.randrange(3, 60), chance)
        elif chance.random() < CALLED:
            yield self._visit("phone_visit", family, walker, chance.randrange(3, 60), chance)

    def _visit(self, form_id: str, family: Household, walker: str, days_ago: int, chance: Random) -> Document:
        form = self.shelf.newest(form_id)
        started = datetime(TODAY.year, TODAY.month, TODAY.day, 1, tzinfo=UTC) - timedelta(days=days_ago)
        started += timedelta(seconds=chance.randrange(28_000))
        answers = _Filling(form, family, walker, started, chance).answers()
        key = derived_document_id("demo-visit", family.id, form_id, str(days_ago))
        ended = started + timedelta(minutes=chance.randrange(12, 50))
        return document("visit", key, family.grid.code, {
            "household": family.id, "purpose": "routine" if form_id == "home_visit" else "revisit",
            "form_id": form_id, "form_version": form.version, "urgent": False,
            "started_at": _utc(started), "finished_at": _utc(ended), "answers": answers,
            "investigators": {
                "i1": {ROW: True, "name": walker, "identity": "grid"},
                "i2": {ROW: True, "name": SECOND, "identity": "village"},
            },
            "audit": {"entries": []}, "assessment": {"frozen": []},
        })  # fmt: skip


class _Filling:
    """One form about one family."""

    def __init__(self, form: FormDefinition, family: Household, walker: str, on: datetime, chance: Random) -> None:
        self.family = family
        self.chance = chance
        self.members = dict(zip(family.people, family.home.members, strict=True))
        records = list(household_documents(family))
        home = HouseholdRecord.read(records[0]["document"], records[0]["state"])
        people = [PersonRecord.read(each["document"], each["state"]) for each in records[1:]]
        self.told = _told(family, walker, on)
        known = prefill(form, home, people, {"purpose": "routine", **self.told})
        self.session: FormSession = open_session(form, Environment(now=lambda: on), prefill=known)

    def answers(self) -> Mapping[str, Any]:
        """Answer what is missing until only what cannot be answered is."""
        tried: set[str] = set()
        while waiting := [each.node_id for each in self.session.problems() if each.node_id not in tried]:
            tried.add(waiting[0])
            view = self.session.view(waiting[0])
            value = self._answer(view)
            if value is not None:
                self.session.set(view.id, value)
        return self.session.answers()

    def _answer(self, view: NodeView) -> Any:
        name = view.node.name
        if name in self.told:
            return self.told[name]
        member = next((person for key, person in self.members.items() if f"/{key}/" in view.id), None)
        value = _of_member(name, member, self.chance) if member else _of_family(name, self.family, self.chance)
        choices = [choice.value for choice in view.choices]
        many = view.node.type is Type.SELECT_MULTIPLE
        if choices:
            wanted = [one for one in (value if isinstance(value, list) else [value]) if one in choices]
            nothing = next((one for one in _NOTHING if one in choices), choices[0])
            return (wanted or [nothing]) if many else (wanted or [nothing])[0]
        if value is not None:
            return value
        return {Type.TEXT: "无", Type.DECIMAL: 0, Type.INTEGER: 0}.get(view.node.type)


def _told(family: Household, walker: str, on: datetime) -> dict[str, Any]:
    return {
        "on": on.date(), "by": walker, "by_2": SECOND, "investigator_1": walker, "investigator_2": SECOND,
        "investigator_1_identity": "grid", "investigator_2_identity": "village",
        "present_member": family.head.name, "talked_to": family.head.name, "reached": "yes",
        "area": "urban" if family.grid.urban else "rural", "roster_complete": "yes", "told": "yes",
        "consent": "yes", "undertaking": "yes",
    }  # fmt: skip


def _of_member(name: str, member: Member, chance: Random) -> Any:
    """What a member answers; None where there is nothing to tell."""
    working = member.work in ("employed", "flexible", "self_employed", "post")
    farming, pensioned = member.work == "farming", member.age >= 60
    said: dict[str, Any] = {
        "labour_ability": "none" if member.age < 16 or member.age > 79 else "weak" if member.age > 59 else "full",
        "work": member.work or ("student" if member.school else "none"),
        "income_kinds": [
            *(["wage"] if working else []), *(["business"] if farming else []),
            *(["basic_pension"] if pensioned else []),
        ],
        "income_kinds_wage": chance.randrange(12, 40) * 100,
        "income_kinds_business": chance.randrange(2, 10) * 100,
        "income_kinds_basic_pension": chance.choice((160, 190, 220)),
        "has_disability": "yes" if member.disability else "no",
        "disability_kind": member.disability[0] if member.disability else None,
        "disability_level": str(member.disability[1]) if member.disability else None,
        "disability_card": "yes",
        "has_illness": "yes" if member.illness else "no", "illness": member.illness, "chronic": "yes",
        "medical_paid": chance.randrange(3, 60) * 100,
        "insured_medical": "yes", "insured_pension": "yes" if member.age > 17 else None,
        "school": member.school, "selfcare_all": "yes", "living": "family",
        **dict.fromkeys(("can_eating", "can_dressing", "can_bed", "can_toilet", "can_walking_indoors"), "yes"),
        "can_bathing": "yes", "identity_known": "yes", "lives_together": "yes",
    }  # fmt: skip
    return said.get(name)


def _of_family(name: str, family: Household, chance: Random) -> Any:
    """What the family answers as a whole; None where there is nothing to tell."""
    programs = [program.policy for program in family.standing.programs if program.member is None]
    unsafe = "unsafe_housing" in family.home.flags
    said: dict[str, Any] = {
        "already_programs": programs, "assets": ["deposits"], "assets_deposits": chance.randrange(1, 20) * 1000,
        "housing_kind": "旧砖木房" if unsafe else chance.choice(("砖混平房", "两层楼房", "砖混楼房")),
        "owned": "yes", "safe": "no" if unsafe else "yes", "danger_level": "C" if unsafe else "none",
        "needs": ["基本生活"] if programs else None,
        "conclusion_text": "家庭情况与上次相比没有明显变化，继续按现有待遇帮扶。",
        "missing": "没有", "changed": "没有变化", "talk_state": "normal",
    }  # fmt: skip
    return said.get(name)


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

