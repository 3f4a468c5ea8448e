"""On top of Today: the newest sync or backup is old while something lies on this laptop alone."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.workflows import keeping_safe
from fieldapp.workflows.keeping_safe import AtRisk
from ui.desk import Desk
from ui.messages import Words
from ui.widgets.card import clear
from ui.widgets.notices import Banner
from ui.words import t


class Reminders(QWidget):
    """Closed by its user it stays away until the program is started anew."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._closed: set[str] = set()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        self.hide()

    def load(self) -> None:
        store, actor = self.desk.store, self.desk.actor
        # A reminder that cannot be read stays away: the board below says what is wrong with the store.
        quiet = lambda _error: None  # noqa: E731
        self.desk.read(lambda: keeping_safe.at_risk(store, actor), self.show_risk, owner=self, failed=quiet)

    def show_risk(self, risk: AtRisk) -> None:
        clear(self.column)
        if risk.sync_due:
            days = risk.sync_days
            what = t("remind.sync_never") if days is None else t("remind.sync", days=days)
            self._add("sync", Words(what, t("remind.unsent", n=risk.unsent)), t("remind.go_sync"))
        if risk.backup_due:
            days = risk.backup_days
            what = t("remind.backup_never") if days is None else t("remind.backup", days=days)
            kept = t("remind.alone", n=risk.unsent, drafts=risk.drafts)
            self._add("settings", Words(what, kept), t("remind.go_backup"))
        self.setVisible(self.column.count() > 0)

    def _add(self, screen: str, words: Words, action: str) -> None:
        if screen in self._closed:
            return
        banner = Banner(words, "changed", action=action, on_action=lambda: self.desk.go(screen))
        banner.closed.connect(lambda: self._close(screen))
        self.column.addWidget(banner)

    def _close(self, screen: str) -> None:
        self._closed.add(screen)
        self.setVisible(any(self.column.itemAt(i).widget().isVisibleTo(self) for i in range(self.column.count())))
