"""The town's desk before the demo opens: the supervisor has approved last quarter's visits, a few still wait.

An approval names the very revisions it saw, so it cannot be imported; it is made on the supervisor's own laptop.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from fieldapp.domain.ids import review_id
from fieldapp.store.api import Store, WriteTx
from fieldapp.store.projections import visits
from fieldapp.store.projections.visits import VisitRow
from resources.demo.cast import Colleague
from resources.demo.homes import TODAY
from resources.demo.places import COUNTY

WAITING_DAYS = 9
BATCH = 50


def clear_desk(store: Store, supervisor: Colleague) -> int:
    """Approve every visit finished more than ``WAITING_DAYS`` ago; how many were approved."""
    until = (TODAY - timedelta(days=WAITING_DAYS)).isoformat()
    old = [row for row in store.read_now(visits.waiting) if (row.finished_at or "") < until]
    for start in range(0, len(old), BATCH):
        store.write_now(partial(_approve, rows=old[start : start + BATCH], supervisor=supervisor))
    return len(old)


def _approve(tx: WriteTx, rows: Sequence[VisitRow], supervisor: Colleague) -> None:
    for row in rows:
        reviewed = {
            "subject": row.id, "subject_leaves": list(row.leaves), "decision": "approved",
            "by": supervisor.name, "at": f"{(row.finished_at or '')[:10]}T08:00:00Z",
        }  # fmt: skip
        tx.create("review", row.area, reviewed, document_id=review_id(COUNTY, row.id))
