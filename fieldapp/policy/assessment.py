"""What an assessment says: frozen, in words for windows and papers, with the steps behind every line."""

from __future__ import annotations

from datetime import date

import msgspec

from fieldapp.policy.money import Amount
from fieldapp.policy.steps import Gap, Step, gaps
from fieldapp.policy.words import RISK_WORDS, STATE_WORDS, TIER_WORDS, MatchState, Verdict, Words, pick


class Line(msgspec.Struct, frozen=True, gc=False):
    """A sentence in Chinese and English."""

    zh: str
    en: str

    def words(self, lang: str = "zh") -> str:
        return self.en if lang == "en" else self.zh


class PackName(msgspec.Struct, frozen=True, gc=False):
    """Which pack an assessment rests on."""

    county: str
    edition: str
    digest: str


class ProgramResult(msgspec.Struct, frozen=True, gc=False):
    """One programme. ``amount`` in 分 a month (in all, for assistance paid once); ``people`` are row ids."""

    id: str
    name: Words
    verdict: Verdict
    step: Step
    amount: Amount | None = None
    amount_step: Step | None = None
    people: tuple[str, ...] = ()
    advice: tuple[Line, ...] = ()

    def state_words(self, lang: str = "zh") -> str:
        return pick(STATE_WORDS[self.verdict], lang)

    def reasons(self, lang: str = "zh") -> tuple[str, ...]:
        """Why: the conditions that decided, or what is still open."""
        from fieldapp.policy.explain import reasons

        return reasons(self.step, lang)


class Match(msgspec.Struct, frozen=True, gc=False):
    """One policy of the catalogue for this household.

    ``papers`` are the missing papers' names; ``bring`` the papers to bring; ``people`` the rows it is for;
    ``clashes`` the policies already had that exclude or offset it; ``to_public`` is False for what the county
    has not checked (staff only, grey).
    """

    policy: str
    name: Words
    department: str
    needs: tuple[str, ...]
    state: MatchState
    step: Step
    people: tuple[str, ...] = ()
    papers: tuple[Words, ...] = ()
    bring: tuple[Words, ...] = ()
    clashes: tuple[str, ...] = ()
    to_public: bool = True
    mark: str = "CERTAIN"
    cash: bool = False
    amount: Amount | None = None
    note: Line | None = None

    def state_words(self, lang: str = "zh") -> str:
        return pick(STATE_WORDS[self.state], lang)

    def reasons(self, lang: str = "zh") -> tuple[str, ...]:
        from fieldapp.policy.explain import match_reasons

        return match_reasons(self, lang)


class Need(msgspec.Struct, frozen=True, gc=False):
    """A need, ticked by the investigator (``source`` "ticked") or found by a rule ("rule", with its step)."""

    name: str
    source: str
    step: Step | None = None


class Tier(msgspec.Struct, frozen=True, gc=False):
    """The circle (0 outside, 1 to 3; None while unknown) and the programme that puts the household there."""

    tier: int | None
    by: str
    step: Step

    def words(self, lang: str = "zh") -> str:
        return pick(STATE_WORDS["to_check"] if self.tier is None else TIER_WORDS[self.tier], lang)


MOST_ASKED = 3


def _reason(step: Step, lang: str) -> str:
    """The situation that holds ("老年人独居"); while the level is open, what is still to be asked."""
    from fieldapp.policy.explain import gap_text

    level = next((part for part in step.inputs if part.value is True and part.inputs), None)
    if level is not None:
        return level.inputs[0].label(lang)
    if step.value is not None:
        return ""
    asked = list(dict.fromkeys(gap_text(gap, lang).partition("：" if lang != "en" else ":")[0] for gap in gaps(step)))
    more = len(asked) - MOST_ASKED
    words = (", " if lang == "en" else "、").join(asked[:MOST_ASKED])
    if lang == "en":
        return f"still to be asked: {words}" + (f" and {more} more" if more > 0 else "")
    return f"还要问清：{words}" + (f"等 {len(asked)} 项" if more > 0 else "")


class Risk(msgspec.Struct, frozen=True, gc=False):
    """The level (high, medium, low, none, unknown), the days to the next visit, and why."""

    level: str
    revisit_days: int | None
    revisit_on: date | None
    step: Step

    def words(self, lang: str = "zh") -> str:
        return pick(RISK_WORDS[self.level], lang)

    def reason(self, lang: str = "zh") -> str:
        """The situation the level rests on, or what is to be asked before there is one; "" for no risk."""
        return _reason(self.step, lang)


class Question(msgspec.Struct, frozen=True, gc=False):
    """A missing fact to ask next: the policies that hang on it, and the cash (分 a month) they may bring."""

    fact: str
    row: str
    state: str
    zh: str
    en: str
    policies: tuple[str, ...]
    weight: Amount


class Conflict(msgspec.Struct, frozen=True, gc=False):
    """Two policies that cannot both be had (or are offset), by the relations table."""

    a: str
    b: str
    relation: str
    words: Line
    clause: str


class Assessment(msgspec.Struct, frozen=True, gc=False):
    """Everything the rules say about a household on a day, to be frozen with the case (``freeze.to_json``).

    ``people`` maps row ids to the names the facts gave. The programme advises; people decide.
    """

    on: date
    pack: PackName
    people: tuple[tuple[str, str], ...]
    programs: tuple[ProgramResult, ...]
    tier: Tier
    risk: Risk
    needs: tuple[Need, ...]
    matches: tuple[Match, ...]
    questions: tuple[Question, ...]
    conflicts: tuple[Conflict, ...]
    procedure: tuple[Line, ...]
    open_parameters: tuple[Gap, ...] = ()

    def program(self, id: str) -> ProgramResult:
        """The result of a programme; KeyError when the rules of that day have none of this id."""
        for program in self.programs:
            if program.id == id:
                return program
        raise KeyError(id)

    def match(self, policy: str) -> Match:
        """The match of a policy; KeyError when the catalogue of that day has none of this id."""
        for match in self.matches:
            if match.policy == policy:
                return match
        raise KeyError(policy)

    def need_names(self) -> tuple[str, ...]:
        return tuple(need.name for need in self.needs)
