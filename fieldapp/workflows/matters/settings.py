"""The county's terms and parameters as they are on the day a matter is opened, kept with it: what changes later holds
for the matters opened later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from fieldapp.domain.pointers import Json
from fieldapp.policy.parameters import register
from fieldapp.workflows.matters.procedure import Procedure

if TYPE_CHECKING:
    from fieldapp.workflows.assessing import Rules

#: What forms of payments and notices ask for, whatever the procedure.
ALWAYS = ("publicity.days", "publicity.count_first_day", "publicity.extend_over_holidays")


def settle(procedure: Procedure, rules: Rules | None, on: date) -> dict[str, Json]:
    """Parameter → value on the day; one the county has not set is left out (参数未定). Reads the policy pack: not on
    the window's thread."""
    wanted = (*procedure.settings_wanted(), *(ALWAYS if procedure.public_notice else ()))
    values = {key: _value(rules, key, on) for key in dict.fromkeys(wanted)}
    return {key: value for key, value in values.items() if value is not None}


def ratio(settings: Mapping[str, Any], key: str) -> tuple[int, int] | None:
    """A share as (top, bottom), so that two thirds of seven people are reckoned without rounding."""
    found = settings.get(key)
    return (Fraction(found).numerator, Fraction(found).denominator) if isinstance(found, str) else None


def _value(rules: Rules | None, key: str, on: date) -> Json:
    found = rules.parameter(key, on) if rules is not None else register()[key].fallback
    if isinstance(found, Fraction):
        return str(found)
    if isinstance(found, tuple):
        return [list(each) if isinstance(each, tuple) else each for each in found]
    return found
