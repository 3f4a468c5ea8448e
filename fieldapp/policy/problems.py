"""What can be wrong with what a county or a caller hands to the rules."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from fieldapp.errors import InputError, RefusedError


class Problem(msgspec.Struct, frozen=True):
    """One fault of a workbook or file: its cell ("参数!C5") or path, what is wrong and the remedy."""

    where: str
    code: str
    zh: str
    en: str


class FactError(InputError):
    """A fact name, key or value the vocabulary does not know; ``details`` hold ``key``, ``nearest``."""

    code = "policy.fact"


class PackError(InputError):
    """A pack cannot be used; ``problems`` lists every fault by cell. The pack in force stays in force."""

    code = "policy.pack"

    def __init__(self, problems: Sequence[Problem], *, where: str = "") -> None:
        self.problems = tuple(problems)
        super().__init__(where=where, problems=self.problems)

    def __str__(self) -> str:
        return "\n".join(f"{p.where}: {p.en}" for p in self.problems) or super().__str__()


class CalendarMissing(InputError):
    """日历未更新: the holiday table has no such year; ``details["year"]``. Never guessed."""

    code = "policy.calendar_missing"


class ApprovalError(RefusedError):
    """A parameter change lacks its second person, or is not the one that was approved."""

    code = "policy.approval"
