"""``publish``: forms, policy packs, procedures, the service list and other control documents, checked, then signed."""

from __future__ import annotations

import argparse
import base64
import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError
from fieldapp.store.identity import statement_to_json
from fieldapp.updating.manifest import SIGNED
from fieldapp.updating.manifest import content as update_content
from fieldapp.workflows.matters.reading import read_procedure
from fieldapp.workflows.matters.services import CONTROL as SERVICES
from fieldapp.workflows.matters.services import read_services
from fieldapp.workflows.matters.shelf import CONTROL as PROCEDURE
from fieldapp.workflows.published import FORM, PACK, packed
from fieldapp.workflows.report_data_layout import CONTROL as LAYOUT
from fieldapp.workflows.report_data_layout import read_layout
from forms.api import CompiledForm
from sync.server.admin.command import add_command
from sync.server.publishing import publish
from sync.server.service import Service
from sync.server.storage import controls

KINDS = ("form", "pack", "procedure", "services", "holidays", "retention", "layout", "update")
DAYS_OFF, WORK_DAYS = "off", "work"


def register(commands: Any) -> None:
    out = add_command(commands, "publish", _publish, "sign and publish a control document; its version rises")
    out.add_argument("kind", choices=KINDS)
    out.add_argument("file", type=Path)
    out.add_argument("--name", help="of a pack or form; the file's name otherwise")
    out.add_argument("--effective", type=date.fromisoformat, help="ISO date from which it holds")
    add_command(commands, "controls", _list, "what is published, with versions")


def read_control(kind: str, file: Path, name: str | None) -> tuple[str, Any]:
    """(control name, content) of a file that was checked. Raises InputError ``publish.*`` or the checker's own."""
    if kind == "update":
        return update_content(file)
    try:
        data = file.read_bytes()
    except OSError:
        raise InputError("file.unreadable", where=file.name) from None
    if kind == "holidays":
        return "holidays", read_holidays(data, file.name)
    if kind == "retention":
        return "retention", _retention(data, file.name)
    if kind == "layout":
        return LAYOUT, read_layout(data, file.name)
    if kind == "services":
        return SERVICES, read_services(file)
    content = {"file": file.name, "base64": base64.b64encode(data).decode()}
    if kind == "procedure":
        return f"{PROCEDURE}{read_procedure(data, file.name).id}", content
    if kind == "form":
        compiled = _compiled(file)
        return f"{FORM}{name or compiled.definition.id}", {**content, "xform": packed(compiled.xml)}
    _check_pack(file)
    return f"{PACK}{name or file.stem}", content


def read_holidays(data: bytes, where: str) -> dict[str, list[str]]:
    """{"days_off": [...], "work_days": [...]} (ISO dates) from JSON of that shape or CSV of date,kind (off | work)."""
    try:
        text = data.decode("utf-8-sig")
        if text.lstrip().startswith("{"):
            body = json.loads(text)
            found = {key: sorted(map(str, body.get(key, []))) for key in ("days_off", "work_days")}
        else:
            rows = list(csv.DictReader(text.splitlines()))
            found = {
                "days_off": sorted(row["date"] for row in rows if row["kind"] == DAYS_OFF),
                "work_days": sorted(row["date"] for row in rows if row["kind"] == WORK_DAYS),
            }
        for day in (*found["days_off"], *found["work_days"]):
            date.fromisoformat(day)
    except (ValueError, KeyError, TypeError):
        raise InputError("publish.holidays", where=where) from None
    return found


def _retention(data: bytes, where: str) -> dict[str, int]:
    try:
        return {str(kind): int(days) for kind, days in json.loads(data).items()}
    except (ValueError, AttributeError, TypeError):
        raise InputError("publish.retention", where=where) from None


def _compiled(file: Path) -> CompiledForm:
    from fieldapp.policy.api import fact_names
    from forms.api import compile_xlsform

    return compile_xlsform(file, vocabulary=fact_names())


def _check_pack(file: Path) -> None:
    from fieldapp.policy.api import load_pack

    load_pack(file)


def hand_on(folder: Path, statement: Statement) -> None:
    """The signed word goes with the program's folder, for laptops that get it on a stick."""
    text = json.dumps(statement_to_json(statement), sort_keys=True)
    (folder / SIGNED).write_text(text + "\n", encoding="utf-8")


def _publish(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    name, content = read_control(options.kind, options.file, options.name)
    effective = options.effective.isoformat() if options.effective else None

    def work(connection: Any) -> int:
        statement = publish(service, connection, name, content, effective=effective)
        controls.note(connection, service.keys.county, options.by, "publish", name)
        if options.kind == "update":
            hand_on(options.file, statement)
        return int(statement.body["version"])

    return {"name": name, "version": service.write(work), "effective": effective}


def _list(service: Service, _: argparse.Namespace) -> list[dict[str, Any]]:
    found = service.read(lambda c: controls.versions(c, service.keys.county))
    return [{"name": name, "version": version} for name, version in sorted(found.items())]
