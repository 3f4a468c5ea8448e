"""What a question widget may ask of its surroundings, and nothing else: no session, no store, no screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from forms.api import Value


@dataclass(frozen=True)
class LastAnswer:
    """What was said last time: the answer, its words, and when, in words (``2025 年 3 月``)."""

    value: Value
    text: str
    when: str


@dataclass(frozen=True)
class AreaChoice:
    """An area to pick: ``path`` is where it lies (town · village)."""

    code: str
    name: str
    path: str = ""


@dataclass(frozen=True)
class Outline:
    """A grid's outline in degrees: (longitude, latitude) pairs."""

    name: str
    ring: tuple[tuple[float, float], ...]


class Host(Protocol):
    """The surroundings of a question."""

    @property
    def today(self) -> date: ...

    def keep(self, node_id: str, make: Callable[[], bytes], kind: str) -> None:
        """Make and store a file of this visit, off the window's thread. Once it is durable its blob id is the answer of
        ``node_id``, whatever stands on the screen by then. ``kind``: photo | signature | thumbprint | file.
        ``make`` may raise a WorldError, which is shown."""

    def fetch(self, blob_id: str, done: Callable[[bytes | None], None]) -> None:
        """The bytes of a stored file, or None when this laptop does not hold it."""

    def last(self, node_id: str) -> LastAnswer | None: ...

    def comment(self, node_id: str) -> str:
        """What the supervisor asks about this question; empty when nothing."""

    def areas(self) -> Sequence[AreaChoice]: ...
    def outlines(self) -> Sequence[Outline]: ...
