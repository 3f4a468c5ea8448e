"""What question widgets may ask while a visit is filled: files into the store, last time's answers, comments, areas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from fieldapp.domain.pointers import get
from fieldapp.workflows import visit_files
from fieldapp.workflows.last_answers import last_answer
from fieldapp.workflows.places import Places
from ui import tasks
from ui.desk import Desk
from ui.formats import day_text
from ui.questions.host import AreaChoice, LastAnswer, Outline
from ui.screens.visit.sheet import VisitSheet
from ui.units import told


class VisitHost:
    """The host of one visit's questions."""

    def __init__(self, sheet: VisitSheet, places: Places) -> None:
        self._sheet, self._places = sheet, places
        self._desk: Desk = sheet.desk
        self._comments = {each.path: each.text for each in sheet.opening.comments}

    @property
    def today(self) -> date:
        return self._desk.actor.today()

    def keep(self, node_id: str, make: Callable[[], bytes], kind: str) -> None:
        store, visit = self._desk.store, self._sheet.opening.header.owner
        self._sheet.store_file(node_id, lambda: visit_files.keep(store, visit, make(), kind))

    def fetch(self, blob_id: str, done: Callable[[bytes | None], None]) -> None:
        tasks.run(visit_files.fetch(self._desk.store, blob_id), done, owner=self._sheet, failed=self._desk.present)

    def last(self, node_id: str) -> LastAnswer | None:
        before = self._sheet.opening.last
        if before is None:
            return None
        value: Any = get(_mapping(before.answers), node_id)
        if value is None or isinstance(value, Mapping):
            return None
        session = self._sheet.session
        found = last_answer(session.definition, session.node_of(node_id), value, session.language)
        return LastAnswer(found[0], told(found[1]), day_text(before.on, today=self.today)) if found else None

    def comment(self, node_id: str) -> str:
        return self._comments.get(node_id, "")

    def areas(self) -> Sequence[AreaChoice]:
        return [AreaChoice(code, self._places.grid_words(code), code) for code in sorted(self._places.names)]

    def outlines(self) -> Sequence[Outline]:
        scopes = self._desk.actor.scopes
        return [
            Outline(self._places.name(code), ring)
            for code, rings in self._places.outlines.items()
            if any(code.startswith(scope) or scope.startswith(code) for scope in scopes)
            for ring in rings
        ]


def _mapping(tree: Mapping[str, Any]) -> dict[str, Any]:
    return dict(tree)
