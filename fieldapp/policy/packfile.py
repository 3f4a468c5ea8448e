"""Packs as files: the canonical JSON that travels, a workbook, or YAML as counties hand it over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from fieldapp.policy.pack import Pack, ParamVersion, Policy, Relation
from fieldapp.policy.parameters import register
from fieldapp.policy.problems import PackError, Problem

SCHEMA = "policy-pack/1"


def load_pack(source: Path | bytes) -> Pack:
    """A checked pack from a workbook (.xlsx), canonical JSON or YAML; PackError lists every fault by place."""
    data, where = (source, "") if isinstance(source, bytes) else (_read(source), source.name)
    if data[:2] == b"PK":
        from fieldapp.policy.workbook.reading import read_workbook

        return read_workbook(data, where=where)
    if data.lstrip()[:1] == b"{":
        return from_bytes(data)
    from fieldapp.policy.packyaml import read_yaml_pack

    return read_yaml_pack(data, where=where)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PackError([_fault(path.name, "unreadable", "文件打不开", f"cannot be read: {error.strerror}")]) from None


def _fault(where: str, code: str, zh: str, en: str) -> Problem:
    return Problem(where, f"pack.{code}", zh, en)


def to_json(pack: Pack) -> dict[str, Any]:
    """The pack as plain data; amounts as the register writes them (元)."""
    return {
        "schema": SCHEMA, "county": pack.county, "edition": pack.edition,
        "parameters": [_version_json(version) for version in pack.parameters],
        "policies": [msgspec.to_builtins(policy) for policy in pack.policies],
        "relations": [msgspec.to_builtins(relation) for relation in pack.relations],
    }  # fmt: skip


def to_bytes(pack: Pack) -> bytes:
    """Canonical JSON: sorted keys, UTF-8; what is signed and what travels."""
    return msgspec.json.encode(to_json(pack), order="sorted")


def _version_json(version: ParamVersion) -> dict[str, Any]:
    entry = msgspec.to_builtins(msgspec.structs.replace(version, value=None))
    value = register()[version.key].write(version.value)
    entry["value"] = str(value) if isinstance(value, float) else value
    return {key: item for key, item in entry.items() if item not in ("", None) or key == "value"}


def from_bytes(data: bytes) -> Pack:
    """The pack that ``to_bytes`` wrote, checked again."""
    from fieldapp.policy.checks import check_pack

    try:
        return check_pack(from_json(msgspec.json.decode(data)))
    except msgspec.MsgspecError as error:
        raise PackError([_fault("", "not_a_pack", "不是政策包文件", f"not a pack: {error}")]) from None


def from_json(data: Mapping[str, Any]) -> Pack:
    """A pack from plain data; unchecked."""
    if not isinstance(data, Mapping) or data.get("schema") != SCHEMA:
        raise PackError([_fault("schema", "not_a_pack", f"应为 {SCHEMA}", f"expected {SCHEMA}")])
    return Pack(
        data["county"], data["edition"],
        parameters=[_version(entry, index) for index, entry in enumerate(data["parameters"])],
        policies=[msgspec.convert(entry, Policy) for entry in data["policies"]],
        relations=[msgspec.convert(entry, Relation) for entry in data["relations"]],
    )  # fmt: skip


def _version(entry: Mapping[str, Any], index: int) -> ParamVersion:
    where = f"parameters[{index}]"
    info = register().get(entry.get("key", ""))
    if info is None:
        raise PackError([_fault(where, "unknown_parameter", "没有这个参数", "no such parameter")])
    try:
        value = info.read(entry.get("value"))
    except ValueError as error:
        raise PackError([_fault(where, "bad_value", f"{info.zh}：值不对", f"{info.en}: {error}")]) from None
    plain = {**entry, "value": None, "since": date.fromisoformat(entry["since"])}
    return msgspec.structs.replace(msgspec.convert(plain, ParamVersion, strict=False), value=value)


