"""JSON Schemas of what counties and other programs hand in: facts, packs; published in resources/policy/schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fieldapp.policy.packfile import SCHEMA as PACK_SCHEMA
from fieldapp.policy.packyaml import RESOURCES
from fieldapp.policy.parameters import register
from fieldapp.policy.rules.needs import VOCABULARY as NEEDS
from fieldapp.policy.vocabulary import FactInfo, vocabulary
from fieldapp.policy.workbook.sheets import SHEETS

FOLDER = RESOURCES / "schema"
_JSON_TYPES: dict[str, dict[str, Any]] = {
    "money": {"type": ["string", "number"], "description": "yuan, at most two decimals"},
    "yes_no": {"type": "boolean"}, "int": {"type": "integer"}, "decimal": {"type": ["string", "number"]},
    "date": {"type": "string", "format": "date"}, "text": {"type": "string"},
}  # fmt: skip


def facts_schema() -> dict[str, Any]:
    """``facts/1``: every fact by level; a value, or {"state": ...} when it is not known."""
    levels = {level: _row(level) for level in ("household", "member", "obligor")}
    rows = {"type": "object"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "facts/1", "type": "object",
        "required": ["schema"], "additionalProperties": False,
        "properties": {
            "schema": {"const": "facts/1"},
            "closed": {"type": "boolean", "description": "what is not listed was asked and answered none"},
            "household": levels["household"], "members": {**rows, "additionalProperties": levels["member"]},
            "obligors": {**rows, "additionalProperties": levels["obligor"]},
        },
    }  # fmt: skip


def _row(level: str) -> dict[str, Any]:
    facts = {info.name: _fact(info) for info in vocabulary().values() if info.level == level}
    return {"type": "object", "additionalProperties": False, "properties": facts}


def _fact(info: FactInfo) -> dict[str, Any]:
    value = dict(_JSON_TYPES.get(info.type, {}))
    if info.type == "choice":
        value = {"enum": list(info.values)}
    elif info.type == "choices":
        value = {"type": "array", "items": {"enum": list(info.values)} if info.values else {"type": "string"}}
    state = {"type": "object", "properties": {"state": {"enum": ["unclear", "refused", "pending", "empty"]}},
             "required": ["state"], "additionalProperties": False}  # fmt: skip
    words = f"{info.zh} / {info.en}" + (f" ({info.unit})" if info.unit else "")
    return {"description": words, "anyOf": [value, state]}


def pack_schema() -> dict[str, Any]:
    """``policy-pack/1``: dated parameters, policies with condition trees, relations."""
    text, day = {"type": "string"}, {"type": "string", "format": "date"}
    version = {"type": "object", "required": ["key", "value", "since"], "properties": {
        "key": {"enum": list(register())}, "value": {"description": "null: not set"}, "since": day, "until": day,
        **{name: text for name in ("source", "clause", "issuer", "entered_by", "approved_by", "attachment")},
    }}  # fmt: skip
    condition = {"type": "object", "required": ["kind"], "properties": {
        "kind": text, "children": {"type": "array", "items": {"$ref": "#/$defs/condition"}}, "name": text,
        "compare": text, "value": text, "zh": text, "en": text, "count": {"type": "integer"},
    }}  # fmt: skip
    policy = {"type": "object", "required": ["id", "zh", "en", "department", "needs", "when", "since"], "properties": {
        "needs": {"type": "array", "items": {"enum": list(NEEDS)}}, "when": {"$ref": "#/$defs/condition"},
    }}  # fmt: skip
    relation = {"type": "object", "required": ["a", "b", "kind"], "properties": {
        "kind": {"enum": ["excludes", "tops_up", "higher_of", "stacks", "includes"]}, "source": text,
    }}  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": PACK_SCHEMA, "type": "object",
        "required": ["schema", "county", "edition", "parameters", "policies", "relations"],
        "properties": {
            "schema": {"const": PACK_SCHEMA}, "county": text, "edition": text,
            "parameters": {"type": "array", "items": version}, "policies": {"type": "array", "items": policy},
            "relations": {"type": "array", "items": relation},
        },
        "$defs": {"condition": condition},
    }  # fmt: skip


def workbook_table() -> str:
    """The sheets and columns of the workbook as Markdown."""
    lines = []
    for name, columns in SHEETS.items():
        lines += [f"### {name}", "", "| 列 | 必填 | 说明 |", "|---|---|---|"]
        lines += [f"| {c.heading} | {'是' if c.required else ''} | {c.help} |" for c in columns] + [""]
    return "\n".join(lines)


def published() -> dict[Path, str]:
    """The files of ``resources/policy/schema`` as they are to be."""
    def text(schema: dict[str, Any]) -> str:
        return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"

    return {
        FOLDER / "facts.schema.json": text(facts_schema()), FOLDER / "pack.schema.json": text(pack_schema()),
        FOLDER / "workbook.md": "# 政策包工作簿 / The pack's workbook\n\n" + workbook_table(),
    }  # fmt: skip
