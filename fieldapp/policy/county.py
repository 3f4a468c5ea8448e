"""The whole county under other parameters or another day: who enters, who leaves, what it costs; streaming.

Memory holds counters and the current household only; what is kept of each household is yielded and forgotten.
Every difference is a question to be verified at the door, never a decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from fieldapp.policy.assess import PROGRAMS, assess_programs
from fieldapp.policy.assessment import ProgramResult
from fieldapp.policy.facts import Facts
from fieldapp.policy.money import Amount
from fieldapp.policy.pack import Pack
from fieldapp.policy.words import Verdict

Household = tuple[str, Facts]
"""(household id, its facts)."""


class Setting(msgspec.Struct, frozen=True):
    """Which pack on which day."""

    pack: Pack
    on: date


class Difference(msgspec.Struct, frozen=True):
    """A household whose result of a programme differs: "enters", "leaves", "changes" (amount), "opens", "settles".

    Amounts are 分 a month; ``reasons`` (zh) say why under the second setting.
    """

    household: str
    program: str
    kind: str
    before: str
    after: str
    amount_before: Amount
    amount_after: Amount
    reasons: tuple[str, ...]


class Tally:
    """Running counts per programme: households that enter, leave, stay, are open; cost a month before and after."""

    def __init__(self) -> None:
        self.households = 0
        self.counts: dict[str, dict[str, int]] = {id: {} for id in PROGRAMS}
        self.cost_before: dict[str, Amount] = dict.fromkeys(PROGRAMS, 0)
        self.cost_after: dict[str, Amount] = dict.fromkeys(PROGRAMS, 0)

    def count(self, program: str, kind: str) -> None:
        counts = self.counts[program]
        counts[kind] = counts.get(kind, 0) + 1

    def add(self, other: Tally) -> None:
        """The counts of another stretch of households on top of these."""
        self.households += other.households
        for program, counts in other.counts.items():
            for kind, n in counts.items():
                self.counts[program][kind] = self.counts[program].get(kind, 0) + n
            self.cost_before[program] += other.cost_before[program]
            self.cost_after[program] += other.cost_after[program]

    @property
    def cost_difference(self) -> Amount:
        """分 a month, all programmes together."""
        return sum(self.cost_after.values()) - sum(self.cost_before.values())


def rerun(
    households: Iterable[Household],
    before: Setting,
    after: Setting,
    tally: Tally,
    progress: Callable[[int], bool] | None = None,
) -> Iterator[Difference]:
    """Every difference between two settings, as it is found; ``tally`` fills while this is consumed.

    ``progress(done)`` is called every 100 households and stops the run by returning False.
    """
    for id, facts in households:
        tally.households += 1
        was = {p.id: p for p in assess_programs(facts, before.pack, before.on)}
        now = assess_programs(facts, after.pack, after.on)
        for result in now:
            yield from _difference(id, was.get(result.id), result, tally)
        if progress is not None and tally.households % 100 == 0 and not progress(tally.households):
            return


def _difference(id: str, was: ProgramResult | None, now: ProgramResult, tally: Tally) -> Iterator[Difference]:
    before = was.verdict if was is not None else Verdict.NO_MATCH
    paid, pays = _paid(was), _paid(now)
    tally.cost_before[now.id] += paid
    tally.cost_after[now.id] += pays
    kind = _kind(before, now.verdict, paid, pays)
    tally.count(now.id, kind)
    if kind not in ("stays", "outside", "open"):
        yield Difference(id, now.id, kind, before.value, now.verdict.value, paid, pays, now.reasons())


def _paid(result: ProgramResult | None) -> Amount:
    """The monthly amount of a programme that pays monthly."""
    monthly = result is not None and result.id in ("dibao", "dibao_single", "tekun")
    return result.amount or 0 if result is not None and monthly else 0


def _kind(before: Verdict, after: Verdict, paid: Amount, pays: Amount) -> str:
    if after is Verdict.TO_CHECK:
        return "open" if before is Verdict.TO_CHECK else "opens"
    if before is Verdict.TO_CHECK:
        return "settles"
    was_in, is_in = before is Verdict.FIRST_MATCH, after is Verdict.FIRST_MATCH
    if was_in and is_in:
        return "stays" if paid == pays else "changes"
    return "enters" if is_in else "leaves" if was_in else "outside"


class Gap(msgspec.Struct, frozen=True):
    """应享未享 ("not_receiving") or 享受但可能不再符合 ("no_longer"), to be verified at the door."""

    household: str
    program: str
    kind: str
    reasons: tuple[str, ...]


RECEIVED = ("dibao", "dibao_single", "edge", "rigid", "tekun", "orphan", "swwrfy")


def entitlement_gaps(households: Iterable[Household], setting: Setting) -> Iterator[Gap]:
    """Households that probably may have a programme and do not, and that have one and probably may not any more.

    Only definite results count: whoever is 待核实 is in neither list.
    """
    for id, facts in households:
        had = _had(facts)
        if had is None:
            continue
        for result in assess_programs(facts, setting.pack, setting.on):
            if result.id not in RECEIVED:
                continue
            if result.verdict is Verdict.FIRST_MATCH and not had & _covers(result.id):
                yield Gap(id, result.id, "not_receiving", result.reasons())
            elif result.verdict in (Verdict.NO_MATCH, Verdict.NOT_ASKED) and result.id in had:
                yield Gap(id, result.id, "no_longer", result.reasons())


def _had(facts: Facts) -> set[str] | None:
    """Programmes the household or a member has; None when nobody said."""
    told = facts.get("already.programs").value
    if not isinstance(told, tuple):
        return None
    members = (facts.get("member.already", row).value for row in facts.members)
    return {*told, *(name for names in members if isinstance(names, tuple) for name in names)}


def _covers(program: str) -> set[str]:
    """Programmes whose receivers do not also get this one."""
    return {program} | ({"tekun"} if program in ("dibao", "dibao_single", "edge") else set())


# --- in a child process -----------------------------------------------------------------------------------------------

FactRows = Sequence[tuple[str, Mapping[str, Any]]]
"""(household id, its facts as ``Facts.to_json`` writes them)."""
_packs: list[Pack] = []


def start_child(*packs: bytes) -> None:
    """Read the packs (canonical JSON) once in the process that reckons."""
    from fieldapp.policy.packfile import from_bytes

    _packs[:] = [from_bytes(data) for data in packs]


def impact_of(rows: FactRows, was: date, then: date) -> tuple[list[Difference], Tally]:
    """The differences of one stretch of households between the first pack on ``was`` and the second on ``then``."""
    tally = Tally()
    households = ((id, Facts.from_json(facts)) for id, facts in rows)
    return list(rerun(households, Setting(_packs[0], was), Setting(_packs[1], then), tally)), tally


def gaps_of(rows: FactRows, on: date) -> list[Gap]:
    """The gaps of one stretch of households under the first pack."""
    return list(entitlement_gaps(((id, Facts.from_json(facts)) for id, facts in rows), Setting(_packs[0], on)))
