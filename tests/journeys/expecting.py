"""What a case expects, held against what its visit froze on the laptop: every key of ``expect``, on both days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from fieldapp.policy.api import Assessment, Facts, Pack, assess, load_pack
from fieldapp.policy.summary import explanations, summary
from fieldapp.workflows.assessing import frozen_of
from tests.journeys.laptop import Laptop

BEFORE = date(2026, 6, 30)
DEMO = Path(__file__).resolve().parents[2] / "resources/policy/demo/pack.xlsx"
STATES = ("first_match", "no_match", "to_check", "papers", "has", "conflict", "not_asked")


@dataclass
class Said:
    """An assessment as its sheet tells it: conclusions by name, and everything it says in English."""

    facts: Facts
    pack: Pack
    result: Assessment

    @cached_property
    def told(self) -> dict[str, Any]:
        return summary(self.facts, self.pack, self.result.on, self.result)

    @cached_property
    def words(self) -> str:
        lines = [line for trees in explanations(self.result, "en").values() for line in trees]
        reasons = [" ".join(each.reasons("en")) for each in (*self.result.programs, *self.result.matches)]
        return "\n".join([*lines, *reasons, *(line.en for line in self.result.procedure)])

    def on(self, day: date) -> Said:
        """The same answers under the rules of another day."""
        return Said(self.facts, self.pack, assess(self.facts, self.pack, day))


def said(laptop: Laptop, visit: str) -> Said:
    """What stands in the visit's document, as it was frozen."""
    from fieldapp.policy.api import from_json

    frozen = frozen_of(laptop.read(lambda tx: tx.document(visit)).record.assessment)
    assert frozen is not None
    return Said(Facts.from_json(frozen["facts"]), load_pack(DEMO), from_json(frozen["result"]))


def holds(found: Said, wanted: dict[str, Any], *, elsewhere: tuple[str, ...] = ()) -> None:
    """Every conclusion that is wanted; ``elsewhere`` names what the journey looks at by itself."""
    for name, expected in wanted.items():
        if name in elsewhere:
            continue
        state, words = _parts(expected)
        if name in found.told and (state in STATES or not isinstance(expected, str)):
            assert found.told[name] == (state if state in STATES else expected), (name, found.told[name], expected)
        elif name in found.told and found.told[name] == expected:
            continue
        else:
            assert str(expected) in found.words, (name, expected)
        for part in words:
            assert part in found.words or part.replace(" > ", " is not below ") in found.words, (name, part)


def _parts(expected: Any) -> tuple[str, list[str]]:
    """``first_match (600 < 900, ...)`` | ``first_match, words`` -> the state, and what must be said about it."""
    state, _, words = str(expected).partition(" ")
    if state.rstrip(",") not in STATES or words.startswith("for "):
        return state.rstrip(","), []
    return state.rstrip(","), [part for part in words.strip("()").split(", ") if part]


def all_of(laptop: Laptop, visit: str, expect: dict[str, Any], *, elsewhere: tuple[str, ...] = ()) -> Said:
    """``rules``, ``before_july``, ``policies``, ``needs`` and ``explains`` of a case."""
    found = said(laptop, visit)
    holds(found, expect.get("rules", {}), elsewhere=elsewhere)
    holds(found.on(BEFORE), expect.get("before_july", {}), elsewhere=elsewhere)
    for policy, state in expect.get("policies", {}).items():
        assert found.result.match(policy).state.value == str(state).split()[0], policy
    if "needs" in expect:
        assert set(found.result.need_names()) == set(expect["needs"])
    for words in expect.get("explains", ()):
        assert words in found.words, words
    return found
