"""Conditions of the catalogue: trees whose leaves are facts, rules, parameters and papers, each with its words.

    {all: [...]} {any: [...]} {none: [...]} {at_least: n, of: [...]}
    {person: [...]}                     some member of the family meets all of these
    {fact: NAME, is|is_not|in|has|at_least|at_most|below|above: VALUE, say: [zh, en]}
    {rule: ID, say: [zh, en]}           a conclusion of the rules, e.g. status.dibao
    {param: KEY, say: [zh, en]}         a yes/no parameter
    {policy: ID, say: [zh, en]}         another policy's condition (never in a circle)
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

GROUPS = ("all", "any", "none", "at_least", "person")
LEAVES = ("fact", "rule", "param", "policy")
ORDER = ("at_least", "at_most", "below", "above")
COMPARISONS = ("is", "is_not", "in", "has", "at_least", "at_most", "below", "above")


class Condition(msgspec.Struct, frozen=True):
    """A node: a group with ``children``, or a leaf with ``name``, and for facts ``compare`` and ``value``.

    ``value`` keeps the text of the cell ("yes", "primary, middle", "7"); money in yuan.
    """

    kind: str
    children: tuple[Condition, ...] = ()
    name: str = ""
    compare: str = "is"
    value: str = "yes"
    zh: str = ""
    en: str = ""
    count: int = 0


def leaves(condition: Condition) -> Iterator[Condition]:
    """Every leaf of a tree."""
    if condition.kind in LEAVES:
        yield condition
    for child in condition.children:
        yield from leaves(child)
