"""Screening: a normal door is one key, saved, next door."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.domain.documents import OTHER_REASONS
from fieldapp.workflows import screening
from fieldapp.workflows.new_family import NewFamily
from fieldapp.workflows.screening import Door, DoorList, DoorPage, Given, Told
from ui.desk import Desk
from ui.messages import words_for
from ui.screens.base import Key, Screen, scroll_area
from ui.screens.screening.answer_bar import AnswerBar
from ui.screens.screening.answered_panel import AnsweredPanel
from ui.screens.screening.doors_panel import DoorsPanel
from ui.screens.screening.doors_walked import door_is_silent, next_from, told_door
from ui.screens.screening.family_panel import LETTERS, FamilyPanel, HintsPanel
from ui.screens.screening.sheets import DeathSheet, MovedInSheet, NewFamilySheet
from ui.theme import look
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.notices import Banner, EmptyState
from ui.widgets.pick_sheet import PickSheet
from ui.words import t

UNDO_DEPTH = 10
CHANGES = ("people", "work", "housing", "health", "school", "phone", "other")


class Screening(Screen):
    """One grid at a time. Keys act only while the family of the chosen door is on screen: nobody answers for a door
    they have not seen."""

    keys = (
        Key("1", "normal", "answer.normal"),
        Key("2", "changed_", "answer.changed"),
        Key("3", "difficulty", "answer.difficulty"),
        Key("4", "nobody_home", "answer.nobody_home"),
        Key("5", "all_away", "answer.all_away"),
        Key("6", "other", "answer.other"),
        Key("N", "newly_found", "answer.new"),
        Key("Ctrl+Z", "undo", "screening.key.undo"),
        Key("Down", "down", "screening.key.down"),
        Key("Up", "up", "screening.key.up", shown=False),
        Key("Space", "next_silent", "screening.key.silent"),
        Key("Return", "next_grid", "screening.key.next_grid"),
        Key("W", "other_round", "screening.key.round"),
        Key("M", "moved_in", "screening.key.moved_in"),
        Key("O", "open_household", "screening.open_household"),
        Key("T", "toggle_map", "screening.key.map"),
        *(Key(letter, f"member_{letter}", "screening.key.member", shown=letter == "A") for letter in LETTERS),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: DoorList | None = None
        self.page: DoorPage | None = None
        self.at = -1
        self.ready = False
        self.finished = False
        self.round, self.picked = "", False
        self.given: deque[tuple[Given, str]] = deque(maxlen=UNDO_DEPTH)
        for place, letter in enumerate(LETTERS):
            setattr(
                self, f"member_{letter}", lambda place=place: self.family.move_member(place) if self.ready else None
            )
        self._build()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(self.margins(), self.margins(), self.margins(), self.margins())
        self.notice = QVBoxLayout()
        outer.addLayout(self.notice)
        self.views = QStackedWidget()
        outer.addWidget(self.views, 1)
        work = QWidget()
        across = QHBoxLayout(work)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(24)
        self.doors = DoorsPanel(self.desk)
        self.doors.setMinimumWidth(288)
        self.doors.setMaximumWidth(344 if not look.theme().large else 400)
        self.doors.chosen.connect(self._choose)
        self.doors.grid_chosen.connect(self._open_grid)
        self.doors.round_chosen.connect(self._open_round)
        across.addWidget(self.doors, 3)
        area, inner = scroll_area()
        right = QVBoxLayout(inner)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(16)
        self.family = FamilyPanel(self.desk)
        self.family.changed.connect(self._show_moved)
        self.family.opened.connect(self.open_household)
        self.hints = HintsPanel(self.desk)
        self.door = QWidget()
        at_door = QVBoxLayout(self.door)
        at_door.setContentsMargins(0, 0, 0, 0)
        at_door.setSpacing(16)
        at_door.addWidget(self.family)
        self.bar = AnswerBar()
        self.bar.pressed.connect(self._press_answer)
        self.bar.undone.connect(self.undo)
        at_door.addWidget(self.bar)
        at_door.addWidget(self.hints)
        right.addWidget(self.door)
        self.answered = AnsweredPanel()
        self.answered.again.connect(self.next_silent)
        self.answered.onward.connect(self.next_grid)
        self.answered.undone.connect(self.undo)
        self.answered.found.connect(self.newly_found)
        self.answered.hide()
        right.addWidget(self.answered)
        right.addStretch(1)
        across.addWidget(area, 7)
        self.empty = QVBoxLayout()
        self.views.addWidget(work)
        empty_page = Card()
        empty_page.body.addLayout(self.empty)
        self.views.addWidget(empty_page)

    def _press_answer(self, name: str) -> None:
        acts: dict[str, Callable[[], None]] = {
            "normal": self.normal, "changed": self.changed_, "difficulty": self.difficulty,
            "nobody_home": self.nobody_home, "all_away": self.all_away, "other": self.other, "new": self.newly_found,
        }  # fmt: skip
        acts[name]()

    def arrive(self, **args: Any) -> None:
        wanted = args.get("household")
        if not self.picked:
            self.round = ""  # what is walked first may be another round by now
        self._load(self.found.grid if self.found else None, wanted)

    def _load(self, grid: str | None, wanted: str | None = None) -> None:
        store, actor, wanted_round = self.desk.store, self.desk.actor, self.round or None
        work = lambda: screening.door_list(store, actor, grid, wanted_round)  # noqa: E731
        self.load(work, lambda found: self._got(found, wanted), words=t("common.reading"))

    def _complain(self, error: BaseException) -> None:
        """What was answered could not be kept: the door stays, and so does what was typed."""
        clear(self.notice)
        self.notice.addWidget(Banner(words_for(error)))

    def _got(self, found: DoorList, wanted: str | None = None) -> None:
        clear(self.notice)
        before = wanted or (self.page.household if self.page else None)
        self.found = found
        self.round = found.round.id if found.round is not None else ""
        if not found.doors or found.round is None:
            self._show_empty(found)
            return
        self.views.setCurrentIndex(0)
        self.doors.show_doors(found)
        places = {door.household: place for place, door in enumerate(found.doors)}
        self.at = -1
        first = self._next_from(-1, lambda door: door.state == "todo")
        if before in places or first >= 0:
            self._go(places.get(before or "", first))
        else:
            self._show_finished(True)

    def _show_empty(self, found: DoorList) -> None:
        clear(self.empty)
        name = "no_doors" if found.round is not None else "no_round"
        button = Button(t("screen.sync"), kind="primary")
        button.clicked.connect(lambda: self.desk.go("sync"))
        self.empty.addWidget(EmptyState("grid-2x2-check", t(f"screening.{name}"), t(f"screening.{name}_do"), button))
        self.views.setCurrentIndex(1)
        self.ready = False

    def _go(self, place: int) -> None:
        """Choose a door; the list tells back through ``_choose``."""
        if self.doors.list.chosen() != place:
            self.doors.list.choose(place)
        if self.at != place:
            self._choose(place)

    def _choose(self, place: int) -> None:
        if self.found is None or not 0 <= place < len(self.found.doors) or place == self.at:
            return
        self._show_finished(False)
        self.at, self.ready = place, False
        self.doors.map.mark(place)
        door, info = self.found.doors[place], self.found.round
        store, actor = self.desk.store, self.desk.actor
        round_id = info.id if info else None
        self.load(lambda: screening.door_page(store, actor, door.household, round_id), self._show_page)

    def _show_page(self, page: DoorPage) -> None:
        if self.found is None or self.found.doors[self.at].household != page.household:
            return
        self.page, self.ready = page, True
        self.family.show_page(page)
        self.hints.show_page(page)
        self._show_moved()
        self.bar.show_attempts(page.attempts)

    def draw(self) -> None:
        if self.found is not None and self.page is not None:
            self.doors.show_doors(self.found)
            self.family.draw()
            self.hints.show_page(self.page)
        elif self.found is not None and self.finished:
            self.doors.show_doors(self.found)
            self._show_finished(True)

    def _show_moved(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        moved = self.family.moved_words() if self.page else ""
        self.bar.show_moved(moved)

    def normal(self) -> None:
        """The one key of nineteen doors in twenty. With members moved it is a change, not a normal door."""
        if self.ready and self.family.moved:
            self.changed_()
            return
        self._answer(Told("normal", how=self.family.how_now))

    def changed_(self) -> None:
        if not self._may_answer():
            return
        if not self.family.moved:
            options = [(name, t(f"change.{name}")) for name in CHANGES]
            PickSheet(self.window(), t("screening.change_title"), options, self._take_changes, several=True).open()
        elif "died" in self.family.moved.values():
            today: date = self.desk.actor.today()
            DeathSheet(self.window(), today.year, self._take_death).open_first()
        else:
            self._answer(self._moved_told(None))

    def _moved_told(self, died_on: str | None) -> Told:
        moved = dict(self.family.moved)
        return Told(
            "changed", how=self.family.how_now, note=self.family.moved_words(), whereabouts=moved, died_on=died_on
        )

    def _take_death(self, on: str) -> None:
        self._answer(self._moved_told(on))

    def _take_changes(self, picked: list[str]) -> None:
        note = "、".join(t(f"change.{name}") for name in picked)
        self._answer(Told("changed", how=self.family.how_now, note=note))

    def nobody_home(self) -> None:
        self._answer(Told("nobody_home"))

    def all_away(self) -> None:
        self._answer(Told("all_away", how="phone"))

    def other(self) -> None:
        if self._may_answer():
            options = [(reason, t(f"reason.{reason}")) for reason in OTHER_REASONS]
            PickSheet(self.window(), t("screening.other_title"), options, self._take_reason).open()

    def _take_reason(self, picked: list[str]) -> None:
        self._answer(Told("other", self.family.how_now, picked[0]))

    def difficulty(self) -> None:
        """Opens the signals; what is ticked there is the finished report."""
        if self._may_answer() and self.page and self.found and self.found.round:
            from ui.screens.screening.report_sheet import ReportSheet

            round_id = self.found.round.id
            ReportSheet(self.window(), self.desk, round_id, self.page, self._reported, self.family.how_now).start()

    def newly_found(self) -> None:
        if self.found and self.found.round:
            NewFamilySheet(self.window(), self._take_family).open_first()

    def moved_in(self) -> None:
        if self.ready:
            MovedInSheet(self.window(), self._take_member).open_first()

    def _take_family(self, family: NewFamily) -> None:
        if self.found is None or self.found.round is None:
            return
        round_id, grid = self.found.round.id, self.found.grid
        last = self.found.doors[-1].household if self.found.doors else None
        after = self.page.household if self.page else last
        store, actor = self.desk.store, self.desk.actor
        work = lambda: screening.newly_found(store, actor, round_id, grid, family, after)  # noqa: E731
        self.desk.write(work, lambda given: self._reload_after(given, stay=True), owner=self, failed=self._complain)

    def _take_member(self, name: str, relation: str | None) -> None:
        if self.page is None:
            return
        household, store, actor = self.page.household, self.desk.store, self.desk.actor
        moved = lambda: screening.moved_in(store, actor, household, name, relation)  # noqa: E731
        self.desk.write(moved, lambda _person: self._member_came(name), owner=self, failed=self._complain)

    def _member_came(self, name: str) -> None:
        self._answer(Told("changed", how=self.family.how_now, note=t("change.moved_in", name=name)))

    def _answer(self, told: Told) -> None:
        if not self._may_answer() or self.found is None or self.found.round is None or self.page is None:
            return
        self.ready = False  # a second key meant for the next door must not land on this one
        round_id, household = self.found.round.id, self.page.household
        store, actor = self.desk.store, self.desk.actor
        work: Callable[[], Future[Given]] = lambda: screening.answer(store, actor, round_id, household, told)  # noqa: E731
        self.desk.write(work, lambda given: self._saved(given, told), owner=self, failed=self._not_saved)

    def _may_answer(self) -> bool:
        """Whether a door stands open; where all are answered a key only says so."""
        if self.finished and self.found is not None:
            self.desk.say(t("screening.all_answered_say"))
        return self.ready

    def _not_saved(self, error: BaseException) -> None:
        self.ready = True
        self._complain(error)

    def _saved(self, given: Given, told: Told) -> None:
        """Durable: show it, go to the next door."""
        if self.found is None:
            return
        clear(self.notice)
        doors = list(self.found.doors)
        place = next((n for n, door in enumerate(doors) if door.household == given.household), -1)
        if place >= 0:
            doors[place] = told_door(doors[place], told, self.desk.actor.stamp())
        silent = sum(door_is_silent(door) for door in doors)
        self.found = replace(self.found, doors=tuple(doors), silent=silent)
        if place >= 0:
            self.doors.show_door(self.found, place)
        self._remember(given, doors[place].head if place >= 0 else "")
        self._go_on(place)

    def _reported(self, given: Given, signals: tuple[str, ...]) -> None:
        self._saved(given, Told("difficulty", signals=signals, note="、".join(signals)))

    def _remember(self, given: Given, head: str) -> None:
        self.given.append((given, self.found.round.id if self.found and self.found.round else ""))
        self.bar.show_just(head, given.answer)

    def _go_on(self, place: int) -> None:
        """To the next door nobody was asked at. Without one the grid is answered: no door stands open by itself, or
        the next digit would answer one a second time."""
        if self.found is None:
            return
        after = self._next_from(place, lambda door: door.state == "todo")
        if after >= 0:
            self._go(after)
        else:
            self._show_finished(True)
            if len(self.found.grids) > 1:
                self._ask_next_grid()

    def _ask_next_grid(self) -> None:
        """Where work is left is asked only when a grid has just been finished."""
        assert self.found is not None
        store, actor, grid, round_id = self.desk.store, self.desk.actor, self.found.grid, self.round

        def got(found: DoorList) -> None:
            if self.finished and self.found is not None and found.grid == self.found.grid:
                self.found = found
                self._show_finished(True)

        self.load(lambda: screening.door_list(store, actor, grid, round_id), got)

    def _show_finished(self, finished: bool) -> None:
        """The page of a grid that is answered, or the page of a door."""
        self.finished = finished
        self.door.setVisible(not finished)
        self.answered.setVisible(finished)
        if finished and self.found is not None:
            self.page, self.at, self.ready = None, -1, False
            self.doors.list.choose_none()
            self.doors.map.mark(-1)
            self.answered.show_left(self.found, may_undo=bool(self.given))

    def _next_from(self, place: int, wanted: Callable[[Door], bool]) -> int:
        return next_from(self.found.doors if self.found else (), place, wanted)

    def undo(self) -> None:
        """Take back the last answer; ten can be taken back, one by one."""
        if not self.given:
            return
        given, self.round = self.given.pop()
        self.ready = False
        store, actor = self.desk.store, self.desk.actor
        work = lambda: screening.take_back(store, actor, given)  # noqa: E731
        self.desk.write(work, self._taken_back, owner=self, failed=self._not_saved)

    def _taken_back(self, household: str) -> None:
        self.bar.show_taken_back(more=bool(self.given))
        self.page = None
        self._load(self.found.grid if self.found else None, household)

    def _reload_after(self, given: Given, *, stay: bool) -> None:
        self._remember(given, "")
        keep = self.page.household if stay and self.page else given.household
        self._load(self.found.grid if self.found else None, keep)

    def down(self) -> None:
        self._go(min(self.at + 1, len(self.found.doors) - 1) if self.found else -1)

    def up(self) -> None:
        self._go(max(self.at - 1, 0))

    def next_silent(self) -> None:
        """The next door without an answer, else one that wants a second try or is disputed."""
        todo = self._next_from(self.at, lambda door: door.state == "todo")
        after = todo if todo >= 0 else self._next_from(self.at, door_is_silent)
        if after >= 0:
            self._go(after)

    def next_grid(self) -> None:
        if self.finished and self.found is not None and self.found.next_grid:
            self._open_grid(self.found.next_grid)

    def other_round(self) -> None:
        self.doors.next_round()

    def open_household(self) -> None:
        if self.page:
            self.desk.go("household", household=self.page.household)

    def toggle_map(self) -> None:
        self.doors.toggle_view()

    def _open_round(self, round_id: str) -> None:
        """From now on answers belong to this round; the door stays."""
        household = self.page.household if self.page else None
        self.round, self.picked, self.page, self.ready = round_id, True, None, False
        self._load(self.found.grid if self.found else None, household)

    def _open_grid(self, grid: str) -> None:
        self.page = None
        self._load(grid)
