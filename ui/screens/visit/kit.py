"""What every visit needs and is made once per open profile: the shelf of forms, the rules, names of places."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from weakref import WeakKeyDictionary

from fieldapp.errors import StateError
from fieldapp.store.api import Store
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.assessing import Rules
from fieldapp.workflows.form_shelf import FormShelf, compile_here
from fieldapp.workflows.published import published
from fieldapp.workflows.visit_drafts import HOME_VISIT
from fieldapp.workflows.visits import VisitOpening
from forms import api as forms
from forms.api import Environment, FormDefinition, FormSession
from ui import tasks
from ui.desk import Desk
from ui.garbage import set_aside
from ui.words import has, language, t


@dataclass
class Kit:
    """``rules`` is None while the county has published no policy pack: results then come from the county."""

    shelf: FormShelf
    rules: Rules | None = None
    pack: tuple[str, int] = ("", 0)

    def renew(self, store: Store, on: date) -> None:
        """Take what sync has brought since: forms whose date has come, the newest pack. Not on the GUI thread."""
        found = store.read(lambda tx: published(tx, on)).result()
        for form in found.forms:
            self.shelf.receive(form)
        if found.pack is not None and (found.pack.name, found.pack.control) != self.pack:
            self.pack, self.rules = (found.pack.name, found.pack.control), Rules(found.pack.workbook)


_kits: WeakKeyDictionary[Desk, Kit] = WeakKeyDictionary()


def kit_of(desk: Desk) -> Kit:
    found = _kits.get(desk)
    if found is None:
        found = _kits[desk] = Kit(FormShelf(desk.profile.folder / "forms", compile_in_child))
    return found


def warm(desk: Desk) -> None:
    """Have the home visit compiled before anybody stands at a door: the first time takes seconds, in a child."""
    shelf = kit_of(desk).shelf
    tasks.run(lambda: shelf.newest(HOME_VISIT), lambda _form: set_aside(), owner=desk)


def compile_in_child(workbook: Path) -> bytes:
    """Compiling takes seconds of Python, which would starve the window: a spawned child does it."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as child:
        return child.submit(compile_here, workbook).result()


def open_session(opening: VisitOpening, actor: Actor) -> FormSession:
    """The session of an opening in the window's language; some tens of milliseconds, off the GUI thread."""
    zone = datetime.now().astimezone().tzinfo
    assert zone is not None
    env = Environment(now=actor.now, zone=zone, username=actor.user, language=form_language(opening.form))
    last = opening.last.answers if opening.last is not None else None
    return forms.open_session(opening.form, env, draft=opening.draft, prefill=opening.prefill, last_saved=last)


def form_title(form: FormDefinition) -> str:
    """The glossary's short name of a form, else its own title in the window's language."""
    key = f"form.{form.id}"
    return t(key) if has(key) else form.title(form_language(form))


def form_titles(shelf: FormShelf, form_ids: Iterable[str]) -> dict[str, str]:
    """Form id -> title, for lists; not on the GUI thread. A form that never came here is named by its id."""
    found = {}
    for form_id in form_ids:
        try:
            found[form_id] = form_title(shelf.newest(form_id))
        except StateError:
            found[form_id] = form_id
    return found


def form_language(form: FormDefinition) -> str:
    """The form's own name for the window's language: ``中文 (zh)``."""
    wanted = language()
    return next((name for name in form.languages if name == wanted or f"({wanted})" in name), form.default_language)
