"""The form engine's whole contract: outsiders import this module and nothing below it.

    compiled = compile_xlsform(Path("visit.xlsx"), vocabulary=facts)  # seconds: once, off the GUI thread
    definition = load_xform(compiled.xml)                             # fast
    session = open_session(definition, Environment(now=..., zone=...), prefill=answers)
    changes = session.set("/income/wage", 1200)
    submission = session.finalise()

Node ids are JSON Pointers into ``answers()``; see ``FormSession``.

不清楚、拒答、待核: a question ``x`` may have a companion ``select_one`` with ``bind::tjb:unknown-of = x``
whose choices are ``unclear``, ``refused``, ``pending``. Elsewhere it is an ordinary question; here answering
one clears the other, an answered companion satisfies ``required`` of ``x``, and ``NodeDef.companion`` lets a
window draw it beside ``x``. Declare the namespace in the settings sheet, column ``namespaces``:
``tjb="https://ironsoles.invalid/xforms"``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from forms.definition.model import CompiledForm, FormDefinition, Kind, NodeDef, RangeDef, Type
from forms.environment import Environment
from forms.problems import (
    AnswerProblem,
    AnswerRefused,
    DraftError,
    FormError,
    FormErrors,
    FormIncomplete,
    FormProblem,
    UnknownNode,
)
from forms.session.contract import (
    AuditEntry,
    ChangeSet,
    Choice,
    EntityWrite,
    FactAnswer,
    FactState,
    FormSession,
    Json,
    NodeView,
    RowChange,
    Submission,
    Value,
)
from forms.session.reports import Cast, Difference, MigrationReport, Orphan, Table

__all__ = [
    "AnswerProblem", "AnswerRefused", "AuditEntry", "Cast", "ChangeSet", "Choice", "CompiledForm",
    "Difference", "DraftError", "EntityWrite", "Environment", "FactAnswer", "FactState", "FormDefinition",
    "FormError", "FormErrors", "FormIncomplete", "FormProblem", "FormSession", "Json", "Kind",
    "MigrationReport", "NodeDef", "NodeView", "Orphan", "RangeDef", "RowChange", "Submission", "Table",
    "Type", "UnknownNode", "Value",
    "answer_text", "choices_of", "compare", "compile_xlsform", "flatten", "label_text", "load_xform",
    "migrate_draft", "open_session", "read_submission",
]  # fmt: skip


def compile_xlsform(source: Path | bytes, *, vocabulary: Collection[str] | None = None) -> CompiledForm:
    """Compile and check a workbook; raises FormErrors naming every cell that is wrong.

    ``vocabulary`` are the fact names the rules know; None leaves fact names unchecked. Takes seconds.
    """
    from forms.xlsform.compile import compile_workbook

    return compile_workbook(source, vocabulary)


def load_xform(xml: bytes) -> FormDefinition:
    """Read a compiled XForm; raises FormErrors when it is not one."""
    from forms.definition.load import load_definition

    return load_definition(xml)


def open_session(
    definition: FormDefinition,
    env: Environment,
    *,
    draft: Mapping[str, Json] | None = None,
    prefill: Mapping[str, Json] | None = None,
    last_saved: Mapping[str, Json] | None = None,
) -> FormSession:
    """Start or resume filling a form.

    ``draft`` is a ``save()`` of the same form version (else ``migrate_draft`` first). ``prefill`` is an
    answers tree, possibly partial; paths the form does not have are ignored. ``last_saved`` is the
    ``answers()`` of the previous submission, for ``${last-saved#...}`` defaults. Raises DraftError, and
    FormErrors when a file the form needs is not in ``env.instances``.
    """
    from forms.session.session import Session

    return Session.open(definition, env, draft=draft, prefill=prefill, last_saved=last_saved)


def read_submission(definition: FormDefinition, xml: bytes) -> dict[str, Json]:
    """The answers tree of an OpenRosa submission; rows are keyed "r1", "r2"... Raises DraftError."""
    from forms.session.incoming import answers_from_xml

    return answers_from_xml(definition, xml)


def migrate_draft(
    draft: Mapping[str, Json], old: FormDefinition, new: FormDefinition
) -> tuple[dict[str, Json], MigrationReport]:
    """A copy of the draft for another version of its form, by path, and what became of each answer."""
    from forms.session.migrate import migrate

    return migrate(draft, old, new)


def compare(
    definition: FormDefinition, a: Mapping[str, Json], b: Mapping[str, Json], lang: str = ""
) -> list[Difference]:
    """What differs between two answers trees, question by question in the form's order."""
    from forms.session.compare import differences

    return differences(definition, a, b, lang)


def answer_text(definition: FormDefinition, node_id: str, value: Json, lang: str = "") -> str:
    """An answer of an answers tree as a person reads it: choice labels for names, 、 between several."""
    from forms.session.compare import spoken_answer

    return spoken_answer(definition, node_id, value, lang)


def label_text(definition: FormDefinition, node_id: str, lang: str = "") -> str:
    """The label of a group, repeat or question as paper prints it ("…" for what it takes from answers), else its
    name. Raises UnknownNode."""
    from forms.session.compare import label_of

    return label_of(definition, node_id, lang)


def choices_of(definition: FormDefinition, node_id: str, lang: str = "") -> tuple[Choice, ...]:
    """The whole list of a question, unfiltered; empty when the form does not hold it. Raises UnknownNode."""
    from forms.session.compare import listed_choices

    return listed_choices(definition, node_id, lang)


def flatten(
    definition: FormDefinition, submissions: Iterable[Mapping[str, Json]] | Mapping[str, Mapping[str, Json]]
) -> list[Table]:
    """Flat tables of answers trees: one for the form, one per repeat, joined by KEY and PARENT_KEY.

    Keys are those of a mapping, else the running number from 1.
    """
    from forms.session.flatten import tables

    return tables(definition, submissions)
