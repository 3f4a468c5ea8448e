"""Read the register of parameters; turn what a county wrote in a cell into a value of the right kind."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from fieldapp.policy.legal import Clause, clauses
from fieldapp.policy.money import fen, yuan
from fieldapp.policy.yamlfile import read_yaml

PATH = Path(__file__).with_name("parameters.yaml")
Band = tuple[int, int, bool]
"""(income per person a month, amount per person a month, whether the income must be below it), in 分."""
ParamValue = int | bool | str | Fraction | tuple[str, ...] | tuple["Band", ...]


class ParamInfo(msgspec.Struct, frozen=True):
    """One entry of the register."""

    key: str
    type: str
    zh: str
    en: str
    unit: str
    set_by: str
    values: Mapping[str, tuple[str, str]]
    optional: bool
    max: int | None
    fallback: ParamValue | None
    clauses: tuple[Clause, ...]

    def read(self, raw: object) -> ParamValue | None:
        """The value of a cell, None when it is empty (参数未定); ValueError says what is wrong."""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        value = self._convert(raw)
        if self.max is not None and isinstance(value, (int, Fraction)) and value > self.max:
            raise ValueError(f"above the ceiling {self.max}")
        return value

    def _convert(self, raw: object) -> ParamValue:
        match self.type:
            case "money":
                return _money(raw)
            case "ratio":
                return _ratio(raw)
            case "int":
                number = _ratio(raw)
                if number.denominator != 1:
                    raise ValueError("not a whole number")
                return int(number)
            case "yes_no":
                return _yes_no(raw)
            case "choice":
                return self._one(str(raw).strip())
            case "choices":
                return tuple(self._one(item) for item in _items(raw))
            case "texts":
                return _items(raw)
            case "bands":
                return _bands(raw)
            case _:
                return str(raw).strip()

    def _one(self, word: str) -> str:
        for key, words in self.values.items():
            if word == key or word in words:
                return key
        raise ValueError("not among " + "、".join(f"{zh} ({en})" for zh, en in self.values.values()))

    def write(self, value: ParamValue | None) -> str | int | float | bool | None:
        """What a workbook or file shows for a value; ``read`` takes it back."""
        if value is None or isinstance(value, bool):
            return value
        if self.type == "money" and isinstance(value, int):
            return yuan(value)
        if self.type == "bands" and isinstance(value, tuple):
            return ";".join(_band_text(band) for band in value if isinstance(band, tuple))
        if isinstance(value, tuple):
            return ", ".join(str(item) for item in value)
        return ratio_text(value) if isinstance(value, Fraction) else value

    def word(self, value: object, lang: str) -> str:
        """The value as shown to people."""
        if isinstance(value, bool):
            return ("yes" if value else "no") if lang == "en" else ("是" if value else "否")
        if self.type == "money" and isinstance(value, int):
            return yuan(value)
        if self.type == "bands" and isinstance(value, tuple):
            return str(self.write(value))
        if isinstance(value, tuple):
            return ("、" if lang != "en" else ", ").join(self.word(item, lang) for item in value)
        if isinstance(value, Fraction):
            return ratio_text(value)
        pair = self.values.get(str(value))
        return pair[1 if lang == "en" else 0] if pair else str(value)


def ratio_text(value: Fraction) -> str:
    """A ratio as a plain decimal where it has one, else as a fraction ("1.5", "2/3")."""
    for digits in range(7):
        if (value * 10**digits).denominator == 1:
            return f"{float(value):.{digits}f}"
    return f"{value.numerator}/{value.denominator}"


def _money(raw: object) -> int:
    amount = fen(raw)
    if amount < 0:
        raise ValueError("negative")
    return amount


def _ratio(raw: object) -> Fraction:
    if isinstance(raw, bool):
        raise ValueError("not a number")
    text = str(raw).strip().replace(" ", "")
    try:
        value = Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ValueError("not a number") from None
    if value < 0:
        raise ValueError("negative")
    return value


def _yes_no(raw: object) -> bool:
    text = str(raw).strip().lower()
    if text in ("true", "yes", "是", "1"):
        return True
    if text in ("false", "no", "否", "0"):
        return False
    raise ValueError("neither yes nor no")


def _items(raw: object) -> tuple[str, ...]:
    if isinstance(raw, (list, tuple)):
        return tuple(str(item).strip() for item in raw)
    text = str(raw).replace("、", ",").replace("，", ",").replace("\n", ",").replace(";", ",")
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _bands(raw: object) -> tuple[Band, ...]:
    """"200=400;400=250" (income at most), "<200=400" (income below); the poorest first."""
    pairs = [part.strip().split("=") for part in str(raw).replace("；", ";").split(";") if part.strip()]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise ValueError("write bands as 上限=人均额;上限=人均额")
    bands = [(_money(top.lstrip("<＜")), _money(per), top[0] in "<＜") for top, per in pairs]
    if len({(top, under) for top, _, under in bands}) != len(bands):
        raise ValueError("the same ceiling twice")
    return tuple(sorted(bands, key=lambda band: (band[0], not band[2])))


def _band_text(band: tuple[Any, ...]) -> str:
    return f"{'<' if band[2] else ''}{yuan(band[0])}={yuan(band[1])}"


@cache
def register() -> Mapping[str, ParamInfo]:
    """Every parameter by key, in the order of the file."""
    entries = read_yaml(PATH.read_bytes())["parameters"]
    return {key: _info(key, entry) for key, entry in entries.items()}


def _info(key: str, entry: Mapping[str, Any]) -> ParamInfo:
    return ParamInfo(
        key=key, type=entry["type"], zh=entry["zh"], en=entry["en"], unit=entry.get("unit", ""),
        set_by=entry["set_by"], values={str(k): (v[0], v[1]) for k, v in entry.get("values", {}).items()},
        optional=bool(entry.get("optional", False)), max=entry.get("max"), fallback=entry.get("fallback"),
        clauses=clauses(*entry.get("clauses", [])),
    )  # fmt: skip
