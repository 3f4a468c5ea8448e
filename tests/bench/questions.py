"""How long a home visit takes to stand on the screen, and how long a key takes in a list of five thousand.

The yardstick of opening is the same number of plain Qt widgets in the same grid; that of searching is a plain
substring pass over the labels.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.figures import Row

ROUNDS, CHOICES = 7, 5000


def run(full: bool) -> list[Row]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return [*_opening(ROUNDS * (3 if full else 1)), _searching()]


def _opening(rounds: int) -> list[Row]:
    from PySide6.QtWidgets import QApplication

    from fieldapp.workflows.visits import VisitStart, start
    from tests.journeys.families import high_medical_bill
    from tests.journeys.laptop import Laptop, settle
    from tests.store.county import County
    from ui.screens.visit.kit import open_session

    with tempfile.TemporaryDirectory() as folder:
        laptop = Laptop.open(Path(folder) / "profile", County(), "li.qiu", "李秋")
        home, _, _ = high_medical_bill(laptop.store)
        laptop.begin_visit(home)  # everything is imported and painted once
        screen = laptop.visits
        opening = start(laptop.store, laptop.desk.actor, screen.kit.shelf, VisitStart(home)).result()
        sessions = [open_session(opening, laptop.desk.actor) for _ in range(rounds)]
        from fieldapp.workflows.places import Places

        def show() -> None:
            screen.show_form(opening, sessions.pop(), Places())
            QApplication.processEvents()

        shown = _median_ms(show, rounds)
        count = len(screen.form.findChildren(object)) if screen.form is not None else 0
        settle()
        plain = _median_ms(lambda: _plain(count), rounds)
        laptop.close()
    return [
        Row(
            "home visit on screen, first section", shown, "ms", plain, shown / plain, "≤ 200 ms", shown <= 200,
            f"{count} Qt objects",
        )
    ]  # fmt: skip


def _plain(count: int) -> None:
    """As many labels in a window, painted."""
    from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QWidget

    window = QWidget()
    grid = QGridLayout(window)
    for n in range(count // 2):
        grid.addWidget(QLabel(str(n)), n // 8, n % 8)
    window.show()
    QApplication.processEvents()
    window.close()
    window.deleteLater()


def _searching() -> Row:
    from forms.api import Choice
    from ui.app import make_application
    from ui.questions.searchable import ChoiceList

    make_application()
    choices = [Choice(f"c{n}", f"第{n}种疾病") for n in range(CHOICES)]
    model = ChoiceList()
    model.set_choices(choices)
    texts = ["1", "12", "123", "疾病", "第4", "99种"]
    worst = max(_median_ms(lambda text=text: model.search(text), 5) for text in texts)  # type: ignore[misc]
    plain = max(_median_ms(lambda text=text: [c for c in choices if text in c.label], 5) for text in texts)  # type: ignore[misc]
    return Row(
        "one key in a list of 5,000 choices", worst, "ms", plain, worst / plain, "≤ 16 ms", worst <= 16,
        "the slowest of six searches",
    )  # fmt: skip


def _median_ms(work: Callable[[], object], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)
