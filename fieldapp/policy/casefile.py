"""Facts of a described family: the keys of case files, turned into the vocabulary.

A key not listed was asked and answered "none" (zero, no), unless it says ``unknown``. Keys may be those of the
cases, near variants of them, or names of the vocabulary with or without their first part; a key or a value that is
none of these is refused with its place in the file and the nearest known one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from fieldapp.policy.casefamily import HOUSEHOLD
from fieldapp.policy.casekeys import CASE_KEYS, HOUSEHOLD_ALIASES
from fieldapp.policy.caseperson import MEMBER
from fieldapp.policy.casetelling import Telling, refuse_unknown, wrong
from fieldapp.policy.facts import Facts
from fieldapp.policy.problems import FactError
from fieldapp.policy.vocabulary import nearest
from fieldapp.policy.yamlfile import TwiceError, read_yaml


def translate(case: Mapping[str, Any], policies: Collection[str] = ()) -> Facts:
    """Facts of a case: its whole entry (found_by, facts, path) or its ``facts`` alone. Raises FactError."""
    t = Telling(policies)
    whole = "facts" in case
    if whole:
        refuse_unknown(case, CASE_KEYS)
    told = case["facts"] if whole else case
    if not isinstance(told, Mapping):
        raise wrong("facts", told)
    _family(t, told)
    if whole:
        path = case.get("path") or []
        _found(t, str(case.get("found_by", "")), [str(step) for step in path] if isinstance(path, list) else [path])
    t.settle()
    return t.draft.facts()


def with_later(case: Mapping[str, Any], changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The case after its ``later`` (or ``changes``): keys of the family replace the family's, others are those
    of the first member."""
    later = dict(changes if changes is not None else case.get("later", {}))
    facts = dict(case.get("facts", case))
    members = [dict(member) for member in facts.get("members", [])]
    for key, value in later.items():
        told_of_member = bool(members) and key in members[0]
        of_family = not members or key in facts or (_is_household_key(key) and not told_of_member)
        (facts if of_family else members[0])[key] = value
    return {**{k: v for k, v in case.items() if k in CASE_KEYS - {"later"}}, "facts": {**facts, "members": members}}


def _is_household_key(key: str) -> bool:
    return key in HOUSEHOLD or key in HOUSEHOLD_ALIASES


def read_families(path: Path, case_id: str = "", policies: Collection[str] = ()) -> dict[str, Facts]:
    """Families of a YAML or JSON file by id: ``facts/1``, one family, or ``cases`` (``case_id`` picks one)."""
    data = read_description(path)
    if data.get("schema") == "facts/1":
        return {"": Facts.from_json(data)}
    if "cases" not in data:
        return {str(data.get("id", "")): translate(_family_alone(data), policies)}
    picked = [pick_case(data, case_id)] if case_id else _cases(data).values()
    return {str(case.get("id", "")): _placed(case, policies) for case in picked}


def _placed(case: Mapping[str, Any], policies: Collection[str]) -> Facts:
    try:
        return translate(case, policies)
    except FactError as error:
        error.details["place"] = f"{case.get('id', '')}: {error.details.get('place') or error.where}"
        raise


def _family_alone(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """A family that stands beside the parameters it is to be assessed with."""
    return {key: value for key, value in data.items() if key != "county_parameters"}


def read_description(path: Path) -> Mapping[str, Any]:
    """The data of a file; FactError when it is no file of facts, with line and column where YAML breaks."""
    import yaml

    try:
        data = read_yaml(path.read_text(encoding="utf-8-sig"))
    except TwiceError as error:
        raise FactError("policy.facts_twice", where=path.name, place=error.place, key=error.key) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise FactError("policy.facts_unreadable", where=path.name, place=place, reason=str(error.problem)) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FactError("policy.facts_unreadable", where=path.name, reason=type(error).__name__) from None
    if not isinstance(data, Mapping):
        raise FactError("policy.facts_file", where=path.name)
    return data


def pick_case(data: Mapping[str, Any], case_id: str) -> Mapping[str, Any]:
    """One case of a file of cases; FactError names the nearest id."""
    cases = _cases(data)
    if case_id not in cases:
        raise FactError("policy.case_unknown", where=case_id, key=case_id, nearest=nearest(case_id, cases),
                        known=", ".join(cases))  # fmt: skip
    return cases[case_id]


def _cases(data: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    entries = data["cases"]
    if not isinstance(entries, list) or not all(isinstance(case, Mapping) for case in entries):
        raise wrong("cases", entries)
    return {str(case.get("id", number)): case for number, case in enumerate(entries, 1)}


def _family(t: Telling, facts: Mapping[str, Any]) -> None:
    members = facts.get("members") or []
    if not isinstance(members, list):
        raise wrong("members", members)
    for number, member in enumerate(members, 1):
        with t.at(f"members[{number}]"):
            _member(t, f"{number:02d}", member, first=number == 1)
    for key, value in facts.items():
        if key == "members":
            continue
        with t.at(str(key)):
            handler = HOUSEHOLD.get(key)
            if handler is not None:
                handler(t, value)
            else:
                t.plain(str(key), value, "", HOUSEHOLD)
    if t.events:
        t.put("event.kind", list(dict.fromkeys(t.events)))
    _of_all_members(t)


def _member(t: Telling, row: str, member: object, *, first: bool) -> None:
    if not isinstance(member, Mapping):
        raise wrong("members", member)
    t.draft.row("member", row)
    t.assume("member.relation", "head" if first else "unknown", row)
    t.assume("member.support_duty", True, row)
    for key, value in member.items():
        with t.at(str(key)):
            handler = MEMBER.get(key)
            if handler is not None:
                handler(t, value, row)
            else:
                t.plain(str(key), value, row, MEMBER)


def _of_all_members(t: Telling) -> None:
    """What members have in their own names is the family's too; the family's figure includes it."""
    for own, of_family in (("member.deposits", "household.deposits"),
                           ("member.passenger_cars", "household.passenger_cars")):  # fmt: skip
        rows = [row for row in t.draft.rows["member"] if t.said(own, row)]
        values = [t.draft.rows["member"][row][own].value for row in rows]
        known = [value for value in values if isinstance(value, int)]
        if not rows:
            continue
        if not t.said(of_family):
            unknown = len(known) < len(values)
            amount: object = "unknown" if unknown else sum(known)
            t.assume(of_family, amount if unknown or "cars" in own else f"{sum(known) / 100:.2f}")
            continue
        together = t.draft.rows["household"][""][of_family].value
        if isinstance(together, int) and together < sum(known):
            raise FactError("policy.case_less_than_members", where=of_family, key=of_family.partition(".")[2])


def _found(t: Telling, found_by: str, path: list[str]) -> None:
    """What the way it was found says: the kind of round, an answered lead, an urgent mark."""
    words = " / ".join(path)
    if re.search(r"extra .*round|weather|cold|snow|flood", found_by):
        t.assume("round.kind", "weather")
    if re.search(r"lead answered: true but already", words):
        t.assume("lead.answer", "true_already_helped")
    elif re.search(r"lead answered: true", words):
        t.assume("lead.answer", "true_needs_help")
    if re.search(r"marked urgent|urgent report", words):
        t.assume("signal.urgent", True)


