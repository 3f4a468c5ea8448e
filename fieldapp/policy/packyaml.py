"""Packs from YAML: a county's parameter file over the common catalogue, or ``county_parameters`` as told in prose.

    county, edition, from, source, ...      defaults of every version
    parameters: {key: value | [{from, value, source ...}]}
    catalogue: {policies, relations}        when left out, resources/policy/catalogue.yaml

``county_parameters`` (``packtold``) nests keys, dates lists and uses the trade's phrases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from fieldapp.policy.checks import check_pack
from fieldapp.policy.conditions import COMPARISONS, Condition
from fieldapp.policy.pack import Pack, Paper, ParamVersion, Policy, Relation
from fieldapp.policy.packtold import FIRST_DAY, NEVER_TOLD, flat
from fieldapp.policy.parameters import ParamInfo, register
from fieldapp.policy.problems import PackError, Problem
from fieldapp.policy.vocabulary import nearest
from fieldapp.policy.yamlfile import TwiceError, read_yaml

RESOURCES = Path(__file__).resolve().parents[2] / "resources" / "policy"
LONG_AGO = date(2000, 1, 1)


def read_yaml_pack(data: bytes, *, where: str = "") -> Pack:
    """The checked pack of a YAML file; PackError names keys that are not known with the nearest one."""
    import yaml

    try:
        content = read_yaml(data.decode("utf-8-sig"))
    except TwiceError as error:
        problem = Problem(f"{where}:{error.place}", "pack.twice", f"键“{error.key}”写了两次，删去一处",
                          f"the key {error.key} stands twice; delete one")  # fmt: skip
        raise PackError([problem]) from None
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
    versions = _checked(version for key, value in told for version in _versions(key, value, since, defaults, where))
    return Pack(str(content.get("county", "")), str(content.get("edition", "")), versions, policies, relations)


ENTRY = frozenset({"from", "until", "value", "source", "clause", "issuer", "entered_by", "approved_by", "attachment"})


def _versions(
    key: str, value: object, since: date, defaults: Mapping[str, Any], where: str
) -> Iterator[ParamVersion | Problem]:
    """The dated versions of one parameter, each ending where the next begins; or what is wrong with them."""
    info, place = register().get(key), f"{where}:{key}" if where else key
    if info is None:
        near = nearest(key, register())
        yield Problem(place, "pack.unknown_parameter", f"没有参数“{key}”，最接近的是“{near}”",
                      f"no parameter {key}; the nearest is {near}")  # fmt: skip
        return
    entries: list[Any] = [{"value": value}]
    if isinstance(value, list) and value and all(isinstance(entry, Mapping) for entry in value):
        entries = list(value)
    faults = [fault for entry in entries for fault in _entry_faults(entry, place)]
    if faults:
        yield from faults
        return
    entries.sort(key=lambda entry: entry.get("from", since))
    ends: list[Any] = [*(entry.get("from", since) for entry in entries[1:]), None]
    for entry, end in zip(entries, ends, strict=True):
        yield _version(info, entry, {**defaults, "since": entry.get("from", since), "until": end}, place)


def _entry_faults(entry: Mapping[str, Any], place: str) -> Iterator[Problem]:
    for name in entry:
        if name not in ENTRY:
            near = nearest(str(name), ENTRY)
            yield Problem(place, "pack.unknown_column", f"不认识“{name}”，最接近的是“{near}”",
                          f"{name} is not known here; the nearest is {near}")  # fmt: skip
    for name in ("from", "until"):
        if entry.get(name) is not None and not isinstance(entry[name], date):
            yield Problem(place, "pack.bad_date", f"“{entry[name]}”不是日期，应写成 2026-07-01",
                          f"{entry[name]} is no date; write 2026-07-01")  # fmt: skip


def _version(info: ParamInfo, entry: Mapping[str, Any], known: Mapping[str, Any], place: str) -> ParamVersion | Problem:
    given = entry.get("value")
    try:
        read = info.read(given)
    except ValueError as error:
        return Problem(place, "pack.bad_value", f"{info.zh}：值不对（{given}）", f"{info.en}: {given}: {error}")
    extra = {name: str(value) for name, value in entry.items() if name not in ("from", "value", "until")}
    return ParamVersion(info.key, read, **{**known, **extra, "until": entry.get("until") or known["until"]})


def _checked(versions: Iterable[ParamVersion | Problem]) -> list[ParamVersion]:
    """The versions; PackError with every fault when there is one."""
    listed = list(versions)
    problems = [version for version in listed if isinstance(version, Problem)]
    if problems:
        raise PackError(problems)
    return [version for version in listed if isinstance(version, ParamVersion)]


def _over_demo(told: object, where: str) -> Pack:
    """``county_parameters`` with the demo county's catalogue, and its values of what is never told."""
    if not isinstance(told, Mapping):
        raise PackError([Problem(where, "pack.not_a_pack", "county_parameters 里没有参数", "no parameters in it")])
    demo = demo_pack()
    values = flat(told)
    versions = _checked(v for key, value in values.items() for v in _versions(key, value, FIRST_DAY, {}, where))
    kept = [v for v in demo.parameters if v.key not in values and v.key.startswith(NEVER_TOLD)]
    return demo.replaced(parameters=[*versions, *kept], county="", edition="told")


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
