"""``ledger`` and ``leads``: office files through the same importer the program uses, published as revisions."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from fieldapp.domain.pointers import Json, put
from fieldapp.errors import InputError
from fieldapp.policy.working_days import WorkingDays
from fieldapp.workflows.intake.correction import correction_workbook
from fieldapp.workflows.intake.gathering import Terms
from fieldapp.workflows.intake.headers import words_with
from fieldapp.workflows.intake.places import AreaTable
from fieldapp.workflows.intake.plan import Change, ImportPlan, plan_import
from fieldapp.workflows.intake.problems import FLAG, REFUSED
from fieldapp.workflows.intake.reading import read_file
from fieldapp.workflows.intake.result import Imported
from sync.server.admin.command import add_command
from sync.server.clock import now
from sync.server.importing import Document, import_documents
from sync.server.keys import write_private
from sync.server.known import KnownAtCounty
from sync.server.service import Service
from sync.server.storage import controls
from sync.server.storage.schema import areas

#: rows named on the terminal; ``--correct`` writes them all
NAMED = 20


def register(commands: Any) -> None:
    for kind, help_ in (("ledger", "import a household ledger (.xlsx, .csv)"), ("leads", "import a list of leads")):
        command = add_command(commands, kind, _import, help_)
        command.set_defaults(kind=kind)
        command.add_argument("file", type=Path)
        command.add_argument("--area", help="where rows whose place is not recognised belong")
        command.add_argument("--source", help="what the list calls itself, part of every id; its title otherwise")
        command.add_argument("--mapping", type=Path, help="column words of this department, YAML")
        command.add_argument("--days", type=int, help="working days of a lead whose sender says nothing")
        command.add_argument("--preview", action="store_true", help="say what would happen, do nothing")
        command.add_argument("--correct", type=Path, help="write the rows to be mended here (.xlsx)")


def plan_file(
    service: Service,
    file: Path,
    *,
    kind: str,
    area: str | None = None,
    source: str | None = None,
    mapping: Path | None = None,
    days: int | None = None,
    today: date | None = None,
) -> ImportPlan:
    """What importing ``file`` would do. Raises InputError ``intake.*`` | ``file.unreadable``."""
    try:
        data = file.read_bytes()
        words = words_with(mapping.read_text(encoding="utf-8")) if mapping else None
    except OSError:
        raise InputError("file.unreadable", where=file.name) from None

    def work(connection: Connection) -> ImportPlan:
        names = connection.execute(select(areas.c.area, areas.c.name).where(areas.c.county == service.keys.county))
        table = AreaTable({row.area: row.name for row in names}, area)
        intake = read_file(
            data, file.name, county=service.keys.county, areas=table, today=today or now().date(),
            kind=kind if kind == "leads" else None, source=source, words=words,
            terms=Terms(days, _working_days(service, connection).after),
        )  # fmt: skip
        return plan_import(intake, KnownAtCounty(service, connection))

    return service.read(work)


def _working_days(service: Service, connection: Connection) -> WorkingDays:
    published = controls.newest(connection, service.keys.county, "holidays")
    content = published.body["content"] if published else {}
    return WorkingDays(frozenset(content.get("days_off", ())), frozenset(content.get("work_days", ())))


def carry_out(service: Service, plan: ImportPlan) -> dict[str, Any]:
    """Publish the plan's documents as revisions of the importing device."""
    made = import_documents(service, (_document(service, step) for step in plan.steps))
    return {"created": made.created, "changed": made.changed, "unchanged": made.unchanged, "refused": made.refused}


def _document(service: Service, step: Imported | Change) -> Document:
    if isinstance(step, Imported):
        return Document(step.type, step.area or service.keys.county, step.id, step.state)
    state: dict[str, Json] = {}
    for pointer, value in step.writes.items():
        put(state, pointer, value)
    return Document(step.type, service.keys.county, step.id, state)


def _named(plan: ImportPlan) -> dict[str, Any]:
    """The first rows somebody must look at, by place and remedy; nobody's words are repeated on a terminal."""
    told = [problem for problem in plan.problems if problem.severity == REFUSED]
    told += [problem for problem in plan.problems if problem.severity == FLAG]
    rows = [
        {"sheet": each.sheet, "row": each.row, "column": each.column, "label": each.label, "what": each.what(),
         "do": each.remedy()}
        for each in told[:NAMED]
    ]  # fmt: skip
    more = {"more": len(told) - NAMED} if len(told) > NAMED else {}
    return {"rows": rows, **more} if rows else {}


def _import(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    plan = plan_file(
        service, options.file, kind=options.kind, area=options.area, source=options.source, mapping=options.mapping,
        days=options.days,
    )  # fmt: skip
    problems = Counter(problem.code for problem in plan.problems)
    result: dict[str, Any] = {"plan": dict(plan.counts), "problems": dict(problems), **_named(plan)}
    if options.correct:
        write_private(options.correct, correction_workbook(plan.intake, plan.problems))
    if not options.preview:
        result |= carry_out(service, plan)
        service.write(lambda c: controls.note(c, service.keys.county, options.by, options.kind, options.file.name))
    return result
