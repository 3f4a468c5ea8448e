"""Current state for lists, search and screens. A new projection is one module here and one line below."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import cast

from fieldapp.store.projections import (
    accesses,
    documents,
    door_answers,
    funds,
    helps,
    households,
    leads,
    people,
    reviews,
    same_as,
    visits,
)
from fieldapp.store.projections.cards import Cards
from fieldapp.store.projections.registry import Derived, Direct

#: Raise when a projection's rows change for the same documents: the store then rebuilds at the next open. A changed
#: table or index is noticed by itself.
VERSION = 4

DIRECT: Sequence[Direct] = cast(
    "Sequence[Direct]",
    (
        documents,
        people,
        households,
        same_as,
        accesses,
        visits,
        reviews,
        door_answers,
        leads,
        helps,
        funds,
    ),
)
#: In this order: each sees what the one before wrote.
DERIVED: Sequence[Derived] = (same_as.Components(), Cards())


def fingerprint() -> str:
    """What a store's projections were made by: the version above and the shape of all tables."""
    shape = [[module.NAME, sorted(module.TABLES.items()), list(module.INDEXES)] for module in DIRECT]
    return f"{VERSION}:{hashlib.sha256(repr(shape).encode()).hexdigest()[:16]}"
