"""What a sync run tells while it runs, and at its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

CONNECT, RETURN, PUSH, PULL, PHOTOS_OUT, PHOTOS_IN, DONE = (
    "connect",
    "return",
    "push",
    "pull",
    "photos_out",
    "photos_in",
    "done",
)


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` in units of the step: revisions, feed rows, or bytes for photos; ``total`` is None while
    nobody knows it. Only what the county confirmed or the store committed counts as done."""

    step: str
    done: int = 0
    total: int | None = None


@dataclass
class SyncResult:
    """What a run did. ``refused``: (revision id, code) of what the county or this device did not believe.

    ``damaged``: records the county cannot open any more; they come once somebody who has them syncs. ``left``: own
    revisions still without a receipt. ``cancelled``: ended before it was through, on request.
    """

    pushed: int = 0
    waiting: int = 0
    quarantined: int = 0
    returned: int = 0
    pulled: int = 0
    photos_out: int = 0
    photos_in: int = 0
    damaged: int = 0
    left: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    controls: list[str] = field(default_factory=list)
    scope_changed: bool = False
    restoring: bool = False
    cancelled: bool = False


class Cancelled(Exception):
    """The run was asked to stop; what is done is done, the rest comes next time."""


class OtherEpoch(Exception):
    """The county came back from a backup since it was greeted: greet it again, and give back what it lacks first."""


Report = Callable[[Progress], None]
Stop = Callable[[], bool]


@dataclass
class Watch:
    """How a run tells and asks: ``report`` hears of progress, ``stop`` says whether to end."""

    report: Report
    stop: Stop
    result: SyncResult

    def tell(self, step: str, done: int = 0, total: int | None = None) -> None:
        """Report, and end the run here when it is to end. Raises Cancelled."""
        self.report(Progress(step, done, total))
        self.check()

    def check(self) -> None:
        if self.stop():
            raise Cancelled
