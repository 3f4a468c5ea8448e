"""Push: one verdict per item, receipts after the commit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial

from sqlalchemy import Connection

from fieldapp.domain.revision import SignedRevision, parse_envelope
from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError, StorageError
from sync.protocol.limits import MAX_ITEMS
from sync.protocol.messages import ACCEPTED, ALREADY, QUARANTINED, PushItem, PushRequest, PushResponse, Signed, Verdict
from sync.server.clock import now_text
from sync.server.handlers.callers import Caller
from sync.server.ingest import receipts
from sync.server.ingest.checking import Checked, Refused, read_content
from sync.server.ingest.committing import Outcome, commit, rejudge
from sync.server.service import Rejected, Service
from sync.server.storage import people, revisions

_DEVICE = re.compile(rb'"device"\s*:\s*"([0-9a-f]{64})"')


def push(service: Service, caller: Caller, request: PushRequest) -> PushResponse:
    """Take in a batch."""
    if len(request.items) > MAX_ITEMS:
        raise Rejected(413, "batch.too_many")
    accept_people(service, request.people)
    keys = service.read(lambda c: _device_keys(service, c, request.items))
    checked = service.workshop.check(request.items, keys)
    outcomes = take_in(service, {item.id: item for item in checked if isinstance(item, Checked)})
    said = service.read(lambda c: receipts.bodies(c, service.county(c), outcomes))
    proofs = dict(zip(said, service.workshop.receipts(list(said.values())), strict=True))
    verdicts = [_verdict(item, outcomes, proofs) for item in checked]
    for verdict in verdicts:
        service.metrics.add("pushed_revisions_total", state=verdict.state)
    return PushResponse(service.read(service.row).epoch, verdicts)


def take_in(service: Service, items: dict[str, Checked], *, vouched: Iterable[str] = ()) -> dict[str, Outcome]:
    """Commit checked revisions in one transaction, then whatever waited for them; the outcome of each item."""
    named = frozenset(vouched) | _returned(service, items.values())
    batch = list(items.values())
    outcomes = service.write(lambda c: commit(c, service.county(c), batch, now_text(), vouched=named))
    release(service, [outcome.id for outcome in outcomes if outcome.state == ACCEPTED and not outcome.already])
    return {outcome.id: outcome for outcome in outcomes}


def release(service: Service, arrived: Sequence[str]) -> None:
    """Judge again what waited for ``arrived``, and what waited for that, until nothing more comes free."""
    while arrived:
        waiting = service.read(partial(revisions.waiting_for, county=service.keys.county, arrived=arrived))
        arrived = judge_again(service, waiting)


def judge_again(service: Service, ids: Sequence[str], *, vouched: Iterable[str] = ()) -> list[str]:
    """Judge stored revisions anew; the ids that became accepted."""
    if not ids:
        return []
    named = frozenset(vouched)

    def work(connection: Connection) -> list[Outcome]:
        items = load_checked(service, connection, ids)
        return rejudge(connection, service.county(connection), items, now_text(), vouched=named)

    return [outcome.id for outcome in service.write(work) if outcome.state == ACCEPTED]


def load_checked(service: Service, connection: Connection, ids: Iterable[str]) -> list[Checked]:
    """Stored revisions as they came in; their signatures held then. What does not open waits until it is sent anew."""
    items = []
    for name, row in revisions.revision_rows(connection, service.keys.county, ids, contents=True).items():
        try:
            salt, payload = service.sealer.open_payload(name, row.payload) if row.payload else (None, None)
        except StorageError:
            continue
        revision = SignedRevision(row.envelope, row.signature, salt, payload)
        items.append(read_content(revision, parse_envelope(row.envelope), ()))
    return items


def accept_people(service: Service, statements: Sequence[Signed]) -> None:
    """Certificates and scopes of authors a restored server may have forgotten; only what the county signed."""
    if not statements:
        return

    def work(connection: Connection) -> None:
        county = service.keys.county
        certified = []
        for signed in statements:
            statement = signed.statement()
            try:
                if statement.kind == "scope":
                    service.keys.trust.check(statement, "scope")
                    people.keep_scope(connection, county, statement)
                else:
                    service.keys.trust.check_device(statement)
                    certified.append(statement)
            except (InputError, KeyError, ValueError):
                raise Rejected(400, "people.unproven") from None
        for statement in certified:
            people.keep_device(connection, county, statement)

    service.write(work)


def _returned(service: Service, items: Iterable[Checked]) -> frozenset[str]:
    """The ids the county itself once receipted as accepted: clients return them to a restored server."""
    found = set()
    for item in items:
        if item.receipt is None:
            continue
        try:
            body = service.keys.trust.check(item.receipt, "receipt")
        except InputError:
            continue
        if body.get("revision") == item.id and body.get("state") == ACCEPTED:
            found.add(item.id)
    return frozenset(found)


def _device_keys(service: Service, connection: Connection, items: Iterable[PushItem]) -> dict[str, bytes]:
    """The raw keys of the devices these items claim to be from, of those that are known."""
    claimed = {found[1].decode() for item in items if (found := _DEVICE.search(item.revision.envelope))}
    known = people.load_devices(connection, service.keys.county, claimed)
    return {name: device.public_key for name, device in known.items()}


def _verdict(item: Checked | Refused, outcomes: dict[str, Outcome], proofs: dict[str, Statement]) -> Verdict:
    if isinstance(item, Refused):
        return Verdict(QUARANTINED, item.reason)
    outcome = outcomes[item.id]
    state = ALREADY if outcome.already and outcome.state == ACCEPTED else outcome.state
    return Verdict(state, outcome.reason, Signed.of(proofs[item.id]))
