"""The forms this laptop can open: compiled once, kept by id and version, so that a draft finds the one it began with.

Compiled forms hold nothing personal; they lie in clear in a folder of their own, beside the profile.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from fieldapp.errors import StateError
from forms import api as forms
from forms.api import FormDefinition

Compile = Callable[[Path], bytes]


def bundled_forms() -> dict[str, Path]:
    """The workbooks that ship with the program, by form id (the file's name)."""
    folder = Path(forms.__file__).with_name("definitions")
    return {path.stem: path for path in sorted(folder.glob("*.xlsx"))}


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
        workbook = bundled_forms().get(form_id)
        if workbook is None:
            raise StateError("form.unknown", form=form_id)
        with self._lock:
            return self._of_workbook(form_id, workbook)

    def version(self, form_id: str, version: str) -> FormDefinition | None:
        """This very version when it has ever been opened here, else None."""
        with self._lock:
            kept = self._folder / _kept_name(form_id, version)
            return self._load(kept) if kept.is_file() else None

    def best(self, form_id: str, version: str | None) -> FormDefinition:
        """The version a visit was made with, else the one in force: paths that both have read alike."""
        found = self.version(form_id, version) if version else None
        return found or self.newest(form_id)

    def titles(self, form_ids: Mapping[str, object]) -> dict[str, str]:
        """Form id → title of the forms named, for lists."""
        return {form_id: self.newest(form_id).title() for form_id in form_ids}

    def _of_workbook(self, form_id: str, workbook: Path) -> FormDefinition:
        made = self._folder / f"{form_id}@{_digest(workbook)}.xml"
        if not made.is_file():
            _write(made, self._compile(workbook))
        definition = self._load(made)
        kept = self._folder / _kept_name(form_id, definition.version)
        if not kept.is_file():
            _write(kept, made.read_bytes())
        return definition

    def _load(self, path: Path) -> FormDefinition:
        found = self._open.get(path.name)
        if found is None:
            found = self._open[path.name] = forms.load_xform(path.read_bytes())
        return found


def _kept_name(form_id: str, version: str) -> str:
    return f"{form_id}-{version}.xml"


def _digest(workbook: Path) -> str:
    return hashlib.sha256(workbook.read_bytes()).hexdigest()[:16]


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(data)
    os.replace(fresh, path)
