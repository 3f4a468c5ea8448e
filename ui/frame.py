"""The window around every screen: rail, search, who and where, the round, one sync pill."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.workflows import counts as counting
from ui import commands, finding, tasks
from ui.desk import Desk
from ui.formats import clock
from ui.help import HelpSheet
from ui.messages import Words
from ui.privacy import privacy
from ui.screens.base import Screen
from ui.screens.registry import entry, rail_of
from ui.theme import look
from ui.widgets.card import clear
from ui.widgets.labels import ElidedText
from ui.widgets.notices import Banner, Toast
from ui.widgets.search_box import SearchBox
from ui.widgets.sheet import Sheet
from ui.widgets.side_rail import SideRail
from ui.widgets.sync_pill import SyncPill
from ui.widgets.waiting import WaitingStrip
from ui.words import said, t

#: Keys that work on every screen: (sequence, method, glossary key).
FRAME_KEYS = (
    ("Ctrl+K", "to_search", "key.search"),
    ("Ctrl+H", "toggle_privacy", "key.privacy"),
    ("Ctrl+L", "lock", "key.lock"),
    ("Ctrl+Shift+S", "open_sync", "key.sync"),
    ("F1", "help", "key.help"),
)
#: What works over a sheet too: hiding and locking must not wait for anything.
ALWAYS = ("toggle_privacy", "lock")
MOST_BANNERS = 2
#: Alt+1 to Alt+9, and Alt+0 for the tenth.
MOST_RAIL_KEYS = 10


class Frame(QMainWindow):
    """Shows one screen at a time; screens are made when first opened and kept."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.screens: dict[str, Screen] = {}
        self.current = ""
        self._undo: Callable[[], None] | None = None
        self.setWindowTitle(t("app.name"))  # no name of a person or family ever stands in a title
        self.setMinimumSize(960, 560)
        desk.window_widget = self
        self._build()
        self._bind_keys()
        desk.went.connect(self.open)
        desk.said.connect(self._say)
        desk.failed.connect(self._complain)
        desk.changed.connect(self.recount)
        desk.relooked.connect(self.rebuild)
        tasks.tasks().present = desk.present
        privacy().changed.connect(self._show_privacy)

    def _build(self) -> None:
        root = QWidget()
        root.setProperty("role", "page")
        root.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        across = QHBoxLayout(root)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        self.rail = SideRail()
        for number, each in enumerate(rail_of(self.desk.actor.role), 1):
            key = f"Alt+{number % 10}" if number <= MOST_RAIL_KEYS else ""
            self.rail.add(each.name, each.icon, t(f"screen.{each.name}"), key, foot=each.foot)
        self.rail.chosen.connect(self.open)
        across.addWidget(self.rail)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._top_bar())
        self.banners = QVBoxLayout()
        self.banners.setSpacing(8)
        right.addLayout(self.banners)
        self.stack = QStackedWidget()
        right.addWidget(self.stack, 1)
        across.addLayout(right, 1)
        self.setCentralWidget(root)
        self.toast = Toast(root)
        self.waiting = WaitingStrip(root)

    def _top_bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("role", "bar")
        bar.setFixedHeight(look.metrics().top)
        row = QHBoxLayout(bar)
        row.setContentsMargins(look.metrics().margin, 0, look.metrics().margin, 0)
        row.setSpacing(16)
        self.search = SearchBox()
        self.search.setFixedWidth(420 if not look.theme().large else 380)
        self.search.asked.connect(self._find)
        row.addWidget(self.search)
        self.who = ElidedText("", ink="second", right=True)
        row.addWidget(self.who, 1)
        self.pill = SyncPill()
        self.pill.set(t("pill.reading"), "todo")
        self.pill.clicked.connect(self.open_sync)
        row.addWidget(self.pill)
        return bar

    def _bind_keys(self) -> None:
        for sequence, act, _words in FRAME_KEYS:
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(lambda act=act: self._press(act))
        for number, each in enumerate(rail_of(self.desk.actor.role)[:MOST_RAIL_KEYS], 1):
            shortcut = QShortcut(QKeySequence(f"Alt+{number % 10}"), self)
            shortcut.activated.connect(partial(self._open_by_key, each.name))

    def _open_by_key(self, name: str) -> None:
        if self._free():
            self.open(name)

    def _free(self) -> bool:
        """Whether no sheet lies over the screen: what is half done there must not slide from under it."""
        return not self._sheets()

    def _sheets(self) -> list[Sheet]:
        return [sheet for sheet in self.findChildren(Sheet) if sheet.isVisible()]

    def _press(self, act: str) -> None:
        if act in ALWAYS or self._free():
            getattr(self, act)()

    def open(self, name: str, args: dict[str, Any] | None = None) -> None:
        """Show screen ``name``; the one before is told to put its half-done things where they are safe."""
        if self.current in self.screens:
            self.screens[self.current].leave()
        if name not in self.screens:
            self.screens[name] = entry(name).make(self.desk)
            self.stack.addWidget(self.screens[name])
        screen = self.screens[name]
        self.current = name
        self.rail.choose(self._lit(name))
        self.stack.setCurrentWidget(screen)
        screen.setFocus(Qt.FocusReason.OtherFocusReason)
        screen.come_in(**(args or {}))
        if entry(name).rail:
            self.desk.settings["last_screen"] = name
        self.recount()

    def _lit(self, name: str) -> str:
        """The rail entry that stands for a screen: its own, else the one it lies within."""
        while name and name not in self.rail.names():
            name = entry(name).within
        return name

    def current_screen(self) -> Screen:
        return self.screens[self.current]

    def recount(self) -> None:
        """Ask again what waits where; cheap, after every change."""
        self.desk.read(
            lambda: counting.counts(self.desk.store, self.desk.actor),
            self._show_counts,
            owner=self,
            failed=self._no_counts,
        )

    def _show_counts(self, counts: counting.Counts) -> None:
        for each in rail_of(self.desk.actor.role):
            if each.count:
                self.rail.set_count(each.name, getattr(counts, each.count))
        actor = self.desk.actor
        parts = [counts.place, f"{said('role', actor.role)} {actor.name}"]
        if counts.round_number:
            parts.insert(0, t("frame.round", n=counts.round_number))
        self.who.set_text(" · ".join(part for part in parts if part))
        self.pill.set(*pill_words(counts))

    def _no_counts(self, error: BaseException) -> None:
        """The screen says what is the matter; the pill only stops claiming what it does not know."""
        self.pill.set(t("pill.unknown"), "abnormal")

    def to_search(self) -> None:
        self.search.focus()

    def _find(self, query: str) -> None:
        if not query:
            self.search.show_hits("", [])
            return
        orders = commands.matching(self, query)
        self.desk.read(
            lambda: finding.households(self.desk.store, self.desk.actor, query),
            lambda found: self.search.show_hits(query, finding.hits(self.desk, found) + orders),
            owner=self,
        )

    def toggle_privacy(self) -> None:
        privacy().set(not privacy().on)
        self.desk.settings["privacy"] = privacy().on

    def _show_privacy(self, on: bool) -> None:
        self._say(t("privacy.on" if on else "privacy.off"), None)

    def lock(self) -> None:
        if self.current in self.screens:
            self.current_screen().leave()
        self.desk.lock_asked.emit()

    def open_sync(self) -> None:
        self.open("sync")

    def help(self) -> None:
        HelpSheet(self.centralWidget(), self.current, self.current_screen().keys, FRAME_KEYS).open()

    def _say(self, words: str, undo: Callable[[], None] | None) -> None:
        self.toast.say(words, undo)

    def _complain(self, words: Words) -> None:
        while self.banners.count() >= MOST_BANNERS:
            self.banners.takeAt(0).widget().deleteLater()
        banner = Banner(words)
        banner.closed.connect(partial(self._take_away, banner))
        self.banners.addWidget(banner)
        self._fit_banners()

    def _take_away(self, banner: Banner) -> None:
        self.banners.removeWidget(banner)
        banner.deleteLater()
        self._fit_banners()

    def _fit_banners(self) -> None:
        edge = look.metrics().margin if self.banners.count() else 0
        self.banners.setContentsMargins(edge, 16 if edge else 0, edge, 0)

    def rebuild(self) -> None:
        """Language, type size or colours changed: make everything again where it stood."""
        name = self.current
        for sheet in self._sheets():
            sheet.close_sheet()
        for screen in self.screens.values():
            screen.leave()
            screen.deleteLater()
        self.screens = {}
        clear(self.banners)
        self._build()
        self.current = ""
        self.open(name)

    def restore_place(self) -> None:
        """Open as it was left: size and place of the window."""
        self.resize(1366, 768)
        if self.desk.settings["window_geometry"]:
            self.restoreGeometry(QByteArray.fromBase64(self.desk.settings["window_geometry"].encode()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no field and no screen took: Ctrl+Z takes back what was just done, while the toast offers it."""
        if event.matches(QKeySequence.StandardKey.Undo) and self.toast.take_back():
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.current in self.screens:
            self.current_screen().leave()
        self.desk.settings["window_geometry"] = bytes(self.saveGeometry().toBase64().data()).decode()
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.toast.place()


def pill_words(counts: counting.Counts) -> tuple[str, str]:
    """The pill's words and tone: what is unsent, when the county last confirmed, online or not."""
    confirmed = t("pill.confirmed", time=clock(counts.confirmed_at)) if counts.confirmed_at else t("pill.never")
    if counts.refused:
        return t("pill.refused", n=counts.refused), "abnormal"
    if counts.unsent:
        return t("pill.unsent", n=counts.unsent) + " · " + confirmed, "changed"
    if counts.confirmed_at is None:
        return confirmed, "todo"
    return t("pill.done") + " · " + clock(counts.confirmed_at), "done"
