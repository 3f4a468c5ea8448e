"""What a described family says, gathered fact by fact; what cannot be used is refused with its place in the file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from fieldapp.policy.casekeys import fact_of, is_none, is_unknown, worded
from fieldapp.policy.facts import KNOWN, UNCLEAR, Answer, Draft, none_answer
from fieldapp.policy.problems import FactError
from fieldapp.policy.vocabulary import FactInfo, fact_info, nearest


class Telling:
    """A family being told. ``put`` is what the file says; ``assume`` fills in where it says nothing.

    ``policies`` are ids the county's own catalogue has beside the common one.
    """

    def __init__(self, policies: Collection[str] = ()) -> None:
        self.draft = Draft(closed=True)
        self.policies = policies
        self.events: list[str] = []
        self._places: list[str] = []
        self._said: dict[tuple[str, str], str] = {}
        self._assumed: list[Callable[[], None]] = []

    @contextmanager
    def at(self, part: str) -> Iterator[None]:
        """Everything told inside stands at ``part`` of the file; a refusal names the whole path once."""
        self._places.append(part)
        try:
            yield
        except FactError as error:
            error.details.setdefault("place", self.place)
            raise
        finally:
            self._places.pop()

    @property
    def place(self) -> str:
        """Where in the file we are: ``members[2].disability``."""
        return ".".join(self._places)

    def put(self, name: str, value: object, row: str = "") -> None:
        """One fact as the file tells it. Told twice and differently, it is refused."""
        answer = self._answer(fact_info(name), value)
        rows = self.draft.row(fact_info(name).level, row)
        if (name, row) in self._said and rows[name] != answer:
            raise FactError("policy.case_twice", where=name, key=name, other=self._said[name, row])
        self._said[name, row] = self.place
        rows[name] = answer

    def said(self, name: str, row: str = "") -> bool:
        """Whether the file said anything about it."""
        return (name, row) in self._said

    def assume(self, name: str, value: object, row: str = "") -> None:
        """What follows where the file itself says nothing; settled once everything is read."""

        def settle() -> None:
            if not self.said(name, row):
                self.draft.row(fact_info(name).level, row)[name] = self._answer(fact_info(name), value)

        self._assumed.append(settle)

    def settle(self) -> None:
        for settle in self._assumed:
            settle()

    def plain(self, key: str, value: object, row: str, handled: Collection[str] = ()) -> None:
        """A key that names one fact, by alias or by its name in the vocabulary."""
        name = fact_of(key, handled, member=bool(row))
        if isinstance(value, Mapping) and fact_info(name).type != "choices":
            raise wrong(key, value)
        self.put(name, value, row)

    def _answer(self, info: FactInfo, value: object) -> Answer:
        if is_unknown(value):
            return Answer(None, UNCLEAR)
        if info.type != "yes_no" and value is False:
            value = "none"
        if is_none(value) and not (value is not None and "none" in info.values):
            return none_answer(info.name)
        if info.type == "text":
            value = _text(info, value)
        return Answer(info.read(worded(info, value)), KNOWN)


def _text(info: FactInfo, value: object) -> object:
    """Several told in a list are told together; a bare yes says too little."""
    if value is True:
        raise wrong(info.name, value)
    return "、".join(str(item) for item in value) if isinstance(value, (list, tuple)) else value


def wrong(key: str, value: object, known: Collection[str] = ()) -> FactError:
    """A value that is none of what the key may say."""
    text = str(value) if isinstance(value, (str, int, float)) else type(value).__name__
    near = nearest(text, known)
    return FactError("policy.case_value", where=key, key=text, nearest=near, known=", ".join(known))


def refuse_unknown(given: Mapping[str, object], known: Collection[str]) -> None:
    """Every key is one of these; FactError names the first that is not, with the nearest."""
    for key in given:
        if key not in known:
            raise FactError("policy.case_key", where=str(key), key=str(key), nearest=nearest(str(key), known),
                            known=", ".join(sorted(known)))  # fmt: skip


def yes_or_no(key: str, value: object) -> bool | None:
    """A truth told as one or as a word; None when it is not known."""
    if is_unknown(value):
        return None
    text = str(value).strip().lower()
    if text in ("true", "yes", "1", "是"):
        return True
    if text in ("false", "no", "none", "0", "否"):
        return False
    raise wrong(key, value, ("yes", "no", "unknown"))
