"""The device chain: gaps and forks in what one device signed (protocol.md, "A revision")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A revision's place in its device's chain."""

    seq: int
    id: str
    prev: str | None


@dataclass(frozen=True)
class ChainReport:
    """``gaps``: first and last missing number of each hole. ``forks``: numbers with two ids. ``broken``: numbers
    whose ``prev`` is not the id before them, though that one is here. ``last``: the highest number, 0 for none."""

    gaps: tuple[tuple[int, int], ...]
    forks: tuple[int, ...]
    broken: tuple[int, ...]
    last: int

    @property
    def whole(self) -> bool:
        return not (self.gaps or self.forks or self.broken)


def inspect_chain(links: Iterable[Link], *, after: Link | None = None) -> ChainReport:
    """Read one device's links in any order, from the start or behind ``after`` (the last one known to be good)."""
    by_seq: dict[int, set[Link]] = {}
    if after:
        by_seq[after.seq] = {after}
    for link in links:
        by_seq.setdefault(link.seq, set()).add(link)
    expected = after.seq if after else 1
    gaps, forks, broken = [], [], []
    before: set[str] | None = None if after else set()
    for seq in sorted(by_seq):
        if seq > expected:
            gaps.append((expected, seq - 1))
            before = None
        here = by_seq[seq]
        if len({link.id for link in here}) > 1:
            forks.append(seq)
        if before is not None and seq != (after.seq if after else 0) and not _follows(here, before):
            broken.append(seq)
        before = {link.id for link in here}
        expected = seq + 1
    return ChainReport(tuple(gaps), tuple(forks), tuple(broken), max(by_seq, default=0))


def _follows(here: set[Link], before: set[str]) -> bool:
    return all((link.prev in before) if before else link.prev is None for link in here)
