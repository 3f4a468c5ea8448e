"""The table of choices: why a failing case is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from forms.conformance.outcome import Outcome

_FILE = Path(__file__).with_name("choices.json")


@lru_cache(maxsize=1)
def choices() -> tuple[Mapping[str, str], ...]:
    loaded: list[Mapping[str, str]] = json.loads(_FILE.read_text(encoding="utf-8"))["choices"]
    return tuple(loaded)


def judged(outcome: Outcome, engine: str, facts: Mapping[str, str]) -> Outcome:
    """The outcome, left out when it failed and a choice covers it. ``facts`` are the texts patterns look in."""
    if outcome.passed:
        return outcome
    for choice in choices():
        patterns = {k: v for k, v in choice.items() if k not in ("engine", "why")}
        if choice["engine"] == engine and all(re.search(v, facts.get(k, "")) for k, v in patterns.items()):
            return Outcome(outcome.case, None, f"{choice['why']} ({outcome.story})")
    return outcome
