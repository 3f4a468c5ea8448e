"""Findings about saved answers: what a migration did, how two submissions differ, flat tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Cast:
    """An answer whose question changed type; ``old`` and ``new`` are JSON values."""

    path: str
    label: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Orphan:
    """An answer whose question is gone or no longer takes it; it stays in the draft under "orphans"."""

    path: str
    label: str
    value: Any


@dataclass(frozen=True)
class MigrationReport:
    """What became of a draft's answers: paths kept as they were, cast, orphaned; questions that are new."""

    old_version: str
    new_version: str
    kept: tuple[str, ...]
    cast: tuple[Cast, ...]
    orphaned: tuple[Orphan, ...]
    added: tuple[str, ...]

    def lines(self, lang: str = "zh") -> list[str]:
        """The report as a worker reads it, one line per answer that did not simply stay."""
        from forms.words import migration_words

        return migration_words(self, lang)


@dataclass(frozen=True)
class Difference:
    """One question answered differently; None is "not answered". Texts are as a person reads them."""

    path: str
    label: str
    old: Any
    new: Any
    old_text: str
    new_text: str


@dataclass(frozen=True)
class Table:
    """A flat table; ``name`` is the form's id or the repeat's id, ``columns`` the header."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
