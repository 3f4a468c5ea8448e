"""Sync: what is unsent, what the county holds, what it refused and why, and a log people can read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.errors import StorageError
from fieldapp.workflows import syncing
from fieldapp.workflows.syncing import Item, LogLine, SyncPage
from sync.client.progress import Progress, SyncResult
from ui import formats, privacy, syncer
from ui.desk import Desk
from ui.messages import words_for
from ui.screens.base import Key, Screen
from ui.sync_runs import Ended
from ui.tasks import Running
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.labels import label
from ui.widgets.notices import Banner, EmptyState
from ui.widgets.rows import Row, RowList
from ui.widgets.tabs import Tabs
from ui.words import has, said, t

LOG_ICONS = {"done": "cloud-check", "cancelled": "pause", "stick_out": "usb", "stick_in": "usb"}
VIEWS = ("unsent", "refused", "log")


class Sync(Screen):
    """Looks on while a run is under way (``ui/sync_runs.py``); it goes on while other screens are used."""

    keys = (
        Key("Return", "start", "sync.key.start"),
        Key("Escape", "stop", "sync.key.stop"),
        Key("B", "stick_out", "sync.key.stick_out"),
        Key("R", "stick_in", "sync.key.stick_in"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.page: SyncPage | None = None
        self.view = "unsent"
        self.runs = desk.runs
        outer = QVBoxLayout(self)
        outer.setContentsMargins(self.margins(), self.margins(), self.margins(), self.margins())
        outer.setSpacing(16)
        outer.addLayout(self._head())
        self.notice = QVBoxLayout()
        outer.addLayout(self.notice)
        self.numbers = QHBoxLayout()
        self.numbers.setSpacing(16)
        outer.addLayout(self.numbers)
        outer.addWidget(self._lists(), 1)
        self.runs.began.connect(self._began)
        self.runs.told.connect(self._show_progress)
        self.runs.ended.connect(self._ended)
        self.runs.noted.connect(self.arrive)
        self._busy(self.running is not None)

    @property
    def running(self) -> Running | None:
        """The run under way, whoever began it."""
        return self.runs.running

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(t("screen.sync"), "title"))
        self.status = label("", "second")
        words.addWidget(self.status)
        head.addLayout(words, 1)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(240)
        self.bar.setAccessibleName(t("sync.progress"))
        self.bar.hide()
        head.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignVCenter)
        self.cancel = Button(t("common.cancel"), key="Esc")
        self.cancel.clicked.connect(self.stop)
        self.cancel.hide()
        head.addWidget(self.cancel)
        self.out = Button(t("sync.stick_out"), key="B", icon="usb")
        self.out.clicked.connect(self.stick_out)
        self.take = Button(t("sync.stick_in"), key="R", icon="usb")
        self.take.clicked.connect(self.stick_in)
        head.addWidget(self.out)
        head.addWidget(self.take)
        self.go = Button(t("sync.start"), kind="primary", key="Enter")
        self.go.clicked.connect(self.start)
        head.addWidget(self.go)
        return head

    def _lists(self) -> Card:
        card = Card(flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(8, 8, 8, 8)
        self.tabs = Tabs([(name, t(f"sync.{name}")) for name in VIEWS], self.view)
        self.tabs.chosen.connect(self._show_view)
        head.addWidget(self.tabs)
        head.addStretch()
        card.body.addLayout(head)
        self.views = QStackedWidget()
        self.list = RowList(accessible=t("screen.sync"))
        self.views.addWidget(self.list)
        self.empty = QWidget()
        QVBoxLayout(self.empty)
        self.views.addWidget(self.empty)
        card.body.addWidget(self.views, 1)
        return card

    def arrive(self, **args: Any) -> None:
        store = self.desk.store
        self.load(lambda: syncing.page(store), self._got, words=t("common.reading"))

    def _got(self, page: SyncPage) -> None:
        self.page = page
        self.draw()

    def draw(self) -> None:
        if self.page is None:
            return
        state, today = self.page.state, self.desk.actor.today()
        clear(self.numbers)
        size = formats.size(state.unsent_bytes)
        last = formats.when(formats.stamp(state.last_receipt_at), today=today)
        for number, name, words, tone in (
            (
                state.unsent + state.unsent_blobs,
                "unsent",
                t("sync.unsent_words", size=size, photos=state.unsent_blobs),
                "",
            ),
            (state.kept, "kept", t("sync.kept_words", when=last), "done"),
            (state.waiting, "waiting", t("sync.waiting_words"), ""),
            (state.quarantined, "refused", t("sync.refused_words"), "abnormal" if state.quarantined else ""),
        ):
            self.numbers.addWidget(_number(number, t(f"sync.{name}"), words, tone), 1)
        if self.running is None:
            self.status.setText(t("sync.last", when=formats.when(formats.stamp(state.last_pull_at), today=today)))
        self._draw_list()

    def _show_view(self, name: str) -> None:
        self.view = name
        self._draw_list()

    def _draw_list(self) -> None:
        if self.page is None:
            return
        today = self.desk.actor.today()
        rows: Sequence[Row] = {
            "unsent": [item_row(item, today) for item in self.page.unsent],
            "refused": [item_row(item, today) for item in self.page.refused],
            "log": [log_row(each, today) for each in self.page.log],
        }[self.view]
        self.list.set_rows(rows)
        self.views.setCurrentIndex(0 if rows else 1)
        if not rows:
            column = self.empty.layout()
            assert column is not None
            clear(column)
            column.addWidget(EmptyState("cloud-check", t(f"sync.no_{self.view}"), t(f"sync.no_{self.view}_do")))

    def start(self) -> None:
        """Run once, off this thread; the screen may be left meanwhile."""
        self.runs.start()

    def stick_out(self) -> None:
        """What is unsent, sealed to the county, onto a stick."""
        start = str(Path.home() / syncer.stick_name(self.desk.store))
        path, _kind = QFileDialog.getSaveFileName(self, t("sync.stick_out"), start, f"*{syncer.SUFFIX}")
        if path:
            self._by_stick("out", self.runs.take_out(Path(path)))

    def stick_in(self) -> None:
        """The county's answer from a stick."""
        path, _kind = QFileDialog.getOpenFileName(self, t("sync.stick_in"), str(Path.home()), f"*{syncer.SUFFIX}")
        if path:
            self._by_stick("in", self.runs.take_in(Path(path)))

    def _by_stick(self, way: str, begun: bool) -> None:
        """While the file was chosen a run may have begun by itself: no stick is written or read, and that is said."""
        if not begun:
            self.desk.say(t("sync.stick_later"))
        elif self.running is not None:
            self.cancel.hide()  # a stick is written whole or not at all
            self.status.setText(t(f"sync.step.stick_{way}"))

    def stop(self) -> None:
        if self.running is not None:
            self.runs.stop()
            self.status.setText(t("sync.stopping"))

    def _show_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, 1000 if progress.total else 0)
        if progress.total:
            self.bar.setValue(min(1000, progress.done * 1000 // progress.total))
        of = f"{progress.done:,}" + (f" / {progress.total:,}" if progress.total else "")
        self.status.setText(t(f"sync.step.{progress.step}") + (f" {of}" if progress.done else ""))

    def _busy(self, busy: bool) -> None:
        self.bar.setVisible(busy)
        self.bar.setRange(0, 0)
        self.cancel.setVisible(busy)
        for button in (self.go, self.out, self.take):
            button.setEnabled(not busy)
        if busy:
            self.status.setText(t("sync.step.connect"))

    def _began(self) -> None:
        clear(self.notice)
        self._busy(True)

    def _ended(self, ended: Ended) -> None:
        self._busy(False)
        clear(self.notice)
        if ended.error is not None:
            self._failed(ended)
        elif ended.stick is not None:
            way = "out" if ended.out else "in"
            self.desk.say(t(f"sync.stick_{way}_done", n=ended.stick.revisions, photos=ended.stick.photos))
        elif ended.result is not None:
            self._done(ended.result, ended.by_hand)

    def _done(self, result: SyncResult, by_hand: bool) -> None:
        if by_hand:
            words = "sync.cancelled" if result.cancelled else "sync.done"
            self.desk.say(t(words, pushed=result.pushed, pulled=result.pulled))
        if result.damaged:
            self.notice.addWidget(Banner(words_for(StorageError("county.damaged"))))

    def _failed(self, ended: Ended) -> None:
        if ended.error is not None and ended.by_hand:
            self.notice.addWidget(Banner(words_for(ended.error), action=t("common.again"), on_action=self.start))


def _number(number: int, name: str, words: str, tone: str) -> Card:
    card = Card()
    card.add(label(name, "second"))
    card.add(label(f"{number:,}", "title", tone=tone))
    card.add(label(words, "second", wrap=True))
    return card


def item_row(item: Item, today: Any) -> Row:
    reason = ""
    if item.reason:
        reason = (
            t(f"sync.reason.{item.reason}") if has(f"sync.reason.{item.reason}") else t("sync.reason", code=item.reason)
        )
    return Row(
        title=said("document", item.type),
        beside=privacy.name(item.about),
        second=reason or formats.when(formats.stamp(item.at), today=today),
        right=formats.when(formats.stamp(item.at), today=today) if reason else "",
        icon="file-text",
        tag=(t("sync.tag_refused"), "abnormal") if reason else (t("sync.tag_unsent"), "changed"),
    )


def log_row(line: LogLine, today: Any) -> Row:
    moved = [t(f"sync.moved.{name}", n=count) for name, count in line.counts.items() if count]
    good = line.outcome in ("done", "cancelled", "stick_out", "stick_in")
    words = t(f"sync.log_{line.outcome}") if good else t("sync.log_failed", code=line.outcome)
    return Row(
        title=formats.when(formats.stamp(line.at), today=today),
        beside=words,
        second="，".join(moved) or t("sync.moved.nothing"),
        icon=LOG_ICONS.get(line.outcome, "circle-alert"),
    )
