"""A worker's or supervisor's laptop in tests: an enrolled store, the real window, and hands that press its keys."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from fieldapp.store.api import Store
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.form_shelf import FormShelf
from forms.api import Kind, NodeView, Type
from tests.journeys.county import Laptop as CountyLaptop
from tests.store.county import COUNTY, GRID, County, make_store
from tests.ui.hands import let_go
from ui import tasks
from ui.app import make_application
from ui.desk import Desk
from ui.frame import Frame
from ui.questions.frame import QuestionFrame
from ui.questions.photo import PhotoField
from ui.questions.signature import SignatureField
from ui.screens.visit.form_view import FormView
from ui.screens.visit.screen import Visits
from ui.settings import Settings

TODAY = date(2026, 11, 21)
#: said of a question whose answer is 不清楚: F2 and the first of the three
UNKNOWN = "unknown!"
PATIENCE = 40.0  # seconds; the first form of a test run is compiled on the way


@lru_cache(maxsize=1)
def compiled_forms() -> Path:
    """A folder with the home visit compiled, so that not every test waits for it."""
    folder = Path(tempfile.mkdtemp(prefix="forms-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    FormShelf(folder).newest("home_visit")
    return folder


@dataclass
class Laptop:
    """One open profile with its window."""

    store: Store
    desk: Desk
    frame: Frame
    problems: list[Any]

    @classmethod
    def open(
        cls,
        folder: Path,
        county: County,
        user: str,
        name: str,
        role: str = "grid_worker",
        areas: Iterable[str] = (GRID,),
    ) -> Laptop:
        areas = tuple(areas)
        store, _ = make_store(folder, county, user=user, role=role, areas=areas)
        shutil.copytree(compiled_forms(), folder / "forms", dirs_exist_ok=True)
        return cls.around(store, Actor(user, name, role, COUNTY, areas, today=lambda: TODAY))

    @classmethod
    def around(cls, store: Store, actor: Actor) -> Laptop:
        make_application()
        problems: list[Any] = []
        desk = Desk(store, store.profile, actor, Settings())
        desk.failed.connect(problems.append)
        frame = Frame(desk)
        tasks.tasks().present = problems.append
        frame.resize(1366, 768)
        frame.show()
        frame.activateWindow()
        assert QTest.qWaitForWindowActive(frame)
        return cls(store, desk, frame, problems)

    def close(self) -> None:
        self.leave()
        self.store.close()

    def leave(self) -> None:
        """Close the window; the store stays open."""
        let_go(self.frame)

    def turn_to(self) -> None:
        """This laptop's window has the keyboard."""
        self.frame.activateWindow()
        assert QTest.qWaitForWindowActive(self.frame)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key on whatever has the focus."""
        self.turn_to()
        press(self.frame.focusWidget() or self.frame, key, modifiers)
        settle()

    def picture(self, path: Path) -> None:
        self.frame.grab().save(str(path))

    @classmethod
    def of(cls, made: CountyLaptop) -> Laptop:
        """The window over a laptop enrolled with a real server."""
        shutil.copytree(compiled_forms(), made.profile.folder / "forms", dirs_exist_ok=True)
        return cls.around(made.store, made.actor)

    @property
    def visits(self) -> Visits:
        screen = self.frame.screens["visit"]
        assert isinstance(screen, Visits)
        return screen

    @property
    def form(self) -> FormView:
        assert self.visits.form is not None
        return self.visits.form

    def begin_visit(self, household: str, **about: Any) -> FormView:
        self.frame.open("visit", {"household": household, **about})
        wait(lambda: self.visits.form is not None or bool(self.problems))
        assert not self.problems, self.problems
        return self.form

    def open_visit(self, visit: str) -> FormView:
        self.frame.open("visit", {"visit": visit})
        wait(lambda: self.visits.form is not None or bool(self.problems))
        assert not self.problems, self.problems
        return self.form

    def wait(self, until: Callable[[], bool]) -> None:
        """Let the window live until ``until`` holds; an error it shows ends the wait."""
        wait(lambda: until() or bool(self.problems))
        assert not self.problems, self.problems

    def read(self, work: Callable[[Any], Any]) -> Any:
        return self.store.read(work).result()


def wait(until: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Let the window live until ``until`` holds."""
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            raise AssertionError("waited in vain")
        live()
        time.sleep(0.002)
    live()


def settle(seconds: float = 0.05) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end or tasks.tasks().busy:
        live()
        time.sleep(0.002)


def live() -> None:
    """What one turn of a running event loop does: without one, nothing that was let go would ever be deleted."""
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def press(widget: QWidget | None, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget or QApplication.focusWidget(), key, modifiers)
    QApplication.processEvents()


def type_text(widget: QWidget, text: str) -> None:
    """Characters as an input method commits them: Chinese has no keys."""
    from PySide6.QtGui import QInputMethodEvent

    if text.isascii():
        QTest.keyClicks(widget, text)
    else:
        event = QInputMethodEvent("", [])
        event.setCommitString(text)
        QApplication.sendEvent(widget, event)
    QApplication.processEvents()


