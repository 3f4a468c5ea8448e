"""A submitted form read for people: its sections, questions and answers in words, last time beside this time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from fieldapp.domain.documents import rows
from fieldapp.domain.pointers import get, join
from forms import api as forms
from forms.api import FormDefinition, Kind, NodeDef, Type

FILES = (Type.IMAGE, Type.AUDIO, Type.VIDEO, Type.FILE)


@dataclass(frozen=True)
class Asked:
    """One question of a submission. ``path`` is its pointer into the answers, ``row`` the member it is about (its
    spoken name), ``section`` the heading it stands under. Texts are as people read them, "" for no answer."""

    path: str
    section: str
    row: str
    label: str
    text: str
    last: str
    node: NodeDef

    @property
    def differs(self) -> bool:
        return self.text != self.last

    @property
    def is_file(self) -> bool:
        return self.node.type in FILES


@dataclass(frozen=True)
class _Reader:
    form: FormDefinition
    lang: str

    def walk(self, node_id: str, at: str, now: Any, last: Any, section: str, row: str) -> Iterator[Asked]:
        for child_id in self.form.node(node_id).children:
            node = self.form.node(child_id)
            path, here, before = at + join(node.name), _value(now, node.name), _value(last, node.name)
            if node.kind is Kind.GROUP:
                yield from self.walk(child_id, path, here, before, self.label(node), row)
            elif node.kind is Kind.REPEAT:
                yield from self.rows(node, path, here, before)
            elif node.kind is Kind.QUESTION and not node.unknown_of:
                asked = self.asked(node, path, now, last, section, row)
                if asked.text or asked.last:
                    yield asked

    def rows(self, node: NodeDef, path: str, now: Any, last: Any) -> Iterator[Asked]:
        keys = dict.fromkeys([*(key for key, _ in rows(now)), *(key for key, _ in rows(last))])
        for key in keys:
            here, before = _value(now, key), _value(last, key)
            name = row_name(self.form, node, here or before)
            yield from self.walk(node.id, path + join(key), here, before, self.label(node), name)

    def asked(self, node: NodeDef, path: str, now: Any, last: Any, section: str, row: str) -> Asked:
        return Asked(path, section, row, self.label(node), self.spoken(node, now), self.spoken(node, last), node)

    def label(self, node: NodeDef) -> str:
        return forms.label_text(self.form, node.id, self.lang)

    def spoken(self, node: NodeDef, around: Any) -> str:
        """The answer in words with its unit; 不清楚, 拒答 or 待核 when that is what was said instead."""
        value = _value(around, node.name)
        if value is None and node.companion:
            companion = self.form.node(node.companion)
            said = _value(around, companion.name)
            return forms.answer_text(self.form, companion.id, said, self.lang) if said is not None else ""
        if value is None:
            return ""
        return with_unit(node, forms.answer_text(self.form, node.id, value, self.lang))


def read_form(
    form: FormDefinition, answers: Mapping[str, Any], last: Mapping[str, Any] | None, lang: str
) -> list[Asked]:
    """Every question answered now or last time, in the form's order, member by member."""
    return list(_Reader(form, lang).walk("", "", answers, last or {}, "", ""))


def row_name(form: FormDefinition, repeat: NodeDef, row: Any) -> str:
    """What a row calls itself: the answer to its first text question that is a name."""
    for node in form.walk(repeat.id):
        if node.kind is Kind.QUESTION and node.type is Type.TEXT and node.name.endswith("name"):
            value = get(row, node.id[len(repeat.id) :]) if isinstance(row, Mapping) else None
            return str(value) if value else ""
    return ""


def files_of(asked: list[Asked], answers: Mapping[str, Any]) -> list[tuple[Asked, str]]:
    """(question, blob id) of every photo, signature and file answered."""
    found = [(each, get(answers, each.path)) for each in asked if each.is_file]
    return [(each, blob) for each, blob in found if isinstance(blob, str)]


def with_unit(node: NodeDef, text: str) -> str:
    """An answer's words as screens and papers say them: ``86,000 元``, ``3 亩``; without a unit as they stand."""
    unit = node.bind.get("tjb:unit", "")
    if not unit or not text:
        return text
    return f"{_grouped(text) if '元' in unit else text} {unit}"


def _grouped(amount: str) -> str:
    """``86000`` as ``86,000``; what is no number as it stands."""
    try:
        return f"{Decimal(amount):,}"
    except InvalidOperation:
        return amount


def _value(around: Any, name: str) -> Any:
    return around.get(name) if isinstance(around, Mapping) else None
