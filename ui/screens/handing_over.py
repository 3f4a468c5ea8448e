"""Two sheets over a household: handing something over to others, and writing down what came of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QWidget

from fieldapp.workflows import handing_over
from fieldapp.workflows.handing_over import KINDS, Handing, Result
from ui.desk import Desk
from ui.widgets.fields_sheet import FieldsSheet
from ui.widgets.labels import label
from ui.widgets.notices import ErrorLine
from ui.widgets.pick_sheet import Picks
from ui.words import t

DUE = (3, 10, 30)  # days offered


class _TaskSheet(FieldsSheet):
    """What both sheets share: a word when the workflow refuses, closing when it is durable."""

    def __init__(
        self, window: QWidget, desk: Desk, title: str, names: tuple[str, ...], done: Callable[[], None]
    ) -> None:
        super().__init__(window, title, names, words="task")
        self.desk, self._done = desk, done
        self.message = ErrorLine()

    def _write(self, work: Callable[[], Future[Any]], said: str) -> None:
        self.save_button.setEnabled(False)

        def durable(_made: object) -> None:
            self.close_sheet()
            self.desk.say(said)
            self._done()

        self.desk.write(work, durable, owner=self, failed=self._refused)

    def _refused(self, error: BaseException) -> None:
        self.save_button.setEnabled(True)
        self.message.tell(error)


class HandOverSheet(_TaskSheet):
    """What is to be done, by whom, until when."""

    def __init__(self, window: QWidget, desk: Desk, household: str, done: Callable[[], None]) -> None:
        super().__init__(window, desk, t("task.title"), ("title", "provider"), done)
        self.household = household
        self.kind = Picks([(kind, t(f"task.kind.{kind}")) for kind in KINDS], several=False, keys="")
        self.kind.choose(KINDS[0])
        self.due = Picks([(str(days), t("task.within", n=days)) for days in DUE], several=False, keys="")
        self.body.insertWidget(0, self.kind)
        for part in (label(t("task.due"), "second"), self.due, self.message):
            self.body.addWidget(part)

    def save(self) -> None:
        if not (self.wanted("title", t("task.title_wanted")) and self.wanted("provider", t("task.provider_wanted"))):
            return
        days, actor, store = self.due.picked(), self.desk.actor, self.desk.store
        due = actor.today() + timedelta(days=int(days[0])) if days else None
        handing = Handing(
            self.kind.picked()[0], self.fields["title"].text(), self.fields["provider"].text(), due_on=due
        )
        self._write(lambda: handing_over.hand_over(store, actor, self.household, handing), t("task.handed"))


class ResultSheet(_TaskSheet):
    """What came of a task, in words; hours and the family's own word where there are some."""

    def __init__(self, window: QWidget, desk: Desk, task: str, title: str, done: Callable[[], None]) -> None:
        super().__init__(window, desk, t("task.result_title", what=title), ("result", "hours", "word"), done)
        self.task = task
        self.body.addWidget(self.message)

    def save(self) -> None:
        if not self.wanted("result", t("task.result_wanted")):
            return
        actor, store = self.desk.actor, self.desk.store
        texts = {name: field.text() for name, field in self.fields.items()}
        result = Result(texts["result"], actor.today(), texts["hours"], texts["word"])
        self._write(lambda: handing_over.close(store, actor, self.task, result), t("task.closed"))
