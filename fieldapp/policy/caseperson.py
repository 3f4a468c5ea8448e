"""The keys of a described family that concern one member: relation, papers, disability, work, school, parents."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from fieldapp.domain import identity_number
from fieldapp.policy import casefamily, casewords
from fieldapp.policy.casekeys import SELF_CARE, able, is_none, is_unknown
from fieldapp.policy.casetelling import Telling, refuse_unknown, wrong, yes_or_no
from fieldapp.policy.problems import FactError
from fieldapp.policy.vocabulary import fact_info, nearest

END_OF_TIME = date(9999, 12, 31)


def relation(t: Telling, value: object, row: str) -> None:
    if is_unknown(value):
        t.put("member.relation", "unknown", row)
        return
    known = fact_info("member.relation").values
    found = casewords.role(str(value), known)
    if not found:
        raise wrong("role", value, [*casewords.ROLES, *known])
    t.put("member.relation", found, row)


def id_number(t: Telling, value: object, row: str) -> None:
    """Given or not listed: established; unknown: nobody knows who this is. A whole number says the birth date."""
    t.put("member.identity", "unknown" if is_unknown(value) else True, row)
    if is_none(value) or value is False:
        t.assume("member.id_kind", "none", row)
        return
    text = identity_number.normal_form(str(value))
    if not re.fullmatch(r"\d{17}[\dX]|\d{15}", text):
        return
    number = identity_number.read(text, today=END_OF_TIME)
    if number.faults:
        raise FactError("policy.case_id_number", where="id_number", key=", ".join(number.faults))
    if number.birth_date is not None and not t.said("member.age", row):
        t.assume("member.birth_date", number.birth_date, row)


def disability(t: Telling, value: object, row: str) -> None:
    """``{kind, level}``, "limb level 3", none, or unknown."""
    if is_unknown(value):
        t.put("member.disability.kind", "unknown", row)
        t.put("member.disability.level", "unknown", row)
    elif isinstance(value, Mapping):
        _disability_parts(t, value, row)
    elif is_none(value) or value is False:
        t.put("member.disability.kind", "none", row)
    else:
        kind, level = _kind_and_level(str(value))
        if not kind:
            raise wrong("disability", value, list(fact_info("member.disability.kind").values))
        t.put("member.disability.kind", kind, row)
        t.put("member.disability.level", level or "unknown", row)


def _disability_parts(t: Telling, told: Mapping[str, Any], row: str) -> None:
    parts = {"kind" if key == "type" else str(key): item for key, item in told.items()}
    t.assume("member.disability.kind", "unknown", row)
    t.assume("member.disability.level", 0 if is_none(parts.get("kind", "")) else "unknown", row)
    for key, item in parts.items():
        with t.at(key):
            t.plain(f"disability.{key}", item, row, ("kind", "level"))


def _kind_and_level(text: str) -> tuple[str, str]:
    level = re.search(r"[1-4]|[一二三四](?=级)", text)
    digit = {"一": "1", "二": "2", "三": "3", "四": "4"}
    return casewords.first("disability", text), digit.get(level[0], level[0]) if level else ""


def illness(t: Telling, value: object, row: str) -> None:
    """Its name, several in a list, or ``{name, chronic, in_hospital}``."""
    if not isinstance(value, Mapping):
        t.put("member.illness", value, row)
        return
    refuse_unknown(value, ("name", "kind", "chronic", "in_hospital"))
    t.put("member.illness", value.get("name") or value.get("kind") or "unknown", row)
    for key in ("chronic", "in_hospital"):
        if key in value:
            t.put(f"member.illness.{key}", value[key], row)


def work(t: Telling, value: object, row: str) -> None:
    if is_unknown(value) or is_none(value) or isinstance(value, bool):
        t.put("member.work", "employed" if value is True else value, row)
        return
    text = str(value)
    kind = text if text in fact_info("member.work").values else casewords.first("work", text)
    t.put("member.work", kind or "unknown", row)
    if re.search(r"cannot do heavy|light work|heavy labour", text):
        t.assume("member.labour_ability", "weak", row)


def school(t: Telling, value: object, row: str) -> None:
    if is_unknown(value) or is_none(value) or value is False:
        t.put("member.school", value, row)
        return
    known = fact_info("member.school").values
    stage = str(value) if value in known else casewords.first("school", str(value))
    if not stage:
        raise wrong("school", value, list(known))
    t.put("member.school", stage, row)
    if stage == "postgraduate":
        t.assume("member.long_together", False, row)


def self_care(t: Telling, value: object, row: str) -> None:
    """Items "able", "not able"; or a level word for all."""
    if not isinstance(value, Mapping):
        value = dict.fromkeys(SELF_CARE, value)
    names = {"walking": "walking_indoors", "indoors": "walking_indoors", "bath": "bathing", "eat": "eating",
             "dress": "dressing", "getting_up": "bed"}  # fmt: skip
    for key, item in value.items():
        name = names.get(str(key), str(key))
        refuse_unknown({name: item}, SELF_CARE)
        t.put(f"selfcare.{name}", able(item), row)


def parents(t: Telling, value: object, row: str) -> None:
    told = value if isinstance(value, Mapping) else dict.fromkeys(("father", "mother"), value)
    refuse_unknown(told, ("father", "mother"))
    for parent, state in told.items():
        with t.at(str(parent)):
            of_parent(t, str(parent), state, row)


def of_parent(t: Telling, parent: str, value: object, row: str) -> None:
    """"dead", "in prison 12 months", "mental disability level 3", {status, months, disability}."""
    if is_unknown(value) or is_none(value):
        t.put(f"member.{parent}", "unknown", row)
        return
    if isinstance(value, Mapping):
        _parent_parts(t, parent, value, row)
        return
    text = str(value)
    known = fact_info(f"member.{parent}").values
    state = text if text in known else casewords.first("parent", text)
    if not state:
        raise wrong(parent, value, list(known))
    t.put(f"member.{parent}", state, row)
    months = re.search(r"(\d+) *-?(month|year|个月|年)", text)
    if months:
        t.put(f"member.{parent}_months", int(months[1]) * (12 if months[2] in ("year", "年") else 1), row)
    kind, level = _kind_and_level(text) if state == "disabled" else ("", "")
    if kind and level:
        t.put(f"member.{parent}_disability.kind", kind, row)
        t.put(f"member.{parent}_disability.level", level, row)


def _parent_parts(t: Telling, parent: str, value: Mapping[str, Any], row: str) -> None:
    refuse_unknown(value, ("status", "situation", "state", "months", "disability"))
    state = value.get("status") or value.get("situation") or value.get("state")
    told = value.get("disability")
    of_parent(t, parent, state or ("disabled" if told else "present"), row)
    if "months" in value:
        t.put(f"member.{parent}_months", value["months"], row)
    if told is None:
        return
    kind, level = (told.get("kind", "unknown"), told.get("level", "unknown")) if isinstance(told, Mapping) else (
        _kind_and_level(str(told)))  # fmt: skip
    t.put(f"member.{parent}_disability.kind", kind or "unknown", row)
    t.put(f"member.{parent}_disability.level", level or "unknown", row)


def away(t: Telling, value: object, row: str) -> None:
    if is_unknown(value) or is_none(value) or isinstance(value, bool):
        t.put("member.away", "work" if value is True else value, row)
        return
    text = str(value)
    found = text if text in fact_info("member.away").values else casewords.first("away", text)
    t.put("member.away", found, row)


def guardian(t: Telling, value: object, row: str) -> None:
    if is_none(value) or value is False:
        t.put("member.guardian", "none", row)
        return
    known = fact_info("member.guardian").values
    t.put("member.guardian", value if is_unknown(value) or value in known else "relative", row)


def is_member(t: Telling, value: object, row: str) -> None:
    """Listed, yet not of the family: no duty of support, not living together."""
    counts = yes_or_no("member", value)
    told = "unknown" if counts is None else counts
    t.put("member.lives_together", told, row)
    t.put("member.support_duty", told, row)


def own_property(t: Telling, value: object, row: str) -> None:
    """What is in the member's own name: ``{deposits, passenger_cars}``; other kinds are told of the household."""
    if not isinstance(value, Mapping):
        for name in ("member.deposits", "member.passenger_cars"):
            t.assume(name, value if is_unknown(value) else "none", row)
        casefamily.own_property(t, value)
        return
    names = {"savings": "deposits", "cars": "passenger_cars", "car": "passenger_cars", "vehicles": "passenger_cars"}
    for key, amount in value.items():
        name = names.get(str(key), str(key))
        if name not in ("deposits", "passenger_cars"):
            raise FactError("policy.case_of_household", where=str(key), key=str(key), nearest=nearest(
                str(key), ("deposits", "passenger_cars")))  # fmt: skip
        t.put(f"member.{name}", amount, row)


def in_prison(t: Telling, value: object, row: str) -> None:
    told = yes_or_no("in_prison", value)
    t.put("member.away", "unknown" if told is None else "sentence" if told else "none", row)


MEMBER: dict[str, Callable[[Telling, Any, str], None]] = {
    "role": relation, "relation": relation, "id_number": id_number, "id": id_number, "identity": id_number,
    "disability": disability, "illness": illness, "work": work, "school": school, "self_care": self_care,
    "selfcare": self_care, "parents": parents, "away": away, "whereabouts": away, "guardian": guardian,
    "father": lambda t, v, r: of_parent(t, "father", v, r), "mother": lambda t, v, r: of_parent(t, "mother", v, r),
    "member": is_member, "event": casefamily.event, "obligors": casefamily.obligors, "property": own_property,
    "income": casefamily.income_month, "income_month": casefamily.income_month, "already": casefamily.of_member,
    "in_prison": in_prison, "serving_sentence": in_prison,
}  # fmt: skip
"""Keys that say more than one fact, or in words of their own."""
