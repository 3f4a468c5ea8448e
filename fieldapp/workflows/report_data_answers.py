"""A filled form as sections of a paper: any form, in its own order and words, without code.

Sections follow the screen (ARCHITECTURE.md, "Forms on screen"): groups and repeats under the root; a group directly
inside such a repeat is a section with its rows side by side; ``bind::tjb:section`` sorts them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fieldapp.domain.documents import rows
from fieldapp.domain.pointers import get
from fieldapp.policy.api import fact_info, fact_names
from fieldapp.reports.content import Grid, Line, Matrix, Part, Section, Words
from fieldapp.workflows.form_reading import row_name, with_unit
from fieldapp.workflows.report_data_masking import hide_answer
from forms import api as forms
from forms.api import FormDefinition, Kind, NodeDef, Type

NOT_SAID = "—"
#: A repeat with at most this many answered questions prints as one line per row.
GRID_COLUMNS = 7
SECTION = "tjb:section"
SEPARATE = "separate"


@dataclass(frozen=True)
class Named:
    """A photo, signature or file of a form: its question's label, its blob id, what it is (``strokes`` | ``print`` |
    ``photo`` | ``file``)."""

    label: str
    blob: str
    kind: str


@dataclass
class Reader:
    """Reads one submission. ``unmask`` shows numbers whole; ``alone`` is False in batches, where what was asked with
    separate permission stays out; ``leave_out`` names sections and questions the county does not print."""

    form: FormDefinition
    answers: Mapping[str, Any]
    unmask: bool = False
    alone: bool = True
    leave_out: Collection[str] = ()
    named: list[Named] = field(default_factory=list)
    withheld: bool = False

    def sections(self) -> tuple[Section, ...]:
        """Every answered section; fills ``named`` on the way."""
        found: list[tuple[float, int, Section]] = []
        loose: list[NodeDef] = []
        for place, node in enumerate(self._children("")):
            number = section_number(node, place * 10.0)
            if node.kind in (Kind.QUESTION, Kind.NOTE):
                loose.append(node)
                continue
            for inner, title, parts in self._section(node):
                found.append((section_number(inner, number), len(found), Section(title, parts)))
        if loose:
            parts = tuple(self._lines(loose, self.answers, ""))
            found.insert(0, (-1.0, -1, Section(self.form.title(), parts)))
        return tuple(section for *_, section in sorted(found, key=lambda each: each[:2]) if section.parts)

    def _section(self, node: NodeDef) -> Iterator[tuple[NodeDef, str, tuple[Part, ...]]]:
        title = heading(self.form, node)
        if node.kind is Kind.GROUP:
            yield node, title, tuple(self._lines(self._children(node.id), _value(self.answers, node.name), ""))
        elif node.kind is Kind.REPEAT:
            inside = self._children(node.id)
            groups = [inner for inner in inside if inner.kind is Kind.GROUP]
            around = _value(self.answers, node.name)
            yield node, title, tuple(self._rows(node, [inner for inner in inside if inner not in groups], around, ""))
            for group in groups:
                parts = tuple(self._rows(node, self._children(group.id), around, ""))
                yield group, _joined(title, heading(self.form, group)), parts

    def _lines(self, nodes: list[NodeDef], around: Any, who: str) -> Iterator[Part]:
        """Questions outside rows, groups within groups flattened under their headings."""
        signing = any(node.type is Type.ACKNOWLEDGE or "signature" in node.appearance for node in nodes)
        for node in nodes:
            if node.kind is Kind.GROUP:
                parts = tuple(self._lines(self._children(node.id), _value(around, node.name), who))
                title = heading(self.form, node)
                yield from (Words(title, "heading"), *parts) if parts and title else parts
            elif node.kind is Kind.REPEAT:
                yield from self._repeat(node, _value(around, node.name))
            elif node.kind is Kind.NOTE:
                # What was read out before a signature belongs to what was signed; other notes are for the screen.
                yield from [Words(self._label(node))] if signing and self._label(node) else []
            elif node.kind is Kind.QUESTION and (text := self._text(node, around, who)):
                yield Line(self._label(node), text)

    def _repeat(self, node: NodeDef, around: Any) -> Iterator[Part]:
        """A repeat that is no section of its own: all its questions, those of its groups too."""
        yield from self._rows(node, self._children(node.id), around, heading(self.form, node))

    def _rows(self, repeat: NodeDef, nodes: list[NodeDef], around: Any, title: str) -> Iterator[Part]:
        """The rows in ``around`` side by side, what ``nodes`` of them ask; then the repeats inside each row."""
        standing = rows(around)
        names = [row_name(self.form, repeat, row) or str(place) for place, (_, row) in enumerate(standing, 1)]
        lines = []
        for node in (question for each in nodes for question in _questions(self.form, each)):
            texts = tuple(
                self._text(node, _around(row, repeat, node), name) or NOT_SAID
                for name, (_, row) in zip(names, standing, strict=True)
            )
            if any(text != NOT_SAID for text in texts):
                lines.append((self._label(node), texts))
        if lines:
            yield from _table(title, names, lines)
        for inner in (deeper for each in nodes for deeper in _repeats(self.form, each)):
            for name, (_, row) in zip(names, standing, strict=True):
                inside = _value(_around(row, repeat, inner), inner.name)
                yield from self._rows(
                    inner, self._children(inner.id), inside, _joined(heading(self.form, inner), name)
                )

    def _text(self, node: NodeDef, around: Any, who: str) -> str:
        """The answer in words; photos, signatures and files are noted and leave no text."""
        if node.unknown_of or node.name in self.leave_out:
            return ""
        value = _value(around, node.name)
        if value is None:
            return self._unknown(node, around)
        if not self.alone and asked_apart(node):
            self.withheld = True
            return ""
        if node.type in FILE_KINDS:
            self._name(node, value, who)
            return ""
        text = spoken(self.form, node, value)
        return text if self.unmask else hide_answer(node, text)

    def _unknown(self, node: NodeDef, around: Any) -> str:
        """不清楚, 拒答 or 待核, when that was said instead."""
        companion = self.form.node(node.companion) if node.companion else None
        said = _value(around, companion.name) if companion else None
        return forms.answer_text(self.form, companion.id, said) if companion and said is not None else ""

    def _name(self, node: NodeDef, value: Any, who: str) -> None:
        kind = FILE_KINDS[node.type]
        if kind == "photo":
            kind = "strokes" if "signature" in node.appearance else "print" if "thumbprint" in node.appearance else kind
        self.named.append(Named(_joined(self._label(node), who or self._signer(node)), str(value), kind))

    def _signer(self, node: NodeDef) -> str:
        """``sign_investigator_1`` is signed by whoever is named in ``investigator_1``."""
        wanted = node.name.removeprefix("sign_")
        asked = next((n for n in self.form.nodes.values() if n.name == wanted and n.id != node.id), None)
        if asked is None or asked.type is not Type.TEXT or asked.repeats:
            return ""
        value = get(self.answers, asked.id)
        return value if isinstance(value, str) else ""

    def _children(self, node_id: str) -> list[NodeDef]:
        found = [self.form.node(child) for child in self.form.node(node_id).children]
        return [node for node in found if node.name not in self.leave_out]

    def _label(self, node: NodeDef) -> str:
        return forms.label_text(self.form, node.id)


FILE_KINDS = {Type.IMAGE: "photo", Type.AUDIO: "file", Type.VIDEO: "file", Type.FILE: "file"}


def spoken(form: FormDefinition, node: NodeDef, value: Any) -> str:
    """A value as a person reads it, with its unit."""
    if node.type is Type.ACKNOWLEDGE:
        return "已确认"
    if node.type is Type.BOOLEAN:
        return "是" if str(value).lower() in ("true", "1") else "否"
    if node.type is Type.DATETIME:
        return local_time(str(value))
    return with_unit(node, forms.answer_text(form, node.id, value))


def local_time(text: str) -> str:
    """``2026-11-21 09:10`` of an RFC 3339 time, on this machine's clock; the text itself when it is none."""
    try:
        return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return text


