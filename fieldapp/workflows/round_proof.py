"""What a round rests on: the households without an answer, the people whom no answer accounts for, who came and went.

While doors are silent the lists are cut at ``MOST`` lines and the counts are the sums kept by area, so that the page of
a county with 100,000 silent doors opens like that of a village. Once the sums say that no door is silent, and for
closing, every household is looked at: a family that moved after its answer is counted in the grid it left, and there
could hide a silent door.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fieldapp.store.api import ReadTx
from fieldapp.store.projections import door_answers, households, people, tallies
from fieldapp.store.projections.door_answers import AnswerRow
from fieldapp.store.projections.households import HouseholdRow
from fieldapp.store.projections.people import PersonRow
from fieldapp.workflows import rounds
from fieldapp.workflows.places import Places
from fieldapp.workflows.rounds import ATTEMPTS_WANTED, RoundInfo

#: Reasons that say nobody lives behind the door any more.
VANISHED = ("deceased", "empty_house")
MOST = 200


@dataclass(frozen=True)
class DoorLine:
    """A household in one of the lists. ``people`` are names; ``reason`` and ``note`` what the answer says."""

    household: str
    family: str
    place: str
    people: tuple[str, ...] = ()
    attempts: int = 0
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class PersonLine:
    """Somebody no answer accounts for. ``why``: ``silent`` (the door has no answer) | ``not_met`` (nobody was home,
    twice) | ``nowhere`` (in no household, or two moves stand against each other)."""

    person: str
    name: str
    household: str | None
    place: str
    why: str


@dataclass
class Lists:
    """The four lists, each with how many there are; ``people`` is everybody who lives in the round's areas."""

    people: int = 0
    silent: list[DoorLine] = field(default_factory=list)
    unmet: list[PersonLine] = field(default_factory=list)
    new: list[DoorLine] = field(default_factory=list)
    vanished: list[DoorLine] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def collect(tx: ReadTx, names: Places, info: RoundInfo, areas: Iterable[str], *, whole: bool = False) -> Lists:
    """The lists of a round in ``areas``; ``whole`` ones without a limit, for closing."""
    found = Lists()
    for area in areas:
        _Area(tx, names, info, area, whole).into(found)
    return found


class _Area:
    """One area of a round's scope."""

    def __init__(self, tx: ReadTx, names: Places, info: RoundInfo, area: str, whole: bool) -> None:
        self._tx, self._names, self._info, self._area = tx, names, info, area
        self._homes = tallies.homes(tx, area)
        self._counted = door_answers.counted(tx, info.id, area)
        self._silent_in = self._silent_by_grid()
        self._whole = whole or not self._silent_in
        self._most = -1 if whole else MOST

    def into(self, found: Lists) -> None:
        everybody = sum(home.people for home in self._homes)
        found.people += everybody
        doors: list[DoorLine] = []
        unmet: list[PersonLine] = []
        for row, answer in self._silent():
            members = people.members(self._tx, row.id)
            doors.append(_door(row, answer, self._names, members))
            unmet += _unmet(row, self._names, members, "silent")
        for row, _answer in self._told("nobody_home"):
            unmet += _unmet(row, self._names, people.members(self._tx, row.id), "not_met")
        unmet += list(self._nowhere())
        new, vanished = self._lines("new"), self._lines("other", VANISHED)
        cut = not self._whole
        found.silent += doors
        found.unmet += unmet
        found.new += new
        found.vanished += vanished
        met = sum(each.people for each in self._counted if each.answer not in ("", "nobody_home"))
        found.counts["silent"] += max(sum(self._silent_in.values()), len(doors)) if cut else len(doors)
        found.counts["unmet"] += max(everybody - met, len(unmet)) if self._cut(unmet) or cut else len(unmet)
        found.counts["new"] += self._many("new") if self._cut(new) else len(new)
        found.counts["vanished"] += self._many("other", VANISHED) if self._cut(vanished) else len(vanished)

    def _cut(self, lines: list[PersonLine] | list[DoorLine]) -> bool:
        return 0 <= self._most <= len(lines)

    def _silent_by_grid(self) -> dict[str, int]:
        settled: Counter[str] = Counter()
        for each in self._counted:
            settled[each.area] += each.doors if each.settled(ATTEMPTS_WANTED) else 0
        left = {home.area: home.households - settled[home.area] for home in self._homes}
        return {grid: many for grid, many in left.items() if many > 0}

    def _silent(self) -> Iterator[tuple[HouseholdRow, AnswerRow | None]]:
        """Doors that keep the round open, grid by grid, until there are enough lines."""
        left = self._most
        for grid in [home.area for home in self._homes] if self._whole else self._silent_in:
            answers = door_answers.of_round(self._tx, self._info.id, grid)
            for row in households.in_area(self._tx, grid):
                answer = answers.get(row.id) or self._elsewhere(row.id)
                if rounds.is_silent(answer):
                    yield row, answer
                    left -= 1
                    if left == 0:
                        return

    def _elsewhere(self, household: str) -> AnswerRow | None:
        """The answer of a family that has moved since it was given."""
        told = door_answers.of_household(self._tx, household, limit=3)
        return next((each for each in told if each.round == self._info.id), None)

    def _told(self, answer: str, reasons: tuple[str, ...] = ()) -> list[tuple[HouseholdRow, AnswerRow]]:
        found: dict[str, tuple[HouseholdRow, AnswerRow]] = {}
        wanted = ATTEMPTS_WANTED if answer == "nobody_home" else 0
        told = door_answers.with_answer(
            self._tx, self._info.id, self._area, answer, reasons=reasons, attempts=wanted, limit=self._most
        )
        for each in told:
            row = households.household(self._tx, each.household or "")
            if row is not None:
                found.setdefault(row.id, (row, each))
        return list(found.values())

    def _lines(self, answer: str, reasons: tuple[str, ...] = ()) -> list[DoorLine]:
        return [_door(row, told, self._names) for row, told in self._told(answer, reasons)]

    def _many(self, answer: str, reasons: tuple[str, ...] = ()) -> int:
        if not reasons:
            return sum(each.doors for each in self._counted if each.answer == answer)
        return door_answers.count_with(self._tx, self._info.id, self._area, answer, reasons)

    def _nowhere(self) -> Iterator[PersonLine]:
        for each in people.without_household(self._tx, self._area, limit=self._most):
            place = self._names.grid_words(each.area)
            yield PersonLine(each.id, each.full_name or "", None, place, "nowhere")


def _door(row: HouseholdRow, answer: AnswerRow | None, names: Places, members: Iterable[PersonRow] = ()) -> DoorLine:
    return DoorLine(
        row.id, row.head_name or "", row.address or names.grid_words(row.area),
        tuple(one.full_name or "" for one in members if not one.deceased_on),
        min(answer.attempts, ATTEMPTS_WANTED) if answer else 0, (answer.reason or "") if answer else "",
        (answer.note or "") if answer else "",
    )  # fmt: skip


def _unmet(row: HouseholdRow, names: Places, members: Iterable[PersonRow], why: str) -> list[PersonLine]:
    place = row.address or names.grid_words(row.area)
    living = [one for one in members if not one.deceased_on and one.whereabouts != "moved_away"]
    return [PersonLine(one.id, one.full_name or "", row.id, place, why) for one in living]
