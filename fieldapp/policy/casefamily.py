"""The keys of a described family that concern the household: income together, property, housing, events, obligors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from fieldapp.policy import casewords
from fieldapp.policy.casekeys import (
    HOUSEHOLD_INCOME,
    INCOME_KINDS,
    INCOME_WORDS,
    PROPERTY,
    is_none,
    is_unknown,
    known_or_other,
)
from fieldapp.policy.casetelling import Telling, refuse_unknown, wrong
from fieldapp.policy.problems import FactError
from fieldapp.policy.vocabulary import fact_info, nearest, vocabulary

SPENDING = ("medical", "education", "rehabilitation", "living", "other")


def income_month(t: Telling, value: object, row: str = "") -> None:
    """``{business: 400, transfer: 150}``, none, or unknown as a whole."""
    if is_unknown(value):
        _unknown_income(t, row)
    elif isinstance(value, Mapping):
        for kind, amount in value.items():
            with t.at(str(kind)):
                _income_kind(t, str(kind), amount, row)
    elif not _nothing(value):
        raise wrong("income_month", value, INCOME_KINDS)


def _income_kind(t: Telling, kind: str, amount: object, row: str) -> None:
    kind = INCOME_WORDS.get(kind, kind)
    if kind not in INCOME_KINDS:
        raise FactError("policy.case_key", where=kind, key=kind, nearest=nearest(kind, INCOME_KINDS),
                        known=", ".join(INCOME_KINDS))  # fmt: skip
    if row or kind not in HOUSEHOLD_INCOME:
        t.put(f"member.income.{kind}_month", amount, row or "01")
    else:
        t.put(f"household.income.{kind}_month", amount)


def _unknown_income(t: Telling, row: str) -> None:
    """Unknown wherever nothing more exact is said."""
    for member in [row] if row else list(t.draft.rows["member"]):
        for kind in INCOME_KINDS[:8]:
            t.assume(f"member.income.{kind}_month", "unknown", member)
    for kind in HOUSEHOLD_INCOME:
        t.assume(f"household.income.{kind}_month", "unknown")


def own_property(t: Telling, value: object) -> None:
    if isinstance(value, Mapping):
        for key, amount in value.items():
            with t.at(str(key)):
                t.plain(str(key), amount, "", PROPERTY)
    elif is_unknown(value):
        for kind in PROPERTY:
            t.assume(f"household.{kind}", "unknown")
    elif not _nothing(value):
        raise wrong("property", value, PROPERTY)


def _nothing(value: object) -> bool:
    return is_none(value) or value is False or value == 0 or value in ("no", "0")


def spending(t: Telling, value: object) -> None:
    """Kinds of spending over 12 months; never one amount for all five."""
    if isinstance(value, Mapping):
        told = {str(kind).removesuffix("_12_months"): amount for kind, amount in value.items()}
    elif is_unknown(value) or _nothing(value):
        told = dict.fromkeys(SPENDING, value)
    else:
        raise wrong("spending", value, SPENDING)
    refuse_unknown(told, SPENDING)
    for kind, amount in told.items():
        t.put(f"household.spending.{kind}_12_months", amount)


def housing(t: Telling, value: object) -> None:
    if is_unknown(value):
        t.put("housing.safe", "unknown")
    elif is_none(value) or value is False:
        t.put("housing.none", True)
    else:
        for key, item in (value if isinstance(value, Mapping) else {"kind": value}).items():
            name = {"danger": "danger_level", "level": "danger_level", "no_house": "none"}.get(key, key)
            t.plain(f"housing.{name}", item, "")


def event(t: Telling, value: object, row: str = "") -> None:
    """Words about a sudden event, of the family or of a member; several make a list."""
    if is_unknown(value):
        t.assume("event.kind", "unknown")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            event(t, item) if key in ("kind", "kinds", "what") else t.plain(f"event.{key}", item, "")
    elif isinstance(value, (list, tuple)):
        for item in value:
            event(t, item)
    elif not _nothing(value):
        known = fact_info("event.kind").values
        t.events += [str(value)] if value in known else casewords.every("event", str(value)) or ["other"]
        t.assume("event.words", str(value))


def already(t: Telling, value: object) -> None:
    if is_unknown(value):
        t.put("already.programs", "unknown")
        return
    entries = value if isinstance(value, (list, tuple)) else [] if _nothing(value) else [value]
    t.put("already.programs", [_already(t, entry) for entry in entries])


def of_member(t: Telling, value: object, row: str) -> None:
    if is_unknown(value):
        t.put("member.already", "unknown", row)
        return
    entries = value if isinstance(value, (list, tuple)) else [] if _nothing(value) else [value]
    t.put("member.already", [_already(t, entry) for entry in entries], row)


def _already(t: Telling, entry: object) -> str:
    """"dibao", "dibao 210 a month since 2025-07", {dibao: 210}, or {policy, month|amount_month, since}."""
    month: object
    since: object
    if isinstance(entry, Mapping):
        name, month, since = _already_parts(entry)
    else:
        name, _, rest = str(entry).partition(" ")
        found = re.search(r"([\d,.]+)(?: yuan)?(?: a month|/month)?", rest.split("since")[0])
        begun = re.search(r"since (\d{4}-\d\d(?:-\d\d)?)", rest)
        month, since = found and found[1].rstrip(",."), begun and begun[1]
    name = _policy(t, name.strip(",;:，、"))
    if name in ("dibao", "dibao_single"):
        if month is not None:
            t.put("already.dibao_amount_month", month)
        if since is not None:
            t.put("already.dibao_since", since)
    return name


def _already_parts(entry: Mapping[str, Any]) -> tuple[str, object, object]:
    name = str(entry.get("policy") or entry.get("id") or next(iter(entry)))
    parts = {key: value for key, value in entry.items() if key != name}
    if name in entry:
        inner = entry[name]
        parts |= inner if isinstance(inner, Mapping) else {"month": inner}
    refuse_unknown(parts, ("policy", "id", "month", "amount_month", "since"))
    month = parts.get("month", parts.get("amount_month"))
    return name, month, parts.get("since")


def _policy(t: Telling, name: str) -> str:
    """The id of a policy told by id, name or alias."""
    from fieldapp.policy.naming import policy_id, policy_ids

    found = policy_id(name, t.policies)
    if found is None:
        raise wrong("already", name, policy_ids(t.policies))
    return found


def obligors(t: Telling, value: object, row: str = "") -> None:
    """Those who live apart: sentences or rows; "none" and "unknown" for all of them."""
    if is_unknown(value):
        t.put("household.other_obligors", "unknown")
    elif _nothing(value) or value == []:
        t.put("household.other_obligors", False)
    else:
        entries = value if isinstance(value, (list, tuple)) else [value]
        t.put("household.other_obligors", True)
        for entry in entries:
            number = len(t.draft.rows["obligor"]) + 1
            with t.at(f"[{number}]"):
                _obligor(t, f"o{number:02d}", entry)


def _obligor(t: Telling, row: str, entry: object) -> None:
    t.draft.row("obligor", row)
    if isinstance(entry, Mapping):
        for key, value in entry.items():
            with t.at(str(key)):
                _obligor_key(t, str(key), value, row)
        t.assume("obligor.able", "unknown", row)
        return
    if not isinstance(entry, str):
        raise wrong("obligors", entry)
    able = casewords.obligor_able(entry)
    t.put("obligor.able", "unknown" if able is None else able, row)
    t.put("obligor.relation", casewords.first("obligor", entry) or "other", row)


def _obligor_key(t: Telling, key: str, value: object, row: str) -> None:
    if key == "disability" and isinstance(value, Mapping):
        refuse_unknown(value, ("kind", "level"))
        t.put("obligor.disability.kind", value.get("kind", "unknown"), row)
        t.put("obligor.disability.level", value.get("level", "unknown"), row)
        return
    name = {"wage_month": "income_month", "pension_month": "income_month", "capable": "able",
            "role": "relation"}.get(key, key)  # fmt: skip
    known = [n.removeprefix("obligor.") for n in vocabulary() if n.startswith("obligor.")]
    refuse_unknown({name: value}, known)
    if name == "relation" and not is_unknown(value):
        value = casewords.first("obligor", str(value)) or "other"
    if name == "away" and isinstance(value, str) and value not in fact_info("obligor.away").values:
        value = casewords.obligor_away(value) or value
    t.put(f"obligor.{name}", value, row)


def lived_with(t: Telling, value: object) -> None:
    """Somebody who lived with the family and is no member of it."""
    if isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    if _nothing(value):
        return
    if not isinstance(value, Mapping):
        raise wrong("lived_with", value, ("name", "relation", "was", "died"))
    for key, item in value.items():
        name = {"died": "died_on"}.get(key, key)
        if name == "member":
            continue
        known = ("name", "relation", "was", "died", "died_on", "member")
        refuse_unknown({key: item}, known)
        t.put(f"livedwith.{name}", known_or_other(item) if name == "was" else item)


HOUSEHOLD: dict[str, Callable[[Telling, Any], None]] = {
    "income_month": income_month, "income": income_month, "property": own_property, "assets": own_property,
    "spending": spending, "spending_12_months": spending, "rigid_spending_12_months": spending, "housing": housing,
    "event": event, "events": event, "already": already, "obligors": obligors, "lived_with": lived_with,
    "need": lambda t, value: t.put("need.words", value),
    "spending_for_people_who_lived_with_them_12_months": lambda t, value: t.put(
        "household.spending.for_people_who_lived_with_them_12_months", value
    ),
}  # fmt: skip
"""Keys that say more than one fact, or one under another name."""
