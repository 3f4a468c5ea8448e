"""Is this paper genuine: a file in, one word out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from fieldapp.errors import InputError
from fieldapp.reports.verify import Verdict, verify_file
from fieldapp.workflows.trust_cards import cards_in
from ui import tasks
from ui.desk import Desk
from ui.widgets.sheet import Sheet
from ui.widgets.tag import Tag
from ui.words import t

TONES = {Verdict.GENUINE: "done", Verdict.ALTERED: "abnormal", Verdict.UNKNOWN: "todo"}


def check_paper(owner: QWidget, desk: Desk) -> None:
    found, _ = QFileDialog.getOpenFileName(owner, t("reports.check"), "", "PDF (*.pdf)")
    if found:
        check_file(owner, desk, Path(found))


def check_file(owner: QWidget, desk: Desk, path: Path) -> None:
    """Ask off the window's thread, say the word in a sheet."""
    home = desk.profile.folder.parent
    tasks.run(
        lambda: _verdict(path, home), lambda verdict: show_verdict(owner.window(), path.name, verdict), owner=owner,
        failed=desk.present, words=t("reports.checking"),
    )  # fmt: skip


def _verdict(path: Path, home: Path) -> Verdict:
    try:
        return verify_file(path, *cards_in(home))
    except OSError as error:
        raise InputError("file.unreadable", where=path.name) from error


def show_verdict(window: QWidget, file: str, verdict: Verdict) -> None:
    from ui.widgets.labels import label

    sheet = Sheet(window, t("reports.check"))
    sheet.body.addWidget(label(file, "secondbody", wrap=True))
    sheet.body.addWidget(Tag(t(f"reports.verdict.{verdict.value}"), TONES[verdict]))
    sheet.body.addWidget(label(t(f"reports.verdict_do.{verdict.value}"), wrap=True))
    sheet.open()
