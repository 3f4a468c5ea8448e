"""The rules' whole contract: outsiders import this module and nothing below it.

    facts = Facts.from_answers(session.facts())            # a form session; or Facts.from_case / from_file
    pack = load_pack(path_or_bytes)                 # xlsx, json, yaml; refused by cell: PackError.problems
    result = assess(facts, pack, date(2026, 11, 21))
    for match in result.matches:
        print(match.name[0], match.state_words(), match.reasons())
    for line in explain(result.program("dibao").step, "zh", dict(result.people)):
        print("  " * line.depth, line.text, line.clause, line.parameter)
    frozen = to_json(result)                                # kept with the case; from_json reads it back

Three values everywhere: True, False, and "not known" with its gaps (a fact nobody answered, an empty
parameter). Unknown is shown as 待核实; it is never "no" and never zero. Amounts are 分.
``fact_names()`` is what ``forms check`` gets as vocabulary.
"""

from __future__ import annotations

from fieldapp.policy.assess import assess
from fieldapp.policy.assessment import (
    Assessment,
    Conflict,
    Line,
    Match,
    Need,
    ProgramResult,
    Question,
    Risk,
    Tier,
)
from fieldapp.policy.explain import Explained, clause_text, explain, gap_text
from fieldapp.policy.facts import Answer, Facts
from fieldapp.policy.freeze import from_json, to_json
from fieldapp.policy.money import fen, yuan
from fieldapp.policy.pack import Pack
from fieldapp.policy.packfile import load_pack
from fieldapp.policy.problems import ApprovalError, CalendarMissing, FactError, PackError, Problem
from fieldapp.policy.steps import Gap, Parameter, Step, facts_used, gaps, parameters_used
from fieldapp.policy.vocabulary import FactInfo, fact_info, fact_names, vocabulary
from fieldapp.policy.words import RISK_WORDS, STATE_WORDS, TIER_WORDS, MatchState, Verdict

__all__ = [
    "RISK_WORDS", "STATE_WORDS", "TIER_WORDS",
    "Answer", "ApprovalError", "Assessment", "CalendarMissing",
    "Conflict", "Explained", "FactError", "FactInfo", "Facts", "Gap", "Line", "Match", "MatchState",
    "Need", "Pack", "PackError",
    "Parameter", "Problem", "ProgramResult", "Question", "Risk", "Step", "Tier", "Verdict", "assess",
    "clause_text", "explain", "fact_info", "fact_names", "facts_used", "fen", "from_json", "gap_text", "gaps",
    "load_pack", "parameters_used", "to_json", "vocabulary", "yuan",
]  # fmt: skip
