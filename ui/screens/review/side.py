"""Right of the comparison: photos and signatures, what the rules said, what the county holds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.workflows.assessing import Assessed
from fieldapp.workflows.reviews import Held, ReviewPage
from ui.desk import Desk
from ui.privacy import secret
from ui.questions.signature import SignatureSheet, strokes_from_bytes
from ui.screens.base import scroll_area
from ui.screens.stored_picture import fetch_blob, stored_picture
from ui.screens.visit.side import policy_row
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.labels import label
from ui.widgets.sheet import Sheet
from ui.words import t

WIDE, TALL, SMALL = 232, 120, 56
SHOWN_POLICIES = 5


class ReviewSide(QWidget):
    """``explain(policy id)`` and ``show_all`` open the calculation."""

    explain = Signal(str)
    show_all = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        area, inner = scroll_area()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(16)
        self._photos, self._policies, self._held = Card(), Card(t("policy.title")), Card(t("review.held"))
        self._policies.body.setSpacing(0)
        for card in (self._photos, self._policies, self._held):
            lines.addWidget(card)
        lines.addStretch()

    def show_page(self, page: ReviewPage) -> None:
        self._show_photos(page)
        self._policies.setVisible(page.compares)
        self._show_policies(page.assessed)
        clear(self._held.body)
        self._held.add(label(held_words(page.held), "second", wrap=True))

    def _show_photos(self, page: ReviewPage) -> None:
        clear(self._photos.body)
        self._photos.setVisible(bool(page.photos or page.signatures))
        if page.photos:
            self._photos.add(stored_picture(self._desk, page.photos[0], QSize(WIDE, TALL), fills=True))
        small = QHBoxLayout()
        for each in page.photos[1:4]:
            small.addWidget(stored_picture(self._desk, each, QSize(WIDE // 3, SMALL), fills=True), 1)
        small.addStretch()
        self._photos.body.addLayout(small)
        words = t("review.photos", photos=len(page.photos), signatures=len(page.signatures))
        self._photos.add(label(words, "second"))
        if page.signatures:
            see = Button(t("review.signatures"), kind="quiet", icon="signature")
            see.clicked.connect(lambda: self._signatures(page.signatures))
            self._photos.add(see)

    def _signatures(self, signatures: Sequence[tuple[str, str]]) -> None:
        sheet = Sheet(self.window(), t("review.signatures"), width=560)
        for words, blob in signatures:
            sheet.body.addWidget(label(words, "second"))
            shown = SignatureSheet(words)
            shown.locked = True
            shown.setFixedSize(480, 154)
            fetch_blob(self._desk, blob, partial(_show_strokes, shown), shown)
            sheet.body.addWidget(shown)
        sheet.open()

    def _show_policies(self, result: Assessed | None) -> None:
        clear(self._policies.body)
        if result is None:
            self._policies.add(label(t("review.no_assessment"), "second", wrap=True))
            return
        first = result.program("dibao")
        if first is not None:
            self._policies.add(policy_row(first, self.explain.emit))
            why = "".join(first.reasons[:1])
            why = t("review.per_person", reckoned=why) if why[:1].isdigit() else why  # a sum alone says nothing
            reasons = " · ".join(part for part in (why, first.clause) if part)
            self._policies.add(label(secret(reasons), "second", wrap=True))
        tier = QHBoxLayout()
        tier.setSpacing(8)
        tier.setContentsMargins(0, 6, 0, 6)
        tier.addWidget(label(t("review.tier"), "second"))
        tier.addWidget(label(secret(result.tier), "strong"))
        tier.addWidget(label(secret(result.risk), "second"))
        tier.addStretch()
        self._policies.body.addLayout(tier)
        for line in result.foremost(SHOWN_POLICIES + 1):
            if first is None or line.id != first.id:
                self._policies.add(policy_row(line, self.explain.emit))
        more = Button(t("policy.all", n=len(result.policies)), kind="quiet")
        more.clicked.connect(self.show_all)
        self._policies.add(more)


def held_words(held: Held) -> str:
    """What the county holds, in one sentence; honest when it is not all."""
    whole = held.records == held.all_records and held.files == held.all_files
    key = "review.held_all" if whole else "review.held_part"
    return t(key, records=held.records, all=held.all_records, files=held.files, all_files=held.all_files)


def _show_strokes(sheet: SignatureSheet, data: bytes) -> None:
    try:
        sheet.show_strokes(strokes_from_bytes(data))
    except (ValueError, KeyError):
        sheet.setToolTip(t("review.print_on_paper"))  # a thumb print is a photo, not strokes
