"""One running county server without its network: what every handler works with."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, select

from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError
from sync.server.ingest.committing import County
from sync.server.ingest.workshop import Workshop
from sync.server.keys import ServerKeys, read_server_keys
from sync.server.logs import log
from sync.server.metrics import Metrics
from sync.server.sealing import Sealer
from sync.server.storage import damage
from sync.server.storage.engine import create_tables, in_transaction, open_engine, reading
from sync.server.storage.packing import unpack_statement
from sync.server.storage.schema import counties
from sync.server.tokens import TokenMaker

T = TypeVar("T")


class Rejected(Exception):
    """The request is answered by a status and a code and nothing else; ``statement`` proves a revocation."""

    def __init__(
        self, status: int, code: str, *, retry_after: int | None = None, statement: Statement | None = None
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.retry_after, self.statement = status, code, retry_after, statement


@dataclass(frozen=True)
class CountyRow:
    """What the county's row says now; the admin command may change it while servers run."""

    epoch: int
    restoring: bool
    backed_up_to: Statement | None


@dataclass
class Service:
    """The database, the blobs, the keys."""

    engine: Engine
    blobs: Path
    keys: ServerKeys
    sealer: Sealer
    tokens: TokenMaker
    workshop: Workshop
    metrics: Metrics = field(default_factory=Metrics)

    def read(self, work: Callable[[Connection], T]) -> T:
        with reading(self.engine) as connection:
            return work(connection)

    def write(self, work: Callable[[Connection], T]) -> T:
        return in_transaction(self.engine, work)

    def note_damage(self, kind: str, subjects: Collection[str]) -> None:
        """What does not open is named to the office: in its list, in the metrics, in the log."""
        if subjects:
            self.write(lambda c: damage.note(c, self.keys.county, kind, subjects))
            self.metrics.add("damage_met_total", len(subjects), kind=kind)
            log("damaged", kind=kind, subjects=sorted(subjects))

    def row(self, connection: Connection) -> CountyRow:
        query = select(counties.c.epoch, counties.c.restoring, counties.c.backed_up_to)
        row = connection.execute(query.where(counties.c.county == self.keys.county)).one()
        proof = unpack_statement(row.backed_up_to) if row.backed_up_to else None
        return CountyRow(row.epoch, row.restoring, proof)

    def county(self, connection: Connection) -> County:
        return County(self.keys.county, self.row(connection).epoch, self.keys, self.sealer)

    def close(self) -> None:
        self.workshop.close()
        self.engine.dispose()


def open_service(url: str, blobs: Path, key_file: Path, *, pool: int = 8, children: int = 0) -> Service:
    """Open what a server needs; ``children`` share the checking of big batches.

    Raises InputError ``county.absent`` when no county was made in this database.
    """
    keys = read_server_keys(key_file)
    engine = open_engine(url, pool=pool)
    create_tables(engine)
    blobs.mkdir(parents=True, exist_ok=True)
    service = Service(engine, blobs, keys, Sealer(keys.master), TokenMaker(keys.master), Workshop(keys, children))
    with reading(engine) as connection:
        known = select(counties.c.county).where(counties.c.county == keys.county)
        if connection.execute(known).first() is None:
            raise InputError("county.absent")
    return service