def heading(form: FormDefinition, node: NodeDef) -> str:
    """A group's or repeat's label; empty when its author gave none."""
    label = forms.label_text(form, node.id)
    return "" if label == node.name else label


def section_number(node: NodeDef, otherwise: float) -> float:
    """Where ``bind::tjb:section`` puts a section; ``otherwise`` by its place in the form."""
    try:
        return float(node.bind.get(SECTION, ""))
    except ValueError:
        return otherwise


def asked_apart(node: NodeDef) -> bool:
    """Whether a question is asked only with separate permission: mood, and the like (trade.md)."""
    return bool(node.fact) and node.fact in fact_names() and fact_info(node.fact).sensitive == SEPARATE


def _table(title: str, names: list[str], lines: list[tuple[str, tuple[str, ...]]]) -> Iterator[Part]:
    if len(lines) <= GRID_COLUMNS:
        head = tuple(label for label, _ in lines)
        named = all(texts == tuple(names) for _, texts in lines[:1])
        body = tuple(zip(*(texts for _, texts in lines), strict=True))
        numbered = tuple((name, *row) for name, row in zip(names, body, strict=True))
        yield Grid(title, head, body) if named else Grid(title, ("", *head), numbered)
    elif len(names) == 1:
        yield from [Words(title, "heading")] if title else []
        yield from (Line(label, texts[0]) for label, texts in lines)
    else:
        # The names stand on top already.
        yield Matrix(title, tuple(names), tuple(line for line in lines if line[1] != tuple(names)))


def _questions(form: FormDefinition, node: NodeDef) -> Iterator[NodeDef]:
    """The questions under a node, not those of a deeper repeat."""
    if node.kind is Kind.QUESTION:
        yield node
    elif node.kind is Kind.GROUP:
        for child in node.children:
            yield from _questions(form, form.node(child))


def _repeats(form: FormDefinition, node: NodeDef) -> Iterator[NodeDef]:
    """The repeats under a node, not those inside a deeper one."""
    if node.kind is Kind.REPEAT:
        yield node
    elif node.kind is Kind.GROUP:
        for child in node.children:
            yield from _repeats(form, form.node(child))


def _around(row: Any, repeat: NodeDef, node: NodeDef) -> Any:
    """What stands around ``node``'s answer in a row: the groups between are walked."""
    for step in node.id[len(repeat.id) + 1 :].split("/")[:-1]:
        row = _value(row, step)
    return row


def _value(around: Any, name: str) -> Any:
    return around.get(name) if isinstance(around, Mapping) else None


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
