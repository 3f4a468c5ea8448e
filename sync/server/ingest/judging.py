"""The verdict over one revision, in its context; pure.

The order of the questions is the order of their weight: a fault of the revision itself, the device, the document,
the role, the area, the limits. What is missing makes it wait; what is wrong puts it aside; nothing is thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldapp.domain import approving, roles
from fieldapp.domain.areas import may_write
from fieldapp.domain.revision import MAX_LEAVES
from sync.protocol.messages import ACCEPTED, QUARANTINED, WAITING
from sync.server.ingest.checking import Checked
from sync.server.storage.people import REVOKED, STOPPED, Device, Grant
from sync.server.storage.revisions import DocumentRow

VOUCHED = "vouched"
"""Why a waiting revision is let in when its parents come, whatever its role and scope: somebody answered for it."""


@dataclass(frozen=True)
class ParentRow:
    """What is known of a revision another one builds on or decides about."""

    document: str
    author: str
    area: str
    state: str


@dataclass(frozen=True)
class Context:
    """``known``: stored revisions this one names. ``subject_authors``: who wrote the document a review decides on."""

    device: Device
    grants: Mapping[int, Grant]
    document: DocumentRow
    known: Mapping[str, ParentRow]
    forked: bool = False
    subject_authors: frozenset[str] = frozenset()
    vouched: bool = False


@dataclass(frozen=True)
class Judgement:
    """``missing``: what a waiting one waits for. ``move_to``: the new area of its document. ``shown``: whether the
    verdict may be told to those who read the document's area. ``vouched``: let in although its author might not have
    written it, because somebody answers for it; readers are told so, for they ask the same questions again."""

    state: str
    reason: str = ""
    missing: frozenset[str] = frozenset()
    move_to: str | None = None
    shown: bool = field(default=False)
    vouched: bool = False


def judge(item: Checked, context: Context) -> Judgement:
    """Accepted, waiting or quarantined. ``context.vouched``: a person, or the county's own earlier receipt, lets it
    in over its role and scope; the rules of the document itself hold all the same."""
    wrong = _wrong_in_itself(item, context)
    if wrong:
        return Judgement(QUARANTINED, wrong)
    missing = frozenset(name for name in _needed(item) if _absent(name, context))
    grant = context.grants.get(context.device.version_for(item.envelope.device_seq))
    if grant is None:
        return Judgement(QUARANTINED, "scope.none")
    here = context.document.area or item.envelope.area
    inside = roles.may_write_in(item.envelope.type, grant.areas, here)
    target = _move(item, context)
    refused = _not_allowed(item, context, grant, inside=inside, target=target)
    if refused and not context.vouched:
        return Judgement(QUARANTINED, refused, shown=inside)
    if missing:
        return Judgement(WAITING, VOUCHED if context.vouched else "parents", missing)
    if len(context.document.leaves - set(item.envelope.parents)) >= MAX_LEAVES:
        return Judgement(QUARANTINED, "leaves", shown=inside)
    return Judgement(ACCEPTED, _flags(context, grant), move_to=target, vouched=bool(refused))


def _wrong_in_itself(item: Checked, context: Context) -> str:
    if item.fault:
        return item.fault
    if item.envelope.author != context.device.user:
        return "author"
    if item.envelope.type != context.document.type:
        return "type"
    for parent in item.envelope.parents:
        row = context.known.get(parent)
        if row is not None and row.document != item.envelope.document:
            return "parents.document"
    if item.approval is None:
        return ""
    documents = {leaf: context.known[leaf].document for leaf in item.approval.leaves if leaf in context.known}
    return approving.wrong(item.approval, item.envelope, documents)


def _not_allowed(item: Checked, context: Context, grant: Grant, *, inside: bool, target: str | None) -> str:
    if context.device.state == REVOKED:
        return "device.revoked"
    if context.device.state == STOPPED:
        return "device.stopped"
    if context.forked:
        return "device.fork"
    if not roles.may(grant.role, roles.WRITE, item.envelope.type):
        return "role"
    if not inside:
        return "scope"
    if target is not None and not may_write(grant.areas, target):
        return "scope.move"
    if item.approval is not None and approving.is_own(item.approval, item.envelope, context.subject_authors):
        return "review.own"
    return ""


def _needed(item: Checked) -> tuple[str, ...]:
    return item.envelope.parents + (item.approval.leaves if item.approval else ())


def _absent(name: str, context: Context) -> bool:
    row = context.known.get(name)
    return row is None or row.state != ACCEPTED


def _move(item: Checked, context: Context) -> str | None:
    """The area this revision moves its document to: one that none of its parents was offered to.

    A late save that still names the area before somebody else's move is no move back.
    """
    offered, parents = item.envelope.area, item.envelope.parents
    if not parents or context.document.area in (None, offered):
        return None
    from_areas = {context.known[parent].area for parent in parents if parent in context.known}
    return None if offered in from_areas else offered


def _flags(context: Context, grant: Grant) -> str:
    return "scope.unacknowledged" if grant.version < max(context.grants) else ""
