"""Hundreds of reports in one go: one file each or one bound file, drawn in a child process, with progress and cancel.

A batch can be run again and goes on where it stopped. Files of an earlier run that already hold the visits as they
stand are left as they are, so that a batch begun anew in the same folder goes on too.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from fieldapp.errors import InputError, RefusedError, StateError
from fieldapp.reports.binding import bind
from fieldapp.reports.code import Sealer, detach, read_code, sealed_part
from fieldapp.reports.content import Rendered, VisitReport
from fieldapp.reports.protecting import OPEN, Protection
from fieldapp.reports.saving import file_name, save
from fieldapp.store.api import ReadTx, Store
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.batch_choice import ChosenVisit
from fieldapp.workflows.exporting import BLIND, EXPORT, read_visit
from fieldapp.workflows.report_data import Forms
from fieldapp.workflows.report_data_layout import layout
from fieldapp.workflows.sealing import sealer_for

#: Reports read ahead of the one being drawn; each may hold the keys of some photos, none holds their bytes.
AHEAD = 2
BOUND = "入户核查情况报告汇编"


@dataclass(frozen=True)
class Order:
    """What is wanted. ``bound``: one file with bookmarks. ``unmask`` is the desk's right, logged for every visit."""

    visits: tuple[ChosenVisit, ...]
    folder: Path
    bound: bool = False
    unmask: bool = False
    protection: Protection = OPEN


@dataclass
class Batch:
    """A batch and how far it is. ``paths`` are the files made or found complete; ``skipped`` are (number, error code)
    of visits that could not be drawn; ``missing`` characters no font has. ``run`` may be called again after it was
    cancelled or failed."""

    store: Store
    actor: Actor
    forms: Forms
    order: Order
    paths: list[Path] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    done: int = 0
    _parts: list[tuple[str, bytes]] = field(default_factory=list, repr=False)
    _logged: bool = False

    @property
    def total(self) -> int:
        return len(self.order.visits)

    @property
    def finished(self) -> bool:
        return self.done == self.total and (not self.order.bound or bool(self.paths) or not self._parts)

    def run(self, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> bool:
        """Go on until all is done (True) or ``cancelled`` says so. Blocking: call it off the window's thread.

        Raises ExportError when the disk refuses, RefusedError ``refused.unmask``; what is done stays done.
        """
        self.order.protection.check()
        self._log()
        with _drawing_child() as child:
            for visit, rendered in self._drawn(child, cancelled):
                self._take(visit, rendered)
                self.done += 1
                progress(self.done, self.total)
        if self.done == self.total and self.order.bound and self._parts:
            self._bind()
        return self.finished

    def _log(self) -> None:
        """Once, before anything is on disk."""
        if not self._logged:
            ids = [visit.id for visit in self.order.visits]
            self.store.write_now(lambda tx: tx.log_access(EXPORT, *ids))
            self._logged = True

    def _drawn(
        self, child: ProcessPoolExecutor, cancelled: Callable[[], bool]
    ) -> Iterator[tuple[ChosenVisit, Rendered | str | None]]:
        """In order: the paper, the code of what is wrong with it, or None for one that is on disk already."""
        waiting: list[tuple[ChosenVisit, Future[Rendered] | str | None]] = []
        todo = list(self.order.visits[self.done :])
        while (todo or waiting) and not cancelled():
            while todo and len(waiting) <= AHEAD:
                visit = todo.pop(0)
                waiting.append((visit, self._begin(child, visit)))
            visit, begun = waiting.pop(0)
            yield visit, _result(begun) if isinstance(begun, Future) else begun

    def _begin(self, child: ProcessPoolExecutor, visit: ChosenVisit) -> Future[Rendered] | str | None:
        try:
            report, sealer = read_visit(
                self.store, self.actor, self.forms, visit.id, unmask=self.order.unmask, log=None, alone=False
            )
        except (StateError, InputError) as error:
            return error.code
        except RefusedError as error:
            if error.code != BLIND:  # drawn for a blind second visit: left out, the others are printed
                raise
            return error.code
        if not self.order.bound and _is_complete(self._path(visit), sealer) and not report.draft:
            return None
        return child.submit(draw, report, sealer, OPEN if self.order.bound else self.order.protection)

    def _take(self, visit: ChosenVisit, drawn: Rendered | str | None) -> None:
        if isinstance(drawn, str):
            self.skipped.append((visit.number, drawn))
            return
        if drawn is None:
            self.paths.append(self._path(visit))
            return
        self.missing |= drawn.missing
        if self.order.bound:
            self._parts.append((visit.number, drawn.pdf))
        else:
            self.paths.append(save(self._path(visit), drawn.pdf))

    def _bind(self) -> None:
        at = self.actor.now()
        ids = [visit.id for visit in self.order.visits]
        sealer = self.store.read_now(lambda tx: sealer_for(self.store, tx, at, ids))
        protection = self.order.protection
        book = protection.signed(bind(self._parts, BOUND, sealer, protection.password))
        first, last = self._parts[0][0], self._parts[-1][0]
        self.paths.append(save(self.order.folder / file_name(BOUND, f"{first}-{last}", ending="pdf"), book))

    def _path(self, visit: ChosenVisit) -> Path:
        title = self.store.read_now(_title)
        return self.order.folder / file_name(title, visit.number, ending="pdf")


def draw(report: VisitReport, sealer: Sealer, protection: Protection) -> Rendered:
    """What the child does."""
    from fieldapp.reports.api import render_visit

    drawn = render_visit(report, sealer, protection.password)
    return replace(drawn, pdf=protection.signed(drawn.pdf))


def _result(begun: Future[Rendered]) -> Rendered | str:
    try:
        return begun.result()
    except InputError as error:
        return error.code


def _title(tx: ReadTx) -> str:
    return str(layout(tx)["visit_report"]["title"])


def _is_complete(path: Path, sealer: Sealer) -> bool:
    """Whether the file there is this device's paper about the visit's revisions as they stand."""
    if not path.is_file():
        return False
    found = detach(sealed_part(path.read_bytes()))
    if found is None:
        return False
    try:
        code = read_code(found[1].code)
    except InputError:
        return False
    return code.revisions == sealer.revisions and code.device == sealer.device


def _drawing_child() -> ProcessPoolExecutor:
    """One spawned process: Python work in this one would starve the window (design: threads)."""
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))


