"""The family behind the door: who, the members as chips that letters change, what to know before knocking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.documents import HOW_KNOWN
from fieldapp.workflows.people import WHEREABOUTS
from fieldapp.workflows.screening import DoorPage, Program
from ui import formats, privacy
from ui.desk import Desk
from ui.screens.screening.door_words import last_words, member_about, place_words
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.chips import MemberChip
from ui.widgets.labels import ElidedText, label
from ui.widgets.tabs import Tabs
from ui.widgets.tag import Tag
from ui.words import said, t

#: Letters for members; N, M, O and T are the screen's own.
TAG_MOST, MOST_TAGS = 140, 3
LETTERS = "ABCDEFGHIJKLPQRS"
COLUMNS, NARROW = 3, 720  # below this width two columns: a name must not end in … for want of room


class FamilyPanel(Card):
    """Changes to members wait in ``moved`` until an answer saves them; ``changed`` fires at each."""

    changed = Signal()
    opened = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.page: DoorPage | None = None
        self.moved: dict[str, str] = {}
        self._columns = COLUMNS
        self.body.setContentsMargins(24, 20, 24, 16)
        self.body.setSpacing(12)
        top = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        self.names = QHBoxLayout()
        self.names.setSpacing(8)
        words.addLayout(self.names)
        self.second = ElidedText("", "small", ink="second")
        words.addWidget(self.second)
        top.addLayout(words, 1)
        self.open = Button(t("screening.open_household"), key="O")
        self.open.clicked.connect(self.opened.emit)
        top.addWidget(self.open, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(top)
        self.chips = QGridLayout()
        self.chips.setSpacing(12)
        self.body.addLayout(self.chips)
        last = QHBoxLayout()
        self.hint = ElidedText("", "small", ink="second")
        last.addWidget(self.hint, 1)
        last.addWidget(label(t("screening.how"), "second"))
        self.how = Tabs([(code, t(f"how.{code}")) for code in HOW_KNOWN], "seen")
        self.how.chosen.connect(self._take_how)
        self.how_now = "seen"
        last.addWidget(self.how)
        self.body.addLayout(last)

    def show_page(self, page: DoorPage) -> None:
        self.page, self.moved, self.how_now = page, {}, "seen"
        self.how.select("seen")
        self.draw()

    def _take_how(self, name: str) -> None:
        self.how_now = name
        self.changed.emit()

    def draw(self) -> None:
        if self.page is None:
            return
        page = self.page
        clear(self.names)
        family = t("household.family", name=privacy.name(page.head))
        self.names.addWidget(ElidedText(family, "title", bold=True, shrink=True))
        tags = tags_of(page.tier, page.risk, [one.policy for one in page.programs], page.conflicts)
        pressing = sorted(tags, key=lambda tag: tag[1] not in ("abnormal", "changed"))
        for words, tone in pressing[: MOST_TAGS if self._fitting() == COLUMNS else 1]:
            self.names.addWidget(Tag(words, tone, most=TAG_MOST), 0, Qt.AlignmentFlag.AlignVCenter)
        self.names.addStretch()
        today = self.desk.actor.today()
        parts = (page.address or page.place, t("household.people", n=len(page.members)), last_words(page.last, today))
        self.second.set_text(" · ".join(part for part in parts if part))
        self._draw_chips()

    def _draw_chips(self) -> None:
        assert self.page
        clear(self.chips)
        columns = self._columns = self._fitting()
        for place, member in enumerate(self.page.members):
            where = self.moved.get(member.id, member.whereabouts)
            key = LETTERS[place] if place < len(LETTERS) else ""
            chip = MemberChip(privacy.name(member.name), member_about(member), *place_words(where), key)
            chip.clicked.connect(lambda _checked=False, place=place: self.move_member(place))
            self.chips.addWidget(chip, place // columns, place % columns)
        for column in range(COLUMNS):
            self.chips.setColumnStretch(column, 1 if column < columns else 0)
        self.hint.set_text(t("screening.hint_moved", n=len(self.moved)) if self.moved else t("screening.hint"))

    def _fitting(self) -> int:
        return COLUMNS if self.width() >= NARROW else COLUMNS - 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.page is not None and self._fitting() != self._columns:
            self.draw()

    def move_member(self, place: int) -> None:
        """The member's next place in the order of ``WHEREABOUTS``; back at the registered one it is no change."""
        if self.page is None or place >= len(self.page.members):
            return
        member = self.page.members[place]
        now = self.moved.get(member.id, member.whereabouts) or WHEREABOUTS[-1]
        after = WHEREABOUTS[(WHEREABOUTS.index(now) + 1) % len(WHEREABOUTS)] if now in WHEREABOUTS else WHEREABOUTS[0]
        self.moved[member.id] = after
        if after == member.whereabouts:
            del self.moved[member.id]
        self._draw_chips()
        self.changed.emit()

    def moved_words(self) -> str:
        """What the letters changed, as a note a person reads: ``邓涛 在外务工``."""
        assert self.page
        names: Mapping[str, str] = {one.id: one.name for one in self.page.members}
        return "；".join(f"{names[person]} {said('whereabouts', where)}" for person, where in self.moved.items())


