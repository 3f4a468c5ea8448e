"""Packs from YAML: a county's parameter file over the common catalogue, or ``county_parameters`` as told in prose.

    county, edition, from, source, ...      defaults of every version
    parameters: {key: value | [{from, value, source ...}]}
    catalogue: {policies, relations}        when left out, resources/policy/catalogue.yaml

``county_parameters`` nests keys ({job_cost: {method: fixed}}), dates lists ([{from, urban, rural}]) and uses
the register's words; what it does not name is as in the demo county, so the same families can be assessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from fieldapp.policy.checks import check_pack
from fieldapp.policy.conditions import COMPARISONS, Condition
from fieldapp.policy.pack import Pack, Paper, ParamVersion, Policy, Relation
from fieldapp.policy.parameters import register
from fieldapp.policy.problems import PackError, Problem
from fieldapp.policy.vocabulary import nearest
from fieldapp.policy.yamlfile import read_yaml

RESOURCES = Path(__file__).resolve().parents[2] / "resources" / "policy"
FIRST_DAY = date(2025, 7, 1)
LONG_AGO = date(2000, 1, 1)


def read_yaml_pack(data: bytes, *, where: str = "") -> Pack:
    """The checked pack of a YAML file; PackError names keys that are not known with the nearest one."""
    import yaml

    try:
        content = read_yaml(data.decode("utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        problem = Problem(where, "pack.not_yaml", "不是政策包文件", f"not a pack: {type(error).__name__}")
        raise PackError([problem]) from None
    if not isinstance(content, Mapping) or not ({"parameters", "county_parameters"} & set(content)):
        raise PackError([Problem(where, "pack.not_a_pack", "没有参数表", "no parameters in it")])
    if "county_parameters" in content:
        return check_pack(_over_demo(content["county_parameters"], where), where=where)
    return check_pack(_county_pack(content, where), where=where)


def demo_pack() -> Pack:
    """The demo county's pack."""
    return read_yaml_pack((RESOURCES / "demo" / "parameters.yaml").read_bytes(), where="parameters.yaml")


def _county_pack(content: Mapping[str, Any], where: str) -> Pack:
    policies, relations = common_catalogue()
    if "catalogue" in content:
        policies, relations = catalogue_of(content["catalogue"])
    defaults = {k: content[k] for k in ("source", "clause", "issuer", "entered_by", "approved_by") if k in content}
    since = content.get("from", FIRST_DAY)
    told = content["parameters"].items()
    versions = [version for key, value in told for version in _versions(key, value, since, defaults, where)]
    return Pack(str(content.get("county", "")), str(content.get("edition", "")), versions, policies, relations)


def _versions(
    key: str, value: object, since: date, defaults: Mapping[str, Any], where: str
) -> Iterator[ParamVersion]:
    """The dated versions of one parameter; each ends where the next begins."""
    info = register().get(key)
    if info is None:
        near = nearest(key, register())
        raise PackError([Problem(f"{where}:{key}", "pack.unknown_parameter", f"没有参数“{key}”，最接近的是“{near}”",
                                 f"no parameter {key}; the nearest is {near}")])  # fmt: skip
    dated = isinstance(value, list) and value and isinstance(value[0], Mapping)
    entries: list[Any] = sorted(value, key=lambda e: e["from"]) if dated else [{"value": value}]  # type: ignore[call-overload]
    starts: list[Any] = [entry.get("from", since) for entry in entries]
    for entry, start, end in zip(entries, starts, [*starts[1:], None], strict=True):
        extra = {**defaults, **{k: str(v) for k, v in entry.items() if k not in ("from", "value", "until")}}
        try:
            read = info.read(_phrase(info.type, entry.get("value")))
        except ValueError as error:
            raise PackError([Problem(f"{where}:{key}", "pack.bad_value", f"{info.zh}：值不对（{entry.get('value')}）",
                                     f"{info.en}: {error}")]) from None  # fmt: skip
        yield ParamVersion(key, read, start, entry.get("until") or end, **extra)


