"""What became of one case."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """``passed`` None means left out, by a reason written in the table of choices."""

    case: str
    passed: bool | None
    story: str
