"""The conflict desk: what two people wrote about one thing, every value with who and when; choose per field."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from fieldapp.domain.pointers import Json
from fieldapp.workflows import conflicts
from fieldapp.workflows.conflicts import ConflictLine, ConflictPage, Contested, Said
from ui.desk import Desk
from ui.formats import stamp, when
from ui.privacy import name, secret
from ui.screens.base import Key, Screen, scroll_area
from ui.screens.visit.kit import kit_of
from ui.theme import look
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.labels import ElidedText, label
from ui.widgets.notices import EmptyState
from ui.widgets.rows import Row, RowList
from ui.words import has, language, said, t


class Conflicts(Screen):
    """``arrive(document=id)`` opens that one first."""

    keys = (
        *(Key(str(n), f"pick_{n}", "conflicts.key.pick", shown=n == 1) for n in range(1, 4)),
        Key("Ctrl+Return", "settle", "conflicts.key.settle"),
        Key("J", "next_document", "review.key.next"),
        Key("K", "previous_document", "review.key.previous"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lines: list[ConflictLine] = []
        self.page: ConflictPage | None = None
        self._wanted = ""
        self._cards: list[FieldCard] = []
        across = QHBoxLayout(self)
        edge = self.margins()
        across.setContentsMargins(edge, edge, edge, edge)
        across.setSpacing(look.metrics().margin)
        self._left = Card(t("conflicts.title"), flush=True)
        self._left.setFixedWidth(280)
        self.list = RowList(accessible=t("conflicts.title"))
        self.list.chosen_row.connect(self._chosen)
        self._left.body.addWidget(self.list, 1)
        across.addWidget(self._left)
        self._middle = QWidget()
        lines = QVBoxLayout(self._middle)
        lines.setContentsMargins(0, 0, 0, 0)
        self._title = ElidedText("", "title", bold=True)
        self._about = label(t("conflicts.how"), "second", wrap=True)
        lines.addWidget(self._title)
        lines.addWidget(self._about)
        area, inner = scroll_area()
        self._fields = QVBoxLayout(inner)
        self._fields.setContentsMargins(0, 8, 8, 8)
        self._fields.setSpacing(16)
        lines.addWidget(area, 1)
        across.addWidget(self._middle, 1)
        self._empty = EmptyState("git-merge", t("conflicts.none"), t("conflicts.none_do"))
        across.addWidget(self._empty, 1)
        self._show_empty(True)

    def arrive(self, **args: Any) -> None:
        self._wanted = str(args.get("document") or "")
        self.load(lambda: conflicts.desk(self.desk.store, self.desk.actor), self._got)

    def _got(self, lines: list[ConflictLine]) -> None:
        self.lines, self.page = lines, None
        self._show_empty(not lines)
        self._show_list()
        place = next((i for i, line in enumerate(lines) if line.document == self._wanted), 0)
        self.list.choose(place)
        if lines:
            self._chosen(place)

    def _chosen(self, place: int) -> None:
        if not 0 <= place < len(self.lines):
            return
        document, store, shelf = self.lines[place].document, self.desk.store, kit_of(self.desk).shelf
        if self.page is not None and self.page.line.document == document:
            return
        lang = f"({language()})"
        work = lambda: conflicts.page(store, shelf, document, lang)  # noqa: E731
        self.load(work, self._show, words=t("common.reading"))

    def _show(self, page: ConflictPage) -> None:
        self.page = page
        self.draw()
        if self._cards:
            self._cards[0].focus()

    def draw(self) -> None:
        self._show_list()
        page = self.page
        if page is None:
            return
        kind = said("document", page.line.type)
        self._title.set_text(f"{t('household.family', name=name(page.line.family))} · {kind}")
        clear(self._fields)
        self._cards = []
        for field in page.fields:
            card = FieldCard(field, self.desk)
            card.settled.connect(self._settle)
            self._fields.addWidget(card)
            self._cards.append(card)
        self._fields.addStretch()

    def _show_list(self) -> None:
        today = self.desk.actor.today()
        self.list.set_rows(
            [
                Row(
                    title=t("household.family", name=name(line.family)),
                    second=f"{said('document', line.type)} · {line.place}",
                    right=when(stamp(line.at), today=today), tag=(t("conflicts.count", n=line.count), "changed"),
                )
                for line in self.lines
            ]
        )  # fmt: skip

    def _show_empty(self, empty: bool) -> None:
        self._left.setVisible(not empty)
        self._middle.setVisible(not empty)
        self._empty.setVisible(empty)

    def _settle(self, path: str, value: Json) -> None:
        page = self.page
        if page is None:
            return
        store, actor, document = self.desk.store, self.desk.actor, page.line.document

        def done(left: int) -> None:
            self.desk.say(t("conflicts.settled") if not left else t("conflicts.left", n=left))
            self._wanted, self.page = (document if left else ""), None
            self.arrive(document=self._wanted)

        self.desk.write(lambda: conflicts.settle(store, actor, document, path, value), done, owner=self)

    # --- keys -----------------------------------------------------------------------------------------------------

    def _current(self) -> FieldCard | None:
        return next((card for card in self._cards if card.isAncestorOf(self.focusWidget() or self)), None) or (
            self._cards[0] if self._cards else None
        )

    def _pick(self, place: int) -> None:
        card = self._current()
        if card is not None:
            card.pick(place)

    def pick_1(self) -> None:
        self._pick(0)

    def pick_2(self) -> None:
        self._pick(1)

    def pick_3(self) -> None:
        self._pick(2)

    def settle(self) -> None:
        card = self._current()
        if card is not None:
            card.settle()

    def next_document(self) -> None:
        self.list.step(1)

    def previous_document(self) -> None:
        self.list.step(-1)


class FieldCard(Card):
    """One contested field: nothing is chosen beforehand, and choosing is two steps, for it is signed."""

    settled = Signal(str, object)

    def __init__(self, field: Contested, desk: Desk) -> None:
        super().__init__()
        self.field = field
        words = _label(field)
        self.add(label(f"{name(field.row)} · {words}" if field.row else words, "strong", wrap=True))
        self._group = QButtonGroup(self)
        self._go = Button(t("conflicts.settle"), kind="primary", key="Ctrl ↵")
        for place, value in enumerate(field.values):
            choice = QRadioButton(_value_words(place, value, desk))
            choice.setAccessibleName(f"{words}：{value.text}")
            self._group.addButton(choice, place)
            self.add(choice)
        self._group.idClicked.connect(lambda _place: self._go.setEnabled(True))
        foot = QHBoxLayout()
        foot.addStretch()
        self._go.setEnabled(False)
        self._go.clicked.connect(self.settle)
        foot.addWidget(self._go)
        self.body.addLayout(foot)

    def focus(self) -> None:
        buttons = self._group.buttons()
        if buttons:
            buttons[0].setFocus(Qt.FocusReason.TabFocusReason)

    def pick(self, place: int) -> None:
        button = self._group.button(place)
        if button is not None:
            button.setChecked(True)
            self._go.setEnabled(True)

    def settle(self) -> None:
        place = self._group.checkedId()
        if place >= 0:
            self.settled.emit(self.field.path, self.field.values[place].value)


def _label(field: Contested) -> str:
    key = f"field.{field.label}"
    return t(key) if field.is_key and has(key) else field.label


def _value_words(place: int, value: Said, desk: Desk) -> str:
    """``1  没有，因病　　李秋 今天 10:20``"""
    at = when(stamp(value.at), today=desk.actor.today()) if value.at else ""
    return f"{place + 1}   {secret(value.text) or t('conflicts.nothing')}     {'、'.join(value.who)} {at}"
