"""The supervisor's import, whole: a chosen file to a preview, the preview to documents, the bad rows to a file.

Everything here blocks: a window calls it through its tasks. Reading is a process of its own, for it is seconds of
Python that would starve the window.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

from fieldapp.domain.areas import covers, is_area
from fieldapp.errors import InputError
from fieldapp.store.api import ReadTx, Store
from fieldapp.store.files import write_whole
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.intake.correction import correction_csv, correction_workbook
from fieldapp.workflows.intake.gathering import Terms
from fieldapp.workflows.intake.headers import words_with
from fieldapp.workflows.intake.plan import ImportPlan
from fieldapp.workflows.intake.reading import read_file
from fieldapp.workflows.intake.result import Intake
from fieldapp.workflows.intake.storing import area_table, preview
from fieldapp.workflows.places import places, working_days


def target_areas(store: Store, actor: Actor) -> Future[list[tuple[str, str]]]:
    """Where this user may let rows belong whose place is not recognised: (area, its name), their scopes first."""

    def work(tx: ReadTx) -> list[tuple[str, str]]:
        known = places(tx)
        below = [code for code in sorted(known.names) if any(covers(scope, code) for scope in actor.scopes)]
        codes = dict.fromkeys((*actor.scopes, *below))
        return [(code, known.grid_words(code)) for code in codes]

    return store.read(work)


def preview_file(
    store: Store,
    actor: Actor,
    file: Path,
    *,
    area: str | None = None,
    source: str | None = None,
    mapping: str | None = None,
    lead_days: int | None = None,
) -> ImportPlan:
    """What importing ``file`` would do; nothing is done.

    ``area`` narrows where rows may belong and takes those whose place is not recognised; without it they stay out.
    ``source`` what the ledger calls itself when its title will not do; ``mapping`` a department's header words (YAML);
    ``lead_days`` the working days of a lead whose sender says nothing. Raises InputError ``intake.*`` |
    ``file.unreadable``.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError("file.unreadable", where=file.name) from error
    if area is not None and not is_area(area):
        raise InputError("intake.area", where=area)

    def ground(tx: ReadTx) -> dict[str, Any]:
        return {"areas": area_table(tx, area), "terms": Terms(lead_days, working_days(tx).after)}

    words = {"words": words_with(mapping)} if mapping else {}
    more = store.read_now(ground)
    intake = _read_apart(data, file.name, county=actor.county, today=actor.today(), source=source, **words, **more)
    return store.read_now(lambda tx: preview(tx, intake))


def write_corrections(plan: ImportPlan, file: Path) -> int:
    """Write the rows to be mended to ``file`` (.csv or .xlsx by its name), whole or not at all; how many.

    Raises StorageError ``storage.full`` | ``storage.unwritable``.
    """
    make = correction_csv if file.suffix.lower() == ".csv" else correction_workbook
    write_whole(file, make(plan.intake, plan.problems))
    mend = {(problem.sheet, problem.row) for problem in plan.problems if problem.severity != "note"}
    return sum((line.sheet, line.row) in mend for line in plan.intake.lines)


def _read_apart(data: bytes, name: str, **more: Any) -> Intake:
    """``read_file`` in a child that ends with it. What it raises comes back as it is."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as child:
        return child.submit(read_file, data, name, **more).result()
