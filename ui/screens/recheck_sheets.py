"""Announcing a re-check, and the first visit beside the inspector's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from fieldapp.domain.documents import Recheck
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.rechecks import Difference, DrawnLine, NewRecheck
from ui import privacy
from ui.units import told
from ui.widgets.button import Button
from ui.widgets.fields_sheet import FieldsSheet
from ui.widgets.labels import label
from ui.widgets.pick_sheet import Picks
from ui.widgets.rows import Row, RowList
from ui.widgets.sheet import Sheet
from ui.words import t

SHARES = (50, 100, 200)  # of a thousand
WIDE = 800


class AnnounceSheet(FieldsSheet):
    """Nothing of the draw can be chosen after this: period, share, inspectors are published with the seed's hash."""

    def __init__(
        self, window: QWidget, actor: Actor, span: tuple[date, date], take: Callable[[NewRecheck], None],
        *, instead_of: Recheck | None = None,
    ) -> None:  # fmt: skip
        names = ("title", "first", "last", "inspectors", *(("why",) if instead_of is not None else ()))
        heading = t("rechecks.replace_title" if instead_of is not None else "rechecks.announce_title")
        super().__init__(window, heading, names, words="rechecks", width=640)
        self._actor, self._take, self._instead_of = actor, take, instead_of
        for name, day in zip(("first", "last"), span, strict=True):
            self.fields[name].field.setText(day.isoformat())
        self.fields["inspectors"].field.setText(actor.name)
        self.share = Picks([(str(each), f"{each // 10} %") for each in SHARES], several=False, keys="", columns=3)
        self.share.choose(str(SHARES[1]))
        self.body.addWidget(label(t("rechecks.field.share"), "second"))
        self.body.addWidget(self.share)
        self.body.addWidget(label(t("rechecks.announce_words"), "second", wrap=True))
        if instead_of is not None:
            self._as_before(instead_of)

    def _as_before(self, record: Recheck) -> None:
        """The same terms once more; nothing but the seed is new."""
        self.fields["title"].field.setText(t("rechecks.again_title", title=record.title or ""))
        self.fields["inspectors"].field.setText("、".join(record.inspectors))
        if str(record.per_mille) in self.share.chips:
            self.share.choose(str(record.per_mille))
        self.body.addWidget(label(t("rechecks.replace_words"), "second", wrap=True))

    def open_first(self) -> None:
        self.open(self.fields["why" if self._instead_of is not None else "title"].field)

    def save(self) -> None:
        if not (self.wanted("title", t("rounds.title_wanted")) and self.wanted("inspectors", t("rechecks.who_wanted"))):
            return
        days = []
        for name in ("first", "last"):
            day = _day(self.fields[name].text())
            self.fields[name].say("" if day else t("rounds.day_wanted"), wrong=day is None)
            days.append(day)
        first, last = days
        if first is None or last is None:
            return
        if last < first or last < self._actor.today():
            self.fields["last"].say(t("rechecks.last_wrong"), wrong=True)
            return
        text = self.fields["inspectors"].text()
        for sign in "，,;； ":
            text = text.replace(sign, "、")
        names = tuple(name for name in text.split("、") if name)
        if self._instead_of is not None and not self.wanted("why", t("rechecks.why_wanted")):
            return
        self.close_sheet()
        share, area = int(self.share.picked()[0]), self._actor.scopes[0]
        before = self._instead_of
        self._take(
            NewRecheck(
                self.fields["title"].text(), before.area or area if before else area, first, last, share, names,
                before.id if before else "", self.fields["why"].text() if before else "",
            )
        )  # fmt: skip


class CompareSheet(Sheet):
    """Field by field: the first visit, then the inspector's; what differs stands in front."""

    def __init__(
        self, window: QWidget, line: DrawnLine, found: Sequence[Difference], publish: Callable[[], None]
    ) -> None:
        super().__init__(window, t("rechecks.compare_title", name=privacy.name(line.family)), width=WIDE)
        self._publish = publish
        differing = sorted(found, key=lambda each: not each.differs)
        counts = t("rechecks.counts", asked=len(found), differs=sum(each.differs for each in found))
        self.body.addWidget(label(counts, "strong"))
        self.list = RowList(accessible=t("rechecks.compare"))
        self.list.setMinimumHeight(400)
        self.list.set_rows([_difference(each) for each in differing])
        self.body.addWidget(self.list)
        self.body.addWidget(label(t("rechecks.publish_words"), "second", wrap=True))
        self.button = Button(t("rechecks.publish"), kind="primary", key="Enter")
        self.button.clicked.connect(self.take)
        self.foot.addWidget(self.button)

    def open_first(self) -> None:
        self.open(self.button)

    def take(self) -> None:
        self.close_sheet()
        self._publish()


def _difference(each: Difference) -> Row:
    row = privacy.name(each.row) if each.row else ""
    first, second = (privacy.secret(told(text)) or t("common.none") for text in (each.first, each.second))
    return Row(
        title=each.label, beside=" · ".join(part for part in (each.section, row) if part),
        second=t("rechecks.beside", first=first, second=second),
        tag=(t("rechecks.differs"), "changed") if each.differs else (t("rechecks.same"), "done"),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip().replace(".", "-").replace("/", "-"))
    except ValueError:
        return None
