"""The server's sealed backup, and coming back from it as a new epoch.

A backup holds the tables as they stand in one reading transaction (payloads stay sealed under the master key) and the
blob files. It is sealed under a key derived from the master key: restoring needs ``server.keys``, which is kept apart.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import zstandard
from sqlalchemy import Connection, Table, insert, select, update

from fieldapp.domain.feed import EVICT, REVISION
from fieldapp.domain.revision import is_digest
from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError, StateError
from sync.protocol.bundle import Inflated
from sync.protocol.stream import SealedWriter, read_sealed
from sync.server.blobs import BlobFiles
from sync.server.clock import now, now_text
from sync.server.sealing import derive
from sync.server.service import Service
from sync.server.storage import feeds, revisions
from sync.server.storage.packing import pack_statement
from sync.server.storage.schema import counties, feed, feed_heads, metadata, uploads

MAGIC = b"tiejiaoban county backup 1\n"
_ROWS = 500
#: partial uploads start again, and nothing of theirs was receipted
_LEFT_OUT = {uploads.name}


def back_up(service: Service, path: Path) -> Statement:
    """Write a backup to ``path``, read it back whole, and sign what it covers (``backed-up-to``).

    Raises InputError ``stream.damaged`` when what was written does not read back; nothing is signed then.
    """
    part = path.with_name(path.name + ".part")
    header, key = _header(service)
    with open(part, "wb") as file:
        file.write(header)
        writer = SealedWriter(file, key, header)
        areas = service.read(lambda connection: _write(service, connection, writer))
        writer.close()
        file.flush()
        os.fsync(file.fileno())
    counted = _verify(service, part)
    os.replace(part, path)
    body = {"epoch": counted, "areas": areas, "at": now_text()}
    statement = service.keys.sign("backed-up-to", body)
    here = update(counties).where(counties.c.county == service.keys.county)
    service.write(lambda c: c.execute(here.values(backed_up_to=pack_statement(statement))))
    return statement


def restore(service: Service, path: Path) -> int:
    """Fill the empty tables of ``service`` from a backup; the new epoch. Pulls stay shut until the office opens them.

    Raises StateError ``restore.not_empty``, InputError ``stream.damaged`` | ``backup.other_county``.
    """

    def work(connection: Connection) -> int:
        if connection.execute(select(counties.c.county)).first():
            raise StateError("restore.not_empty")
        for kind, content in _records(service, path):
            if kind == "blob":
                _restore_blob(service, content)
            else:
                _insert(connection, metadata.tables[kind], content)
        return _new_epoch(service, connection)

    return service.write(work)


def open_pulls(service: Service) -> None:
    """The clients were given time to return what the backup lacked: serve again."""
    here = update(counties).where(counties.c.county == service.keys.county)
    service.write(lambda c: c.execute(here.values(restoring=False)))


def _header(service: Service) -> tuple[bytes, bytes]:
    body = {"county": service.keys.county, "at": now_text(), "nonce": secrets.token_hex(16)}
    header = MAGIC + json.dumps(body, sort_keys=True).encode() + b"\n"
    return header, _key(service, header)


def _key(service: Service, header: bytes) -> bytes:
    return derive(service.keys.master, "backup\0" + header.hex())


def _write(service: Service, connection: Connection, writer: SealedWriter) -> dict[str, list[int | str]]:
    """Tables, then blobs; the feed heads the backup covers."""
    packer = zstandard.ZstdCompressor(level=3).compressobj()
    row = service.row(connection)
    for table in metadata.sorted_tables:
        if table.name not in _LEFT_OUT:
            for rows in _chunked(connection, table):
                writer.write(packer.compress(_record(str(table.name), rows)))
    for path in BlobFiles(service.blobs, service.sealer).paths():
        writer.write(packer.compress(_record("blob", [path.name, path.read_bytes()])))
    writer.write(packer.compress(_record("end", row.epoch)))
    writer.write(packer.flush())
    return {area: [h.seq, h.hash] for area, h in feeds.heads(connection, service.keys.county, row.epoch).items()}


def _record(kind: str, content: Any) -> bytes:
    data = msgspec.msgpack.encode([kind, content])
    return len(data).to_bytes(8, "big") + data


def _chunked(connection: Connection, table: Table) -> Iterator[list[list[Any]]]:
    result = connection.execute(select(table)).partitions(_ROWS)
    return ([list(row) for row in rows] for rows in result)


def _records(service: Service, path: Path) -> Iterator[tuple[str, Any]]:
    """The records of a backup up to its end. Raises InputError as ``restore`` does."""
    with open(path, "rb") as file:
        magic, line = file.readline(), file.readline()
        if magic != MAGIC:
            raise InputError("backup.not_one", where=path.name)
        if json.loads(line)["county"] != service.keys.county:
            raise InputError("backup.other_county", where=path.name)
        header = magic + line
        plain = Inflated(read_sealed(file, _key(service, header), header))
        while length := plain.read(8):
            kind, content = msgspec.msgpack.decode(plain.read(int.from_bytes(length, "big")))
            if kind == "end":
                return
            yield kind, content
    raise InputError("stream.damaged", where=path.name)


def _verify(service: Service, path: Path) -> int:
    """Read a backup whole; its epoch."""
    epoch = 0
    for kind, content in _records(service, path):
        if kind == str(counties.name):
            epoch = content[0][list(counties.c.keys()).index("epoch")]
    return epoch


def _insert(connection: Connection, table: Table, rows: list[list[Any]]) -> None:
    names = list(table.c.keys())
    connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])


def _restore_blob(service: Service, content: list[Any]) -> None:
    name, data = content
    if not is_digest(name):
        raise InputError("stream.damaged")
    target = service.blobs / name[:2] / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def _new_epoch(service: Service, connection: Connection) -> int:
    """Begin the next epoch: each area's feed anew, from what the documents' present areas say."""
    county = service.keys.county
    old = connection.execute(select(feed).where(feed.c.county == county).order_by(feed.c.area, feed.c.seq)).all()
    # Never a number that was used before: the same backup may be restored twice, and clients remember the first time.
    epoch = max(service.row(connection).epoch + 1, int(now().timestamp() * 1000))
    here = update(counties).where(counties.c.county == county)
    connection.execute(here.values(epoch=epoch, restoring=True, backed_up_to=None))
    connection.execute(feed.delete().where(feed.c.county == county))
    connection.execute(feed_heads.delete().where(feed_heads.c.county == county))
    feeds.append(connection, county, epoch, list(_renewed(connection, county, old)), now_text())
    return epoch


def _renewed(connection: Connection, county: str, old: Iterable[Any]) -> Iterator[feeds.Event]:
    """The rows of the old feeds that still hold: of documents that are still in that area, each revision once."""
    rows = list(old)
    named = revisions.revision_rows(connection, county, {r.subject for r in rows if r.kind != EVICT}, contents=False)
    areas = revisions.document_areas(connection, county, {row.document for row in named.values()})
    written: set[tuple[str, str]] = set()
    for row in rows:
        if row.kind == EVICT:
            continue
        found = named.get(row.subject)
        if found is None or areas[found.document][0] not in (row.area, None):
            continue
        if row.kind == REVISION:
            if (row.area, row.subject) in written:
                continue
            written.add((row.area, row.subject))
        statement = feeds.statement_of(row.statement)
        yield feeds.Event(row.area, row.kind, row.subject, statement)
