"""What is known when a step's form is opened, by the words procedures use in ``fills``.

``actor.name`` | ``today`` | ``today+7`` | ``notice.end`` | ``family.head`` | ``family.people`` | ``family.address`` |
``person.name`` | ``person.id_number`` | ``matter.title`` | ``matter.provider`` | ``matter.due`` | ``matter.words`` |
``in.KEY`` (today and as many days as the county's parameter says) | ``row.name`` (what the row is called) |
``report.STEP.outcome`` (also day, words: a report read in for the step) |
``step.ID.amount`` (元; also on, words, until, outcome, provider) | ``answer.STEP.QUESTION`` | ``program.amount`` (元) |
``fund.ACCOUNT`` (the balance, 元 or points) | ``param.KEY`` | ``param.KEY.top`` | ``param.KEY.bottom`` | ``sessions``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fieldapp.domain.documents import Household, Matter, Person, rows
from fieldapp.policy.clocks import notice_end
from fieldapp.policy.parameters import register
from fieldapp.policy.problems import CalendarMissing
from fieldapp.store.api import ReadTx
from fieldapp.store.projections import funds, people
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters.course import Entry, entries
from fieldapp.workflows.matters.procedure import Procedure
from fieldapp.workflows.matters.settings import ratio

FEN = 100


@dataclass(frozen=True)
class Known:
    """One matter's surroundings while a form is opened; ``row`` is the person or session the step is about."""

    tx: ReadTx
    actor: Actor
    procedure: Procedure
    matter: Matter
    area: str
    row: str = ""

    def fill(self, fills: Mapping[str, str]) -> dict[str, Any]:
        """Question name → value; what nobody knows is left out."""
        found = {question: self.value(source) for question, source in fills.items()}
        return {question: value for question, value in found.items() if value is not None}

    def value(self, source: str) -> Any:
        """Raises ValueError for a source that is no word of this module."""
        head, _, rest = source.partition(".")
        if source.startswith("today"):
            return (self.actor.today() + timedelta(days=int(source[5:] or 0))).isoformat()
        reader = getattr(self, f"_{head}", None)
        if reader is None:
            raise ValueError(f"fills: {source}")
        return reader(rest)

    def _actor(self, _rest: str) -> str:
        return self.actor.name

    def _sessions(self, _rest: str) -> int:
        return sum(entry.step.endswith("session") for entry in self._entries()) + 1

    def _family(self, rest: str) -> Any:
        view = self.tx.document(self.matter.household or "")
        home = view.record if view is not None and isinstance(view.record, Household) else None
        if rest == "people":
            return sum(not row.deceased_on and row.lives_with_family is not False for row in self._members()) or None
        if rest == "address":
            return home.address if home else None
        head = next((row.full_name for row in self._members() if row.relation == "head"), None)
        return head or (home.head_name if home else None)

    def _members(self) -> list[Any]:
        return people.members(self.tx, self.matter.household or "")

    def _person(self, rest: str) -> Any:
        view = self.tx.document(self.row) or self.tx.document(self.matter.person or "")
        person = view.record if view is not None and isinstance(view.record, Person) else None
        if person is None:
            return self._family("head") if rest == "name" else None
        return person.full_name if rest == "name" else getattr(person, rest)

    def _matter(self, rest: str) -> Any:
        kept = {"title": self.matter.title, "provider": self.matter.provider, "due": self.matter.due_on}
        return kept.get(rest) or self.matter.state.get(rest)

    def _report(self, rest: str) -> Any:
        """A report read in for the step, ``report.STEP.outcome`` (also day, words)."""
        step, _, what = rest.partition(".")
        kept: Any = self.matter.state.get("reports") or {}
        return (kept.get(step) or {}).get(what)

    def _in(self, rest: str) -> str | None:
        days = self.matter.settings.get(rest)
        return (self.actor.today() + timedelta(days=days)).isoformat() if isinstance(days, int) else None

    def _row(self, _rest: str) -> str | None:
        """The row of the repeat this step is done for, wherever in the matter it was written."""
        for entry in self._entries():
            for value in entry.answers.values():
                found = value.get(self.row) if isinstance(value, Mapping) and self.row else None
                if isinstance(found, Mapping):
                    return str(found.get("name") or "") or None
        return None

    def _notice(self, _rest: str) -> str | None:
        settings = self.matter.settings
        days = settings.get("publicity.days")
        if not isinstance(days, int):
            return None
        try:
            end = notice_end(
                self.actor.today(), days, count_first_day=settings.get("publicity.count_first_day"),
                extend_over_holidays=settings.get("publicity.extend_over_holidays"),
            )  # fmt: skip
        except CalendarMissing:
            return None
        return end.last_day.isoformat() if end.last_day else None

    def _step(self, rest: str) -> Any:
        name, _, what = rest.partition(".")
        entry = self._last(name)
        if entry is None:
            return None
        value = getattr(entry, what, None)
        return value / FEN if what == "amount" and value is not None else value or None

    def _answer(self, rest: str) -> Any:
        name, _, question = rest.partition(".")
        entry = self._last(name)
        return answer_named(entry.answers, question) if entry is not None else None

    def _program(self, _rest: str) -> float | None:
        view = self.tx.document(self.matter.household or "")
        home = view.record if view is not None and isinstance(view.record, Household) else None
        for _key, row in rows(home.programs) if home is not None else ():
            if row.get("policy") == self.procedure.program and isinstance(row.get("amount_month"), int):
                return float(row["amount_month"]) / FEN
        return None

    def _fund(self, account: str) -> float:
        balance = funds.balance(self.tx, account, funds.home_of(self.area))
        return balance / FEN if account == "mutual_aid" else balance

    def _param(self, rest: str) -> Any:
        settings = self.matter.settings
        for part, place in ((".top", 0), (".bottom", 1)):
            if rest.endswith(part):
                share = ratio(settings, rest.removesuffix(part))
                return share[place] if share else None
        value = settings.get(rest)
        return value / FEN if isinstance(value, int) and register()[rest].type == "money" else value

    def _entries(self) -> list[Entry]:
        return [entry for entry in entries(self.matter.state) if not entry.undone]

    def _last(self, step: str) -> Entry | None:
        return next((entry for entry in reversed(self._entries()) if entry.step == step), None)


def answer_named(answers: Mapping[str, Any], question: str) -> Any:
    """The answer of the first question of this name outside repeats, in an answers tree."""
    if question in answers and not isinstance(answers[question], Mapping):
        return answers[question]
    for key, inner in answers.items():
        if isinstance(inner, Mapping) and not key.startswith("@") and "@order" not in inner:
            found = answer_named(inner, question)
            if found is not None:
                return found
    return None

