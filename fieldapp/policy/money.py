"""Money: integer 分 or exact fractions of 分, with named roundings; yuan only at the edges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import ceil, floor

Amount = int | Fraction
"""分; a Fraction where a division or a rate left a remainder."""


def fen(yuan: object) -> int:
    """分 of an amount in yuan (int, Decimal, float, text "1,200.5"); ValueError beyond two decimals."""
    try:
        amount = Decimal(str(yuan).strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError("not an amount of money") from None
    cents = amount * 100
    if not amount.is_finite() or cents != cents.to_integral_value():
        raise ValueError("an amount has at most two decimals")
    return int(cents)


def yuan(amount: Amount) -> str:
    """The amount in yuan as people write it: "600", "866.67", "0.4"; remainders at two decimals."""
    if isinstance(amount, int) and amount % 100 == 0:
        return str(amount // 100)
    cents = floor(Fraction(amount) + Fraction(1, 2))
    sign, cents = ("-" if cents < 0 else ""), abs(cents)
    text = f"{cents // 100}.{cents % 100:02d}"
    return sign + text.rstrip("0").rstrip(".")


def _to_unit(unit: int, direction: Callable[[Fraction], int]) -> Callable[[Amount], int]:
    return lambda amount: direction(Fraction(amount, unit)) * unit


def _half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


ROUNDINGS: Mapping[str, Callable[[Amount], int]] = {
    "up_to_yuan": _to_unit(100, ceil),
    "half_up_to_yuan": _to_unit(100, _half_up),
    "down_to_yuan": _to_unit(100, floor),
    "up_to_jiao": _to_unit(10, ceil),
    "half_up_to_jiao": _to_unit(10, _half_up),
    "half_up_to_fen": _to_unit(1, _half_up),
}
"""Every rounding a county may name, from 分 to 分."""

ROUNDING_WORDS: Mapping[str, tuple[str, str]] = {
    "up_to_yuan": ("进一到元", "rounded up to whole yuan"),
    "half_up_to_yuan": ("四舍五入到元", "rounded to whole yuan"),
    "down_to_yuan": ("舍去到元", "rounded down to whole yuan"),
    "up_to_jiao": ("进一到角", "rounded up to a jiao"),
    "half_up_to_jiao": ("四舍五入到角", "rounded to a jiao"),
    "half_up_to_fen": ("四舍五入到分", "rounded to a fen"),
}
