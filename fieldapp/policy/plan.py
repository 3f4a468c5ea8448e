"""一户一策: what a household has and could have, in the order to work on it, with who told, the wish and who follows;
and the family's own sheet in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from fieldapp.policy.assessment import Assessment, Match
from fieldapp.policy.money import yuan
from fieldapp.policy.words import MatchState

WISHES: Mapping[str, tuple[str, str]] = {
    "wants": ("要", "wants it"), "declines": ("不要", "does not want it"), "considers": ("考虑", "considers it"),
}  # fmt: skip
ORDER = (
    MatchState.FIRST_MATCH, MatchState.PAPERS, MatchState.CONFLICT, MatchState.TO_CHECK, MatchState.HAS,
    MatchState.NO_MATCH,
)  # fmt: skip
OPEN = (MatchState.FIRST_MATCH, MatchState.PAPERS, MatchState.TO_CHECK, MatchState.CONFLICT)


class Followed(msgspec.Struct, frozen=True):
    """What people noted for one policy: told the family (and when), the wish, who follows until when."""

    policy: str
    told_on: date | None = None
    wish: str = ""
    follower: str = ""
    until: date | None = None


class PlanLine(msgspec.Struct, frozen=True):
    """One policy of the plan, for the household (``person`` "") or one person, with the needs it answers."""

    match: Match
    person: str
    needs: tuple[str, ...]
    urgent: bool
    followed: Followed

    @property
    def must_tell(self) -> bool:
        """A first match nobody has told the family of: the duty to tell (the Law §39)."""
        return self.match.state in (MatchState.FIRST_MATCH, MatchState.PAPERS) and self.followed.told_on is None


def plan(result: Assessment, noted: Mapping[tuple[str, str], Followed] | None = None) -> tuple[PlanLine, ...]:
    """The plan's lines: urgent first, then by state; what answers a need before the rest, in the catalogue's order.

    ``noted`` maps (policy, person or "") to what people noted. Policies that are not met are left out unless they
    answer a need; a policy for persons has a line per person.
    """
    needs = set(result.need_names())
    lines = [line for match in result.matches for line in _lines(match, needs, noted or {})]
    return tuple(sorted(lines, key=lambda line: (not line.urgent, ORDER.index(line.match.state), not line.needs)))


def _lines(match: Match, needs: set[str], noted: Mapping[tuple[str, str], Followed]) -> list[PlanLine]:
    answers = tuple(need for need in match.needs if need in needs)
    if match.state is MatchState.NO_MATCH and not answers:
        return []
    urgent = "急难" in answers and match.state in OPEN
    people = match.people or ("",)
    return [
        PlanLine(match, person, answers, urgent, noted.get((match.policy, person), Followed(match.policy)))
        for person in people
    ]


class SheetLine(msgspec.Struct, frozen=True):
    """One policy on the family's sheet, in plain words."""

    policy: str
    name: str
    words: str
    bring: tuple[str, ...]
    where: str


SAID: Mapping[str, tuple[str, str]] = {
    "has": ("您家已经在享受", "you already have this"),
    "first_match": ("您家初步符合，可以申请", "you may apply for this"),
    "papers": ("您家初步符合，还差材料", "you may apply; papers are missing"),
    "to_check": ("还有情况没有核实，核实后再告诉您", "something is still to be checked; you will be told"),
}


def family_sheet(result: Assessment, places: Mapping[str, str], lang: str = "zh") -> tuple[SheetLine, ...]:
    """Policies for the family's one-page sheet: only those the county has signed, never a bare "no".

    ``places`` maps policy ids to where to apply (``Policy.where``).
    """
    english = lang == "en"
    return tuple(_sheet_line(m, places.get(m.policy, ""), english) for m in result.matches
                 if m.to_public and str(m.state) in SAID)  # fmt: skip


def _sheet_line(match: Match, where: str, english: bool) -> SheetLine:
    words = SAID[match.state][english]
    if match.amount and match.state is not MatchState.TO_CHECK and match.cash:
        words += f" ({yuan(match.amount)} yuan)" if english else f"（约 {yuan(match.amount)} 元）"
    bring = tuple(paper[english] for paper in (*match.papers, *match.bring))
    return SheetLine(match.policy, match.name[english], words, bring, where)
