"""What an import has to say about a row: a code, a place, words in two languages, and whether the row came in.

Severities: ``note`` (worth knowing, nothing to mend), ``flag`` (imported, but somebody has to look), ``refused`` (not
imported; mend it in the correction file and import that). The words are data (``problems.yaml``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NOTE, FLAG, REFUSED = "note", "flag", "refused"


@cache
def kinds() -> Mapping[str, Mapping[str, str]]:
    """code -> severity, zh, en, mend_zh, mend_en"""
    import yaml

    kinds: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_name("problems.yaml").read_text("utf-8"))
    return kinds


def refusal(code: str) -> str:
    """Why a file was not read and what to do, in both languages on one line, for commands; "" for other errors."""
    import yaml

    words = yaml.safe_load(Path(__file__).with_name("refusals.yaml").read_text("utf-8")).get(code)
    return f"{words['zh']} / {words['en']}" if words else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to know about one cell or row.

    ``row`` is 1-based as the office sees it, ``column`` the column's letter (empty for a whole row), ``label`` its
    header. ``detail`` may quote what stands there: for the screen and the correction file, never for a log.
    """

    code: str
    file: str
    sheet: str
    row: int
    column: str = ""
    label: str = ""
    detail: str = ""

    @property
    def severity(self) -> str:
        return kinds()[self.code]["severity"]

    def what(self, language: str = "zh") -> str:
        return kinds()[self.code][language]

    def remedy(self, language: str = "zh") -> str:
        return kinds()[self.code][f"mend_{language}"]
