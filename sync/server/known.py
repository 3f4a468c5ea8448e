"""What the county knows, as the pure importer asks it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection

from fieldapp.domain.documents import Person
from fieldapp.domain.identity_number import normal_form
from fieldapp.domain.merging import merge
from fieldapp.workflows.intake.papers import full_number
from fieldapp.workflows.intake.plan import KnownDocument, KnownPerson
from sync.server.importing import document_contents
from sync.server.reading import documents_of
from sync.server.service import Service
from sync.server.storage import revisions


class KnownAtCounty:
    """Answers from one reading transaction. People are read once, into tables by number and by name."""

    def __init__(self, service: Service, connection: Connection) -> None:
        self._service, self._connection = service, connection
        self._by_number: dict[str, list[KnownPerson]] = defaultdict(list)
        self._by_name: dict[str, list[KnownPerson]] = defaultdict(list)
        for found in documents_of(service, connection, "person"):
            self._note(found.area, Person.read(found.id, found.state))

    def document(self, document_id: str) -> KnownDocument | None:
        contents = document_contents(self._service, self._connection, [document_id]).get(document_id)
        areas = revisions.document_areas(self._connection, self._service.keys.county, [document_id])
        area = areas[document_id][0] if document_id in areas else None
        return KnownDocument(area, merge(contents).state) if contents and area else None

    def people_with_number(self, id_number: str) -> Sequence[KnownPerson]:
        return self._by_number.get(id_number, [])

    def people_named(self, full_name: str) -> Sequence[KnownPerson]:
        return self._by_name.get(full_name, [])

    def _note(self, area: str, person: Person) -> None:
        number = person.id_number or ""
        known = KnownPerson(person.id, person.full_name or "", person.birth_date or "", number, person.household, area)
        if number and "*" not in number:
            self._by_number[full_number(normal_form(number))].append(known)
        if person.full_name:
            self._by_name[person.full_name].append(known)
