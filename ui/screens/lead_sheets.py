"""Sheets over the leads: entering one on the spot, giving one to somebody, a sentence to say why."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtWidgets import QWidget

from fieldapp.domain.documents import CHANNELS
from fieldapp.workflows import lead_entry
from fieldapp.workflows.lead_clocks import LeadTerms
from fieldapp.workflows.lead_desk import Assignable
from fieldapp.workflows.lead_entry import Alike, NewLead
from fieldapp.workflows.leads import LeadPage
from ui import formats, privacy
from ui.desk import Desk
from ui.widgets.fields_sheet import FieldsSheet
from ui.widgets.labels import label
from ui.widgets.notices import ErrorLine
from ui.widgets.pick_sheet import Picks, PickSheet
from ui.words import t

WIDE = 800
ANOTHER = "another"
MOST_WORKERS, MOST_GRIDS = 12, 24


class NewLeadSheet(FieldsSheet):
    """Who, where, what; the channel is one click. What may be there already is asked before it is written."""

    def __init__(self, window: QWidget, desk: Desk, terms: LeadTerms, done: Callable[[str], None]) -> None:
        names = ("person_name", "place", "content", "source", "phone")
        super().__init__(window, t("leads.enter_title"), names, words="leads", width=WIDE)
        self._over, self.desk, self.terms, self._done = window, desk, terms, done
        room = WIDE - 48
        self.channel = Picks([(one, t(f"channel.{one}")) for one in CHANNELS], several=False, keys="", columns=5,
                             room=room)  # fmt: skip
        self.channel.choose("walk_in" if desk.actor.at_desk else "neighbour")
        self.urgent = Picks([("urgent", t("report.urgent"))], several=True, keys="", columns=1, room=room)
        self.message = ErrorLine()
        self.body.insertWidget(0, self.channel)
        for part in (self.urgent, self.message):
            self.body.addWidget(part)

    def save(self) -> None:
        wanted = self.wanted("person_name", t("quick.who_wanted")) and self.wanted("content", t("leads.content_wanted"))
        if not wanted or not self.save_button.isEnabled():
            return
        told = {name: field.text() for name, field in self.fields.items()}
        lead = NewLead(self.channel.picked()[0], urgent=bool(self.urgent.picked()), **told)
        self.save_button.setEnabled(False)
        store, actor = self.desk.store, self.desk.actor
        self.desk.read(
            lambda: lead_entry.alike(store, actor, lead), lambda found: self._checked(lead, found), owner=self,
            failed=self._refused,
        )  # fmt: skip

    def _checked(self, lead: NewLead, found: tuple[Alike, ...]) -> None:
        if not found:
            self._write(lead, "")
            return
        options = [(one.id, _alike_words(one)) for one in found[:6]] + [(ANOTHER, t("leads.another"))]
        sheet = PickSheet(
            self._over, t("leads.alike_title", name=privacy.name(lead.person_name)), options,
            lambda picked: self._write(lead, "" if picked[0] == ANOTHER else picked[0]), words=t("leads.alike_words"),
        )  # fmt: skip
        sheet.closed.connect(lambda: self.save_button.setEnabled(True))
        sheet.open()

    def _write(self, lead: NewLead, onto: str) -> None:
        store, actor, terms = self.desk.store, self.desk.actor, self.terms

        def work() -> Future[str]:
            return lead_entry.add_to(store, actor, onto, lead) if onto else lead_entry.enter(store, actor, lead, terms)

        self.desk.write(work, lambda made: self._written(made, added=bool(onto)), owner=self, failed=self._refused)

    def _written(self, made: str, *, added: bool) -> None:
        self.close_sheet()
        self.desk.say(t("leads.added" if added else "leads.entered"))
        self._done(made)

    def _refused(self, error: BaseException) -> None:
        self.save_button.setEnabled(True)
        self.message.tell(error)


class AssignSheet(FieldsSheet):
    """To whom, and in which grid: a name typed or picked."""

    def __init__(
        self, window: QWidget, page: LeadPage, found: Assignable, take: Callable[[str, str | None], None]
    ) -> None:
        title = t("leads.assign_title", name=privacy.name(page.line.name))
        super().__init__(window, title, ("assignee",), words="leads", width=WIDE)
        self._take = take
        room = WIDE - 48
        self.workers = Picks([(name, name) for name in found.workers[:MOST_WORKERS]], several=False, keys="",
                             columns=4, room=room)  # fmt: skip
        self.workers.on_change = lambda: self.fields["assignee"].field.setText("".join(self.workers.picked()))
        if page.line.assigned_to:
            self.fields["assignee"].field.setText(page.line.assigned_to)
        elif found.workers:
            self.fields["assignee"].field.setText(found.workers[0])
        self.grids = Picks(found.grids[:MOST_GRIDS], several=False, keys="", columns=4, room=room)
        if page.area in dict(found.grids):
            self.grids.choose(page.area)
        self.body.addWidget(self.workers)
        self.body.addWidget(label(t("leads.which_grid"), "second"))
        self.body.addWidget(self.grids)

    def save(self) -> None:
        if self.wanted("assignee", t("leads.assignee_wanted")):
            grid = self.grids.picked()
            self.close_sheet()
            self._take(self.fields["assignee"].text(), grid[0] if grid else None)


class WordsSheet(FieldsSheet):
    """One sentence: why it is handed back, withdrawn, or whom the family is close to."""

    def __init__(
        self, window: QWidget, name: str, take: Callable[[str], None], *, text: str = "", may_be_empty: bool = False
    ) -> None:
        super().__init__(window, t(f"leads.key.{name}"), (name,), words="leads")
        self._name, self._take, self._may_be_empty = name, take, may_be_empty
        self.fields[name].field.setText(text)

    def save(self) -> None:
        if self._may_be_empty or self.wanted(self._name, t("leads.why_wanted")):
            self.close_sheet()
            self._take(self.fields[self._name].text())


def _alike_words(one: Alike) -> str:
    day = formats.day_text(one.issued_on)
    state = t("leads.open") if one.open else t("leads.settled")
    return " · ".join(part for part in (day, one.source, privacy.secret(one.content)[:24], state) if part)
