"""Every rule has a clause and is cited by a test; every fact, parameter and policy a rule names exists."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from fieldapp.policy.book import Rule, all_rules, book_on
from fieldapp.policy.legal import DOCUMENTS, LAW_IN_FORCE
from fieldapp.policy.parameters import register
from fieldapp.policy.rules.needs import BY_RULE, OF_HOUSEHOLD, OF_MEMBER, VOCABULARY
from fieldapp.policy.vocabulary import vocabulary
from tests.policy.makers import AFTER, BEFORE, demo

HERE = Path(__file__).parent


@cache
def cited() -> str:
    files = (path for path in sorted(HERE.glob("test_*.py")) if path.name != "test_ids.py")
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: f"{rule.id}@{rule.since}")
def test_every_rule_has_a_clause_in_force_and_is_cited_by_a_test(rule: Rule) -> None:
    day = max(rule.since, date(2026, 1, 1)) if rule.until is None else rule.since
    assert rule.clauses
    assert all(clause.doc in DOCUMENTS for clause in rule.clauses)
    assert book_on(max(day, date(2026, 7, 1)) if rule.until is None else max(rule.since, date(2025, 1, 1)))[
        rule.id
    ].clauses
    assert rule.id in cited(), f"no test cites {rule.id}"
    assert rule.zh
    assert rule.en


def test_no_rule_cites_the_law_before_it_is_in_force_nor_the_regulation_after() -> None:
    for about in book_on(BEFORE).values():
        assert "law" not in {clause.doc for clause in about.clauses}
    for about in book_on(AFTER).values():
        assert "regulation2014" not in {clause.doc for clause in about.clauses}
    assert date(2026, 7, 1) == LAW_IN_FORCE


def test_versions_of_one_rule_do_not_overlap() -> None:
    for rule in all_rules():
        same = [other for other in all_rules() if other.id == rule.id and other is not rule]
        assert not [other for other in same if other.holds(rule.since)]


def test_every_parameter_of_the_register_has_words_and_the_demo_county_uses_known_keys() -> None:
    assert {version.key for version in demo().parameters} <= set(register())
    assert all(info.zh and info.en and info.set_by for info in register().values())


def test_no_fact_has_an_empty_word_and_every_choice_has_two() -> None:
    for info in vocabulary().values():
        assert info.zh
        assert info.en
        assert info.level in ("household", "member", "obligor")
        assert all(len(words) == 2 and all(words) for words in info.values.values())
        assert (info.type in ("choice", "choices")) == bool(info.values) or info.any_value


def test_every_need_has_a_rule_or_is_only_ticked() -> None:
    assert set(VOCABULARY) - {*BY_RULE, *OF_HOUSEHOLD, *OF_MEMBER} == {"慈善"}
    assert set(vocabulary()["need.ticked"].values) == set(VOCABULARY)


def test_forty_two_policies_each_with_a_legal_basis_or_a_mark_that_keeps_it_from_the_public() -> None:
    assert len({policy.id for policy in demo().policies}) == 42
    for policy in demo().policies:
        assert policy.legal or not policy.to_public, policy.id
