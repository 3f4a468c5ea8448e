"""``parameters``: changes entered and approved on the county's desks; publish the pack an approved one makes."""

from __future__ import annotations

import argparse
import base64
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from fieldapp.domain.documents import ParameterChange, Review
from fieldapp.errors import StateError
from fieldapp.policy import changes
from fieldapp.policy.api import Pack, load_pack
from fieldapp.policy.changes import Change
from fieldapp.policy.packfile import to_bytes
from fieldapp.workflows.published import PACK, in_force
from sync.server.admin.command import add_command
from sync.server.publishing import publish
from sync.server.reading import ReadDocument, documents_of
from sync.server.service import Service
from sync.server.storage import controls


def register(commands: Any) -> None:
    out = add_command(commands, "parameters", _run, "changes of parameters by two people, and how far they are")
    out.add_argument("--publish", metavar="ID", help="publish the pack an approved change makes")


def _run(service: Service, options: argparse.Namespace) -> Any:
    if not options.publish:
        return service.read(lambda c: listed(service, c))
    return service.write(lambda c: put_in_force(service, c, options.publish, options.by))


def listed(service: Service, connection: Connection) -> list[dict[str, Any]]:
    """Every change: {id, state (waiting | returned | approved | published | overtaken), document, entered_by,
    approved_by, entries}."""
    reviews = _reviews(service, connection)
    _, pack = _in_force(service, connection)
    lines = []
    for found in documents_of(service, connection, "parameter_change"):
        change, review = _change(found), _holding(reviews, found)
        lines.append({
            "id": found.id, "state": _state(change, review, pack), "document": change.document,
            "entered_by": change.entered_by, "approved_by": review.by if review else None,
            "entries": [{"key": e.key, "value": e.value, "since": str(e.since)} for e in change.entries],
        })  # fmt: skip
    return lines


def put_in_force(service: Service, connection: Connection, change_id: str, by: str) -> dict[str, Any]:
    """Publish the pack that an approved change makes of the one in force: {name, version, edition}.

    Raises StateError ``state.unknown`` | ``parameters.not_approved`` | ``parameters.overtaken``; ApprovalError when
    one person did both; PackError. The pack in force stays as it is then.
    """
    changed = (d for d in documents_of(service, connection, "parameter_change") if d.id == change_id)
    found = next(changed, None)
    if found is None:
        raise StateError("state.unknown")
    review = _holding(_reviews(service, connection), found)
    if review is None or review.decision != "approved" or not review.by:
        raise StateError("parameters.not_approved")
    name, pack = _in_force(service, connection)
    change = changes.approve(_change(found), approved_by=review.by, approved_on=_day(review.at))
    if change.base != pack.digest:
        raise StateError("parameters.overtaken")
    made = changes.apply(pack, change)
    content = {"file": "pack.json", "base64": base64.b64encode(to_bytes(made)).decode("ascii")}
    statement = publish(service, connection, name, content)
    controls.note(connection, service.keys.county, by, "parameters", change_id)
    return {"name": name, "version": int(statement.body["version"]), "change": change_id}


def _day(at: str | None) -> date:
    return date.fromisoformat((at or "")[:10])


def _state(change: Change, review: Review | None, pack: Pack) -> str:
    if changes.is_in(pack, change):
        return "published"
    decision = review.decision if review else None
    if decision == "returned":
        return "returned"
    if change.base != pack.digest:
        return "overtaken"
    return "approved" if decision == "approved" else "waiting"


def _change(found: ReadDocument) -> Change:
    return changes.from_json(ParameterChange.read(found.id, found.state).change)


def _reviews(service: Service, connection: Connection) -> Mapping[str, Review]:
    read = (Review.read(d.id, d.state) for d in documents_of(service, connection, "review"))
    return {review.subject: review for review in read if review.subject}


def _holding(reviews: Mapping[str, Review], found: ReadDocument) -> Review | None:
    """The decision about exactly the leaves that stand."""
    review = reviews.get(found.id)
    return review if review is not None and review.holds_for(tuple(found.merged.leaves)) else None


def _in_force(service: Service, connection: Connection) -> tuple[str, Pack]:
    """(control name, pack) that laptops use. Raises StateError ``parameters.no_pack``."""
    county = service.keys.county
    names = [name for name in controls.versions(connection, county) if name.startswith(PACK)]
    packs = {name: found.body for name in names if (found := controls.newest(connection, county, name))}
    name = in_force({each: body["at"] for each, body in packs.items()})
    if name is None:
        raise StateError("parameters.no_pack")
    return name, load_pack(base64.b64decode(packs[name]["content"]["base64"]))
