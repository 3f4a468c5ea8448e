"""Facts of a described family: the keys of case files, turned into the vocabulary.

A key not listed was asked and answered "none" (zero, no), unless it says ``unknown``. Keys may be those of the
cases, near variants of them, or names of the vocabulary with or without their first part; a key that is none of
these is refused by name, with the nearest known one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fieldapp.policy import casewords
from fieldapp.policy.casekeys import (
    CASE_KEYS,
    HOUSEHOLD_ALIASES,
    HOUSEHOLD_INCOME,
    INCOME_KINDS,
    PROPERTY,
    SELF_CARE,
    able,
    fact_of,
    is_none,
    is_unknown,
    known_or_other,
    worded,
)
from fieldapp.policy.facts import KNOWN, UNCLEAR, Draft, Facts
from fieldapp.policy.problems import FactError
from fieldapp.policy.vocabulary import fact_info, nearest, vocabulary
from fieldapp.policy.yamlfile import read_yaml


def translate(case: Mapping[str, Any]) -> Facts:
    """Facts of a case: its whole entry (found_by, facts, path) or its ``facts`` alone. Raises FactError."""
    whole = "facts" in case
    if whole:
        _refuse_unknown(case, CASE_KEYS)
    translator = _Translator(Draft(closed=True))
    translator.household(case["facts"] if whole else case)
    if whole:
        translator.found(str(case.get("found_by", "")), [str(step) for step in case.get("path", [])])
    return translator.draft.facts()


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
    return key in _HOUSEHOLD or key in HOUSEHOLD_ALIASES


def read_facts_file(path: Path, case_id: str = "") -> Facts:
    """Facts of a YAML or JSON file: ``facts/1``, one case, or a file of ``cases`` (then ``case_id`` picks)."""
    import yaml

    try:
        data = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FactError("policy.facts_unreadable", where=path.name, reason=type(error).__name__) from None
    if not isinstance(data, Mapping):
        raise FactError("policy.facts_file", where=path.name)
    if data.get("schema") == "facts/1":
        return Facts.from_json(data)
    return translate(pick_case(data, case_id) if "cases" in data else data)


def pick_case(data: Mapping[str, Any], case_id: str) -> Mapping[str, Any]:
    """One case of a file of cases; FactError names the nearest id."""
    cases = {str(case.get("id")): case for case in data["cases"]}
    if case_id not in cases:
        raise FactError("policy.case_unknown", where=case_id, key=case_id, nearest=nearest(case_id, cases))
    return cases[case_id]  # type: ignore[no-any-return]


def _refuse_unknown(given: Mapping[str, Any], known: frozenset[str]) -> None:
    for key in given:
        if key not in known:
            raise FactError("policy.case_key", where=str(key), key=key, nearest=nearest(str(key), known))


class _Translator:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.events: list[str] = []

    # --- the family ---------------------------------------------------------------------------------------

    def household(self, facts: Mapping[str, Any]) -> None:
        members = facts.get("members", [])
        rows = [f"{number:02d}" for number in range(1, len(members) + 1)]
        for row, member in zip(rows, members, strict=True):
            self.member(row, member, first=row == "01")
        for key, value in facts.items():
            if key == "members":
                continue
            handler = _HOUSEHOLD.get(key)
            if handler is not None:
                handler(self, value)
            else:
                self.plain(key, value, "")
        if self.events:
            self.draft.put("event.kind", list(dict.fromkeys(self.events)))

    def plain(self, key: str, value: object, row: str) -> None:
        """A key that names one fact, by alias or by its name in the vocabulary."""
        name = fact_of(key, _MEMBER if row else _HOUSEHOLD, member=bool(row))
        if isinstance(value, Mapping) and fact_info(name).type != "choices":
            raise FactError("policy.case_value", where=key, key=key)
        self.put(name, value, row)

    def put(self, name: str, value: object, row: str = "") -> None:
        info = fact_info(name)
        if is_unknown(value):
            self.draft.unknown(name, row, UNCLEAR)
        elif is_none(value) and not (value is not None and "none" in info.values):
            self.draft.row(info.level, row)[name] = Facts(closed=True).get(name)
        else:
            self.draft.put(name, worded(info, value), row, KNOWN)

    def found(self, found_by: str, path: list[str]) -> None:
        """What the way it was found says: the kind of round, an answered lead, an urgent mark."""
        household = self.draft.rows["household"][""]
        words = " / ".join(path)
        if re.search(r"extra .*round|weather|cold|snow|flood", found_by) and "round.kind" not in household:
            self.put("round.kind", "weather")
        if re.search(r"lead answered: true but already", words):
            self.put("lead.answer", "true_already_helped")
        elif re.search(r"lead answered: true", words):
            self.put("lead.answer", "true_needs_help")
        if re.search(r"marked urgent|urgent report", words) and "signal.urgent" not in household:
            self.put("signal.urgent", True)

    def income_month(self, value: object, row: str = "") -> None:
        if is_unknown(value):
            self.unknown_income(row)
        elif isinstance(value, Mapping):
            for kind, amount in value.items():
                self.income_kind(str(kind), amount, row)
        elif value not in (None, 0, "none", "no"):
            raise FactError("policy.case_value", where="income_month", key="income_month")

    def income_kind(self, kind: str, amount: object, row: str) -> None:
        kind = {"wages": "wage", "salary": "wage", "pensions": "pension", "rent": "property"}.get(kind, kind)
        if kind not in INCOME_KINDS:
            near = nearest(kind, INCOME_KINDS)
            raise FactError("policy.case_key", where=kind, key=kind, nearest=near)
        if row or kind not in HOUSEHOLD_INCOME:
            self.put(f"member.income.{kind}_month", amount, row or "01")
        else:
            self.put(f"household.income.{kind}_month", amount)

    def unknown_income(self, row: str) -> None:
        for member in [row] if row else list(self.draft.rows["member"]):
            for kind in INCOME_KINDS[:8]:
                self.draft.unknown(f"member.income.{kind}_month", member)
        for kind in HOUSEHOLD_INCOME:
            self.draft.unknown(f"household.income.{kind}_month")

    def property(self, value: object, row: str = "") -> None:
        if isinstance(value, Mapping):
            for key, amount in value.items():
                self.plain(str(key), amount, "")
            return
        for kind in PROPERTY:
            self.put(f"household.{kind}", value)
        if row:
            self.put("member.deposits", value, row)

    def spending(self, value: object) -> None:
        kinds = ("medical", "education", "rehabilitation", "living", "other")
        if not isinstance(value, Mapping):
            value = dict.fromkeys(kinds, value)
        _refuse_unknown(value, frozenset(kinds))
        for kind, amount in value.items():
            self.put(f"household.spending.{kind}_12_months", amount)

    def housing(self, value: object) -> None:
        if is_unknown(value):
            self.put("housing.safe", "unknown")
            return
        for key, item in (value if isinstance(value, Mapping) else {"kind": value}).items():
            name = {"danger": "danger_level", "level": "danger_level", "no_house": "none"}.get(key, key)
            self.plain(f"housing.{name}", item, "")

    def event(self, value: object) -> None:
        if is_unknown(value):
            self.draft.unknown("event.kind")
        elif isinstance(value, Mapping):
            for key, item in value.items():
                self.event(item) if key in ("kind", "kinds", "what") else self.plain(f"event.{key}", item, "")
        elif isinstance(value, (list, tuple)):
            for item in value:
                self.event(item)
        elif value not in (None, False, "none", "no"):
            known = fact_info("event.kind").values
            self.events += [str(value)] if value in known else casewords.every("event", str(value)) or ["other"]
            self.put("event.words", str(value))

    def already(self, value: object) -> None:
        if is_unknown(value):
            self.draft.unknown("already.programs")
            return
        entries = value if isinstance(value, (list, tuple)) else [] if value in (None, "none") else [value]
        self.draft.put("already.programs", [self._already(entry) for entry in entries])

    def _already(self, entry: object) -> str:
        """"dibao", "dibao 210 a month since 2025-07", or {policy, month|amount_month, since}."""
        if isinstance(entry, Mapping):
            name = str(entry.get("policy") or entry.get("id") or next(iter(entry)))
            inner = entry.get(name) if isinstance(entry.get(name), Mapping) else entry
            month, since = inner.get("month") or inner.get("amount_month"), inner.get("since")  # type: ignore[union-attr]
        else:
            name, _, rest = str(entry).partition(" ")
            found = re.search(r"([\d.]+)(?: yuan)?(?: a month|/month)?", rest.split("since")[0])
            since_found = re.search(r"since (\d{4}-\d\d(?:-\d\d)?)", rest)
            month, since = found and found[1], since_found and since_found[1]
        if name in ("dibao", "dibao_single"):
            if month:
                self.put("already.dibao_amount_month", month)
            if since:
                self.put("already.dibao_since", since)
        return name

    def obligors(self, value: object) -> None:
        if is_unknown(value):
            self.draft.unknown("household.other_obligors")
        elif value in (None, "none", "no", []):
            self.draft.put("household.other_obligors", False)
        else:
            entries = value if isinstance(value, (list, tuple)) else [value]
            self.draft.put("household.other_obligors", True)
            for number, entry in enumerate(entries, 1):
                self.obligor(f"o{number:02d}", entry)

    def obligor(self, row: str, entry: object) -> None:
        self.draft.row("obligor", row)
        if isinstance(entry, Mapping):
            for key, value in entry.items():
                self._obligor_key(str(key), value, row)
            told = self.draft.rows["obligor"][row]
            if "obligor.able" not in told:
                self.draft.unknown("obligor.able", row)
            return
        able = casewords.obligor_able(str(entry))
        self.put("obligor.able", "unknown" if able is None else able, row)
        relation = casewords.first("obligor", str(entry))
        self.put("obligor.relation", relation or "other", row)

    def _obligor_key(self, key: str, value: object, row: str) -> None:
        if key == "disability" and isinstance(value, Mapping):
            self.put("obligor.disability.kind", value.get("kind", "none"), row)
            self.put("obligor.disability.level", value.get("level", 0), row)
            return
        name = {"wage_month": "income_month", "capable": "able", "role": "relation"}.get(key, key)
        if f"obligor.{name}" not in vocabulary():
            known = [n.removeprefix("obligor.") for n in vocabulary() if n.startswith("obligor.")]
            raise FactError("policy.case_key", where=key, key=key, nearest=nearest(key, known))
        if name == "relation":
            value = casewords.first("obligor", str(value)) or "other"
        self.put(f"obligor.{name}", value, row)

    def lived_with(self, value: object) -> None:
        if not isinstance(value, Mapping):
            return
        for key, item in value.items():
            name = {"died": "died_on"}.get(key, key)
            if name == "member":
                continue
            self.put(f"livedwith.{name}", known_or_other(item) if name == "was" else item)

    def need(self, value: object) -> None:
        self.put("need.words", value)

    # --- a member -----------------------------------------------------------------------------------------

    def member(self, row: str, member: Mapping[str, Any], *, first: bool) -> None:
        self.draft.row("member", row)
        if "role" not in member and "relation" not in member:
            self.put("member.relation", "head" if first else "unknown", row)
        counts = member.get("member", True) is not False
        self.put("member.support_duty", counts, row)
        for key, value in member.items():
            handler = _MEMBER.get(key)
            if handler is not None:
                handler(self, value, row)
            else:
                self.plain(key, value, row)

    def role(self, value: object, row: str) -> None:
        if is_unknown(value):
            self.draft.unknown("member.relation", row)
            return
        relation = casewords.role(str(value), fact_info("member.relation").values)
        if not relation:
            known = [*casewords.ROLES, *fact_info("member.relation").values]
            near = nearest(str(value), known)
            raise FactError("policy.case_value", where="role", key=str(value), nearest=near)
        self.put("member.relation", relation, row)

    def id_number(self, value: object, row: str) -> None:
        """Given or not listed: established; unknown: nobody knows who this is."""
        self.put("member.identity", "unknown" if is_unknown(value) else True, row)
        if value in (None, "none"):
            self.draft.put("member.id_kind", "none", row)

    def disability(self, value: object, row: str) -> None:
        if is_unknown(value):
            self.draft.unknown("member.disability.kind", row)
            self.draft.unknown("member.disability.level", row)
        elif isinstance(value, Mapping):
            if is_unknown(value.get("level", "unknown")):
                self.draft.unknown("member.disability.level", row)
            for key, item in value.items():
                self.put(f"member.disability.{key}" if key != "type" else "member.disability.kind", item, row)
        else:
            self._disability_words(str(value), row)

    def _disability_words(self, text: str, row: str) -> None:
        """"limb level 3", "none"."""
        kind = casewords.first("disability", text)
        self.put("member.disability.kind", kind or "none", row)
        level = re.search(r"[1-4]", text)
        self.put("member.disability.level", level[0] if level else "unknown" if kind else 0, row)

    def work(self, value: object, row: str) -> None:
        if is_unknown(value):
            self.draft.unknown("member.work", row)
            return
        text = str(value)
        kind = text if text in fact_info("member.work").values else casewords.first("work", text)
        self.put("member.work", kind or "unknown", row)
        if re.search(r"cannot do heavy|light work|heavy labour", text):
            self.put("member.labour_ability", "weak", row)

    def school(self, value: object, row: str) -> None:
        if is_unknown(value):
            self.draft.unknown("member.school", row)
            return
        text = str(value)
        stage = casewords.first("school", text) if text not in ("none", "no", "False") else "none"
        if not stage:
            near = nearest(text, fact_info("member.school").values)
            raise FactError("policy.case_value", where="school", key=text, nearest=near)
        self.put("member.school", stage, row)
        if stage == "postgraduate":
            self.put("member.long_together", False, row)

    def self_care(self, value: object, row: str) -> None:
        """Items "able", "not able"; or a level word for all."""
        if not isinstance(value, Mapping):
            value = dict.fromkeys(SELF_CARE, value)
        names = {"walking": "walking_indoors", "indoors": "walking_indoors", "bath": "bathing", "eat": "eating",
                 "dress": "dressing", "getting_up": "bed"}  # fmt: skip
        for key, item in value.items():
            name = names.get(str(key), str(key))
            if name not in SELF_CARE:
                raise FactError("policy.case_key", where=str(key), key=key, nearest=nearest(str(key), SELF_CARE))
            self.put(f"selfcare.{name}", able(item), row)

    def parents(self, value: object, row: str) -> None:
        for parent in ("father", "mother"):
            told = value.get(parent) if isinstance(value, Mapping) else value
            if told is not None:
                self.parent(parent, told, row)

    def parent(self, parent: str, value: object, row: str) -> None:
        """"dead", "in prison 12 months", {status, months, disability}."""
        if is_unknown(value):
            self.draft.unknown(f"member.{parent}", row)
            return
        if isinstance(value, Mapping):
            self._parent_parts(parent, value, row)
            return
        text = str(value)
        known = fact_info(f"member.{parent}").values
        state = text if text in known else casewords.first("parent", text)
        self.put(f"member.{parent}", state or "unknown", row)
        months = re.search(r"(\d+) *(month|year|个月|年)", text)
        if months:
            self.put(f"member.{parent}_months", int(months[1]) * (12 if months[2] in ("year", "年") else 1), row)

    def _parent_parts(self, parent: str, value: Mapping[str, Any], row: str) -> None:
        parts = dict(value)
        state = parts.pop("status", None) or parts.pop("situation", None) or parts.pop("state", None)
        disability, months = parts.pop("disability", None), parts.pop("months", None)
        _refuse_unknown(parts, frozenset({"status", "situation", "months", "disability"}))
        self.parent(parent, state or ("disabled" if disability else "present"), row)
        if months is not None:
            self.put(f"member.{parent}_months", months, row)
        if isinstance(disability, Mapping):
            self.put(f"member.{parent}_disability.kind", disability.get("kind", "none"), row)
            self.put(f"member.{parent}_disability.level", disability.get("level", 0), row)

    def away(self, value: object, row: str) -> None:
        if is_unknown(value):
            self.draft.unknown("member.away", row)
            return
        text = "none" if value in (False, None) else "work" if value is True else str(value)
        self.put("member.away", text if text in fact_info("member.away").values else casewords.first("away", text), row)

    def guardian(self, value: object, row: str) -> None:
        if value in (None, "none"):
            self.draft.put("member.guardian", "none", row)
            return
        known = fact_info("member.guardian").values
        self.put("member.guardian", "unknown" if is_unknown(value) else value if value in known else "relative", row)

    def is_member(self, value: object, row: str) -> None:
        self.put("member.lives_together", value is not False, row)


_HOUSEHOLD: dict[str, Callable[[_Translator, Any], None]] = {
    "income_month": _Translator.income_month, "income": _Translator.income_month,
    "property": _Translator.property, "assets": _Translator.property, "spending": _Translator.spending,
    "spending_12_months": _Translator.spending, "housing": _Translator.housing, "event": _Translator.event,
    "events": _Translator.event, "already": _Translator.already, "obligors": _Translator.obligors,
    "lived_with": _Translator.lived_with, "need": _Translator.need,
    "spending_for_people_who_lived_with_them_12_months": lambda t, v: t.put(
        "household.spending.for_people_who_lived_with_them_12_months", v
    ),
}  # fmt: skip
_MEMBER: dict[str, Callable[[_Translator, Any, str], None]] = {
    "role": _Translator.role, "relation": _Translator.role, "id_number": _Translator.id_number,
    "id": _Translator.id_number, "identity": _Translator.id_number, "disability": _Translator.disability,
    "work": _Translator.work, "school": _Translator.school, "self_care": _Translator.self_care,
    "selfcare": _Translator.self_care, "parents": _Translator.parents,
    "father": lambda t, v, r: t.parent("father", v, r), "mother": lambda t, v, r: t.parent("mother", v, r),
    "away": _Translator.away, "guardian": _Translator.guardian, "member": _Translator.is_member,
    "event": lambda t, v, r: t.event(v), "obligors": lambda t, v, r: t.obligors(v),
    "property": _Translator.property, "income": _Translator.income_month,
    "income_month": _Translator.income_month, "already": lambda t, v, r: t.put("member.already", v, r),
}  # fmt: skip
