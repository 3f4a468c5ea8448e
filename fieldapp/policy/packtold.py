"""``county_parameters`` as case files tell them: nested keys, dated lists, and the trade's phrases for choices.

    dibao.standard_month: [{from: 2025-07-01, urban: 715, rural: 560}, {from: 2026-07-01, urban: 750, rural: 600}]
    job_cost: {method: fixed, month: 300, cap: wage}
    dibao.bands: [{up_to: 200, amount: 400}, {up_to: 400, amount: 250}]

A parameter of this kind that is not told is 参数未定: nothing is taken from another county. Only what case files
never tell (circles, rates of other departments' benefits) is as in the demo county.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypeGuard

from fieldapp.policy.parameters import register

FIRST_DAY = date(2025, 7, 1)
NEVER_TOLD = (
    "tier.", "disability_living.", "disability_care.", "childcare.", "elder_age.", "heating.", "price_subsidy.",
    "funeral.", "orphan.", "swwrfy.", "publicity.", "clock.", "income.childcare_excluded",
    "income.disability_subsidy_excluded", "income.elder_allowance_excluded",
)  # fmt: skip
"""Keys (or their beginnings) that come with the demo county when ``county_parameters`` do not name them."""

SYNONYMS = {
    "job_cost.rate": "job_cost.ratio", "job_cost.share": "job_cost.ratio", "job_cost.share_of_wage": "job_cost.ratio",
    "job_cost.amount_month": "job_cost.month",
}  # fmt: skip
AGED = re.compile(r"class_aid\.rate_of_standard\.aged_(\d+)$")
AGED_ALONE = re.compile(r"aged (\d+) and living alone$")
CARER_DIED = re.compile(r"carer died within (\d+) days$")


def flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """Register keys with what is told of each; keys the register has not stay as they are, to be refused by name."""
    found: dict[str, Any] = {}
    for name, value in told.items():
        for key, inner in _flat(str(name), value):
            found.update(_spelled_out(SYNONYMS.get(key, key), inner))
    if any(key.startswith("class_aid.rate_of_standard.") for key in found):
        for key in register():
            if key.startswith("class_aid.rate_of_standard."):
                found.setdefault(key, 0)
    return found


def _flat(name: str, value: object) -> Iterator[tuple[str, Any]]:
    if name in register() or name in SYNONYMS:
        yield name, value
    elif _rows(value):
        for sub in dict.fromkeys(key for entry in value for key in entry if key != "from"):
            dated = [{"from": e.get("from", FIRST_DAY), "value": e.get(sub)} for e in value]
            yield from _flat(f"{name}.{sub}", dated)
    elif isinstance(value, Mapping) and value:
        for sub, inner in value.items():
            yield from _flat(f"{name}.{sub}", inner)
    else:
        yield name, value


def _rows(value: object) -> TypeGuard[list[Mapping[str, Any]]]:
    """A dated list that tells several parameters at once: ``[{from, urban, rural}]``."""
    if not isinstance(value, list) or not value or not all(isinstance(entry, Mapping) for entry in value):
        return False  # a plain value, or a list of words
    return any(key not in ("from", "value") for entry in value for key in entry)


def _spelled_out(key: str, value: Any) -> dict[str, Any]:
    """One told entry as the register's entries: ages inside names, tables of bands, phrases."""
    aged = AGED.match(key)
    if aged:
        return {"class_aid.rate_of_standard.aged_70": value, "class_aid.aged_from": int(aged[1])}
    if key in ("risk.high.any", "risk.medium.any", "risk.low.any") and isinstance(value, list):
        return _situations(key, value)
    if key == "job_cost.cap" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return {key: "wage", "job_cost.cap_month": value}
    if key == "dibao.bands" and isinstance(value, list):
        return {key: _bands(value)}
    if key == "dibao.rounding" and isinstance(value, str):
        return _rounding(key, value)
    info = register().get(key)
    if info is not None and info.type in ("choice", "choices", "ratio"):
        return {key: _each(value, lambda item: phrase(key, item))}
    return {key: value}


def _each(value: Any, change: Any) -> Any:
    """``change`` of a value, of each of a list, or of each version of a dated list."""
    if isinstance(value, list):
        return [{**item, "value": _each(item["value"], change)} if isinstance(item, Mapping) and "value" in item
                else change(item) for item in value]  # fmt: skip
    return change(value)


def _situations(key: str, value: list[Any]) -> dict[str, Any]:
    """Situations of risk; the age and the days in their phrases are parameters of their own."""
    found: dict[str, Any] = {}
    names = []
    for item in value:
        aged, died = AGED_ALONE.match(str(item)), CARER_DIED.match(str(item))
        if aged:
            found["risk.aged_from"] = int(aged[1])
        if died:
            found["risk.carer_died_days"] = int(died[1])
        names.append("aged_alone" if aged else "carer_died" if died else item)
    return {**found, key: names}


def _bands(value: list[Any]) -> Any:
    """``[{up_to: 200, amount: 400}]`` or ``[{below: 200, amount: 400}]`` as the register writes bands."""
    if not all(isinstance(entry, Mapping) and "from" not in entry for entry in value):
        return value
    return ";".join(_band({str(k): v for k, v in entry.items()}) for entry in value)


def _band(entry: dict[str, Any]) -> str:
    top = next((k for k in ("up_to", "at_most", "per_person_at_most", "to", "ceiling") if k in entry), "")
    under = next((k for k in ("below", "per_person_below", "under") if k in entry), "")
    pays = next((k for k in ("amount", "month", "amount_month", "per_person_amount", "pays") if k in entry), "")
    if set(entry) - {top, under, pays} or not pays or bool(top) == bool(under):
        return ", ".join(f"{k}: {v}" for k, v in entry.items())
    return f"{'<' if under else ''}{entry[under or top]}={entry[pays]}"


def _rounding(key: str, value: str) -> dict[str, Any]:
    """"up to whole yuan, per household", "to the nearest jiao, per person", "down to whole yuan"."""
    text = value.strip().lower()
    way = "down" if "down" in text else "half_up" if re.search(r"nearest|half|round(ed)? to", text) else "up"
    unit = next((name for name in ("yuan", "jiao", "fen") if name in text), "")
    name = f"{way}_to_{unit}"
    known = register()[key].values
    told = {key: name if name in known and re.search(r"up|down|nearest|half|round", text) else value}
    if "per person" in text:
        told["dibao.rounding_per"] = "person"
    elif "per household" in text:
        told["dibao.rounding_per"] = "household"
    return told


PHRASES = (
    ("ratio", r"two thirds", "2/3"), ("ratio", r"three quarters", "3/4"), ("ratio", r"half", "1/2"),
    ("ratio", r"one third", "1/3"),
    ("class_aid.stack", r"highest|higher of|only the most", "highest"),
    ("class_aid.stack", r"^(sum|add|all|stack|cumulat|together)", "sum"),
    ("job_cost.method", r"share|ratio|percent", "wage_ratio"),
    ("dibao.amount_mode", r"band", "bands"), ("dibao.amount_mode", r"difference", "difference"),
    ("temp_expense.per_person_below", r"edge", "edge"), ("temp_expense.per_person_below", r"^dibao", "dibao"),
)  # fmt: skip


def phrase(key: str, value: object) -> object:
    """A choice or a ratio told in words: "two thirds of the committee", "sum of all"; else as it is told."""
    info = register()[key]
    if not isinstance(value, str) or value in info.values:
        return value
    return next((word for about, pattern, word in PHRASES if about in (key, info.type) and re.search(pattern, value)),
                value)  # fmt: skip
