"""Two screening rounds: October's, closed, and November's, half walked; and one for the cold in the town's old streets.

Nineteen doors in twenty are as they were. What the twentieth says follows from who lives there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from fieldapp.domain.ids import derived_document_id
from fieldapp.domain.pointers import ROW
from fieldapp.domain.roles import GRID_WORKER
from resources.demo.cast import CAST
from resources.demo.documents import Document, Household, answer_document, round_document, round_id
from resources.demo.names import Names
from resources.demo.places import Country

OCTOBER, NOVEMBER, COLD = 10, 11, 12
#: a door is walked on one of these days of its month, between nine and half past six in China
_CHINA = timedelta(hours=8)
_NOTES = {
    "changed": ("儿子春节前回家过年", "新添一口人", "老人搬去与女儿同住", "上月开始在镇上务工"),
    "difficulty": ("屋顶漏雨，老人行动不便", "近期住院，花费较大", "家里断了收入", "没有人照看老人"),
}
_SIGNALS = {
    "difficulty": ("housing", "illness", "job", "elder"),  # by the notes above, in the words of the forms
}
_REASONS = ("lives_elsewhere", "refused", "in_hospital", "empty_house")


class Rounds:
    """Writes the rounds and the answers of every door."""

    def __init__(self, seed: int, country: Country) -> None:
        self.seed = seed
        self.october = round_id(seed, OCTOBER)
        self.november = round_id(seed, NOVEMBER)
        self.cold = round_id(seed, COLD)
        self.workers = _workers(seed, country)
        self.old_streets = next(code for code, name in country.names.items() if name == "月亮湖社区")

    def documents(self) -> Iterator[Document]:
        yield round_document(
            self.october, title="2026年10月网格排查", number=OCTOBER, kind="regular", opens_on="2026-10-01",
            closes_on="2026-10-31", closed_at="2026-10-31T09:30:00Z", areas=[], flagged_first=False,
        )  # fmt: skip
        yield round_document(
            self.november, title="2026年11月网格排查", number=NOVEMBER, kind="regular", opens_on="2026-11-01",
            closes_on="2026-11-30", areas=[], flagged_first=False,
        )  # fmt: skip
        yield round_document(
            self.cold, title="低温雨雪专项排查", number=COLD, kind="cold", opens_on="2026-11-20",
            closes_on="2026-11-27", areas=[self.old_streets], flagged_first=True,
        )  # fmt: skip

    def answers(
        self, family: Household, place: int, in_grid: int, chance: Random, *, story: bool
    ) -> Iterator[Document]:
        """The family's answers in both months; the door ``place`` of ``in_grid`` is walked in its turn in November.

        ``story``: the family belongs to a case, whose November door is still to be knocked at.
        """
        yield self._answer(family, self.october, date(2026, 10, 8), 20, chance, settled=True)
        walked = in_grid * self._share(family.grid.code)
        if not story and place <= walked:
            yield self._answer(family, self.november, date(2026, 11, 2), 18, chance, settled=False)

    def _share(self, grid: str) -> float:
        """How much of a grid is walked by now: some are done, some hardly begun."""
        return Random(f"{self.seed}/{grid}").choice((0.25, 0.45, 0.55, 0.65, 0.8, 1.0))

    def _answer(
        self, family: Household, round_: str, first: date, days: int, chance: Random, *, settled: bool
    ) -> Document:
        answer, reason = _told(family, chance, settled)
        at = _moment(first + timedelta(days=chance.randrange(days)), chance)
        state: dict[str, Any] = {
            "answer": answer, "reason": reason, "at": at, "by": self.workers[family.grid.code],
            "how_known": "phone" if answer == "all_away" else chance.choices(("seen", "neighbour"), (9, 1))[0],
        }  # fmt: skip
        if answer in _NOTES:
            which = chance.randrange(len(_NOTES[answer]))
            state["note"] = _NOTES[answer][which]
            if answer in _SIGNALS:
                state["signals"] = [_SIGNALS[answer][which]]
        if answer == "nobody_home":
            attempt = derived_document_id("demo-attempt", family.id, round_)
            state["attempts"] = {attempt: {ROW: True, "at": at, "how": "seen"}}
        return answer_document(family, round_, **state)


def _workers(seed: int, country: Country) -> dict[str, str]:
    """Who walks which grid: a name for every two grids; the worker of the demo has her own."""
    names = Names(Random(f"{seed}/workers"))
    found: dict[str, str] = {}
    for index, grid in enumerate(country.grids):
        found[grid.code] = names.full("female", 1985) if index % 2 == 0 else list(found.values())[-1]
    return found | {area: each.name for each in CAST if each.role == GRID_WORKER for area in each.areas}


def _told(family: Household, chance: Random, settled: bool) -> tuple[str, str | None]:
    members = family.home.members
    if all(member.whereabouts in ("away_work", "school") for member in members):
        return "all_away", None
    if all(member.whereabouts == "institution" for member in members):
        return "other", "institution"
    draw = chance.random()
    if draw < 0.015:
        return "changed", None
    if draw < 0.015 + 0.012 * (1 + len(family.home.flags)):
        return "difficulty", None
    if draw > 0.99:
        return "other", chance.choice(_REASONS)
    if draw > 0.965 and not settled:
        return "nobody_home", None
    return "normal", None


def _moment(day: date, chance: Random) -> str:
    """A time of a working day in China, in UTC as documents keep it."""
    local = datetime(day.year, day.month, day.day, 9, tzinfo=UTC) + timedelta(seconds=chance.randrange(34_200))
    return (local - _CHINA).strftime("%Y-%m-%dT%H:%M:%SZ")
