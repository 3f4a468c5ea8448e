"""The sentences of the form engine, Chinese and English, by code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forms.session.reports import MigrationReport

_FILE = Path(__file__).with_name("words.json")


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Kind of sentence → code → language → the sentence; of a problem two: what is wrong, what to do."""
    loaded: Mapping[str, Mapping[str, Mapping[str, Any]]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return loaded


def _language(lang: str) -> str:
    """"en" for English in any spelling of the form's languages, else Chinese."""
    low = lang.lower()
    return "en" if low.startswith("en") or "(en" in low else "zh"


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def problem_words(code: str, values: Mapping[str, str], lang: str) -> tuple[str, str]:
    """What is wrong and what to do. Raises KeyError for a code without words."""
    entry = _table()["problems"][code]
    said = entry[_language(lang)]
    return _filled(said[0], values), _filled(said[1], values)


def has_problem_words(code: str) -> bool:
    return code in _table()["problems"]


def type_words(code: str, lang: str) -> str:
    """What a type of answer has to look like."""
    entry = _table()["types"].get(code) or _table()["types"]["text"]
    return str(entry[_language(lang)])


def required_words(code: str, lang: str) -> str:
    """ "missing" or "invalid" where the form has no message of its own."""
    return str(_table()["answers"][code][_language(lang)])


def command_words(code: str, lang: str, **values: str) -> str:
    """What the command line says."""
    return _filled(str(_table()["commands"][code][_language(lang)]), values)


def migration_words(report: MigrationReport, lang: str) -> list[str]:
    """A migration as lines for the worker."""
    table = _table()["migration"]
    language = _language(lang)

    def line(code: str, **values: str) -> str:
        return _filled(str(table[code][language]), values)

    versions = {"old": report.old_version or "-", "new": report.new_version or "-"}
    lines = [line("kept", count=str(len(report.kept)), **versions)]
    lines += [line("cast", label=c.label, old=str(c.old), new=str(c.new)) for c in report.cast]
    lines += [line("orphaned", label=o.label, value=str(o.value)) for o in report.orphaned]
    if report.added:
        lines.append(line("added", count=str(len(report.added))))
    return lines
