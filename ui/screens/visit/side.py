"""Right of the form: why one came, what the rules say so far, what is still missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.workflows.assessing import Assessed, PolicyLine
from fieldapp.workflows.visits import LeadNote
from forms.api import AnswerProblem
from ui.formats import day_text
from ui.privacy import secret
from ui.screens.base import scroll_area
from ui.theme import look
from ui.widgets import painting
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import ElidedText, label
from ui.words import language, t

SHOWN_POLICIES, SHOWN_MISSING = 6, 6
ROOM_AROUND = 72  # pixels of card, scroll bar and button around a link's words


class Side(QWidget):
    """``jump(node id)`` goes to a question; ``explain(policy id)`` opens the arithmetic and the clause."""

    jump = Signal(str)
    explain = Signal(str)
    show_all = Signal()

    def __init__(self, lead: LeadNote | None, *, compares: bool = True) -> None:
        super().__init__()
        area, inner = scroll_area()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(16)
        if lead is not None:
            lines.addWidget(lead_card(lead))
        self._policies = Card(t("policy.title"))
        self._missing = Card(t("visit.missing"))
        self._policies.body.setSpacing(0)
        self._not_yet = self._policies.add(label(t("policy.not_yet"), "second", wrap=True))
        self._rows: list[PolicyButton] = []
        self._more = Button("", kind="quiet")
        self._more.clicked.connect(self.show_all)
        self._policies.add(self._more)
        self._problems: Sequence[AnswerProblem] = ()
        self._links = [Button("", kind="quiet") for _ in range(SHOWN_MISSING)]
        flow = QWidget()
        flowing = FlowLayout(flow, gap=0)
        for place, link in enumerate(self._links):
            link.clicked.connect(lambda _checked=False, place=place: self._jump(place))
            flowing.addWidget(link)
        self._missing.add(flow)
        self._rest = label("", "second", wrap=True)
        self._missing.add(self._rest)
        lines.addWidget(self._policies)
        self._policies.setVisible(compares)
        lines.addWidget(self._missing)
        lines.addStretch()
        self.show_assessed(None)

    def show_assessed(self, result: Assessed | None) -> None:
        """Rows that are there already are written anew in place, so that nothing flickers while somebody types."""
        self._not_yet.setVisible(result is None)
        self._more.setVisible(result is not None)
        lines = result.foremost(SHOWN_POLICIES) if result is not None else ()
        while len(self._rows) < len(lines):
            self._rows.append(policy_row(lines[len(self._rows)], self.explain.emit))
            self._policies.body.insertWidget(len(self._rows), self._rows[-1])
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(lines))
            if place < len(lines):
                row.show_line(lines[place])
        if result is not None:
            self._more.set_text(t("policy.all", n=len(result.policies)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.show_missing(self._problems)  # a link too wide for the column would push everything out of it

    def show_missing(self, problems: Sequence[AnswerProblem]) -> None:
        self._problems = problems
        words = [missing_words(problem, self.width() - ROOM_AROUND) for problem in problems[:SHOWN_MISSING]]
        for place, link in enumerate(self._links):
            link.setVisible(place < len(words))
            if place < len(words):
                link.set_text(words[place])
                link.setToolTip(problems[place].message)
        left = len(problems) - len(words)
        self._rest.setText(t("visit.missing_more", n=left) if left else "" if problems else t("visit.nothing_missing"))
        self._rest.setVisible(bool(self._rest.text()))

    def _jump(self, place: int) -> None:
        if place < len(self._problems):
            self.jump.emit(self._problems[place].node_id)


def missing_words(problem: AnswerProblem, room: int) -> str:
    """``财产：存款``: the nearest heading and the question, in ``room`` pixels."""
    short = problem.within[-1] if problem.within else ""
    # Chinese headings say enough in four characters; English ones would only be cut.
    words = f"{short[:4]}：{problem.label}" if short and language() == "zh" else problem.label
    return QFontMetrics(look.font()).elidedText(words, Qt.TextElideMode.ElideRight, max(room, 80))


class PolicyButton(QPushButton):
    """A policy's name and its state as a pill; pressed, it opens the calculation."""

    def __init__(self, line: PolicyLine) -> None:
        super().__init__(line.name)
        self.show_line(line)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_line(self, line: PolicyLine) -> None:
        self.line = line
        self.setText(line.name)
        self.setAccessibleName(f"{line.name}，{line.words}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, look.metrics().control)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        area = QRectF(self.rect())
        words = secret(self.line.words)
        wide, tall = painting.tag_width(words), painting.tag_height()
        pill = QRectF(area.right() - wide, area.center().y() - tall / 2, wide, tall)
        painting.tag(painter, pill, words, self.line.tone)
        lively = self.underMouse() or self.isDown()
        painter.setFont(look.font())
        painter.setPen(look.colour("accent" if lively else "ink"))
        box = area.adjusted(0, 0, -wide - 8, 0)
        why = secret(self.line.reasons[0]) if self.line.reasons else ""
        name = painting.elided(self, self.text(), box.width(), painter.font(), why)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)
        if self.hasFocus():
            painting.focus_ring(painter, area, look.metrics().tag_radius)


def policy_row(line: PolicyLine, explain: Callable[[str], None]) -> PolicyButton:
    """A policy in a list; ``explain`` gets its id."""
    made = PolicyButton(line)
    made.clicked.connect(lambda: explain(made.line.id))
    return made


def lead_card(lead: LeadNote) -> Card:
    """Who sent the lead, when, and what it says."""
    card = Card(t("visit.lead"))
    sent = " ".join(part for part in (lead.source, day_text(lead.issued_on)) if part)
    card.add(ElidedText(sent, "small", ink="second"))
    card.add(label(secret(lead.content), wrap=True))
    if lead.due_on:
        card.add(label(t("visit.lead_due", day=day_text(lead.due_on)), "second"))
    return card
