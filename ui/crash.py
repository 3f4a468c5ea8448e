"""When the program itself is wrong: say so, say what was kept, go on or start anew. Never a silent death."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from fieldapp.errors import WorldError
from ui.messages import words_for
from ui.widgets.button import Button
from ui.widgets.labels import label
from ui.widgets.sheet import Sheet
from ui.words import t

if TYPE_CHECKING:
    from ui.app import Program

log = logging.getLogger("ui.crash")


class CrashGuard:
    """Takes every exception that no slot caught."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._open = False
        sys.excepthook = self.caught

    def caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._program.app.quit()
            return
        if isinstance(error, WorldError) and self._program.desk is not None:
            self._program.desk.present(error)
            return
        log.error("fault\n%s", fault_text(error))
        if not self._open:
            self._show(error)

    def _show(self, error: BaseException) -> None:
        window = self._program.frame or self._program.entrance
        if window is None:
            return
        self._open = True
        words = words_for(error)
        sheet = Sheet(window.centralWidget(), t("crash.title"))
        for text in (words.what, words.kept, words.do):
            sheet.body.addWidget(label(text, wrap=True))
        sheet.closed.connect(self._closed)
        anew = Button(t("crash.restart"))
        anew.clicked.connect(self._program.lock)
        go_on = Button(t("crash.go_on"), kind="primary")
        go_on.clicked.connect(sheet.close_sheet)
        sheet.foot.addWidget(anew)
        sheet.foot.addWidget(go_on)
        sheet.open(go_on)

    def _closed(self) -> None:
        self._open = False


def fault_text(error: BaseException) -> str:
    """Where it happened: files, lines and the kind of error. No values: they may be somebody's name."""
    places = traceback.extract_tb(error.__traceback__)
    lines = [f"  {Path(place.filename).name}:{place.lineno} in {place.name}" for place in places]
    return "\n".join([*lines, type(error).__name__])
