"""Papers leave the program: previewed, exported, each on the device's chain before the file exists (protocol.md, "At
rest and in use").

Drawing takes tens of milliseconds of Python, so it runs on a thread of its own, one paper after another; batches run
in a child process (``batch_export``).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from fieldapp.errors import RefusedError
from fieldapp.reports import api as reports
from fieldapp.reports.code import Sealer
from fieldapp.reports.content import Paper, Rendered, VisitReport
from fieldapp.reports.protecting import OPEN, Protection
from fieldapp.reports.saving import file_name, save
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.papers.asking import Ask
from fieldapp.workflows.papers.registry import KINDS
from fieldapp.workflows.rechecks import blind_for
from fieldapp.workflows.report_data import Forms, visit_report
from fieldapp.workflows.sealing import sealer_for
from fieldapp.workflows.trust_cards import keep_card

T = TypeVar("T")
EXPORT, PREVIEW = "export", "preview"
#: Drawn for a second visit that is to be made without knowing the first.
BLIND = "recheck.blind"

_drawing = ThreadPoolExecutor(1, thread_name_prefix="reports")


@dataclass(frozen=True)
class Exported:
    """A paper on disk; ``missing`` are characters no font has, printed as their codes, to be named in a warning;
    ``draft`` says why it is no final paper."""

    path: Path
    missing: frozenset[str]
    draft: str = ""


@dataclass(frozen=True)
class ExportLine:
    """One entry of the export log: who, when, what was done (``export`` | ``unmask`` | ``print`` ...), to how many
    documents."""

    at: str
    by: str
    kind: str
    documents: tuple[str, ...]


def preview_visit(
    store: Store, actor: Actor, forms: Forms, visit: str, *, unmask: bool = False
) -> Future[Rendered]:
    """The pages as they would be exported, without code, for the window's own preview; nothing is written to disk.

    Raises StateError ``visit.unknown``, RefusedError ``refused.unmask`` | ``recheck.blind``, InputError for a photo
    that cannot be read.
    """

    def work() -> Rendered:
        report, _ = read_visit(store, actor, forms, visit, unmask=unmask, log=None)
        return reports.render_visit(report)

    return in_background(work)


def export_visit(
    store: Store, actor: Actor, forms: Forms, visit: str, folder: Path, *, unmask: bool = False,
    protection: Protection = OPEN,
) -> Future[Exported]:  # fmt: skip
    """The report into ``folder``, named by its number alone. Raises as ``preview_visit``, and ExportError ``export.*``,
    InputError ``report.certificate``; then nothing is left under the name."""

    def work() -> Exported:
        protection.check()
        report, sealer = read_visit(store, actor, forms, visit, unmask=unmask, log=EXPORT)
        drawn = reports.render_visit(report, sealer, protection.password)
        path = folder / file_name(report.imprint.title, report.imprint.number, ending="pdf")
        return Exported(save(path, protection.signed(drawn.pdf)), drawn.missing, report.draft)

    return in_background(work)


def preview_paper(store: Store, actor: Actor, kind: str, ask: Ask) -> Future[Rendered]:
    """The pages of any other paper (``papers.registry``). Raises RefusedError ``refused.role`` for the desk's own,
    StateError ``state.unknown`` | ``report.*``."""
    return in_background(lambda: reports.render_paper(read_paper(store, actor, kind, ask, log=None)[0]))


def export_paper(
    store: Store, actor: Actor, kind: str, ask: Ask, folder: Path, *, protection: Protection = OPEN
) -> Future[Exported]:  # fmt: skip
    """Any other paper into ``folder``. Raises as ``preview_paper`` and ``export_visit``."""

    def work() -> Exported:
        protection.check()
        paper, sealer = read_paper(store, actor, kind, ask, log=EXPORT)
        drawn = reports.render_paper(paper, sealer, protection.password)
        path = folder / file_name(KINDS[kind].title, paper.imprint.number, ending="pdf")
        return Exported(save(path, protection.signed(drawn.pdf)), drawn.missing, paper.draft)

    return in_background(work)


def read_paper(
    store: Store, actor: Actor, kind: str, ask: Ask, *, log: str | None
) -> tuple[Paper, Sealer | None]:
    """What the paper says and what seals it; logged as ``log`` first when given."""
    wanted = KINDS[kind]
    if wanted.desk and not actor.at_desk:
        raise RefusedError("refused.role", document_type=kind)

    def read(tx: ReadTx) -> tuple[Paper, Sealer | None]:
        paper = wanted.make(tx, actor, ask)
        return paper, sealer_for(store, tx, ask.printed_at, paper.documents) if wanted.sealed else None

    def write(tx: WriteTx) -> tuple[Paper, Sealer | None]:
        found = read(tx)
        tx.log_access(str(log), *found[0].documents)
        return found

    keep_card(store.profile)
    return store.write_now(write) if log else store.read_now(read)


def read_visit(
    store: Store, actor: Actor, forms: Forms, visit: str, *, unmask: bool, log: str | None, alone: bool = True
) -> tuple[VisitReport, Sealer]:
    """What the report prints and what seals it, read at one moment; logged as ``log`` first when given."""
    printed_at = actor.now()

    def read(tx: ReadTx) -> tuple[VisitReport, Sealer]:
        if blind_for(tx, actor, visit):
            raise RefusedError(BLIND)
        report = visit_report(tx, actor, forms, visit, printed_at=printed_at, unmask=unmask, alone=alone)
        return report, sealer_for(store, tx, printed_at, [visit])

    def write(tx: WriteTx) -> tuple[VisitReport, Sealer]:
        found = read(tx)
        if log:
            tx.log_access(log, visit)
        return found

    keep_card(store.profile)
    return store.write_now(write) if unmask or log else store.read_now(read)


def log_of_exports(store: Store, limit: int = 200) -> Future[list[ExportLine]]:
    """Who took what out, the newest first. A walker sees this device's own, the desk what its areas' devices sent."""

    def work(tx: ReadTx) -> list[ExportLine]:
        found = sorted(tx.of_type("access_log"), key=lambda view: view.first_at, reverse=True)
        return [
            ExportLine(
                view.first_at, view.authors[0] if view.authors else "", str(view.state.get("kind") or ""),
                tuple(str(name) for name in view.state.get("documents") or ()),
            )
            for view in found[:limit]
        ]  # fmt: skip

    return store.read(work)


def in_background(work: Callable[[], T]) -> Future[T]:
    """Run ``work`` on the drawing thread."""
    return _drawing.submit(work)
