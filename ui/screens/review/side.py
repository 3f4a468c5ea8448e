"""Right of the comparison: photos and signatures, what the rules said, what the county holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from fieldapp.workflows import visit_files
from fieldapp.workflows.assessing import Assessed
from fieldapp.workflows.reviews import Held, ReviewPage
from ui import tasks
from ui.desk import Desk
from ui.privacy import privacy, secret
from ui.questions.signature import SignatureSheet, strokes_from_bytes
from ui.screens.base import scroll_area
from ui.screens.visit.side import policy_row
from ui.theme import look
from ui.widgets import painting
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.labels import label
from ui.widgets.sheet import Sheet
from ui.words import t

WIDE, TALL, SMALL = 232, 120, 56
SHOWN_POLICIES = 5


class Picture(QPushButton):
    """A photo at its place; a click or Enter opens it large. Hidden while privacy is on."""

    def __init__(self, words: str, size: QSize) -> None:
        super().__init__()
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setFixedSize(size)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.image = QImage()

    def show_image(self, image: QImage) -> None:
        self.image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        painting.box(painter, self.rect().toRectF(), look.colour("todo_ground"), None, look.metrics().tag_radius)
        if not self.image.isNull() and not privacy().on:
            filled = self.image.scaled(
                self.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
            )
            left, top = (filled.width() - self.width()) // 2, (filled.height() - self.height()) // 2
            painter.drawImage(0, 0, filled, left, top, self.width(), self.height())
        if self.hasFocus():
            painting.focus_ring(painter, self.rect().toRectF(), look.metrics().tag_radius)


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
            self._photos.add(self._picture(page.photos[0], QSize(WIDE, TALL)))
        small = QHBoxLayout()
        for each in page.photos[1:4]:
            small.addWidget(self._picture(each, QSize(WIDE // 3 - 6, SMALL)))
        small.addStretch()
        self._photos.body.addLayout(small)
        words = t("review.photos", photos=len(page.photos), signatures=len(page.signatures))
        self._photos.add(label(words, "second"))
        if page.signatures:
            see = Button(t("review.signatures"), kind="quiet", icon="signature")
            see.clicked.connect(lambda: self._signatures(page.signatures))
            self._photos.add(see)

    def _picture(self, photo: tuple[str, str], size: QSize) -> Picture:
        made = Picture(photo[0], size)
        self._fetch(photo[1], lambda data: made.show_image(QImage.fromData(data)), made)
        made.clicked.connect(lambda: self._large(photo[0], made.image))
        return made

    def _fetch(self, blob: str, done: Callable[[bytes], None], owner: QWidget) -> None:
        def arrived(data: bytes | None) -> None:
            if data is not None:
                done(data)

        tasks.run(visit_files.fetch(self._desk.store, blob), arrived, owner=owner, failed=self._desk.present)

    def _large(self, words: str, image: QImage) -> None:
        sheet = Sheet(self.window(), words, width=900)
        shown = QLabel()
        shown.setAccessibleName(words)
        room = QSize(840, max(320, self.window().height() - 200))
        if not image.isNull() and not privacy().on:
            kept = Qt.AspectRatioMode.KeepAspectRatio
            shown.setPixmap(QPixmap.fromImage(image).scaled(room, kept, Qt.TransformationMode.SmoothTransformation))
        sheet.body.addWidget(shown)
        sheet.open()

    def _signatures(self, signatures: Sequence[tuple[str, str]]) -> None:
        sheet = Sheet(self.window(), t("review.signatures"), width=560)
        for words, blob in signatures:
            sheet.body.addWidget(label(words, "second"))
            shown = SignatureSheet(words)
            shown.locked = True
            shown.setFixedSize(480, 154)
            self._fetch(blob, partial(_show_strokes, shown), shown)
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
            reasons = " · ".join(part for part in (*first.reasons[:1], first.clause) if part)
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
