"""A submitted form read for people: its sections, questions and answers in words, last time beside this time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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


def read_form(
    form: FormDefinition, answers: Mapping[str, Any], last: Mapping[str, Any] | None, labels: Mapping[str, str],
    lang: str,
) -> list[Asked]:  # fmt: skip
    """Every question answered now or last time, in the form's order, member by member."""
    return list(_walk(form, "", "", answers, last or {}, "", "", labels, lang))


def _walk(
    form: FormDefinition, node_id: str, at: str, now: Any, last: Any, section: str, row: str,
    labels: Mapping[str, str], lang: str,
) -> Iterator[Asked]:  # fmt: skip
    for child_id in form.node(node_id).children:
        node = form.node(child_id)
        here, before = _value(now, node.name), _value(last, node.name)
        path = at + join(node.name)
        if node.kind is Kind.GROUP:
            heading = labels.get(node.id) or section
            yield from _walk(form, child_id, path, here, before, heading, row, labels, lang)
        elif node.kind is Kind.REPEAT:
            keys = dict.fromkeys([*(key for key, _ in rows(here)), *(key for key, _ in rows(before))])
            for key in keys:
                inner, old = _value(here, key), _value(before, key)
                name = row_name(form, node, inner or old) or row
                heading = labels.get(node.id) or section
                yield from _walk(form, child_id, path + join(key), inner, old, heading, name, labels, lang)
        elif node.kind is Kind.QUESTION and not node.unknown_of:
            asked = _asked(form, node, path, now, last, section, row, labels, lang)
            if asked.text or asked.last:
                yield asked


def _asked(
    form: FormDefinition, node: NodeDef, path: str, now: Any, last: Any, section: str, row: str,
    labels: Mapping[str, str], lang: str,
) -> Asked:  # fmt: skip
    return Asked(
        path, section, row, labels.get(node.id) or node.name, _spoken(form, node, now, lang),
        _spoken(form, node, last, lang), node,
    )  # fmt: skip


def _spoken(form: FormDefinition, node: NodeDef, around: Any, lang: str) -> str:
    """The answer in words with its unit; 不清楚, 拒答 or 待核 when that is what was said instead."""
    value = _value(around, node.name)
    if value is None and node.companion:
        companion = form.node(node.companion)
        said = _value(around, companion.name)
        return forms.answer_text(form, companion.id, said, lang) if said is not None else ""
    if value is None:
        return ""
    text = forms.answer_text(form, node.id, value, lang)
    unit = node.bind.get("tjb:unit", "")
    return f"{text} {unit}" if unit and text else text


def row_name(form: FormDefinition, repeat: NodeDef, row: Any) -> str:
    """What a row calls itself: the answer to its first question that is a name."""
    for node in form.walk(repeat.id):
        if node.kind is Kind.QUESTION and node.type is Type.TEXT and node.name.endswith("name"):
            value = get(row, node.id[len(repeat.id) :]) if isinstance(row, Mapping) else None
            return str(value) if value else ""
    return ""


def files_of(form: FormDefinition, asked: list[Asked], answers: Mapping[str, Any]) -> list[tuple[Asked, str]]:
    """(question, blob id) of every photo, signature and file answered."""
    found = [(each, get(answers, each.path)) for each in asked if each.node.type in FILES]
    return [(each, blob) for each, blob in found if isinstance(blob, str)]


def _value(around: Any, name: str) -> Any:
    return around.get(name) if isinstance(around, Mapping) else None
