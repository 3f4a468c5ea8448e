"""A change typed by hand: the new value, its first day, and the document it rests on; every fault at its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from PySide6.QtWidgets import QWidget

from fieldapp.policy.changes import Entry
from fieldapp.policy.parameters import register
from fieldapp.workflows.parameters import ParameterLine
from ui.questions.date_text import read_date
from ui.units import unit
from ui.widgets.fields_sheet import FieldsSheet
from ui.words import t

FIELDS = ("value", "since", "document", "clause", "issuer")
Typed = Callable[[Entry, Mapping[str, str]], None]


class ChangeSheet(FieldsSheet):
    """``typed(entry, {document, clause, issuer})`` once everything is there; an empty value sets 参数未定."""

    def __init__(
        self, window: QWidget, line: ParameterLine, today: date, typed: Typed, kept: Mapping[str, str]
    ) -> None:
        super().__init__(window, line.name, FIELDS, words="parameters")
        self._line, self._today, self._typed = line, today, typed
        hint = "、".join(f"{words}" for _, words in line.choices) or unit(line.unit)
        self.fields["value"].field.setText(line.written)
        self.fields["value"].say(hint)
        self.fields["since"].field.setPlaceholderText(t("question.date_how"))
        for name in ("document", "clause", "issuer"):
            self.fields[name].field.setText(kept.get(name, ""))
        self.save_button.setText(t("parameters.look_at_impact"))

    def save(self) -> None:
        value, since = self._value(), self._since()
        if value is None or since is None:
            return
        for name in ("document", "clause", "issuer"):
            if not self.wanted(name, t("parameters.wanted")):
                return
        basis = {name: self.fields[name].text() for name in ("document", "clause", "issuer")}
        self.close_sheet()
        self._typed(Entry(self._line.key, value or None, since), basis)

    def _value(self) -> str | None:
        field = self.fields["value"]
        try:
            register()[self._line.key].read(field.text())
        except ValueError:
            field.say(t("parameters.bad_value"), wrong=True)
            field.field.setFocus()
            return None
        return field.text()

    def _since(self) -> date | None:
        field = self.fields["since"]
        found = read_date(field.text(), self._today)
        if found is None:
            field.say(t("question.not_a_date"), wrong=True)
            field.field.setFocus()
        return found
