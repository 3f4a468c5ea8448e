"""Who may do what: one table of role × document type × action (protocol.md, "Roles").

Enforced by the server at push and checked again by every client at pull. Scope over the area is asked apart
(``areas.may_write``). Nobody approves their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fieldapp.domain.areas import may_read, may_write

GRID_WORKER, COLLECTOR, SUPERVISOR, COUNTY, THIRD_PARTY = (
    "grid_worker",
    "collector",
    "supervisor",
    "county",
    "third_party",
)
ROLES = (GRID_WORKER, COLLECTOR, SUPERVISOR, COUNTY, THIRD_PARTY)

READ, WRITE = "read", "write"

_FIELD = frozenset({GRID_WORKER, COLLECTOR, SUPERVISOR, COUNTY})
_WALKERS = frozenset({GRID_WORKER, SUPERVISOR, COUNTY})
_DESK = frozenset({SUPERVISOR, COUNTY})
_EVERYONE = frozenset(ROLES)

#: document type -> (roles that read, roles that write)
TABLE: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "person": (_FIELD, _FIELD),
    "household": (_FIELD, _FIELD),
    "door_answer": (_FIELD, _WALKERS),
    "visit": (_FIELD, _WALKERS),
    "report": (_FIELD, _FIELD),  # a report of difficulty or a collector's one-minute report
    "lead": (_FIELD, _FIELD),
    "review": (_FIELD, _DESK),
    "round": (_FIELD, _DESK),
    "assignment": (_FIELD, _DESK),  # who is meant to walk a grid
    "plan": (_FIELD, _WALKERS),
    "application": (_FIELD, _WALKERS),
    "referral": (_FIELD, _FIELD),
    "task": (_FIELD, _FIELD),
    "errand": (_EVERYONE, _EVERYONE),  # a task as those see it who get a name and an address and nothing else
    "conference": (_FIELD, _DESK),
    "emergency": (_FIELD, _WALKERS),
    "mutual_aid": (_FIELD, _WALKERS),
    "filing": (_DESK, _DESK),  # near relatives of those who decide
    "fund_entry": (_FIELD, _WALKERS),  # the mutual-aid society's fund, vouchers, points
    "recheck": (_FIELD, _DESK),  # who is checked sees that nobody could steer it
    "parameter_change": (_DESK, frozenset({COUNTY})),
    "same_as": (_FIELD, _FIELD),
    "sealed_report": (_DESK, _FIELD),
    "access_log": (_DESK, _EVERYONE),
    "recovery_answer": (_EVERYONE, frozenset({COUNTY})),  # everyone sees who opened whose profile
}


WRITTEN_WHERE_READ = frozenset({"access_log"})
"""Whoever reads a notice board leaves the note of it there."""


def may_write_in(document_type: str, scopes: Iterable[str], area: str) -> bool:
    """Whether somebody with ``scopes`` may write documents of this type in ``area``, whatever the role."""
    return (may_read if document_type in WRITTEN_WHERE_READ else may_write)(scopes, area)


def may(role: str, action: str, document_type: str) -> bool:
    """Whether ``role`` may ``read`` or ``write`` documents of this type; unknown types are for the desk to read."""
    if document_type not in TABLE:
        return action == READ and role in _DESK
    readers, writers = TABLE[document_type]
    return role in (readers if action == READ else writers)
