"""What a paper hides by default: ID numbers, phones, card numbers, wherever they were written."""

from __future__ import annotations

import re

from fieldapp.domain.identity_number import mask, mask_phone
from forms.api import NodeDef, Type

_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15,19}|1\d{10}|1\d{2}[ -]\d{4}[ -]\d{4})(?![0-9A-Za-z])")


def hide_numbers(text: str) -> str:
    """``text`` with everything that looks like an ID, card or mobile phone number masked."""
    return _NUMBERS.sub(lambda found: _hidden(found[0]), text)


def hide_answer(node: NodeDef, text: str) -> str:
    """An answer as a masked paper shows it."""
    if "id-number" in node.appearance:
        return mask(text)
    if "phone" in node.appearance:
        return mask_phone(text)
    return hide_numbers(text) if node.type in (Type.TEXT, Type.BARCODE) else text


def _hidden(number: str) -> str:
    plain = re.sub(r"\D", "", number) if " " in number or "-" in number else number
    return mask_phone(plain) if len(plain) == 11 else mask(plain)
