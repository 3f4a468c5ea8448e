"""The forms this laptop can open, kept by id and version, so that a draft finds the one it began with.

In force is what the county published last (``receive``), else the form that ships with the program. Compiled forms
hold nothing personal; they lie in clear in a folder of their own, beside the profile.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from fieldapp.errors import StateError
from fieldapp.store.files import write_whole
from fieldapp.workflows.published import PublishedForm
from forms import api as forms
from forms import shipped
from forms.api import FormDefinition

Compile = Callable[[Path], bytes]


def compile_here(workbook: Path) -> bytes:
    """Compile in this process: seconds of Python, for tests and commands; a window hands in a child process."""
    from fieldapp.policy.api import fact_names

    return forms.compile_xlsform(workbook, vocabulary=fact_names()).xml


class FormShelf:
    """``folder`` keeps compiled forms. May be used from any thread; the first use of a new workbook takes seconds."""

    def __init__(self, folder: Path, compile_workbook: Compile = compile_here) -> None:
        self._folder = folder
        self._compile = compile_workbook
        self._lock = threading.Lock()
        self._open: dict[str, FormDefinition] = {}

    def newest(self, form_id: str) -> FormDefinition:
        """The form in force. Raises StateError ``form.unknown``, FormErrors when its workbook does not compile."""
        with self._lock:
            current = self._pointer(form_id)
            if current is not None:
                return self._load(self._folder / _kept_name(form_id, current["version"]))
            workbook = shipped.workbooks().get(form_id)
            if workbook is None:
                raise StateError("form.unknown", form=form_id)
            return self._of_workbook(workbook)

    def receive(self, form: PublishedForm) -> None:
        """Take a form the county published; an older publication than the one in force changes nothing."""
        with self._lock:
            current = self._pointer(form.form_id)
            if current is not None and current["control"] >= form.control:
                return
            definition = forms.load_xform(form.xform)
            _write(self._folder / _kept_name(form.form_id, definition.version), form.xform)
            pointer = {"control": form.control, "version": definition.version}
            _write(self._folder / f"{form.form_id}.current.json", json.dumps(pointer).encode())

    def version(self, form_id: str, version: str) -> FormDefinition | None:
        """This very version when it has ever been opened here, else None."""
        with self._lock:
            kept = self._folder / _kept_name(form_id, version)
            return self._load(kept) if kept.is_file() else None

    def best(self, form_id: str, version: str | None) -> FormDefinition:
        """The version a visit was made with, else the one in force: paths that both have read alike."""
        found = self.version(form_id, version) if version else None
        return found or self.newest(form_id)

    def titles(self, form_ids: Iterable[str]) -> dict[str, str]:
        """Form id → title of the forms named, for lists."""
        return {form_id: self.newest(form_id).title() for form_id in form_ids}

    def form_ids(self) -> list[str]:
        """Every form this laptop can open: those that ship with the program, those the county published."""
        published = (path.name.removesuffix(".current.json") for path in self._folder.glob("*.current.json"))
        return sorted({*shipped.workbooks(), *published})

    def _of_workbook(self, workbook: Path) -> FormDefinition:
        made = shipped.twin(workbook)
        if not made.is_file():
            made = self._folder / made.name
        if not made.is_file():
            _write(made, self._compile(workbook))
        definition = self._load(made)
        kept = self._folder / _kept_name(workbook.stem, definition.version)
        if not kept.is_file():
            _write(kept, made.read_bytes())
        return definition

    def _pointer(self, form_id: str) -> dict[str, Any] | None:
        path = self._folder / f"{form_id}.current.json"
        return json.loads(path.read_bytes()) if path.is_file() else None

    def _load(self, path: Path) -> FormDefinition:
        found = self._open.get(path.name)
        if found is None:
            found = self._open[path.name] = forms.load_xform(path.read_bytes())
        return found


def _kept_name(form_id: str, version: str) -> str:
    return f"{form_id}-{version}.xml"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data)