class HintsPanel(Card):
    """What to know before knocking: last time, help received, open leads, what to ask."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(t("screening.hints"))
        self.desk = desk
        self.lines = QGridLayout()
        self.lines.setHorizontalSpacing(16)
        self.lines.setVerticalSpacing(6)
        self.lines.setColumnMinimumWidth(0, 104)
        self.lines.setColumnStretch(1, 1)
        self.body.addLayout(self.lines)
        self.body.addStretch()

    def show_page(self, page: DoorPage) -> None:
        clear(self.lines)
        today = self.desk.actor.today()
        for row, (name, words) in enumerate(self._facts(page)):
            self.lines.addWidget(label(t(f"screening.{name}"), "second"), row, 0, Qt.AlignmentFlag.AlignTop)
            self.lines.addWidget(label(words, wrap=True), row, 1)
        if page.revisit_on and page.revisit_on <= today.isoformat():
            due = QWidget()
            line = QHBoxLayout(due)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(
                Tag(t("screening.revisit_due", day=formats.day_text(page.revisit_on, today=today)), "changed")
            )
            line.addStretch()
            self.lines.addWidget(due, self.lines.rowCount(), 1)

    def _facts(self, page: DoorPage) -> list[tuple[str, str]]:
        today = self.desk.actor.today()
        last = last_words(page.last, today, key="screening.last_bare")
        if page.last and page.last.note:
            last = f"{last}；{privacy.secret(page.last.note)}"
        found = [("hint_last", last)]
        found.append(("hint_programs", privacy.secret("；".join(program_list(page.programs))) or t("common.none")))
        if page.leads:
            found.append(("hint_leads", privacy.secret("；".join(page.leads))))
        if page.flags:
            found.append(("hint_flags", "、".join(said("flag", flag) for flag in page.flags)))
        nobody = [privacy.name(one.name) for one in page.members if one.whereabouts is None]
        if nobody:
            found.append(("hint_ask", t("screening.ask_where", names="、".join(nobody))))
        return found


def program_words(policy: str, amount_month: int | None) -> str:
    """``低保 640 元/月``."""
    name = said("policy", policy)
    return name if amount_month is None else t("program.monthly", policy=name, amount=formats.yuan(amount_month))


def program_list(programs: Sequence[Program]) -> list[str]:
    """Each kind of help once, with for how many it comes: ``高龄津贴 50 元/月 × 2``."""
    counted = Counter(program_words(one.policy, one.amount_month) for one in programs)
    return [words if number == 1 else t("program.times", words=words, n=number) for words, number in counted.items()]


def tags_of(tier: int | None, risk: str | None, policies: list[str], conflicts: int) -> list[tuple[str, str]]:
    """Allowance, tier, risk and disputes as tags; hidden words in privacy mode."""
    made = [(privacy.secret(said("policy", policy)), "accent") for policy in tuple(dict.fromkeys(policies))[:2]]
    if tier:
        made.append((privacy.secret(t(f"tier.{tier}")), "todo"))
    if risk == "high":
        made.append((privacy.secret(t("risk.high")), "abnormal"))
    if conflicts:
        made.append((t("household.disputed", n=conflicts), "changed"))
    return made
