"""Visits (走访): the list of one's own, and the form at the door."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from fieldapp.store.api import ReadTx
from fieldapp.workflows import rechecks, visit_lists, visits
from fieldapp.workflows.matters import filling
from fieldapp.workflows.places import Places, places
from fieldapp.workflows.route import Stop
from fieldapp.workflows.visit_submission import Submitted
from fieldapp.workflows.visits import VisitOpening, VisitStart
from forms.api import FormIncomplete, FormSession
from ui import tasks
from ui.desk import Desk
from ui.native_memory import give_back
from ui.screens.base import Key, Screen
from ui.screens.visit.board import Board, Found
from ui.screens.visit.form_view import FormView
from ui.screens.visit.host import VisitHost
from ui.screens.visit.kit import kit_of, open_session
from ui.screens.visit.sheet import VisitSheet
from ui.screens.visit.start import StartSheet
from ui.widgets.labels import label
from ui.words import language, t

BEGUN_BY = ("purpose", "lead", "round", "partner", "matter", "step")


class Visits(Screen):
    """``arrive(visit=id)`` opens what is unfinished or was returned, ``arrive(household=id, purpose=..., lead=...,
    round=..., form=...)`` begins or resumes one, ``arrive(list=VIEW)`` shows that list,
    ``arrive()`` goes back to the form that was open, else the list."""

    keys = (
        Key("Ctrl+Down", "next_section", "visit.key.next"),
        Key("Ctrl+Up", "previous_section", "visit.key.previous"),
        Key("Ctrl+PgDown", "next_row", "visit.key.next_row"),
        Key("Ctrl+PgUp", "previous_row", "visit.key.previous_row"),
        Key("F8", "next_missing", "visit.key.missing"),
        Key("F4", "same_as_last", "visit.key.same"),
        Key("Shift+F4", "all_as_last", "visit.key.all_same"),
        Key("Ctrl+Shift+Z", "redo", "visit.key.redo"),
        Key("Ctrl+Return", "submit", "visit.key.submit"),
        Key("Ctrl+W", "to_list", "visit.key.list"),
        Key("Ctrl+N", "new_visit", "visit.key.new"),
        Key("Ctrl+R", "toggle_route", "visit.route_long"),
        Key("Ctrl+M", "move_to_newer", "visit.key.newer"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        edge = self.margins()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(edge, edge, edge, edge)
        self.stack = QStackedWidget()
        lines.addWidget(self.stack)
        self.board = Board(desk)
        self.board.opened.connect(lambda visit: self.arrive(visit=visit))
        self.board.wanted_new.connect(self.new_visit)
        self.board.stopped.connect(self.go_to)
        self.stack.addWidget(self.board)
        self._wait = label(t("visit.opening"), "secondbody")
        self.stack.addWidget(self._wait)
        self.form: FormView | None = None
        self.newer = ""
        self.kit = kit_of(desk)

    # --- arriving -------------------------------------------------------------------------------------------------

    def arrive(self, **args: Any) -> None:
        if args.get("visit"):
            self._open_visit(str(args["visit"]))
        elif args.get("step") and not args.get("household"):
            self._open_step(args)
        elif args.get("recheck"):
            self._begin_second(str(args["recheck"]), str(args["of"]))
        elif args.get("household"):
            known = {key: args[key] for key in BEGUN_BY if args.get(key)}
            form = {"form_id": args["form"]} if args.get("form") else {}
            self._begin(VisitStart(household=str(args["household"]), **known, **form))
        elif args.get("list"):
            self.board.show_view(str(args["list"]))
            self.to_list()
        elif args.get("new"):
            self._list_then_new()
        elif self.form is not None:
            self.stack.setCurrentWidget(self.form)
        else:
            self.to_list()

    def to_list(self) -> None:
        """Back to the list; the form is kept as a draft."""
        self._drop_form()
        self.stack.setCurrentWidget(self.board)
        self.load(self.board.ask, self.board.show_board)

    def _list_then_new(self) -> None:
        """The sheet opens over what was there: the form under way, else the list."""
        if self.form is not None:
            self.stack.setCurrentWidget(self.form)
            self.new_visit()
            return

        def show(found: Found) -> None:
            self.board.show_board(found)
            self.new_visit()

        self.stack.setCurrentWidget(self.board)
        self.load(self.board.ask, show)

    def toggle_route(self) -> None:
        """The day's route beside one's own visits; only on the list."""
        if self.form is None:
            self.board.show_view("mine" if self.board.view == "route" else "route")

    def go_to(self, stop: Stop) -> None:
        """What one goes to that door for."""
        why = stop.reasons[0]
        if why in ("urgent", "lead"):
            self.desk.go("leads", lead=stop.lead)
        elif why == "returned":
            self.arrive(visit=stop.visit)
        elif why == "second_try":
            self.desk.go("screening", household=stop.household)
        else:
            self.arrive(household=stop.household, purpose="revisit", form="revisit")

    def new_visit(self) -> None:
        sheet = StartSheet(self.desk, self.window())
        sheet.begun.connect(self._begin)
        sheet.open_sheet()

    def leave(self) -> None:
        """Whatever stands in a field is said and on its way to the disk; closing the store drains it."""
        if self.form is not None:
            self.form.commit()

    def _begin(self, wanted: VisitStart) -> None:
        store, actor, shelf = self.desk.store, self.desk.actor, self.kit.shelf
        self._open(lambda: visits.start(store, actor, shelf, wanted))

    def _open_step(self, args: dict[str, Any]) -> None:
        store, actor, shelf = self.desk.store, self.desk.actor, self.kit.shelf
        matter, step = str(args["matter"]), str(args["step"])
        row, correct = str(args.get("row") or ""), str(args.get("correct") or "")
        self._open(lambda: filling.start(store, actor, shelf, matter, step, row=row, correct=correct))

    def _begin_second(self, recheck: str, visit: str) -> None:
        store, actor, shelf = self.desk.store, self.desk.actor, self.kit.shelf
        self._open(lambda: rechecks.start_second(store, actor, shelf, recheck, visit))

    def _open_visit(self, visit: str) -> None:
        if self.form is not None and self.form.sheet.opening.header.visit == visit:
            self.stack.setCurrentWidget(self.form)
            return
        store, actor, shelf = self.desk.store, self.desk.actor, self.kit.shelf

        def how() -> Future[VisitOpening]:
            found = visit_lists.what_to_open(store, visit).result()
            if found == "resume":
                return visits.resume(store, shelf, visit)
            return visits.mend(store, actor, shelf, visit)

        self._open(how)

    def _open(self, work: Callable[[], Future[VisitOpening]]) -> None:
        """Read, compile and open off this thread; show the form when it is ready."""
        self._drop_form()
        self.stack.setCurrentWidget(self._wait)
        store, actor = self.desk.store, self.desk.actor

        def ready() -> tuple[VisitOpening, FormSession, Places, str]:
            self.kit.renew(store, actor.today())
            opening = work().result()
            newer = visits.newer_form(self.kit.shelf, opening) if opening.draft is not None else ""
            return opening, open_session(opening, actor), store.read(_places).result(), newer

        words = t("visit.opening")
        self.desk.read(ready, lambda made: self.show_form(*made), owner=self, words=words, failed=self._failed)

    def _failed(self, error: BaseException) -> None:
        self.to_list()
        self.desk.present(error)

    def show_form(self, opening: VisitOpening, session: FormSession, names: Places, newer: str = "") -> None:
        self._drop_form()
        self.newer = newer
        sheet = VisitSheet(self.desk, self.kit.rules, opening, session)
        self.form = FormView(sheet, VisitHost(sheet, names))
        self.form.finished.connect(self.submit)
        self.stack.addWidget(self.form)
        self.stack.setCurrentWidget(self.form)
        self.form.focus_question()
        if opening.draft is None:
            sheet.keep()
        sheet.assess()
        if opening.report is not None:
            self.desk.say("\n".join([t("visit.moved_to_newer"), *opening.report.lines(language())]))
        elif newer:
            self.desk.say(t("visit.newer_form"))

    def move_to_newer(self) -> None:
        """Go on under the form in force; what does not fit stays readable with the draft as it was."""
        if self.form is None or not self.newer:
            return
        self.form.commit()
        store, shelf, draft = self.desk.store, self.kit.shelf, self.form.sheet.opening.header.visit
        self._open(lambda: visits.move_to_newer(store, shelf, draft))

    def _drop_form(self) -> None:
        if self.form is not None:
            self.form.commit()
            self.form.sheet.keep()
            self.stack.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    def draw(self) -> None:
        if self.form is None:
            self.board.draw()

    # --- keys -----------------------------------------------------------------------------------------------------

    def next_section(self) -> None:
        if self.form is not None:
            self.form.step_section(1)

    def previous_section(self) -> None:
        if self.form is not None:
            self.form.step_section(-1)

    def next_row(self) -> None:
        if self.form is not None:
            self.form.step_row(1)

    def previous_row(self) -> None:
        if self.form is not None:
            self.form.step_row(-1)

    def next_missing(self) -> None:
        if self.form is not None:
            self.form.next_missing()

    def same_as_last(self) -> None:
        if self.form is not None:
            self.form.same_as_last()

    def all_as_last(self) -> None:
        if self.form is not None:
            self.desk.say(t("visit.taken", n=self.form.all_as_last()))

    def redo(self) -> None:
        if self.form is not None and self.form.session.can_redo:
            self.form.session.redo()

    def submit(self) -> None:
        """Finalise and sign. What is missing is listed, and the cursor goes to the first of it."""
        form = self.form
        if form is None:
            return
        form.commit()
        if form.sheet.storing:  # a photo dropped in this moment belongs to the visit
            form.sheet.stored.connect(self.submit, Qt.ConnectionType.SingleShotConnection)
            return
        try:
            form.sheet.submit(self._submitted)
        except FormIncomplete as gaps:
            form.press(gaps)
            self.desk.say(t("visit.incomplete", n=len(gaps.problems)))

    def _submitted(self, result: Submitted) -> None:
        matter = sealed = ""
        form = self.form
        if form is not None and form.sheet.opening.header.owner == result.visit:
            header = form.sheet.opening.header
            matter = header.matter
            sealed = header.household if header.sealed else ""
            form.sheet.close()
            self.stack.removeWidget(form)
            form.deleteLater()
            self.form = None
        self.to_list()
        tasks.run(give_back)
        words = "visit.sealed" if sealed else "visit.submitted_lead" if result.lead_answered else "visit.submitted"
        self.desk.say(t(words))
        if sealed:
            self.desk.go("household", household=sealed)
        elif matter:
            self.desk.go("matters", matter=matter)


def _places(tx: ReadTx) -> Places:
    return places(tx)
