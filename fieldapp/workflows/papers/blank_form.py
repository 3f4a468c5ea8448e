"""Any form, empty, for the pen (to be keyed in later): boxes to tick, lines to write on, columns for the members."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.reports.content import Choices, Line, Matrix, Paper, Part, Section, SignHere, Words
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.papers.asking import Ask, imprint_of_area
from fieldapp.workflows.report_data_answers import FILE_KINDS, heading, section_number
from forms import api as forms
from forms.api import FormDefinition, Kind, NodeDef, Type

HOW = "不清楚写“不清”，不愿答写“拒”，待核对写“待”。选择题打“√”；成员栏写选项号。"
COLUMNS = 4
LABEL_SHARE = 3.6
ROOM = "　" * 10
#: More choices than this are left to words: a list of a hundred villages is no use on paper.
MOST_CHOICES, MOST_IN_LABEL = 40, 20


def paper(tx: ReadTx, actor: Actor, ask: Ask) -> Paper:
    """``ask.subject`` is a form's id."""
    form = ask.forms(ask.subject, None)
    imprint = imprint_of_area(tx, actor, ask, actor.scopes[0] if actor.scopes else actor.county, form.title())
    note = f"表单：{form.id}，版本 {form.version}"
    return Paper(imprint, (Section("", (Words(HOW, "small"),)), *_sections(form)), note=note, manner="pen")


def _sections(form: FormDefinition) -> Iterator[Section]:
    found: list[tuple[float, int, Section]] = []
    loose: list[Part] = []
    for place, child in enumerate(form.node("").children):
        node = form.node(child)
        number = section_number(node, place * 10.0)
        if node.kind is Kind.REPEAT:
            for inner, title, parts in _of_repeat(form, node):
                found.append((section_number(inner, number), len(found), Section(title, parts)))
        elif node.kind is Kind.GROUP:
            found.append((number, len(found), Section(heading(form, node), tuple(_parts(form, node)))))
        else:
            loose += _question(form, node)
    if loose:
        found.insert(0, (-1.0, -1, Section(form.title(), tuple(loose))))
    yield from (section for *_, section in sorted(found, key=lambda each: each[:2]) if section.parts)


def _of_repeat(form: FormDefinition, repeat: NodeDef) -> Iterator[tuple[NodeDef, str, tuple[Part, ...]]]:
    inside = [form.node(child) for child in repeat.children]
    groups = [node for node in inside if node.kind is Kind.GROUP]
    rest = [node for node in inside if node.kind is not Kind.GROUP]
    title = heading(form, repeat)
    if rest:
        yield repeat, title, tuple(_columns(form, rest))
    for group in groups:
        name = " · ".join(part for part in (title, heading(form, group)) if part)
        yield group, name, tuple(_columns(form, [form.node(child) for child in group.children]))


def _columns(form: FormDefinition, nodes: list[NodeDef]) -> Iterator[Part]:
    """Questions of a row downwards, empty columns for the rows."""
    asked = [node for each in nodes for node in _questions(form, each) if node.type not in FILE_KINDS]
    lines = tuple((_with_choices(form, node), ("",) * COLUMNS) for node in asked)
    if lines:
        yield Matrix("", tuple(f"（{n}）" for n in range(1, COLUMNS + 1)), lines, LABEL_SHARE)
    for inner in [node for node in nodes if node.kind is Kind.REPEAT]:
        yield Words(heading(form, inner), "heading")
        yield from _columns(form, [form.node(child) for child in inner.children])


def _parts(form: FormDefinition, group: NodeDef) -> Iterator[Part]:
    """A group's questions in their order; signatures together at its end."""
    signing: list[str] = []
    for child in group.children:
        node = form.node(child)
        if node.kind is Kind.GROUP:
            inner = tuple(_parts(form, node))
            yield from (Words(heading(form, node), "heading"), *inner) if heading(form, node) else inner
        elif node.kind is Kind.REPEAT:
            yield Words(heading(form, node), "heading")
            yield from _columns(form, [form.node(each) for each in node.children])
        elif "signature" in node.appearance or "thumbprint" in node.appearance:
            signing.append(forms.label_text(form, node.id))
        else:
            yield from _question(form, node)
    if signing:
        yield SignHere(tuple(signing))


def _question(form: FormDefinition, node: NodeDef) -> Iterator[Part]:
    label = forms.label_text(form, node.id)
    if node.kind is Kind.NOTE:
        yield Words(label)
    if node.kind is not Kind.QUESTION or node.unknown_of or node.type in FILE_KINDS:
        return
    listed = forms.choices_of(form, node.id)
    if node.type is Type.ACKNOWLEDGE:
        yield Choices(label, ("已确认",))
    elif 0 < len(listed) <= MOST_CHOICES:
        yield Choices(label, tuple(choice.label for choice in listed))
    else:
        unit = node.bind.get("tjb:unit", "")
        lines = "\n\n" if "multiline" in node.appearance else ""
        yield Line(label, f"{ROOM}{unit}{lines}" if unit or lines else "　")


def _with_choices(form: FormDefinition, node: NodeDef) -> str:
    """``与户主关系（1 户主 2 配偶 …）``, or the unit to write in."""
    label = forms.label_text(form, node.id)
    listed = forms.choices_of(form, node.id)
    if 0 < len(listed) <= MOST_IN_LABEL:
        return f"{label}（{' '.join(f'{n} {choice.label}' for n, choice in enumerate(listed, 1))}）"
    unit = node.bind.get("tjb:unit", "")
    return f"{label}（{unit}）" if unit else label


def _questions(form: FormDefinition, node: NodeDef) -> Iterator[NodeDef]:
    if node.kind is Kind.QUESTION and not node.unknown_of:
        yield node
    elif node.kind is Kind.GROUP:
        for child in node.children:
            yield from _questions(form, form.node(child))
