"""What the rules read, somebody can answer: every fact of the rules stands behind a question of the home visit."""

from __future__ import annotations

from fieldapp.policy.vocabulary import vocabulary
from tests.cases.test_through_the_form import form

#: assumed of everybody who lives together until somebody knows otherwise (§7 leaves how long is long to people)
ASSUMED = {"member.long_together"}


def test_every_fact_of_the_rules_has_its_question() -> None:
    asked = {node.fact for node in form().walk() if node.fact}
    read = {name for name, info in vocabulary().items() if {"rules", "risk"} & set(info.purposes)}
    assert read - asked == ASSUMED
