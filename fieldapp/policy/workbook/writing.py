"""A pack as the workbook a county edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO
from typing import Any

from fieldapp.policy.conditions import Condition
from fieldapp.policy.pack import Pack, Policy
from fieldapp.policy.parameters import register
from fieldapp.policy.workbook.sheets import CONDITIONS, COVER, PAPERS, PARAMETERS, POLICIES, RELATIONS, SHEETS

HOW = "第一行是表头，第二行是填写说明；值为空即“参数未定”。改完逐格检查，再由另一人复核。"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be read as a formula by a spreadsheet."""


def write_workbook(pack: Pack) -> bytes:
    """The workbook's bytes; ``read_workbook`` gives the same pack back."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.worksheets[0])
    cover = book.create_sheet(COVER)
    for line in (("县", pack.county), ("版次", pack.edition), ("格式", "policy-pack/1"), ("说明", HOW)):
        cover.append(line)
    rows = {PARAMETERS: _parameters(pack), POLICIES: _policies(pack), CONDITIONS: _conditions(pack),
            PAPERS: _papers(pack), RELATIONS: _relations(pack)}  # fmt: skip
    for name, columns in SHEETS.items():
        sheet = book.create_sheet(name)
        sheet.append([column.heading for column in columns])
        sheet.append([column.help for column in columns])
        for row in rows[name]:
            sheet.append([_cell(row.get(column.key)) for column in columns])
        sheet.freeze_panes = "B3"
        for number, column in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(number)].width = column.width
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if value in ("", None):
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str) and value.startswith(DANGEROUS):
        raise ValueError("a text would be read as a formula")
    return value


def _parameters(pack: Pack) -> Iterator[Mapping[str, Any]]:
    for version in pack.parameters:
        info = register()[version.key]
        yield {
            "key": version.key, "words": info.zh, "value": _number(info.write(version.value)), "unit": info.unit,
            "since": version.since, "until": version.until, "source": version.source, "clause": version.clause,
            "issuer": version.issuer, "entered_by": version.entered_by, "approved_by": version.approved_by,
            "attachment": version.attachment,
        }  # fmt: skip


def _number(value: object) -> object:
    """Whole numbers as numbers, so that a spreadsheet can sort them; everything else as text."""
    return int(value) if isinstance(value, str) and value.isdigit() else value


def _policies(pack: Pack) -> Iterator[Mapping[str, Any]]:
    for p in pack.policies:
        yield {
            "id": p.id, "zh": p.zh, "en": p.en, "department": p.department, "needs": "、".join(p.needs),
            "subject": p.subject, "kind": p.kind, "per": p.per, "amount": p.amount, "legal": p.legal, "mark": p.mark,
            "approved_by": p.approved_by, "where": p.where, "by_list": p.by_list or None,
            "aliases": "、".join(p.aliases), "accept_to_decide_wd": p.accept_to_decide_wd,
            "publicity_days": p.publicity_days or None, "note": p.note, "since": p.since, "until": p.until,
        }  # fmt: skip


def _version(pack: Pack, policy: Policy) -> date | None:
    return policy.since if sum(other.id == policy.id for other in pack.policies) > 1 else None


def _conditions(pack: Pack) -> Iterator[Mapping[str, Any]]:
    for policy in pack.policies:
        yield from _nodes(policy, _version(pack, policy), policy.when, "1", "")


def _nodes(policy: Policy, version: date | None, node: Condition, id: str, parent: str) -> Iterator[Mapping[str, Any]]:
    group = bool(node.children)
    value = node.count if node.kind == "at_least" else None if group else node.value
    yield {
        "policy": policy.id, "version": version, "node": id, "parent": parent, "kind": node.kind, "name": node.name,
        "compare": "" if group else node.compare, "value": value, "zh": node.zh, "en": node.en,
    }  # fmt: skip
    for number, child in enumerate(node.children, 1):
        yield from _nodes(policy, version, child, f"{id}.{number}", id)


def _papers(pack: Pack) -> Iterator[Mapping[str, Any]]:
    for policy in pack.policies:
        for paper in policy.papers:
            yield {
                "policy": policy.id, "version": _version(pack, policy), "doc": paper.fact, "zh": paper.zh,
                "en": paper.en, "must": paper.must, "skip_if": paper.skip_if,
            }  # fmt: skip


def _relations(pack: Pack) -> Iterator[Mapping[str, Any]]:
    for relation in pack.relations:
        yield {"a": relation.a, "b": relation.b, "kind": relation.kind, "source": relation.source}
