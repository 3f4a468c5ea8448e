"""Read the vocabulary of facts; turn form answers and typed values into what the rules use."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from fieldapp.policy.money import fen
from fieldapp.policy.problems import FactError
from fieldapp.policy.yamlfile import read_yaml

PATH = Path(__file__).with_name("vocabulary.yaml")

Value = int | bool | str | date | Decimal | tuple[str, ...]
"""A known fact: money as 分 (int), yes_no as bool, choices as a tuple."""

NO_NONE = object()
_TRUE = {"yes", "true", "1", "是", "有", "ok"}
_FALSE = {"no", "false", "0", "否", "无", "none"}


class FactInfo(msgspec.Struct, frozen=True):
    """One entry of the vocabulary; ``none`` is NO_NONE when "there is none" is no answer to it."""

    name: str
    level: str
    type: str
    zh: str
    en: str
    unit: str
    none: Any
    values: Mapping[str, tuple[str, str]]
    purposes: tuple[str, ...]
    sensitive: str
    low: int | None
    high: int | None
    any_value: bool

    def read(self, raw: object) -> Value:
        """The value of an answer as given (form value, JSON or YAML); raises FactError naming the fact."""
        try:
            return self._convert(raw)
        except (ValueError, InvalidOperation) as error:
            raise FactError("policy.fact_value", where=self.name, reason=str(error)) from None

    def _convert(self, raw: object) -> Value:
        match self.type:
            case "money":
                return self._at_least_zero(fen(raw))
            case "int":
                return self._within(_whole(raw))
            case "decimal":
                return Decimal(str(raw))
            case "yes_no":
                return _yes_no(raw)
            case "date":
                return "" if raw == "none" and self.none == "" else _date(raw)
            case "choices":
                items = raw.split() if isinstance(raw, str) else [str(item) for item in _iterable(raw)]
                # A form cannot leave a required list empty: "none" alone is how people say that there is none.
                return () if items == ["none"] else tuple(dict.fromkeys(map(self._one, items)))
            case "choice":
                return self._one(str(raw))
            case _:
                return str(raw)

    def _at_least_zero(self, amount: int) -> int:
        if amount < 0 and not self.name.endswith("business_month"):
            raise ValueError("an amount is not negative")
        return amount

    def _within(self, number: int) -> int:
        if (self.low is not None and number < self.low) or (self.high is not None and number > self.high):
            raise ValueError(f"not between {self.low} and {self.high}")
        return number

    def _one(self, choice: str) -> str:
        if not self.any_value and choice not in self.values:
            raise ValueError("not among " + ", ".join(self.values))
        return choice

    def word(self, value: object, lang: str) -> str:
        """The value as shown to people."""
        from fieldapp.policy.money import yuan

        if isinstance(value, bool):
            return ("yes" if value else "no") if lang == "en" else ("是" if value else "否")
        if self.type == "money" and isinstance(value, int):
            return yuan(value)
        if isinstance(value, tuple):
            words = [self.word(item, lang) for item in value]
            return (", ".join(words) or "none") if lang == "en" else ("、".join(words) or "无")
        pair = self.values.get(str(value))
        return pair[1 if lang == "en" else 0] if pair else str(value)


def _whole(raw: object) -> int:
    number = Decimal(str(raw))
    if number != number.to_integral_value() or number < 0:
        raise ValueError("not a whole number")
    return int(number)


def _yes_no(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    text = str(raw).strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError("neither yes nor no")


def _date(raw: object) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = str(raw)
    return date.fromisoformat(text + "-01" if len(text) == 7 else text)


def _iterable(raw: object) -> Iterable[object]:
    if isinstance(raw, (list, tuple, set, frozenset)):
        return raw
    raise ValueError("not a list")


@cache
def vocabulary() -> Mapping[str, FactInfo]:
    """Every fact by name, in the order of the file."""
    entries = read_yaml(PATH.read_bytes())["facts"]
    return {name: _info(name, entry) for name, entry in entries.items()}


def _info(name: str, entry: Mapping[str, Any]) -> FactInfo:
    values = {str(key): (words[0], words[1]) for key, words in entry.get("values", {}).items()}
    none = entry.get("none", NO_NONE)
    if isinstance(none, list):
        none = tuple(none)
    if none == "none" and entry["type"] == "date":
        none = ""
    return FactInfo(
        name=name, level=entry["level"], type=entry["type"], zh=entry["zh"], en=entry["en"],
        unit=entry.get("unit", ""), none=none, values=values, purposes=tuple(entry["for"]),
        sensitive=str(entry.get("sensitive", "")), low=entry.get("min"), high=entry.get("max"),
        any_value="values_from" in entry,
    )  # fmt: skip


def fact_names() -> frozenset[str]:
    """The names ``forms check`` accepts in ``bind::tjb:fact``."""
    return frozenset(vocabulary())


def fact_info(name: str) -> FactInfo:
    """The entry of a fact; FactError names the nearest known one."""
    try:
        return vocabulary()[name]
    except KeyError:
        near = nearest(name, vocabulary())
        raise FactError("policy.fact_unknown", where=name, key=name, nearest=near) from None


def nearest(key: str, known: Iterable[str]) -> str:
    """The known key most like ``key``, or "" when none is near."""
    found = difflib.get_close_matches(key, list(known), 1, 0.6)
    return found[0] if found else ""
