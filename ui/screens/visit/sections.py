"""The sections of a form as the left of the screen lists them, and how far each is.

Sections are the groups and repeats under the root; a group directly inside such a repeat is a section of its own, with
the rows as tabs (ARCHITECTURE.md, "Forms on screen"). Questions that stand in no group are a section too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forms.api import AnswerProblem, FormSession, Kind, NodeDef

SECTION = "tjb:section"
GROUP, ROWS, ROW_GROUP, ROOT = "group", "rows", "row_group", "root"


ASKED = (Kind.QUESTION, Kind.NOTE)


@dataclass(frozen=True)
class Section:
    """``id`` is a definition id. ``kind``: ``group``, ``rows`` (a repeat shown whole), ``row_group`` (a group inside
    the rows of ``repeat``), ``root`` (questions outside every group; ``id`` is ""). ``first`` marks the section in
    which rows are added and removed."""

    id: str
    kind: str
    repeat: str = ""
    first: bool = False

    def holds(self, node_id: str, session: FormSession) -> bool:
        """Whether a question or row stands in this section."""
        return self.holds_node(session.node_of(node_id), session)

    def holds_node(self, node: NodeDef, session: FormSession) -> bool:
        definition = node.id
        if self.kind == ROOT:
            return definition.count("/") == 1 and node.kind in ASKED
        if self.kind == ROWS:
            inside = session.definition.node(self.id).children
            groups = [child for child in inside if session.definition.node(child).kind is Kind.GROUP]
            return _under(definition, self.id) and not any(_under(definition, group) for group in groups)
        return _under(definition, self.id) or (self.first and definition == self.repeat)


@dataclass(frozen=True)
class State:
    """``state``: ``done`` | ``open`` (begun, ``problems`` left) | ``todo`` (nobody was there yet)."""

    state: str
    problems: int


def plan_sections(session: FormSession) -> list[Section]:
    """Sections in the order of their ``tjb:section`` numbers, else the form's."""
    found: list[tuple[float, int, Section]] = []
    for place, node in enumerate(_tops(session)):
        number = _number(node, float(place) * 10)
        if node.kind in ASKED:
            if not any(section.kind == ROOT for *_, section in found):
                found.append((number, len(found), Section("", ROOT)))
            continue
        if node.kind is Kind.GROUP:
            found.append((number, len(found), Section(node.id, GROUP)))
            continue
        for section, inner in _of_repeat(session, node):
            found.append((_number(inner, number), len(found), section))
    return [section for *_, section in sorted(found, key=lambda each: each[:2])]


def _tops(session: FormSession) -> list[NodeDef]:
    definition = session.definition
    children = [definition.node(child) for child in definition.node("").children]
    return [node for node in children if node.kind is not Kind.VALUE]


def _of_repeat(session: FormSession, repeat: NodeDef) -> list[tuple[Section, NodeDef]]:
    inner = [session.definition.node(child) for child in repeat.children]
    groups = [node for node in inner if node.kind is Kind.GROUP]
    made: list[tuple[Section, NodeDef]] = []
    if not groups or any(node.kind in ASKED for node in inner):
        made.append((Section(repeat.id, ROWS, repeat.id, first=True), repeat))
    for node in groups:
        made.append((Section(node.id, ROW_GROUP, repeat.id, first=not made), node))
    return made


def _number(node: NodeDef, otherwise: float) -> float:
    try:
        return float(node.bind.get(SECTION, ""))
    except ValueError:
        return otherwise


def is_shown(section: Section, session: FormSession) -> bool:
    """A section nobody can answer now is not listed."""
    if section.kind == ROOT:
        return any(session.view(child).relevant for child in session.children() if session.node_of(child).kind in ASKED)
    top = section.repeat or section.id
    return session.exists(top) and session.view(top).relevant


def states(
    sections: Iterable[Section], session: FormSession, problems: Sequence[AnswerProblem], seen: set[str]
) -> dict[str, State]:
    """How far each section is, by its id. ``seen`` are the sections somebody has been to."""
    made: dict[str, State] = {}
    listed = list(sections)
    counts = {section.id: 0 for section in listed}
    for problem in problems:
        node = session.node_of(problem.node_id)
        home = next((section for section in listed if section.holds_node(node, session)), None)
        if home is not None:
            counts[home.id] += 1
    for section in listed:
        left = counts[section.id]
        begun = section.id in seen
        made[section.id] = State("open" if left and begun else "done" if not left and begun else "todo", left)
    return made


def section_of(sections: Iterable[Section], session: FormSession, node_id: str) -> Section | None:
    return next((section for section in sections if section.holds(node_id, session)), None)


def row_of(section: Section, node_id: str) -> str:
    """The row a node id stands in ("/members/<key>"), "" outside rows."""
    if not section.repeat or not node_id.startswith(section.repeat + "/"):
        return ""
    key = node_id[len(section.repeat) + 1 :].split("/")[0]
    return f"{section.repeat}/{key}"


def _under(definition: str, above: str) -> bool:
    return definition == above or definition.startswith(above + "/")
