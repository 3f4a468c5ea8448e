"""A form being filled: the session on this thread, every answer kept at once, the rules asked while hands rest."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from fieldapp.domain.pointers import leaves
from fieldapp.errors import WorldError
from fieldapp.workflows import visit_submission, visits
from fieldapp.workflows.assessing import Assessed, Rules, compares
from fieldapp.workflows.visit_submission import Finished
from fieldapp.workflows.visits import VisitOpening
from forms.api import (
    AnswerProblem,
    AnswerRefused,
    ChangeSet,
    FactAnswer,
    FormSession,
    Kind,
    Submission,
    UnknownNode,
)
from ui import tasks
from ui.desk import Desk
from ui.questions.host import LastAnswer
from ui.words import language

ASSESS_AFTER_MS = 400


class VisitSheet(QObject):
    """``changed`` names what to refresh; ``kept`` fires when everything answered so far is durable, ``assessed`` when
    the rules have spoken. ``refused(node id, words)``: the engine did not take an answer; what stood before stands.
    ``stored``: no file is on its way any more."""

    changed = Signal(object)
    keeping = Signal()
    kept = Signal(object)
    assessed = Signal(object)
    refused = Signal(str, str)
    stored = Signal()

    def __init__(self, desk: Desk, rules: Rules | None, opening: VisitOpening, session: FormSession) -> None:
        super().__init__()
        self.desk, self.opening, self.session = desk, opening, session
        self.result: Assessed | None = None
        self._rules = rules
        self.compares = compares(opening.form)
        self._unkept = self._under_way = self.closed = False
        self._files = 0
        self._typed: tuple[str, str] | None = None
        self._snapshot: dict[str, Any] | None = None
        self._rest = QTimer(self, interval=ASSESS_AFTER_MS, singleShot=True)
        self._rest.timeout.connect(self.assess)
        session.observe(self._changed)
        if opening.typed is not None:
            self.answer(*opening.typed)

    def answer(self, node_id: str, value: Any) -> None:
        """Take an answer into the form; it is on its way to the disk when this returns."""
        if self._typed is not None and self._typed[0] == node_id:
            self._typed = None
        try:
            self.session.set(node_id, value)
        except AnswerRefused as refusal:
            self.refused.emit(node_id, refusal.message(language()))
        except UnknownNode:
            # The row was removed while a field in it still held an entry: there is nothing left to answer.
            return

    @property
    def storing(self) -> bool:
        """Whether a photo or signature is on its way to the disk and not an answer yet."""
        return self._files > 0

    def store_file(self, node_id: str, work: Callable[[], Future[str]]) -> None:
        """Answer ``node_id`` with the blob id that ``work`` gives; the field it was given in may have gone by then."""

        def landed(blob: str) -> None:
            self._files -= 1
            self.answer(node_id, blob)
            self._file_done()

        def failed(error: BaseException) -> None:
            self._files -= 1
            self.desk.present(error)
            self._keep()
            self._file_done()

        self._files += 1
        self.keeping.emit()
        tasks.run(work, landed, owner=self, failed=failed, lasting=True)

    def _file_done(self) -> None:
        if not self._files:
            self.stored.emit()

    def typing(self, node_id: str, text: str) -> None:
        """Keep what stands in a field before it is said: the laptop may be switched off in the middle of a sentence.

        Opened again, the draft takes it as the answer."""
        self._typed = (node_id, text)
        self._keep()

    def take_out(self, row: str, why: str) -> None:
        """Take a member out of the form; submitted, they leave the family in the registry for this reason."""
        person = row.rsplit("/", 1)[-1]
        header = self.opening.header
        self.opening = replace(self.opening, header=replace(header, gone={**header.gone, person: why}))
        self.session.remove_row(row)

    def take_all(self, last: Callable[[str], LastAnswer | None]) -> int:
        """Take last time's answers wherever this time has none; how many were taken.

        Twice over the form, for an answer may make others relevant; the window hears of it once.
        """
        taken = 0
        self.session.observe(None)
        for _ in range(2):
            for node_id, value in self._unanswered(last):
                with suppress(AnswerRefused, UnknownNode):  # the form has changed: this one is asked again
                    self.session.set(node_id, value)
                    taken += 1
        self.session.observe(self._changed)
        if taken:
            self.keep()
            self._rest.start()
        return taken

    def _unanswered(self, last: Callable[[str], LastAnswer | None]) -> list[tuple[str, Any]]:
        before = self.opening.last.answers if self.opening.last is not None else {}
        found = []
        for node_id, _ in leaves(dict(before)):
            if not self.session.exists(node_id):
                continue
            view = self.session.view(node_id)
            open_ = view.node.kind is Kind.QUESTION and view.relevant and not view.readonly and view.value is None
            said = last(node_id) if open_ and not view.node.unknown_of else None
            if said is not None:
                found.append((node_id, said.value))
        return found

    @property
    def typed(self) -> tuple[str, str] | None:
        """(node id, text) being written and not said yet."""
        return self._typed

    def problems(self) -> tuple[AnswerProblem, ...]:
        return self.session.problems()

    def keep(self) -> None:
        """Save the draft; while one save is under way the next waits, so answers are never saved out of order."""
        self._snapshot = None
        self._keep()

    def _keep(self) -> None:
        if self.closed:
            return
        if self._under_way:
            self._unkept = True
            return
        self._under_way, self._unkept = True, False
        if self._snapshot is None:
            # Reading a form of a thousand rows takes ten milliseconds: once per answer, not with every key.
            self.keeping.emit()
            self._snapshot = self.session.save()
        saving = visits.keep(self.desk.store, self.opening, self._snapshot, self._typed)
        tasks.run(saving, self._is_kept, failed=self._not_kept, owner=self, lasting=True)

    def assess(self) -> None:
        """Ask the rules, off this thread."""
        if self._rules is None or self.closed or not self.compares:
            return
        rules, facts, today = self._rules, self.session.facts(), self.desk.actor.today()
        asked = lambda: rules.assess(facts, today, language())  # noqa: E731
        tasks.run(asked, self._assessed, owner=self, failed=self._not_assessed)

    def submit(self, done: Any) -> None:
        """Finalise, sign and store; raises FormIncomplete. ``done(Submitted)`` follows once it is durable.

        A second call while the first is under way does nothing: one visit is one revision.
        """
        if self.closed:
            return
        submission = self.session.finalise()
        facts, today, rules = self.session.facts(), self.desk.actor.today(), self._rules
        store, actor, opening, wanted = self.desk.store, self.desk.actor, self.opening, self.compares

        def work() -> Any:
            done = _finished(submission, facts, rules, today, compared=wanted)
            return visit_submission.submit(store, actor, opening, done)

        def failed(error: BaseException) -> None:
            self.closed = False  # nothing was written: the form goes on
            self.keep()
            self.desk.present(error)

        self.closed = True
        self.desk.write(work, done, owner=self, failed=failed)

    def close(self) -> None:
        """No more saves: the draft has gone."""
        self.closed = True
        self.session.observe(None)

    def _changed(self, changes: ChangeSet) -> None:
        if changes:
            self.keep()
            self._rest.start()
            self.changed.emit(changes)

    def _is_kept(self, _nothing: object) -> None:
        self._under_way = False
        if self._unkept:
            self._keep()
        elif not self._files:
            self.kept.emit(datetime.now().astimezone())

    def _not_kept(self, error: BaseException) -> None:
        self._under_way = False
        self.desk.present(error)

    def _not_assessed(self, error: BaseException) -> None:
        """Said once: the form goes on without the comparison."""
        self._rules = None
        self.desk.present(error)

    def _assessed(self, result: Assessed) -> None:
        self.result = result
        self.assessed.emit(result)


def _finished(
    submission: Submission, facts: tuple[FactAnswer, ...], rules: Rules | None, today: date, *, compared: bool
) -> Finished:
    if rules is None:
        return Finished(submission, facts)
    try:
        assessed, cadence = rules.assess(facts, today) if compared else None, rules.cadence(today)
    except WorldError:
        # A pack or form the rules cannot read must not keep a visit from the county, which reckons it again;
        # the worker has been told while filling (``_not_assessed``).
        return Finished(submission, facts)
    frozen, revisit = (assessed.frozen, assessed.revisit) if assessed is not None else (None, None)
    return Finished(submission, facts, frozen, revisit, cadence)
