"""What a procedure is: which steps, in which order, who does each, by when, what opens and what closes. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FORM, VISIT = "form", "visit"
ONCE, ADULT, SESSION, ROW = "", "adult", "session", "row"
WORKING, DAYS, HOURS = "working", "days", "hours"
LEVELS = ("village", "town", "county", "department", "family", "society")
#: What a step keeps beside its answers, and the question of its form that says so unless the file names another.
READ = {"day": "on", "outcome": "outcome", "amount": "amount", "words": "words", "until": "until",
        "provider": "provider", "title": "title"}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """Two languages of one phrase."""

    zh: str
    en: str

    def said(self, lang: str) -> str:
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True)
class TermRule:
    """How long a step or a whole procedure may take. ``days`` of ``unit`` (working | days | hours), or what the
    county's ``parameter`` says; counted from the day step ``start`` was done (``opened``: from the
    opening of the matter), by default from when the step opened; or
    until the day step ``until`` named. ``clause`` names what it rests on."""

    unit: str = WORKING
    days: int | None = None
    parameter: str = ""
    start: str = ""
    until: str = ""
    clause: str = ""


@dataclass(frozen=True)
class Outcome:
    """One answer to a step's ``outcome`` question. ``closes`` ends the matter; ``opens`` are procedures that may
    follow; ``program`` what becomes of the household's entry: add | change | stop."""

    id: str
    words: Words
    closes: bool = False
    opens: tuple[str, ...] = ()
    program: str = ""
    tone: str = "done"


@dataclass(frozen=True)
class Step:
    """One step. ``needs`` are alternatives of {step: outcomes that count, () for any}; an empty tuple needs nothing.

    ``each``: once | for every adult of the family | as many sessions as it takes (until an outcome not in ``again``) |
    for every row of a repeat in an earlier step's form (``rows``: step, repeat, and the questions ``name``, ``until``).
    ``reads`` maps what is kept (``READ``) to question names, ``fills`` question names to what is known (``known.py``).
    ``not_by``: steps whose author may not do this one. ``when``: parameters that must have this value.
    ``pays``: its amount is money given; ``fund`` the account it is paid from. ``intake``: what file may be read in.
    ``offers``: question answered "yes" → a procedure that then may follow.
    """

    id: str
    words: Words
    roles: tuple[str, ...]
    level: str
    kind: str = FORM
    form: str = ""
    each: str = ONCE
    again: tuple[str, ...] = ()
    rows: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    optional: bool = False
    term: TermRule | None = None
    reads: Mapping[str, str] = field(default_factory=lambda: dict(READ))
    fills: Mapping[str, str] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()
    closes: bool = False
    not_by: tuple[str, ...] = ()
    when: Mapping[str, str] = field(default_factory=dict)
    pays: bool = False
    fund: str = ""
    intake: str = ""
    revisit_days: int = 0
    offers: Mapping[str, str] = field(default_factory=dict)
    note: Words = Words("", "")  # frozen

    def outcome(self, outcome_id: str | None) -> Outcome | None:
        return next((each for each in self.outcomes if each.id == outcome_id), None)


@dataclass(frozen=True)
class Stop:
    """While ``begin`` has been done with ``outcome`` (any if empty) and ``end`` has not, the whole term stands still,
    where the county's ``clock.stops_for`` names ``reason``."""

    reason: str
    begin: str
    end: str
    outcome: str = ""


@dataclass(frozen=True)
class Procedure:
    """One file. ``type`` is the document type its matters are kept as, ``kind`` what lists and papers call it;
    ``about``: household | person; ``door``: where it is offered (household | lead | plan | desk | matter);
    ``policies`` the plan's policies it is the way to; ``program`` what it enters people into; ``alone`` that a
    household has only one open at a time."""

    id: str
    type: str
    kind: str
    words: Words
    group: str
    roles: tuple[str, ...]
    about: str
    door: tuple[str, ...]
    steps: tuple[Step, ...]
    policies: tuple[str, ...] = ()
    program: str = ""
    parameters: tuple[str, ...] = ()
    whole: TermRule | None = None
    stops: tuple[Stop, ...] = ()
    alone: bool = False
    public_notice: bool = True
    note: Words = Words("", "")  # frozen

    def step(self, step_id: str) -> Step:
        """Raises KeyError."""
        return {each.id: each for each in self.steps}[step_id]

    def has(self, step_id: str) -> bool:
        return any(each.id == step_id for each in self.steps)

    def settings_wanted(self) -> tuple[str, ...]:
        """Every parameter of the county that its terms, conditions and forms ask for."""
        terms = [each.term.parameter for each in self.steps if each.term is not None and each.term.parameter]
        asked = [name for each in self.steps for name in each.when]
        stops = ["clock.stops_for"] if self.stops else []
        whole = [self.whole.parameter] if self.whole is not None and self.whole.parameter else []
        fills = [source for each in self.steps for source in each.fills.values()]
        named = [source.removeprefix("in.") for source in fills if source.startswith("in.")]
        return tuple(dict.fromkeys([*self.parameters, *terms, *asked, *stops, *whole, *named]))