_PHRASES = (
    (r"two thirds", "2/3"), (r"three quarters", "3/4"), (r"half", "1/2"), (r"one third", "1/3"),
)  # fmt: skip


def _phrase(kind: str, value: object) -> object:
    """A ratio told in words: "two thirds of the committee", "more than half of those present"."""
    if kind == "ratio" and isinstance(value, str):
        return next((ratio for pattern, ratio in _PHRASES if re.search(pattern, value)), value)
    return value


def _over_demo(told: Mapping[str, Any], where: str) -> Pack:
    """``county_parameters`` in place of the demo county's own."""
    demo = demo_pack()
    flat = {key: value for name, value in told.items() for key, value in _flat(name, value)}
    versions = [v for key, value in flat.items() for v in _versions(key, value, FIRST_DAY, {}, where)]
    kept = [version for version in demo.parameters if version.key not in flat]
    return demo.replaced(parameters=[*versions, *kept], county="", edition="told")


def _flat(name: str, value: object) -> Iterator[tuple[str, Any]]:
    """Register keys of a nested entry."""
    if name in register():
        yield name, value
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for sub in dict.fromkeys(k for entry in value for k in entry if k != "from"):
            yield f"{name}.{sub}", [{"from": e.get("from", FIRST_DAY), "value": e.get(sub)} for e in value]
    elif isinstance(value, Mapping):
        for sub, inner in value.items():
            yield from _flat(f"{name}.{sub}", inner)
    else:
        yield name, value


@cache
def common_catalogue() -> tuple[tuple[Policy, ...], tuple[Relation, ...]]:
    """The policies and relations every county starts from."""

    return catalogue_of(read_yaml((RESOURCES / "catalogue.yaml").read_bytes()))


def catalogue_of(content: Mapping[str, Any]) -> tuple[tuple[Policy, ...], tuple[Relation, ...]]:
    """Policies and relations of a catalogue in YAML."""
    policies = tuple(_policy(entry) for entry in content["policies"])
    return policies, tuple(Relation(**entry) for entry in content.get("relations", []))


def _policy(entry: Mapping[str, Any]) -> Policy:
    zh, en = entry["name"]
    return Policy(
        id=entry["id"], zh=zh, en=en, department=entry["department"], needs=tuple(entry["needs"]),
        subject=entry["subject"], when=condition_of(entry["when"]), since=entry.get("from", LONG_AGO),
        until=entry.get("until"), kind=entry["kind"], per=entry.get("per", ""), amount=entry.get("amount", ""),
        legal=entry.get("legal", ""), mark=entry["mark"], approved_by=entry.get("approved_by", ""),
        where=entry.get("where", ""), by_list=entry.get("by_list", False),
        papers=tuple(_paper(paper) for paper in entry.get("papers", [])),
        aliases=tuple(entry.get("aliases", [])), accept_to_decide_wd=entry.get("wd"),
        publicity_days=entry.get("notice", 0), note=entry.get("note", ""),
    )  # fmt: skip


def _paper(entry: Mapping[str, Any]) -> Paper:
    return Paper(f"doc.{entry['doc']}", entry["zh"], entry["en"], entry.get("must", True), entry.get("skip_if", ""))


def condition_of(entry: Mapping[str, Any]) -> Condition:
    """A condition tree from its YAML form (see ``conditions``)."""
    zh, *english = entry.get("say", [""])
    en = ", ".join(english)
    if "at_least" in entry and "of" in entry:
        children = tuple(condition_of(child) for child in entry["of"])
        return Condition("at_least", children, zh=zh, en=en, count=int(entry["at_least"]))
    for kind in ("all", "any", "none", "person"):
        if kind in entry:
            return Condition(kind, tuple(condition_of(child) for child in entry[kind]), zh=zh, en=en)
    kind = next(kind for kind in ("fact", "rule", "param", "policy") if kind in entry)
    compare = next((word for word in COMPARISONS if word in entry), "is")
    return Condition(kind, name=entry[kind], compare=compare, value=str(entry.get(compare, "yes")), zh=zh, en=en)
