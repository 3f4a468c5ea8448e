"""Families as they live in such a county: who is at the door, who works away, who is too old to.

Each kind of home is one function that returns its members; ``KINDS`` says how common it is. Ages are those of
2026-11-21, the day the demo county is made for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from resources.demo.names import Names

TODAY = date(2026, 11, 21)
MALE, FEMALE = "male", "female"


@dataclass
class Member:
    """One person of a home. ``relation`` as ``fieldapp.domain.documents.Person`` has it; None where unknown."""

    name: str
    sex: str
    born: date
    relation: str
    whereabouts: str = "home"
    school: str | None = None
    work: str | None = None
    illness: str | None = None
    disability: tuple[str, int] | None = None
    no_id_reason: str | None = None
    registered_elsewhere: str | None = None

    @property
    def age(self) -> int:
        return TODAY.year - self.born.year - ((TODAY.month, TODAY.day) < (self.born.month, self.born.day))


@dataclass
class Home:
    """A family and what is remarkable about it; ``flags`` and ``programs`` are filled in later."""

    members: list[Member]
    flags: list[str] = field(default_factory=list)


class Homes:
    """Draws homes; everything follows from the given source of chance."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.names = Names(chance)

    def draw(self, fewest: int, most: int) -> Home:
        """A home of ``fewest`` to ``most`` people, its kind by how common that is."""
        fitting = [(kind, weight) for kind, weight, low, high in KINDS if high >= fewest and low <= most]
        kinds, weights = zip(*fitting, strict=True)
        for _ in range(40):
            kind: Callable[[Homes], Home] = self.chance.choices(kinds, weights)[0]
            home = kind(self)
            if fewest <= len(home.members) <= most:
                return home
        return Home([self.adult("head", 30, 80) for _ in range(1)] + [self.child() for _ in range(fewest - 1)])

    # --- people

    def born(self, youngest: int, oldest: int) -> date:
        days = self.chance.randrange(max((oldest - youngest + 1) * 365, 1))
        return TODAY - timedelta(days=int(youngest * 365.25) + days + 1)

    def adult(self, relation: str, youngest: int, oldest: int, sex: str = "", surname: str = "") -> Member:
        sex = sex or self.chance.choice((MALE, FEMALE))
        born = self.born(youngest, oldest)
        person = Member(self.names.full(sex, born.year, surname=surname), sex, born, relation)
        person.work = self._work(person.age)
        return person

    def _work(self, age: int) -> str:
        if age >= 72:
            return "none"
        if age >= 60:
            return self.chance.choices(("farming", "none", "retired"), (6, 3, 1))[0]
        return self.chance.choices(
            ("farming", "employed", "self_employed", "flexible", "none", "post"), (38, 24, 8, 16, 12, 2)
        )[0]

    def couple(self, youngest: int, oldest: int, relations: tuple[str, str] = ("head", "spouse")) -> list[Member]:
        husband = self.adult(relations[0], youngest, oldest, MALE)
        gap = self.chance.randrange(-2, 6)
        wife = self.adult(relations[1], max(husband.age - gap, 20), max(husband.age - gap, 20), FEMALE)
        return [husband, wife]

    def child(self, relation: str = "", surname: str = "", youngest: int = 0, oldest: int = 17) -> Member:
        sex = self.chance.choice((MALE, FEMALE))
        born = self.born(youngest, oldest)
        kind = relation or ("son" if sex == MALE else "daughter")
        if kind == "grandchild":
            kind = "grandson" if sex == MALE else "granddaughter"
        person = Member(self.names.full(sex, born.year, surname=surname), sex, born, kind)
        person.school = _school(person.age)
        if person.age >= 15 and person.school:
            person.whereabouts = "school"
        return person

    def children(self, parent: Member, count: int, relation: str = "") -> list[Member]:
        """Children that fit the age of ``parent``, the eldest first, with the father's surname."""
        oldest = min(parent.age - 21, 17)
        if oldest < 0:
            return []
        surname = parent.name[0]
        found = [self.child(relation, surname, 0, oldest) for _ in range(count)]
        return sorted(found, key=lambda one: one.born)

    def away(self, *people: Member) -> None:
        for person in people:
            person.whereabouts, person.work = "away_work", "employed"

    # --- kinds of home

    def old_couple(self) -> Home:
        return Home(self.couple(63, 84), ["empty_nest"] if self.chance.random() < 0.6 else [])

    def old_alone(self) -> Home:
        return Home([self.adult("head", 66, 92)], ["lives_alone"])

    def couple_only(self) -> Home:
        pair = self.couple(38, 60)
        if self.chance.random() < 0.3:
            self.away(pair[self.chance.randrange(2)])
        return Home(pair)

    def nuclear(self) -> Home:
        pair = self.couple(26, 48)
        home = Home(pair + self.children(pair[0], self.chance.choices((1, 2, 3), (45, 45, 10))[0]))
        if self.chance.random() < 0.35:
            self.away(pair[0])
        return home

    def three_generations(self) -> Home:
        old = self.couple(58, 75)
        young = self._heir(old[0], 28, 46)
        return Home(old + young + self.children(young[0], self.chance.choice((1, 1, 2)), "grandchild"))

    def left_behind(self) -> Home:
        """Grandparents and grandchildren at home, the parents work far away."""
        home = self.three_generations()
        self.away(*(member for member in home.members if member.relation in ("son", "daughter_in_law")))
        if self.chance.random() < 0.4:
            home.members = [m for m in home.members if m.relation != "spouse"]
        home.flags.append("left_behind_child")
        return home

    def all_away(self) -> Home:
        pair = self.couple(25, 50)
        members = pair + self.children(pair[0], self.chance.choice((0, 1, 2)))
        for member in members:
            member.whereabouts = "away_work" if member.age >= 18 else "school"
        self.away(*pair)
        return Home(members)

    def single_parent(self) -> Home:
        parent = self.adult("head", 28, 50)
        return Home([parent, *self.children(parent, self.chance.choice((1, 1, 2)))], ["single_parent"])

    def single(self) -> Home:
        person = self.adult("head", 30, 64, MALE)
        if self.chance.random() < 0.4:
            self.away(person)
        return Home([person])

    def carer_and_ward(self) -> Home:
        """An old parent and a grown child who cannot manage alone."""
        parent = self.adult("head", 66, 84)
        ward = self.child("", parent.name[0] if parent.sex == MALE else "", 34, 52)
        ward.disability = (self.chance.choice(("mental", "intellectual", "limb")), self.chance.choice((1, 2, 2)))
        ward.work, ward.school = "none", None
        ward.whereabouts = "home"
        return Home([parent, ward], ["severe_disability"])

    def student(self) -> Home:
        pair = self.couple(44, 55)
        child = self.child("", pair[0].name[0], 18, 22)
        child.school, child.whereabouts, child.work = self.chance.choice(("university", "college")), "school", "student"
        return Home([*pair, child])

    def with_old_mother(self) -> Home:
        pair = self.couple(45, 62)
        mother = self.adult("mother", pair[0].age + 20, pair[0].age + 28, FEMALE)
        return Home([*pair, mother])

    def _heir(self, father: Member, youngest: int, oldest: int) -> list[Member]:
        age = min(max(father.age - self.chance.randrange(22, 29), youngest), oldest)
        son = self.adult("son", age, age, MALE, father.name[0])
        wife = self.adult("daughter_in_law", max(age - 3, 22), max(age - 1, 22), FEMALE)
        return [son, wife]


def _school(age: int) -> str | None:
    steps = ((3, None), (6, "kindergarten"), (12, "primary"), (15, "middle"), (18, "high"))
    return next((school for limit, school in steps if age < limit), None)


#: kind, weight in a thousand, fewest and most people
KINDS: tuple[tuple[Callable[[Homes], Home], int, int, int], ...] = (
    (Homes.old_couple, 165, 2, 2),
    (Homes.old_alone, 95, 1, 1),
    (Homes.couple_only, 80, 2, 2),
    (Homes.nuclear, 225, 3, 5),
    (Homes.three_generations, 110, 5, 6),
    (Homes.left_behind, 105, 4, 6),
    (Homes.all_away, 55, 2, 4),
    (Homes.single_parent, 35, 2, 3),
    (Homes.single, 40, 1, 1),
    (Homes.carer_and_ward, 15, 2, 2),
    (Homes.student, 40, 3, 3),
    (Homes.with_old_mother, 35, 3, 3),
)
