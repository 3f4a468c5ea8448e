"""All procedures there are: those that ship with the program and those the county published (``procedure/<id>``).

The county's own file of the same id takes the shipped one's place; matters opened under the old one read by the new,
so a county adds steps and renames them but keeps the ids of those it has used.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from fieldapp.store.api import DocumentView, ReadTx
from fieldapp.workflows.matters.procedure import Procedure
from fieldapp.workflows.matters.reading import read_procedure

CONTROL = "procedure/"
FOLDER = Path(__file__).resolve().parents[3] / "resources" / "procedures"


@cache
def shipped() -> Mapping[str, Procedure]:
    """Procedure by id, in the order of the file names."""
    found = [read_procedure(path.read_bytes(), path.name) for path in sorted(FOLDER.glob("*.yaml"))]
    return {each.id: each for each in found}


def procedures(tx: ReadTx) -> Mapping[str, Procedure]:
    """Those in force on this laptop."""
    named = tuple((name, version) for name, version in sorted(tx.controls().items()) if name.startswith(CONTROL))
    bodies = []
    for name, _version in named:
        statement = tx.control(name)
        assert statement is not None
        bodies.append((name, str(statement.body["content"]["base64"])))
    return _with(tuple(bodies))


def step_named(tx: ReadTx, view: DocumentView, key: str, lang: str) -> tuple[str, str]:
    """What an entry's step is called, and its form; the key itself where its procedure is not here. ``lang`` may be a
    form's own name for a language."""
    procedure = procedures(tx).get(str(view.state.get("procedure") or ""))
    step_id = key.partition(":")[0]
    if procedure is None or not procedure.has(step_id):
        return key, ""
    step = procedure.step(step_id)
    return step.words.said("en" if "en" in lang else "zh"), step.form


@lru_cache(maxsize=2)
def _with(published: tuple[tuple[str, str], ...]) -> Mapping[str, Procedure]:
    own = [read_procedure(base64.b64decode(text), name) for name, text in published]
    return {**shipped(), **{each.id: each for each in own}}
