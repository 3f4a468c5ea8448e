"""Documents as the county's office reads them: merged, whole types at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from fieldapp.domain.merging import Merged, merge
from fieldapp.domain.pointers import Json
from sync.server.importing import document_contents
from sync.server.service import Service
from sync.server.storage.schema import documents

_AT_ONCE = 500


@dataclass(frozen=True)
class ReadDocument:
    id: str
    type: str
    area: str
    merged: Merged

    @property
    def state(self) -> Mapping[str, Json]:
        return self.merged.state


def documents_of(service: Service, connection: Connection, *types: str) -> Iterator[ReadDocument]:
    """Every document of these types (of all, without types) that has an accepted revision."""
    query = select(documents.c.document, documents.c.type, documents.c.area).where(
        documents.c.county == service.keys.county, documents.c.area.is_not(None)
    )
    if types:
        query = query.where(documents.c.type.in_(types))
    rows = connection.execute(query.order_by(documents.c.document)).all()
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        contents = document_contents(service, connection, [row.document for row in part])
        for row in part:
            if row.document in contents:
                yield ReadDocument(row.document, row.type, row.area, merge(contents[row.document]))