class Hands:
    """Fills a form with real events: digits for choices, text, a signature's strokes, a dropped photo.

    ``said`` maps question names, or node ids where one person's answer differs (``/members/<person>/health/illness``),
    to what to answer: the choice's value, the text, or ``UNKNOWN`` for 不清楚. Whatever is required and not in it gets
    a harmless answer.
    """

    def __init__(self, form: FormView, photo: Path, said: dict[str, Any]) -> None:
        self.form, self._photo, self._said = form, photo, said
        self.actions = 0

    def fill(self, most: int = 400) -> None:
        """Go from gap to gap until nothing is missing."""
        for _ in range(most):
            problems = self.form.sheet.problems()
            if not problems:
                return
            self.answer(problems[0].node_id)
        raise AssertionError([problem.node_id for problem in self.form.sheet.problems()])

    def say(self, *node_ids: str) -> None:
        """Answer questions whatever stands there: what nobody must answer, or what the registry got wrong.

        What stands as wanted is left alone: the digit of the choice that stands takes it back."""
        for node_id in node_ids:
            view = self.form.session.view(node_id)
            if view.value is None or view.value != self._said.get(node_id, self._said.get(view.node.name)):
                self.answer(node_id)

    def answer(self, node_id: str) -> None:
        """Go to a question, jumping when it stands elsewhere, and answer it."""
        if self.form.pane is None or not self.form.pane.focus_node(node_id):
            self.form.jump(node_id)
        pane = self.form.pane
        frame = pane.frame(node_id) if pane is not None else None
        if frame is None and pane is not None:
            frame = next((f for f in pane.findChildren(QuestionFrame) if f.view.id == node_id), None)
        assert frame is not None, node_id
        frame.focus_question()
        self._give(frame)
        QApplication.processEvents()
        answered = frame.is_unknown() or self.form.session.view(node_id).value is not None
        assert answered, f"{node_id} took no answer"

    def _give(self, frame: QuestionFrame) -> None:
        view = frame.view
        said = self._said.get(view.id, self._said.get(view.node.name))
        self.actions += 1
        if said == UNKNOWN:
            press(frame.field.focus_widget(), Qt.Key.Key_F2)
            press(frame.window().focusWidget(), Qt.Key.Key_1)
        elif isinstance(frame.field, SignatureField):
            self.sign(frame.field)
            wait(lambda: self.form.session.view(view.id).value is not None)
        elif isinstance(frame.field, PhotoField):
            self.drop_photo(frame.field)
            wait(lambda: self.form.session.view(view.id).value is not None)
        elif view.node.has_choices:
            self._choose(frame, said)
        else:
            target = frame.field.focus_widget()
            type_text(target, str(said if said is not None else _harmless(view)))
            press(target, Qt.Key.Key_Tab if "multiline" in view.node.appearance else Qt.Key.Key_Return)
            frame.commit()

    def _choose(self, frame: QuestionFrame, said: Any) -> None:
        values = [choice.value for choice in frame.view.choices]
        wanted = said if isinstance(said, list) else [said if said is not None else _modest(values)]
        if not frame.field.focus_widget().inherits("QAbstractButton"):
            for value in wanted:
                type_text(frame.field.focus_widget(), frame.view.choices[values.index(value)].label)
                press(frame.field.focus_widget(), Qt.Key.Key_Return)
            return
        for value in wanted:
            place = values.index(value)
            start = frame.field.focus_widget()
            if place < 9:
                press(start, Qt.Key(Qt.Key.Key_1 + place))
            else:
                start.setFocus()
                press(start, Qt.Key.Key_Delete)
                for _ in range(place):
                    press(frame.window().focusWidget(), Qt.Key.Key_Right)
                press(frame.window().focusWidget(), Qt.Key.Key_Space)

    def drop_photo(self, field: PhotoField) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self._photo))])
        field.zone.take(data)

    def sign(self, field: SignatureField) -> None:
        sheet = field.sheet
        QTest.mousePress(sheet, Qt.MouseButton.LeftButton, pos=QPoint(40, 60))
        for step in range(8):
            QTest.mouseMove(sheet, QPoint(40 + step * 24, 60 + (step % 3) * 18))
        QTest.mouseRelease(sheet, Qt.MouseButton.LeftButton, pos=QPoint(240, 70))
        field.commit()


def _modest(values: list[str]) -> str:
    """ "none" or "no" where the form has it, else the first."""
    return next((value for value in ("none", "no") if value in values), values[0])


def _harmless(view: NodeView) -> str:
    assert view.node.kind is Kind.QUESTION
    kinds = {Type.INTEGER: "1", Type.DECIMAL: "100", Type.DATE: "2026-11-20", Type.TIME: "9:30"}
    return kinds.get(view.node.type, "情况属实")
