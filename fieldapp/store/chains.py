"""What a device's chain shows: gaps, forks, breaks, and numbers that were lost here (protocol.md, "A revision")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from fieldapp.domain.chain import Link, inspect_chain
from fieldapp.domain.revision import Envelope
from fieldapp.store import revisions
from fieldapp.store.connection import Connection, one, rows, select_in

if TYPE_CHECKING:
    from fieldapp.store.feeding import Fresh
    from fieldapp.store.writing import WriteTx


def check_own(connection: Connection, device: str, now: datetime) -> list[tuple[str, int, int]]:
    """Read this device's chain from the last checked link; new faults are kept and returned."""
    key = f"checked:{device}"
    after = _last_checked(connection, device, key)
    faults = faults_of(connection, device, after)
    last = one(connection, "SELECT max(device_seq) FROM revision WHERE device = ?", (device,))
    connection.execute("BEGIN IMMEDIATE")
    for kind, first, end in faults:
        note_fault(connection, device, kind, first, end, revisions.timestamp(now))
    if last and last[0]:
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, last[0]))
    connection.execute("COMMIT")
    return faults


def faults_of(connection: Connection, device: str, after: Link | None = None) -> list[tuple[str, int, int]]:
    """(kind, first, last) of every gap, fork and break of a device's chain, from its start or behind ``after``."""
    sql = "SELECT device_seq, id, prev FROM revision WHERE device = ? AND device_seq > ?"
    found = rows(connection, sql, (device, after.seq if after else 0))
    report = inspect_chain([Link(*row) for row in found], after=after)
    lost = set(rows(connection, _LOST, (device,)))
    gaps = [("gap", first, last) for first, last in report.gaps if (first, last) not in lost]
    single = [("fork", seq, seq) for seq in report.forks] + [("broken", seq, seq) for seq in report.broken]
    return gaps + single


_LOST = "SELECT first, last FROM chain_fault WHERE device = ? AND kind = 'lost'"


def _last_checked(connection: Connection, device: str, key: str) -> Link | None:
    found = one(
        connection,
        "SELECT r.device_seq, r.id, r.prev FROM meta m JOIN revision r ON r.device = ? AND r.device_seq = m.value "
        "WHERE m.key = ?",
        (device, key),
    )
    return Link(*found) if found else None


def note_fault(connection: Connection, device: str, kind: str, first: int, last: int, at: str) -> None:
    connection.execute("INSERT OR IGNORE INTO chain_fault VALUES (?, ?, ?, ?, ?)", (device, kind, first, last, at))


def note_arrivals(tx: WriteTx, fresh: Sequence[Fresh]) -> None:
    """One number with two ids is a fork; a ``prev`` that is not the id before is a break. Gaps are normal here: this
    device sees only its own areas."""
    by_device: dict[str, list[Envelope]] = {}
    links: dict[str, dict[int, list[tuple[str, str | None]]]] = {}
    for item in fresh:
        by_device.setdefault(item.envelope.device, []).append(item.envelope)
        mine = links.setdefault(item.envelope.device, {})
        mine.setdefault(item.envelope.device_seq, []).append((item.name, item.envelope.prev))
    for device, envelopes in by_device.items():
        numbers = {envelope.device_seq + step for envelope in envelopes for step in (-1, 0, 1)}
        sql = "SELECT device_seq, id, prev FROM revision WHERE device = ? AND device_seq"
        for seq, name, prev in select_in(tx.connection, sql, numbers, before=(device,)):
            links[device].setdefault(seq, []).append((name, prev))
        for seq, here in links[device].items():
            _note_link(tx, device, seq, here, links[device].get(seq - 1))


def _note_link(
    tx: WriteTx, device: str, seq: int, here: list[tuple[str, str | None]], before: list[tuple[str, str | None]] | None
) -> None:
    if len(here) > 1:
        note_fault(tx.connection, device, "fork", seq, seq, tx.now)
    if before and any(prev not in {name for name, _ in before} for _, prev in here):
        note_fault(tx.connection, device, "broken", seq, seq, tx.now)
