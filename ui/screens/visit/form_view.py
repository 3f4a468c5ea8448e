"""The form of one visit: sections at the left, questions in the middle, what is known at the right."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fieldapp.domain.ids import new_document_id
from fieldapp.workflows.assessing import Assessed
from fieldapp.workflows.visit_prefill import people_repeat
from fieldapp.workflows.visits import VisitOpening
from forms.api import AnswerProblem, ChangeSet, FormIncomplete, Kind
from ui.formats import clock
from ui.privacy import name as shown_name
from ui.questions.frame import QuestionFrame
from ui.questions.host import Host
from ui.screens.base import scroll_area
from ui.screens.visit.arithmetic import show_all_policies, show_arithmetic
from ui.screens.visit.bottom_line import BottomLine
from ui.screens.visit.kit import form_title
from ui.screens.visit.leaving import take_out
from ui.screens.visit.pane import QuestionPane
from ui.screens.visit.row_tabs import RowTabs
from ui.screens.visit.section_list import SectionList
from ui.screens.visit.sections import (
    ROOT,
    ROW_GROUP,
    ROWS,
    Section,
    is_shown,
    plan_sections,
    row_of,
    section_of,
    states,
)
from ui.screens.visit.sheet import VisitSheet
from ui.screens.visit.side import Side
from ui.screens.visit.titles import row_tab, section_title
from ui.theme import look
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.labels import ElidedText, label
from ui.words import t

SECONDS_A_QUESTION = 12
LAID_OUT_AFTER_MS = 30  # a question that has just become relevant has its place by then
NARROW = 1120  # pixels of the page under which the side columns give way


class FormView(QWidget):
    """``finished`` asks to submit. The sheet holds the answers; this only shows and moves."""

    finished = Signal()

    def __init__(self, sheet: VisitSheet, host: Host) -> None:
        super().__init__()
        self.sheet, self._host = sheet, host
        self.session = sheet.session
        self._sections = plan_sections(self.session)
        self._shown: list[Section] = []
        self._seen: set[str] = set()
        self._rows: dict[str, str] = {}
        self._section: Section | None = None
        self._pane: QuestionPane | None = None
        self._pressing = False
        self._about_parts: list[str] = []
        self._saved = t("visit.every_answer")
        self._build(sheet.opening)
        self._remember_seen()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow_focus)
        sheet.changed.connect(self._apply)
        sheet.kept.connect(self._kept)
        sheet.keeping.connect(self._keeping)
        sheet.assessed.connect(self._assessed)
        sheet.refused.connect(self._refused)
        self._shown = [section for section in self._sections if is_shown(section, self.session)]
        self.go(0)

    def _build(self, opening: VisitOpening) -> None:
        self._across = across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(look.metrics().margin)
        self.list = SectionList()
        self.list.chosen.connect(self.go)
        across.addWidget(self.list)
        middle = QVBoxLayout()
        middle.setSpacing(12)
        middle.addLayout(self._head(opening))
        middle.addWidget(self._card(), 1)
        across.addLayout(middle, 1)
        self.side = Side(opening.lead, compares=self.sheet.compares)
        self.side.jump.connect(self.jump)
        self.side.explain.connect(self._explain)
        self.side.show_all.connect(self._all_policies)
        across.addWidget(self.side)

    def _head(self, opening: VisitOpening) -> QHBoxLayout:
        row = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        title = t("visit.title", family=shown_name(opening.title), form=form_title(opening.form))
        self._title = ElidedText(title, "title", bold=True)
        words.addWidget(self._title)
        self._about = ElidedText("", "small", ink="second")
        words.addWidget(self._about)
        row.addLayout(words, 1)
        self._back = Button(t("visit.previous"))
        self._back.setToolTip("Ctrl+↑")
        self._back.clicked.connect(lambda: self.step(-1))
        self._on = Button(t("visit.next"), kind="primary", key="Ctrl ↓")
        self._on.clicked.connect(lambda: self.step(1))
        self._done = Button(t("visit.submit"), kind="primary", key="Ctrl ↵")
        self._done.clicked.connect(self.finished)
        for button in (self._back, self._on, self._done):
            row.addWidget(button)
        return row

    def _card(self) -> Card:
        card = Card()
        card.body.setContentsMargins(24, 16, 12, 16)
        head = QHBoxLayout()
        self._heading = label("", "section", wrap=True)
        head.addWidget(self._heading, 1)
        self._same = Button(t("visit.same_as_last"), kind="quiet", icon="history")
        self._same.setToolTip(t("visit.key.same"))
        self._same.clicked.connect(self.same_as_last)
        head.addWidget(self._same)
        self._place = label("", "second")
        head.addWidget(self._place)
        card.body.addLayout(head)
        self._tabs = RowTabs()
        self._tabs.chosen.connect(self.open_row)
        self._tabs.added.connect(self.add_row)
        self._tabs.removed.connect(self.remove_row)
        self._area: QScrollArea
        self._area, inner = scroll_area()
        self._inside = QVBoxLayout(inner)
        self._inside.setContentsMargins(0, 0, 12, 8)
        self._inside.setSpacing(12)
        self._inside.addWidget(self._tabs)
        card.body.addWidget(self._area, 1)
        self._bottom = BottomLine()
        self._bottom.explain.connect(self._explain)
        card.body.addWidget(self._bottom)
        return card

    # --- moving ---------------------------------------------------------------------------------------------------

    @property
    def section(self) -> Section | None:
        return self._section

    @property
    def pane(self) -> QuestionPane | None:
        return self._pane

    def go(self, place: int) -> None:
        """Open the section at this place of the list."""
        if not 0 <= place < len(self._shown):
            return
        self.commit()
        self._section = self._shown[place]
        self._seen.add(self._section.id)
        self._show_container()

    def step(self, by: int) -> None:
        """The next member of this section, else the next section."""
        rows = self._row_ids()
        here = self._rows.get(self._repeat(), "")
        if self._section is not None and self._section.kind == ROW_GROUP and here in rows:
            place = rows.index(here) + by
            if 0 <= place < len(rows):
                self.open_row(rows[place])
                return
        place = self._shown.index(self._section) + by if self._section in self._shown else 0
        if 0 <= place < len(self._shown):
            self._start_row(self._shown[place], last=by < 0)
            self.go(place)

    def step_section(self, by: int) -> None:
        if self._section in self._shown:
            self.go(self._shown.index(self._section) + by)

    def step_row(self, by: int) -> None:
        rows, here = self._row_ids(), self._rows.get(self._repeat(), "")
        if here in rows and 0 <= rows.index(here) + by < len(rows):
            self.open_row(rows[rows.index(here) + by])

    def open_row(self, row: str) -> None:
        self.commit()
        self._rows[self._repeat()] = row
        self._show_container()

    def add_row(self) -> None:
        """One more member; its key will be the person's id."""
        self.commit()
        key = new_document_id()
        self._rows[self._repeat()] = f"{self._repeat()}/{key}"
        first = next((one for one in self._shown if one.repeat == self._repeat() and one.first), None)
        self._section = first or self._section
        self.session.add_row(self._repeat(), key)

    def remove_row(self, row: str) -> None:
        take_out(self.window(), self.sheet, row)

    def jump(self, node_id: str) -> None:
        """Open the section and row a question stands in and put the cursor on it."""
        section = section_of(self._shown, self.session, node_id) if self.session.exists(node_id) else None
        if section is None:
            return
        self.commit()
        row = row_of(section, node_id)
        if row:
            self._rows[section.repeat] = row
        self._section = section
        self._seen.add(section.id)
        self._show_container(focus=False)
        if self._pane is not None:
            self._pane.focus_node(node_id)

    def next_missing(self) -> None:
        """Jump to the next missing or contradictory answer after the cursor's section."""
        problems = self.sheet.problems()
        if problems:
            focused = self.focused_node()
            ids = [problem.node_id for problem in problems]
            self.jump(ids[(ids.index(focused) + 1) % len(ids)] if focused in ids else ids[0])

    def focused_node(self) -> str:
        """The question the cursor stands in, "" for none."""
        widget = self.focusWidget()
        question = _question_of(widget) if widget is not None else None
        return question.view.id if isinstance(question, QuestionFrame) else ""

    def focus_question(self) -> None:
        """Put the cursor on the first question without an answer."""
        if self._pane is not None:
            self._pane.focus_first()

    # --- doing ----------------------------------------------------------------------------------------------------

    def commit(self) -> None:
        """Whatever stands in a field and has not been said is said now."""
        if self._pane is not None:
            self._pane.commit()

    def same_as_last(self) -> None:
        """Last time's answers hold for what is still empty here."""
        if self._pane is not None:
            self._pane.same_as_last()

    def all_as_last(self) -> int:
        """Last time's answers hold for everything that is still empty; how many were taken."""
        self.commit()
        taken = self.sheet.take_all(self._host.last)
        if taken:
            self._show_container()
        return taken

    def press(self, problems: FormIncomplete) -> None:
        """Submitting found gaps: show them everywhere and go to the first."""
        self._pressing = True
        if self._pane is not None:
            self._pane.press()
        if problems.problems:
            self.jump(problems.problems[0].node_id)

    def _remember_seen(self) -> None:
        """A draft taken up again: sections with answers in them have been begun; a returned visit was all filled."""
        if self.sheet.opening.header.mends:
            self._seen = {section.id for section in self._sections}
        elif self.sheet.opening.draft is not None:
            for node_id in self.session.touched():
                section = section_of(self._sections, self.session, node_id) if self.session.exists(node_id) else None
                if section is not None:
                    self._seen.add(section.id)

    # --- showing --------------------------------------------------------------------------------------------------

    def _repeat(self) -> str:
        return self._section.repeat if self._section is not None else ""

    def _row_ids(self) -> list[str]:
        repeat = self._repeat()
        return list(self.session.children(repeat)) if repeat and self.session.exists(repeat) else []

    def _start_row(self, section: Section, *, last: bool) -> None:
        if section.kind == ROW_GROUP:
            rows = self.session.children(section.repeat)
            if rows:
                self._rows[section.repeat] = rows[-1 if last else 0]

    def _container(self) -> tuple[str | None, tuple[Kind, ...]]:
        """The id whose questions are shown (None for nothing), and what inside it is a section of its own."""
        section = self._section
        if section is None:
            return None, ()
        if section.kind == ROOT:
            return "", (Kind.GROUP, Kind.REPEAT)
        if section.kind not in (ROW_GROUP, ROWS):
            return section.id, ()
        rows = self._row_ids()
        row = self._rows.get(section.repeat, "")
        if row not in rows:
            row = self._rows[section.repeat] = rows[0] if rows else ""
        if not row:
            return None, ()
        if section.kind == ROWS:
            return row, (Kind.GROUP,)
        return row + section.id[len(section.repeat) :], ()

    def _show_container(self, *, focus: bool = True) -> None:
        container, skip = self._container()
        if self._pane is not None:
            self._inside.removeWidget(self._pane)
            self._pane.hide()
            self._pane.deleteLater()
            self._pane = None
        if container is not None:
            self._pane = QuestionPane(self.session, self._host, container, skip=skip)
            self._pane.answered.connect(self.sheet.answer)
            self._pane.typed.connect(self.sheet.typing)
            self._pane.past_end.connect(lambda: self.step(1))
            if self._pressing:
                self._pane.press()
            self._inside.addWidget(self._pane)
            self._area.verticalScrollBar().setValue(0)
        self._refresh_sections()
        if focus and self._pane is not None:
            self._pane.focus_first()

    def _apply(self, changes: ChangeSet) -> None:
        if changes.rows_added or changes.rows_removed:
            self._show_container()
        elif self._pane is not None:
            self._pane.apply(changes)
        self._refresh_sections()

    def _refresh_sections(self) -> None:
        problems = self.sheet.problems()
        shown = [section for section in self._sections if is_shown(section, self.session)]
        self._shown = shown
        self.list.show_sections([section_title(self.session, section) for section in shown])
        found = states(shown, self.session, problems, self._seen)
        place = shown.index(self._section) if self._section in shown else -1
        self.list.show_states([found[section.id] for section in shown], place)
        left = sum(problem.kind == "required" for problem in problems)
        self.list.say(t("visit.left", n=left, minutes=max(1, round(left * SECONDS_A_QUESTION / 60))) if left
                      else t("visit.complete"))  # fmt: skip
        self.side.show_missing(problems)
        self._show_heading(problems, place)

    def _show_heading(self, problems: tuple[AnswerProblem, ...], place: int) -> None:
        section = self._section
        last = place == len(self._shown) - 1
        ready = not problems
        self._done.setVisible(last or ready)
        self._on.setVisible(not last and not ready)
        self._back.setEnabled(place > 0)
        about = [t("visit.answers_lead", number=self.sheet.opening.lead.number)] if self.sheet.opening.lead else []
        about += [t("visit.mending")] if self.sheet.opening.header.mends else []
        names = [name for name in self._investigators() if name]
        about += [t("visit.investigators", names="、".join(names))] if names else []
        self._about_parts = about
        self._say_saved(self._saved)
        if section is None:
            return
        container = self._container()[0]
        self._heading.setText(self.session.view(container).label if container else section_title(self.session, section))
        rows = self._row_ids() if section.kind in (ROW_GROUP, ROWS) else []
        here = self._rows.get(section.repeat, "")
        repeat = people_repeat(self.session.definition)
        people = repeat is not None and section.repeat == repeat.id
        counted = "visit.row_of" if people else "rows.of"
        self._place.setText(t(counted, n=rows.index(here) + 1, all=len(rows)) if here in rows else "")
        self._same.setVisible(self.sheet.opening.last is not None)
        self._tabs.setVisible(bool(section.repeat))
        if section.repeat:
            today, seen = self.sheet.desk.actor.today(), section.id in self._seen
            tabs = [row_tab(self.session, section, row, problems, seen=seen, today=today) for row in rows]
            first = section.first and self.session.exists(section.repeat)
            self._tabs.show_rows(
                tabs, here, may_add=first and self.session.can_add(section.repeat),
                may_remove=first and bool(here) and here in rows and self.session.can_remove(here), people=people,
            )  # fmt: skip

    def _investigators(self) -> list[str]:
        ids = [self._by_name(f"investigator_{number}") for number in (1, 2)]
        return [self.session.view(one).text for one in ids if self.session.exists(one)]

    def _by_name(self, name: str) -> str:
        nodes = self.session.definition.nodes.values()
        return next((node.id for node in nodes if node.name == name and not node.repeats), "-")

    def _keeping(self) -> None:
        self._say_saved(t("visit.saving"))

    def _kept(self, at: datetime) -> None:
        self._say_saved(t("visit.saved", time=clock(at)))

    def _say_saved(self, words: str) -> None:
        """The end of the line under the title: that everything is saved, once it is."""
        self._saved = words
        self._about.set_text(" · ".join([*self._about_parts, words]))

    def _follow_focus(self, _before: object, now: QWidget | None) -> None:
        """Bring the question with the cursor into view, once the layout has settled."""
        if now is not None and self._area.isAncestorOf(now):
            QTimer.singleShot(LAID_OUT_AFTER_MS, self, self._show_focused)

    def _show_focused(self) -> None:
        widget = QApplication.focusWidget()
        if widget is not None and self._area.isAncestorOf(widget):
            self._area.ensureWidgetVisible(_question_of(widget), 0, 24)

    def _refused(self, node_id: str, words: str) -> None:
        frame = self._pane.frame(node_id) if self._pane is not None else None
        if frame is not None:
            frame.field.rejected.emit(words)

    def _assessed(self, result: Assessed) -> None:
        self.side.show_assessed(result)
        self._bottom.show_assessed(result)
        QTimer.singleShot(LAID_OUT_AFTER_MS, self, self._show_focused)

    def _explain(self, line_id: str) -> None:
        result = self.sheet.result
        found = (result.policy(line_id) or result.program(line_id)) if result is not None else None
        if found is not None:
            show_arithmetic(self.window(), found)

    def _all_policies(self) -> None:
        if self.sheet.result is not None:
            show_all_policies(self.window(), self.sheet.result, self._explain)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW * look.scale().body / 15
        self.list.setFixedWidth(176 if narrow else 208)
        self.side.setFixedWidth(232 if narrow else 296)
        self._across.setSpacing(16 if narrow else look.metrics().margin)


def _question_of(widget: QWidget) -> QWidget:
    """The question a widget stands in, else the widget itself."""
    found: QWidget | None = widget
    while found is not None and not isinstance(found, QuestionFrame):
        found = found.parentWidget()
    return found or widget
