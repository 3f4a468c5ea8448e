"""Units of forms and parameters (元/月, 亩, 人 ...) in the language in force."""

from __future__ import annotations

from ui.words import has, language, said


def unit(code: str) -> str:
    """A unit as a workbook or a parameter names it; one the glossary lacks stands for itself."""
    return said("unit", code) if code else ""


def told(text: str) -> str:
    """An answer in words whose unit stands at its end (``3400 元/月``), the unit in the language in force."""
    number, blank, code = text.rpartition(" ")
    if language() == "zh" or not blank or not has(f"unit.{code}"):
        return text
    return f"{number} {unit(code)}"
