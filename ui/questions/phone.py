"""A phone number: digits only, grouped while nobody types in it."""

from __future__ import annotations

import re
import unicodedata

from PySide6.QtCore import Qt

from ui.questions.line import LineField, NotAnAnswer
from ui.words import t

_MOBILE = re.compile(r"(?:\+?86)?(1\d{10})")
_LAND = re.compile(r"0\d{2,3}\d{7,8}|\d{7,8}|\d{3,6}")


def read_phone(typed: str) -> str:
    """The number's digits. Raises NotAnAnswer for what no phone has."""
    text = "".join(ch for ch in unicodedata.normalize("NFKC", typed) if ch.isdigit() or ch == "+")
    mobile = _MOBILE.fullmatch(text)
    if mobile:
        return mobile[1]
    if _LAND.fullmatch(text):
        return text
    raise NotAnAnswer(t("question.not_a_phone", n=len(text)))


def grouped(number: str) -> str:
    """``138 1234 5678``; land lines as they are."""
    return f"{number[:3]} {number[3:7]} {number[7:]}" if re.fullmatch(r"1\d{10}", number) else number


class PhoneField(LineField):
    def build(self) -> None:
        super().build()
        hints = Qt.InputMethodHint.ImhDialableCharactersOnly | Qt.InputMethodHint.ImhSensitiveData
        self.line.setInputMethodHints(hints)

    def read(self, text: str) -> object:
        return read_phone(text)

    def write(self, value: object) -> str:
        return grouped(str(value))
