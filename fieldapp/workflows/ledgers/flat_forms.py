"""Flat data of a form: one sheet for the form, one per repeat, joined by KEY and PARENT_KEY, with the labels beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fieldapp.domain.documents import Visit
from fieldapp.reports.table import Cell, Column, Kind, Ledger
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.making import masked
from fieldapp.workflows.papers.asking import Ask
from fieldapp.workflows.report_data import log_unmasking
from fieldapp.workflows.report_data_answers import asked_apart
from forms import api as forms
from forms.api import FormDefinition, NodeDef, Table

KEYS = 2
LABELS = "列说明"


def flat_form(
    tx: ReadTx, actor: Actor, form: FormDefinition, ask: Ask, *, unmask: bool = False
) -> tuple[Ledger, ...]:  # fmt: skip
    """Every submission of the form in an area and period. What was asked with separate permission stays out, for this
    is a batch. Raises RefusedError ``refused.unmask``."""
    if unmask:
        log_unmasking(tx, actor)
    submissions = dict(_submissions(tx, form, ask))
    tables = [_ledger(form, table, unmask) for table in forms.flatten(form, submissions)]
    return (*tables, _labels(form))


def _submissions(tx: ReadTx, form: FormDefinition, ask: Ask) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for kind in ("visit", "report"):
        for view in tx.of_type(kind, ask.subject):
            visit = Visit.read(view.id, view.state)
            if visit.form_id == form.id and ask.holds(visit.finished_at):
                yield view.id, visit.answers


def _ledger(form: FormDefinition, table: Table, unmask: bool) -> Ledger:
    above = "" if table.name == form.id else table.name
    nodes = [None if "KEY" in name else form.nodes.get(f"{above}/{name}") for name in table.columns]
    kept = [at for at, node in enumerate(nodes) if node is None or not asked_apart(node)]
    columns = tuple(Column(table.columns[at], table.columns[at], _kind(nodes[at])) for at in kept)
    rows = tuple(tuple(_cell(nodes[at], row[at], unmask) for at in kept) for row in table.rows)
    return Ledger(table.name.strip("/").replace("/", "-"), columns, rows)


def _kind(node: NodeDef | None) -> Kind:
    if node is None:
        return Kind.TEXT
    if "id-number" in node.appearance:
        return Kind.ID
    return Kind.PHONE if "phone" in node.appearance else Kind.TEXT


def _cell(node: NodeDef | None, value: Any, unmask: bool) -> Cell:
    text = str(value)
    return text if unmask or node is None else masked(_kind(node), text)


def _labels(form: FormDefinition) -> Ledger:
    """What each column asks and what its codes mean."""
    columns = (Column("id", "列", width=36), Column("label", "问题", width=40), Column("codes", "代码", width=60))
    rows = []
    for node in form.nodes.values():
        if node.id and not node.children:
            codes = "；".join(f"{choice.value}={choice.label}" for choice in forms.choices_of(form, node.id))
            rows.append((node.id.strip("/"), forms.label_text(form, node.id), codes))
    return Ledger(LABELS, columns, tuple(rows))
