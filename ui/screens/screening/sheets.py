"""Short questions over a door: a family nobody had on a list, somebody who moved in, when somebody died."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from fieldapp.workflows.new_family import NewFamily
from ui.widgets.fields_sheet import FieldsSheet
from ui.widgets.pick_sheet import Picks
from ui.words import t

RELATIONS = (
    "spouse",
    "son",
    "daughter",
    "daughter_in_law",
    "son_in_law",
    "grandson",
    "granddaughter",
    "father",
    "mother",
)


class NewFamilySheet(FieldsSheet):
    """A door nobody had on a list: who, which number, who else."""

    def __init__(
        self, window: QWidget, take: Callable[[NewFamily], None], known: NewFamily | None = None
    ) -> None:
        """``known`` is what has been said of them already; then the address is asked too, and no note."""
        asked = ("head", "number", "people", "phone", "note")
        names = ("head", "number", "address", "people", "phone") if known else asked
        super().__init__(window, t("screening.new_title"), names, words="screening")
        self._take = take
        for name, text in (("head", known.head), ("address", known.address), ("phone", known.phone)) if known else ():
            self.fields[name].field.setText(text)

    def save(self) -> None:
        texts = {name: field.text() for name, field in self.fields.items()}
        if not texts["head"]:
            self.fields["head"].say(t("screening.head_wanted"), wrong=True)
            self.fields["head"].field.setFocus()
            return
        people = tuple(name for name in re.split(r"[\s、，,；;]+", texts["people"]) if name)
        more = {name: texts[name] for name in ("phone", "note", "address") if name in texts}
        family = NewFamily(texts["head"], texts["number"], people, **more)
        self.close_sheet()
        self._take(family)


class MovedInSheet(FieldsSheet):
    """Somebody new lives with the family: born, married in, come back."""

    def __init__(self, window: QWidget, take: Callable[[str, str | None], None]) -> None:
        super().__init__(window, t("screening.moved_in_title"), ("name",), words="screening")
        self._take = take
        self.relation = Picks([(code, t(f"relation.{code}")) for code in RELATIONS], several=False, keys="")
        self.body.addWidget(self.relation)

    def save(self) -> None:
        name = self.fields["name"].text()
        if not name:
            self.fields["name"].say(t("screening.name_wanted"), wrong=True)
            return
        picked = self.relation.picked()
        self.close_sheet()
        self._take(name, picked[0] if picked else None)


class DeathSheet(FieldsSheet):
    """When somebody died, as exactly as is known: a year, a month or a day."""

    def __init__(self, window: QWidget, year: int, take: Callable[[str], None]) -> None:
        super().__init__(window, t("screening.died_title"), ("died_on",), words="screening")
        self._take = take
        self.fields["died_on"].field.setText(str(year))
        self.fields["died_on"].say(t("screening.died_hint"))

    def save(self) -> None:
        text = self.fields["died_on"].text().replace(".", "-").replace("/", "-")
        if not re.fullmatch(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", text):
            self.fields["died_on"].say(t("screening.died_wrong"), wrong=True)
            return
        self.close_sheet()
        self._take(text)
