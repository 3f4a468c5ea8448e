"""The form as its author wrote it: immutable, shared by every session that fills it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forms.definition.plan import Plan

TJB_NAMESPACE = "https://ironsoles.invalid/xforms"


class Kind(StrEnum):
    """What a node is on screen."""

    GROUP = "group"
    REPEAT = "repeat"
    QUESTION = "question"
    NOTE = "note"
    VALUE = "value"  # calculated, preloaded or hidden: no control


class Type(StrEnum):
    """What is asked, in XLSForm's own words; ``NONE`` for groups and repeats."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    RANK = "rank"
    RANGE = "range"
    GEOPOINT = "geopoint"
    GEOTRACE = "geotrace"
    GEOSHAPE = "geoshape"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    BARCODE = "barcode"
    ACKNOWLEDGE = "acknowledge"
    NOTE = "note"
    NONE = ""


@dataclass(frozen=True, slots=True)
class RangeDef:
    """Bounds of a range question as written in the form."""

    start: str
    end: str
    step: str


@dataclass(frozen=True)
class NodeDef:
    """One group, repeat, question or value of the form.

    ``id`` is the JSON Pointer of its answer without row keys ("/members/age"; the root is ""), and
    ``path`` its XForms path ("/data/members/age"). ``bind`` holds every other bind attribute by its
    name in the form ("tjb:fact"). ``unknown_of`` is the id of the question this one says 不清楚/拒答/待核
    about; ``companion`` is the reverse. ``repeats`` are the ids of the repeats around it, outermost first.
    """

    id: str
    name: str
    path: str
    kind: Kind
    type: Type = Type.NONE
    data_type: str = "string"
    control: str = ""
    appearance: tuple[str, ...] = ()
    parent: str | None = None
    children: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
    bind: Mapping[str, str] = field(default_factory=dict)
    fact: str = ""
    unknown_of: str = ""
    companion: str = ""
    required: bool = False
    readonly: bool = False
    calculated: bool = False
    has_choices: bool = False
    list_name: str = ""
    media_type: str = ""
    range: RangeDef | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    counted: bool = False
    fixed_rows: bool = False
    save_to: str = ""


@dataclass(frozen=True, eq=False)
class FormDefinition:
    """A checked form. ``nodes`` is in document order; ``xml`` is the XForm it was read from."""

    id: str
    version: str
    root_name: str
    languages: tuple[str, ...]
    default_language: str
    nodes: Mapping[str, NodeDef]
    titles: Mapping[str, str]
    external_files: tuple[str, ...]
    xml: bytes = field(repr=False)
    plan: Plan = field(repr=False)

    def title(self, lang: str = "") -> str:
        """The form's title; the default language when ``lang`` has none."""
        return self.titles.get(lang) or self.titles.get("", "")

    def node(self, node_id: str) -> NodeDef:
        """The definition behind a definition id; raises KeyError."""
        return self.nodes[node_id]

    def walk(self, node_id: str = "") -> Iterator[NodeDef]:
        """The node and everything under it, in document order."""
        node = self.nodes[node_id]
        yield node
        for child in node.children:
            yield from self.walk(child)

    def facts(self) -> Mapping[str, str]:
        """Definition ids by the fact they bind (the first question wins when several bind one)."""
        found: dict[str, str] = {}
        for node in self.nodes.values():
            if node.fact:
                found.setdefault(node.fact, node.id)
        return found


@dataclass(frozen=True)
class CompiledForm:
    """A workbook that passed every check: keep ``xml`` and reopen it with ``load_xform``."""

    definition: FormDefinition
    xml: bytes = field(repr=False)
    warnings: tuple[str, ...] = ()
