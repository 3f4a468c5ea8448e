"""Screening rounds: which is open, how far it is, and which doors keep it open."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from fieldapp.domain.documents import Round
from fieldapp.store.api import ReadTx, Store
from fieldapp.store.projections import door_answers, households
from fieldapp.store.projections.door_answers import AnswerRow
from fieldapp.workflows.actor import Actor

#: A door where nobody was home counts as answered, but the round closes only after a second attempt (trade.md).
ATTEMPTS_WANTED = 2

WEATHER = ("cold", "snow", "flood")

#: Answer -> state as screens colour it.
STATES = {
    "normal": "done", "changed": "changed", "difficulty": "abnormal", "nobody_home": "absent", "all_away": "done",
    "other": "done", "new": "changed",
}  # fmt: skip


@dataclass(frozen=True)
class RoundInfo:
    """A round as screens name it. ``areas`` empty means everywhere under the area it lies in."""

    id: str
    title: str
    number: int | None
    kind: str
    opens_on: str | None
    closes_on: str | None
    closed_at: str | None
    flagged_first: bool
    areas: tuple[str, ...]


@dataclass(frozen=True)
class RoundProgress:
    """Households in the round's areas here; ``tally`` by answer; ``silent`` still wait for an answer or a second
    attempt."""

    round: RoundInfo
    total: int
    tally: dict[str, int]

    @property
    def answered(self) -> int:
        return min(sum(self.tally.values()), self.total)

    def states(self) -> dict[str, int]:
        """Counts by colour, ``todo`` for those without an answer."""
        made = dict.fromkeys(("done", "changed", "abnormal", "absent"), 0)
        for answer, count in self.tally.items():
            made[STATES.get(answer, "changed")] += count
        return {**made, "todo": max(self.total - sum(self.tally.values()), 0)}


def state_of(answer: AnswerRow | None) -> str:
    """The colour of a door: two workers' answers against each other count as changed until one is chosen."""
    if answer is None or (answer.answer is None and not answer.conflicts):
        return "todo"
    return STATES.get(answer.answer or "", "changed")


def is_silent(answer: AnswerRow | None) -> bool:
    """Whether the door keeps its round open."""
    if answer is None or answer.answer is None:
        return True
    return answer.answer == "nobody_home" and answer.attempts < ATTEMPTS_WANTED


def all_rounds(tx: ReadTx, actor: Actor) -> list[RoundInfo]:
    """Every round that concerns this user, open, coming and closed."""
    found = [info_of(view.record) for view in tx.of_type("round") if isinstance(view.record, Round)]
    return [each for each in found if _concerns(each, actor.scopes)]


def open_rounds(tx: ReadTx, actor: Actor) -> list[RoundInfo]:
    """Rounds that run today and concern this user: extra rounds before regular ones, then the one that ends first."""
    today = actor.today().isoformat()
    running = [each for each in all_rounds(tx, actor) if not each.closed_at and (each.opens_on or "") <= today]
    return sorted(running, key=lambda each: (each.kind == "regular", each.closes_on or "9999", each.id))


def current_round(tx: ReadTx, actor: Actor) -> RoundInfo | None:
    """The round to walk now: the first that still has an unanswered door here, else the first."""
    running = open_rounds(tx, actor)
    waiting = (each for each in running if len(running) == 1 or _has_work(progress_of(tx, actor, each)))
    return next(waiting, running[0] if running else None)


def kind_at(tx: ReadTx, actor: Actor, area: str) -> str:
    """``weather`` while a round for cold, snow or flood runs where a household lives, else ``regular``: the fact
    ``round.kind`` of the rules."""
    here = (each for each in open_rounds(tx, actor) if any(_meet(area, place) for place in each.areas or (area,)))
    return "weather" if any(each.kind in WEATHER for each in here) else "regular"


def round_to_walk(tx: ReadTx, actor: Actor, wanted: str | None = None) -> tuple[RoundInfo | None, list[RoundInfo]]:
    """The round chosen by hand while it runs, else the current one; and all that run."""
    running = open_rounds(tx, actor)
    chosen = next((each for each in running if each.id == wanted), None)
    return chosen or current_round(tx, actor), running


def _has_work(progress: RoundProgress) -> bool:
    return progress.answered < progress.total


def progress(store: Store, actor: Actor) -> Future[RoundProgress | None]:
    """How far the current round is; None when none runs."""

    def work(tx: ReadTx) -> RoundProgress | None:
        info = current_round(tx, actor)
        return progress_of(tx, actor, info) if info else None

    return store.read(work)


def progress_of(tx: ReadTx, actor: Actor, info: RoundInfo) -> RoundProgress:
    tally: dict[str, int] = {}
    total = 0
    for area in scope_of(info, actor.scopes):
        total += households.count(tx, area)
        for answer, count in door_answers.tally(tx, info.id, area).items():
            tally[answer] = tally.get(answer, 0) + count
    return RoundProgress(info, total, tally)


def scope_of(info: RoundInfo, scopes: Sequence[str]) -> list[str]:
    """The areas where the round and the user's responsibility meet, none inside another."""
    if not info.areas:
        return _outermost(scopes)
    met = [
        mine if mine.startswith(theirs) else theirs for mine in scopes for theirs in info.areas if _meet(mine, theirs)
    ]
    return _outermost(met)


def _outermost(areas: Sequence[str]) -> list[str]:
    once = sorted(set(areas))
    return [area for area in once if not any(area != other and area.startswith(other) for other in once)]


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _concerns(info: RoundInfo, scopes: Sequence[str]) -> bool:
    return not info.areas or any(_meet(mine, theirs) for mine in scopes for theirs in info.areas)


def info_of(record: Round) -> RoundInfo:
    return RoundInfo(
        record.id, record.title or "", record.number, record.kind or "regular", record.opens_on, record.closes_on,
        record.closed_at, bool(record.flagged_first), tuple(record.areas),
    )  # fmt: skip
