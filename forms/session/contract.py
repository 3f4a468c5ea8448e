"""What a form session says to the outside: values, views, changes, submissions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from forms.definition.model import FormDefinition, NodeDef
from forms.problems import AnswerProblem

Value = str | int | Decimal | bool | date | datetime | time | tuple[str, ...] | None
"""An answer as Python sees it: text, files, geo and select_one are str, select_multiple and rank tuples
of str, integer int, decimal and range Decimal, date/time/datetime their types, acknowledge True; None is
empty."""

Json = Any
"""A JSON value. Answers are stored so: integer as int, decimal as its shortest text ("12.5"), acknowledge
as "OK", select_multiple and rank as list, everything else as str; null is an answer that was taken back."""

ROW = "@row"
ORDER = "@order"


@dataclass(frozen=True)
class RowChange:
    """A row that came, went or moved. ``before`` is the row it now stands before, None at the end."""

    repeat_id: str
    row_id: str
    before: str | None = None


@dataclass(frozen=True)
class ChangeSet:
    """What one call changed, as ids (never positions). Widgets refresh what is named and nothing else."""

    values: frozenset[str] = frozenset()
    relevance: frozenset[str] = frozenset()
    readonly: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    validity: frozenset[str] = frozenset()
    choices: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    rows_added: tuple[RowChange, ...] = ()
    rows_removed: tuple[RowChange, ...] = ()
    rows_moved: tuple[RowChange, ...] = ()

    @property
    def nodes(self) -> frozenset[str]:
        """Every node whose view may differ now."""
        return (self.values | self.relevance | self.readonly | self.required
                | self.validity | self.choices | self.labels)

    def __bool__(self) -> bool:
        return bool(self.nodes or self.rows_added or self.rows_removed or self.rows_moved)


@dataclass(frozen=True)
class Choice:
    """One choice in the current language; ``media`` maps "image", "audio", "video" to file names."""

    value: str
    label: str
    media: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NodeView:
    """One node as it is to be shown now.

    ``valid`` is False while a constraint is violated; ``missing`` is True while a required answer is
    wanted (an answered 不清楚/拒答/待核 companion satisfies it); ``message`` explains whichever holds.
    ``prefilled`` marks an answer that came from outside and nobody has touched. ``position`` is the row's
    place from 1 for rows, else 0. Choices are filtered and in the order to show.
    """

    id: str
    node: NodeDef
    label: str
    hint: str
    guidance: str
    value: Value
    text: str
    relevant: bool
    readonly: bool
    required: bool
    missing: bool
    valid: bool
    message: str
    prefilled: bool
    choices: tuple[Choice, ...]
    media: Mapping[str, str]
    position: int = 0


class FactState(StrEnum):
    """How well a fact is known."""

    KNOWN = "known"
    UNCLEAR = "unclear"  # 不清楚
    REFUSED = "refused"  # 拒答
    PENDING = "pending"  # 待核
    EMPTY = "empty"  # relevant, asked, not answered


@dataclass(frozen=True)
class FactAnswer:
    """What a relevant fact question says. ``rows`` are the keys of the rows around it, outermost first."""

    fact: str
    value: Value
    state: FactState
    rows: tuple[str, ...]
    node_id: str


@dataclass(frozen=True)
class EntityWrite:
    """One ODK Entity to create, update or upsert. ``row_id`` is the row it came from ("" for the form)."""

    dataset: str
    entity_id: str
    action: str
    label: str
    properties: Mapping[str, str]
    row_id: str = ""
    base_version: str = ""
    trunk_version: str = ""
    branch_id: str = ""


@dataclass(frozen=True)
class AuditEntry:
    """An answer given, changed, or a row added or removed; ``at`` is an aware ISO 8601 text."""

    at: str
    event: str
    node_id: str


@dataclass(frozen=True)
class Submission:
    """A finished form. ``answers`` and ``touched`` go into the revision, ``xml`` is the OpenRosa instance."""

    form_id: str
    form_version: str
    instance_id: str
    answers: Mapping[str, Json]
    touched: frozenset[str]
    xml: bytes = field(repr=False)
    entities: tuple[EntityWrite, ...] = ()
    audit: tuple[AuditEntry, ...] = ()
    attachments: tuple[str, ...] = ()


class FormSession(Protocol):
    """A form being filled.

    Node ids are JSON Pointers into ``answers()``: "/income/wage", "/members/<row key>/age"; a row's id is
    "/members/<row key>" and the root is "". Ids never change while their row lives. One thread only.

    In ``answers()`` a repeat is ``{"@order": [row keys], "<row key>": {"@row": true, ...}}``. A row's
    existence is the one leaf ``/members/<key>/@row``: true, or false after a prefilled row was removed.
    ``@order`` is a leaf that counts as touched only when rows were moved; rows it does not name follow it
    by key.
    """

    definition: FormDefinition

    @property
    def language(self) -> str: ...
    def set_language(self, language: str) -> ChangeSet:
        """Show another language; an unknown one falls back to the default."""

    def set(self, node_id: str, value: Value | list[str] | float) -> ChangeSet:
        """Answer a question. Raises AnswerRefused when the type does not fit, UnknownNode, nothing else."""

    def add_row(self, repeat_id: str, key: str | None = None, before: str | None = None) -> ChangeSet:
        """Add a row to a repeat (id "/members"); ``key`` may be a person id: letters, digits, "-_.:"."""

    def remove_row(self, row_id: str) -> ChangeSet: ...
    def move_row(self, row_id: str, before: str | None) -> ChangeSet:
        """Put a row before another row of the same repeat, or last."""

    def undo(self) -> ChangeSet: ...
    def redo(self) -> ChangeSet: ...
    @property
    def can_undo(self) -> bool: ...
    @property
    def can_redo(self) -> bool: ...
    def observe(self, callback: Callable[[ChangeSet], None] | None) -> None:
        """Call back after every change with what changed; one observer, None takes it away."""

    def view(self, node_id: str) -> NodeView: ...
    def children(self, node_id: str = "") -> tuple[str, ...]:
        """Ids under a group, row or the root in document order; of a repeat, its row ids."""

    def parent(self, node_id: str) -> str | None: ...
    def node_of(self, node_id: str) -> NodeDef:
        """The definition of a node; for a row, of its repeat."""

    def exists(self, node_id: str) -> bool: ...
    def instances(self, definition_id: str) -> tuple[str, ...]:
        """The ids of every instance of a definition node, row by row ("/members/age" in each member)."""

    def can_add(self, repeat_id: str) -> bool: ...
    def can_remove(self, row_id: str) -> bool: ...
    def problems(self) -> tuple[AnswerProblem, ...]:
        """Missing required answers and violated constraints among relevant nodes, in document order."""

    def facts(self) -> tuple[FactAnswer, ...]: ...
    def answers(self) -> dict[str, Json]:
        """The relevant answers as a JSON tree."""

    def touched(self) -> frozenset[str]:
        """JSON Pointers into ``answers()`` of the leaves this session asserts: what the user wrote, and the
        defaults the form gave where nothing was prefilled. Untouched prefills, calculated values and answers
        now irrelevant are not among them."""

    def save(self) -> dict[str, Json]:
        """The draft: every answer, irrelevant ones too, prefill marks, audit. Reopen with open_session."""

    def audit(self) -> tuple[AuditEntry, ...]: ...
    def submission_xml(self) -> bytes:
        """The OpenRosa instance as it stands, finished or not."""

    def finalise(self) -> Submission:
        """The submission; raises FormIncomplete. The session stays usable."""
