"""The whole county reckoned again over what visits found: the impact of a change, and who probably misses something.

应享未享 and 可能不再符合 are questions to be verified at the door, never decisions, and nothing is cut by them. Facts
are those frozen with the newest visit of each family; what it receives is what the registry says today. The arithmetic
runs in a child process, a hundred families at a time; memory holds counters and the first ``MOST`` lines.
"""

from __future__ import annotations

import multiprocessing
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fieldapp.domain.documents import Household, Visit, rows
from fieldapp.policy import county
from fieldapp.policy.api import Pack
from fieldapp.policy.county import Difference, Gap, Tally
from fieldapp.policy.naming import policy_id
from fieldapp.policy.packfile import to_bytes
from fieldapp.store.api import ReadTx, Store
from fieldapp.store.projections import households, visits
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.assessing import frozen_of
from fieldapp.workflows.places import places

AT_ONCE, MOST = 100, 2000
Progress = Callable[[int, int], None]
FactRow = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Family:
    """How a line names the household it is about."""

    id: str
    head: str
    place: str


@dataclass(frozen=True)
class GapLine:
    """``kind``: ``not_receiving`` (应享未享) | ``no_longer`` (可能不再符合)."""

    family: Family
    program: str
    kind: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class ImpactLine:
    """``kind``: enters | leaves | changes | opens | settles; amounts in 分 a month."""

    family: Family
    program: str
    kind: str
    before: int
    after: int
    reasons: tuple[str, ...]


@dataclass
class CountyRun(ABC):
    """One run over this user's areas. ``households`` there are, ``compared`` those a visit told enough about.

    ``run`` may be called once; what was found before it was cancelled stays.
    """

    store: Store
    actor: Actor
    households: int = 0
    compared: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def run(self, progress: Progress, cancelled: Callable[[], bool]) -> bool:
        """Whether the whole county was gone through. Blocking: off the window's thread."""
        self.households = self.store.read_now(self._count)
        done = 0
        with self._child() as child:
            for start in range(0, self.households, AT_ONCE):
                if cancelled():
                    return False
                families, facts = self.store.read_now(self._chunk, start)
                self.compared += len(facts)
                if facts:
                    self._reckon(child, families, facts)
                done = min(start + AT_ONCE, self.households)
                progress(done, self.households)
        return True

    def _child(self) -> ProcessPoolExecutor:
        """Python work in this process would starve the window (design: threads)."""
        packs = tuple(to_bytes(pack) for pack in self._packs())
        return ProcessPoolExecutor(
            1, mp_context=multiprocessing.get_context("spawn"), initializer=county.start_child, initargs=packs
        )

    @abstractmethod
    def _packs(self) -> tuple[Pack, ...]:
        """What the child reckons by."""

    @abstractmethod
    def _reckon(self, child: ProcessPoolExecutor, families: Mapping[str, Family], facts: list[FactRow]) -> None:
        """One chunk's families reckoned in the child, kept as lines."""

    def _count(self, tx: ReadTx) -> int:
        return sum(households.count(tx, area) for area in self.actor.scopes)

    def _chunk(self, tx: ReadTx, start: int) -> tuple[dict[str, Family], list[FactRow]]:
        """The next families and the facts of those that have been assessed."""
        families: dict[str, Family] = {}
        facts: list[FactRow] = []
        names = places(tx)
        for row in _households(tx, self.actor.scopes, start):
            told = _facts(tx, row.id)
            if told is not None:
                families[row.id] = Family(row.id, row.head_name or "", row.address or names.grid_words(row.area))
                facts.append((row.id, told))
        return families, facts


def _households(tx: ReadTx, scopes: tuple[str, ...], start: int) -> Iterator[households.HouseholdRow]:
    """``AT_ONCE`` households from ``start`` on, across several areas."""
    left = AT_ONCE
    for area in scopes:
        here = households.count(tx, area) if len(scopes) > 1 else start + left
        if start >= here:
            start -= here
            continue
        found = households.in_area(tx, area, limit=left, offset=start)
        yield from found
        left, start = left - len(found), 0
        if left <= 0:
            return


def _facts(tx: ReadTx, household: str) -> dict[str, Any] | None:
    """What the newest compared visit froze, with what the registry says the family receives."""
    for row in visits.of_household(tx, household):
        view = tx.document(row.id) if row.type == "visit" else None
        frozen = frozen_of(view.record.assessment) if view is not None and isinstance(view.record, Visit) else None
        if frozen is not None and "facts" in frozen:
            return _with_registry(tx, household, frozen["facts"])
    return None


def _with_registry(tx: ReadTx, household: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    home = tx.document(household)
    record = home.record if home is not None and isinstance(home.record, Household) else None
    words = [str(row["policy"]) for _, row in rows(record.programs) if row.get("policy")] if record is not None else []
    held = [policy_id(word) or word for word in words]
    told = facts.get("household", {}).get("already.programs")
    known = [*told] if isinstance(told, list) else []
    return {**facts, "household": {**facts.get("household", {}), "already.programs": list(dict.fromkeys(known + held))}}


@dataclass
class GapRun(CountyRun):
    """应享未享 and 可能不再符合 under the pack in force."""

    pack: Pack | None = None
    lines: list[GapLine] = field(default_factory=list)

    def _packs(self) -> tuple[Pack, ...]:
        assert self.pack is not None
        return (self.pack,)

    def _reckon(self, child: ProcessPoolExecutor, families: Mapping[str, Family], facts: list[FactRow]) -> None:
        gaps: list[Gap] = child.submit(county.gaps_of, facts, self.actor.today()).result()
        for gap in gaps:
            self.counts[gap.kind] = self.counts.get(gap.kind, 0) + 1
            if self.counts[gap.kind] <= MOST:
                self.lines.append(GapLine(families[gap.household], gap.program, gap.kind, gap.reasons))


@dataclass
class ImpactRun(CountyRun):
    """What a change would do: today's pack today against the changed one on its first day."""

    before: Pack | None = None
    after: Pack | None = None
    then: date | None = None
    tally: Tally = field(default_factory=Tally)
    lines: list[ImpactLine] = field(default_factory=list)

    def _packs(self) -> tuple[Pack, ...]:
        assert self.before is not None
        assert self.after is not None
        return self.before, self.after

    def _reckon(self, child: ProcessPoolExecutor, families: Mapping[str, Family], facts: list[FactRow]) -> None:
        then = max(self.then or self.actor.today(), self.actor.today())
        found: tuple[list[Difference], Tally] = child.submit(
            county.impact_of, facts, self.actor.today(), then
        ).result()
        differences, tally = found
        self.tally.add(tally)
        for d in differences:
            self.counts[d.kind] = self.counts.get(d.kind, 0) + 1
            if len(self.lines) < MOST:
                amounts = int(d.amount_before), int(d.amount_after)
                self.lines.append(ImpactLine(families[d.household], d.program, d.kind, *amounts, d.reasons))
