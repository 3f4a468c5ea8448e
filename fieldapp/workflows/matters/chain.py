"""A matter's links in the chain of help: opened, every step with its outcome and amount, its result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fieldapp.store.api import ReadTx
from fieldapp.store.projections.helps import HelpRow
from fieldapp.workflows.matters.course import entries
from fieldapp.workflows.matters.shelf import procedures


@dataclass(frozen=True)
class StepLink:
    """One step done. ``kind``: ``step`` | ``paid``; ``amount`` 分; ``person`` whom it is about, an id or ""."""

    at: str
    kind: str
    title: str
    who: str
    words: str
    amount: int | None
    person: str


def step_links(tx: ReadTx, row: HelpRow, lang: str) -> Iterator[StepLink]:
    """The steps that count, in time order; a step done on its own day carries its hour, so that the order holds."""
    procedure = procedures(tx).get(row.procedure or "")
    view = tx.document(row.id) if procedure is not None and row.steps else None
    if procedure is None or view is None:
        return
    place = {step.id: n for n, step in enumerate(procedure.steps)}
    done = [entry for entry in entries(view.state) if entry.step in place and not entry.undone]
    for entry in sorted(done, key=lambda entry: (entry.on, entry.at, place[entry.step])):
        step = procedure.step(entry.step)
        outcome = step.outcome(entry.outcome)
        words = " · ".join(part for part in (outcome.words.said(lang) if outcome else "", entry.words) if part)
        at = entry.at if entry.at[:10] >= entry.on and entry.at[:10] <= _next_day(entry.on) else entry.on
        kind = "paid" if step.pays and entry.amount else "step"
        yield StepLink(at, kind, step.words.said(lang), entry.by, words, entry.amount, entry.row)


def _next_day(day: str) -> str:
    return (date.fromisoformat(day[:10]) + timedelta(days=1)).isoformat()
