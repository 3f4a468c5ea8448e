"""The id of a policy from whatever people call it: its id, its name in either language, an alias, the trade's word."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from fieldapp.policy.packyaml import common_catalogue
from fieldapp.policy.parameters import register


@cache
def _by_word() -> Mapping[str, str]:
    spoken = {word: id for id, words in register()["tier.1"].values.items() for word in words}
    named = {word: p.id for p in common_catalogue()[0] for word in (p.id, p.zh, p.en, *p.aliases)}
    return {**spoken, **named}


def policy_id(word: str, own: Collection[str] = ()) -> str | None:
    """None for a word that no policy of the common catalogue (or of the county's ``own`` ids) is called by."""
    word = word.strip()
    return word if word in own else _by_word().get(word)


def policy_ids(own: Collection[str] = ()) -> list[str]:
    """Every id there is, for whoever has to say what may be written."""
    return [*(policy.id for policy in common_catalogue()[0]), *own]
