"""What is known about a household: answers of household, member and obligor rows, each with its state."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import msgspec

from fieldapp.policy.problems import FactError
from fieldapp.policy.steps import About, Step
from fieldapp.policy.vocabulary import NO_NONE, FactInfo, Value, fact_info, vocabulary

KNOWN, UNCLEAR, REFUSED, PENDING, EMPTY = "known", "unclear", "refused", "pending", "empty"
MISSING = "missing"
STATES = (KNOWN, UNCLEAR, REFUSED, PENDING, EMPTY)
PERSON = "person"


class FactLike(Protocol):
    """The shape of ``forms.api.FactAnswer``."""

    @property
    def fact(self) -> str: ...
    @property
    def value(self) -> Any: ...
    @property
    def state(self) -> str: ...
    @property
    def rows(self) -> tuple[str, ...]: ...


class Answer(msgspec.Struct, frozen=True, gc=False):
    """One fact of one row; ``value`` is None unless ``state`` is known."""

    value: Value | None
    state: str = KNOWN


NEVER_ASKED = Answer(None, MISSING)
_NO_ROW: dict[str, Answer] = {}
Row = Mapping[str, Answer]


_UNITS = {"money": "fen", "int": "count", "yes_no": "truth"}
_abouts: dict[str, About] = {}


def fact_about(name: str) -> About:
    """What a fact leaf is about."""
    about = _abouts.get(name)
    if about is None:
        info = fact_info(name)
        about = _abouts[name] = About(f"fact:{name}", info.zh, info.en, "fact", _UNITS.get(info.type, "text"))
    return about


class Leaves(dict[tuple[str, str], Step]):
    """Facts as leaf steps by (name, row), made when first read and kept with the facts: every assessment of them,
    on whatever day, shares its leaves."""

    __slots__ = ("closed", "household", "members", "obligors")

    def __init__(
        self, household: Row, members: Mapping[str, Row], obligors: Mapping[str, Row], *, closed: bool
    ) -> None:
        super().__init__()
        self.household, self.members, self.obligors, self.closed = household, members, obligors, closed

    def answer(self, name: str, row: str) -> Answer:
        """The answer as told; what was never asked has state "missing" (or its "none" when closed)."""
        found = (self._row(name, row) if row else self.household).get(name)
        if found is not None:
            return found
        return (_NONE.get(name) or none_answer(name)) if self.closed else NEVER_ASKED

    def _row(self, name: str, row: str) -> Row:
        rows = self.obligors if name.startswith("obligor.") else self.members
        return rows.get(row, _NO_ROW)

    def __missing__(self, key: tuple[str, str]) -> Step:
        name, row = key
        answer = self.answer(name, row)
        note = "" if answer.state == KNOWN else answer.state
        step = self[key] = Step(fact_about(name), answer.value, (), row, note)
        return step


class Facts:
    """Frozen facts of one household.

    ``household`` maps fact name to Answer; ``members`` and ``obligors`` map row id to such a mapping, in the
    order given (which no result depends on). ``closed``: whatever is not listed was asked and answered "none"
    (the cases' convention); otherwise it is missing, and missing is never "no" and never zero.
    """

    __slots__ = ("__weakref__", "closed", "household", "leaves", "members", "obligors")

    def __init__(
        self,
        household: Row | None = None,
        members: Mapping[str, Row] | None = None,
        obligors: Mapping[str, Row] | None = None,
        *,
        closed: bool = False,
    ) -> None:
        self.household: Row = household or {}
        self.members: Mapping[str, Row] = members or {}
        self.obligors: Mapping[str, Row] = obligors or {}
        self.closed = closed
        self.leaves = Leaves(self.household, self.members, self.obligors, closed=closed)

    def __reduce__(self) -> tuple[Any, ...]:
        return _facts, (self.household, self.members, self.obligors, self.closed)

    def get(self, name: str, row: str = "") -> Answer:
        """The answer of a fact; what was never asked has state "missing" (or its "none" when closed)."""
        return self.leaves.answer(name, row)

    def with_answer(self, name: str, raw: object, row: str = "", *, state: str = KNOWN) -> Facts:
        """A copy with one more fact; ``raw`` as a form or file gives it (money in yuan)."""
        draft = Draft.of(self)
        draft.put(name, raw, row, state)
        return draft.facts()

    def over(self, base: Facts) -> Facts:
        """These facts, and ``base`` where nothing is said here (the registry under a visit's answers)."""
        return Facts(
            {**base.household, **self.household},
            _rows_over(base.members, self.members),
            _rows_over(base.obligors, self.obligors),
            closed=self.closed,
        )

    @classmethod
    def from_answers(cls, answers: Iterable[FactLike], *, person: str = PERSON) -> Facts:
        """Facts of a form session (``FormSession.facts()``).

        ``person`` is the row of member facts that were asked outside any repeat.
        Several answers to one fact of one row (a repeat of income items) add up when they are money and join
        when they are choices. Raises FactError for a name or value outside the vocabulary.
        """
        draft = Draft()
        for answer in answers:
            info = fact_info(answer.fact)
            row = "" if info.level == "household" else (answer.rows[0] if answer.rows else person)
            draft.add(info, answer.value, row, str(answer.state))
        return draft.facts()

    @classmethod
    def from_case(cls, case: Mapping[str, Any]) -> Facts:
        """Facts of a family described with the keys of the case files; see ``casefile.translate``."""
        from fieldapp.policy.casefile import translate

        return translate(case)

    @classmethod
    def from_file(cls, path: Path, *, case: str = "") -> Facts:
        """Facts of a YAML or JSON file: ``facts/1`` (``to_json``), or a case (``case`` picks its id).

        Raises FactError for a file of several families when none is picked.
        """
        from fieldapp.policy.casefile import read_families

        families = read_families(path, case)
        if len(families) != 1:
            raise FactError("policy.case_which", where=path.name, known=", ".join(families))
        return next(iter(families.values()))

    def to_json(self) -> dict[str, Any]:
        """``{"schema": "facts/1", closed, household, members, obligors}``; money in yuan, as text."""
        return {
            "schema": "facts/1",
            "closed": self.closed,
            "household": _row_json(self.household),
            "members": {row: _row_json(facts) for row, facts in self.members.items()},
            "obligors": {row: _row_json(facts) for row, facts in self.obligors.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Facts:
        """The facts ``to_json`` wrote, by hand or by program; FactError for anything else in it."""
        unknown = set(data) - {"schema", "closed", "household", "members", "obligors"}
        if unknown or data.get("schema") != "facts/1":
            raise FactError("policy.facts_file", where=", ".join(sorted(map(str, unknown))) or "schema")
        if not isinstance(data.get("closed", False), bool):
            raise FactError("policy.facts_shape", where="closed", key="true | false")
        draft = Draft(closed=data.get("closed", False))
        draft.put_row("", _mapping(data, "household"), "household")
        for level in ("member", "obligor"):
            for row in _mapping(data, level + "s"):
                draft.put_row(str(row), _mapping(data[level + "s"], row), level)
        return draft.facts()

    def digest(self) -> str:
        """SHA-256 of the facts in one canonical order."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Facts) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.digest())


def _mapping(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = data.get(key)
    if found is not None and not isinstance(found, Mapping):
        raise FactError("policy.facts_shape", where=str(key), key="{name: value}")
    return found or {}


def _facts(household: Row, members: Mapping[str, Row], obligors: Mapping[str, Row], closed: bool) -> Facts:
    return Facts(household, members, obligors, closed=closed)


_NONE: dict[str, Answer] = {}


def none_answer(name: str) -> Answer:
    """What "asked, and there is none" says about a fact; still missing where that is no answer."""
    answer = _NONE.get(name)
    if answer is None:
        none = fact_info(name).none
        answer = NEVER_ASKED if none is NO_NONE else Answer(none)
        _NONE[name] = answer
    return answer


def _rows_over(base: Mapping[str, Row], top: Mapping[str, Row]) -> dict[str, Row]:
    rows = {row: {**facts, **top.get(row, {})} for row, facts in base.items()}
    return {**rows, **{row: facts for row, facts in top.items() if row not in base}}


class Draft:
    """Facts while they are being gathered."""

    def __init__(self, *, closed: bool = False) -> None:
        self.rows: dict[str, dict[str, dict[str, Answer]]] = {"member": {}, "obligor": {}}
        self.rows["household"] = {"": {}}
        self.closed = closed

    @classmethod
    def of(cls, facts: Facts) -> Draft:
        draft = cls(closed=facts.closed)
        draft.rows["household"][""] = dict(facts.household)
        draft.rows["member"] = {row: dict(answers) for row, answers in facts.members.items()}
        draft.rows["obligor"] = {row: dict(answers) for row, answers in facts.obligors.items()}
        return draft

    def row(self, level: str, row: str) -> dict[str, Answer]:
        return self.rows[level].setdefault(row, {})

    def put(self, name: str, raw: object, row: str = "", state: str = KNOWN) -> None:
        """Set one fact from a raw value; a later answer replaces an earlier one."""
        info = fact_info(name)
        if (info.level == "household") == bool(row):
            raise FactError("policy.fact_level", where=name, level=info.level)
        self.row(info.level, row)[name] = answer_of(info, raw, state)

    def unknown(self, name: str, row: str = "", state: str = UNCLEAR) -> None:
        self.row(fact_info(name).level, row)[name] = Answer(None, state)

    def put_row(self, row: str, facts: Mapping[str, Any], level: str) -> None:
        self.row(level, row)
        for name, raw in facts.items():
            if fact_info(name).level != level:
                raise FactError("policy.fact_level", where=name, level=fact_info(name).level)
            state = raw.get("state") if isinstance(raw, Mapping) else None
            self.put(name, None if state else raw, row, state or KNOWN)

    def add(self, info: FactInfo, raw: object, row: str, state: str) -> None:
        """Set one fact of a form, joining it with what the same row already said about it."""
        answer, rows = answer_of(info, raw, state), self.row(info.level, row)
        before = rows.get(info.name)
        rows[info.name] = answer if before is None else _joined(info, before, answer)

    def facts(self) -> Facts:
        rows = self.rows
        return Facts(rows["household"][""], rows["member"], rows["obligor"], closed=self.closed)


def answer_of(info: FactInfo, raw: object, state: str) -> Answer:
    """An Answer from a raw value and a state; an absent value counts as not answered."""
    if state not in STATES:
        raise FactError("policy.fact_state", where=info.name, state=state)
    if state == KNOWN and raw is None:
        state = EMPTY
    return Answer(info.read(raw)) if state == KNOWN else Answer(None, state)


def _joined(info: FactInfo, a: Answer, b: Answer) -> Answer:
    """Unknown parts keep a sum unknown; otherwise money adds, choices unite, the later answer stands."""
    if info.type not in ("money", "choices"):
        return b
    if a.state != KNOWN or b.state != KNOWN:
        return a if a.state != KNOWN else b
    if isinstance(a.value, tuple) and isinstance(b.value, tuple):
        return Answer(tuple(dict.fromkeys(a.value + b.value)))
    if isinstance(a.value, int) and isinstance(b.value, int):
        return Answer(a.value + b.value)
    return b


def _row_json(row: Row) -> dict[str, Any]:
    return {name: _answer_json(name, answer) for name, answer in sorted(row.items())}


def _answer_json(name: str, answer: Answer) -> Any:
    if answer.state != KNOWN:
        return {"state": answer.state}
    value, info = answer.value, vocabulary()[name]
    if info.type == "date" and value == "":
        return "none"  # the word that reads back as "there is no such day"
    if info.type == "money" and isinstance(value, int):
        from fieldapp.policy.money import yuan

        return yuan(value)
    if isinstance(value, (date, Decimal)):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
