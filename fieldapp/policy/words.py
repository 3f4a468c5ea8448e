"""The words of results, Chinese first: what windows and papers print."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

Words = tuple[str, str]
"""(Chinese, English)."""


class Verdict(StrEnum):
    """What a rule says about a programme. ``NOT_ASKED``: another comes first, so it was not looked at."""

    FIRST_MATCH = "first_match"
    NO_MATCH = "no_match"
    TO_CHECK = "to_check"
    NOT_ASKED = "not_asked"


class MatchState(StrEnum):
    """The six states of a policy of the catalogue."""

    HAS = "has"
    FIRST_MATCH = "first_match"
    PAPERS = "papers"
    TO_CHECK = "to_check"
    NO_MATCH = "no_match"
    CONFLICT = "conflict"


STATE_WORDS: Mapping[str, Words] = {
    "has": ("已享受", "has"),
    "first_match": ("初步符合", "first match"),
    "papers": ("待补材料", "papers missing"),
    "to_check": ("待核实", "to be checked"),
    "no_match": ("初步不符合", "no first match"),
    "conflict": ("冲突", "conflict"),
    "not_asked": ("不再比对", "not asked"),
}

GAP_WORDS: Mapping[str, Words] = {
    "missing": ("未填写", "not asked yet"),
    "empty": ("未填写", "not answered yet"),
    "unclear": ("不清楚", "unclear"),
    "refused": ("拒答", "refused"),
    "pending": ("待核", "being checked"),
    "parameter": ("参数未定", "parameter not set"),
}

RISK_WORDS: Mapping[str, Words] = {
    "high": ("高风险", "high"),
    "medium": ("中风险", "medium"),
    "low": ("低风险", "low"),
    "none": ("无", "none"),
    "unknown": ("待核实", "to be checked"),
}

TIER_WORDS: Mapping[int, Words] = {
    0: ("圈层外", "outside"),
    1: ("一圈层", "inner circle"),
    2: ("二圈层", "second circle"),
    3: ("三圈层", "third circle"),
}


def pick(words: Words, lang: str) -> str:
    """The word in ``lang`` ("zh" or "en")."""
    return words[1] if lang == "en" else words[0]
