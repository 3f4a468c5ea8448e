"""Hands for the supervisor's bench: a visit opened, looked at, approved by its key."""

from __future__ import annotations

from PySide6.QtCore import Qt

from fieldapp.store.projections import visits
from tests.journeys.laptop import Laptop
from ui.screens.review.screen import Review


def approve(supervisor: Laptop, visit: str) -> None:
    """One key, A, on a visit nothing hinders."""
    supervisor.turn_to()
    supervisor.frame.open("review", {"visit": visit})
    bench = supervisor.frame.screens["review"]
    assert isinstance(bench, Review)
    supervisor.wait(lambda: bench.page is not None and bench.page.line.id == visit)
    assert bench.page is not None
    assert bench.page.hindrance == ""
    bench.table.setFocus()
    supervisor.press(Qt.Key.Key_A)
    supervisor.wait(lambda: supervisor.read(lambda tx: visits.visit(tx, visit)).decision == "approved")
