"""Every word on screen, from ``ui/glossary.tsv``: one line per phrase, key TAB Chinese TAB English.

A county may edit the file in any spreadsheet. ``{name}`` is filled in; in English ``one|many`` chooses by ``n``.
Lines beginning with # are headings.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from fieldapp.errors import ProgrammingFault

LANGUAGES = ("zh", "en")
FILE = Path(__file__).with_name("glossary.tsv")
_language = "zh"


def language() -> str:
    return _language


def use_language(name: str) -> None:
    """Speak ``zh`` or ``en`` from now on; windows made before are to be rebuilt."""
    global _language
    _language = name if name in LANGUAGES else "zh"


def t(key: str, /, **values: object) -> str:
    """The phrase ``key`` in the language in force. Raises ProgrammingFault for a key the glossary lacks."""
    phrases = glossary().get(key)
    if phrases is None:
        raise ProgrammingFault(f"no words for {key}")
    phrase = phrases[LANGUAGES.index(_language)]
    if "|" in phrase and "n" in values:
        one, many = phrase.split("|", 1)
        phrase = one if values["n"] == 1 else many
    return phrase.format(**values) if values else phrase


def has(key: str) -> bool:
    return key in glossary()


def said(prefix: str, value: object) -> str:
    """The phrase of a code found in data (``said("relation", "head")``); data without a phrase stands for itself."""
    key = f"{prefix}.{value}"
    return t(key) if has(key) else str(value)


@lru_cache(maxsize=1)
def glossary() -> dict[str, tuple[str, str]]:
    made: dict[str, tuple[str, str]] = {}
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) != 3:
            raise ProgrammingFault(f"glossary.tsv line {number}")
        if parts[0] in made:
            continue  # a test refuses doubles; a county's slip in a spreadsheet must not stop the program
        made[parts[0]] = (parts[1].replace("\\n", "\n"), parts[2].replace("\\n", "\n"))
    return made
