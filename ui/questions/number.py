"""Whole numbers, decimals and money, as people type them: full-width digits, commas, 1.2万."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QWidget

from forms.api import NodeView
from ui.questions.host import Host
from ui.questions.line import LineField, NotAnAnswer
from ui.words import t

_TIMES = {"万": Decimal(10_000), "千": Decimal(1_000), "百": Decimal(100)}
_NUMBER = re.compile(r"([-+]?\d*\.?\d*)([万千百]?)元?")


def read_number(typed: str) -> Decimal:
    """The number ``typed`` stands for: ``１，２００`` is 1200, ``1.2万`` is 12000. Raises NotAnAnswer."""
    text = _narrow(typed)
    found = _NUMBER.fullmatch(text)
    if found is None or not any(ch.isdigit() for ch in found[1]):
        raise NotAnAnswer(t("question.not_a_number"))
    return Decimal(found[1]) * _TIMES.get(found[2], Decimal(1))


def plain(value: Decimal | int) -> str:
    """Shortest digits, no exponent, no trailing zeros."""
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _narrow(typed: str) -> str:
    text = unicodedata.normalize("NFKC", typed).replace("。", ".")
    return "".join(ch for ch in text if not ch.isspace() and ch not in ",，、")


class _NumberOnly(QValidator):
    """Lets through what can become a number and narrows full-width digits on the way in."""

    def validate(self, text: str, pos: int) -> object:
        narrow = _narrow(text)
        kept = "".join(ch for ch in narrow if ch in "0123456789.-+万千百元")
        if kept != text:
            return QValidator.State.Acceptable, kept, max(0, pos - (len(text) - len(kept)))
        return QValidator.State.Acceptable


class NumberField(LineField):
    """A decimal, or with ``whole`` an integer; the unit stands inside at the right."""

    whole = False

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None, unit: str = "") -> None:
        super().__init__(view, host, parent, unit)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.line.setValidator(_NumberOnly(self.line))

    def read(self, text: str) -> object:
        number = read_number(text)
        if not self.whole:
            return number.normalize() if number else Decimal(0)
        if number != number.to_integral_value():
            raise NotAnAnswer(t("question.whole_number"))
        return int(number)

    def write(self, value: object) -> str:
        return plain(value) if isinstance(value, int | Decimal) else str(value)


class IntegerField(NumberField):
    whole = True


class MoneyField(NumberField):
    """Yuan with at most two decimals. A form that asks for whole yuan (type integer) gets an int."""

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None, unit: str = "") -> None:
        self.whole = view.node.data_type in ("int", "integer")
        super().__init__(view, host, parent, unit or t("unit.yuan"))

    def read(self, text: str) -> object:
        value = super().read(text)
        if isinstance(value, Decimal) and -int(value.as_tuple().exponent) > 2:
            raise NotAnAnswer(t("question.two_decimals"))
        return value
