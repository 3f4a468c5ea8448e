"""What is wrong with a form or an answer, in words a county's form author can act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

ZH = "zh"
EN = "en"


@dataclass(frozen=True)
class FormProblem:
    """One fault of a form with its place: ``row`` counts from 1 as Excel does, 0 when no row is to blame."""

    code: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    words: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def message(self, lang: str = ZH) -> str:
        """What is wrong, in Chinese ("zh") or English ("en")."""
        from forms.words import problem_words

        return problem_words(self.code, dict(self.words), lang)[0]

    def remedy(self, lang: str = ZH) -> str:
        """What to change to mend it."""
        from forms.words import problem_words

        return problem_words(self.code, dict(self.words), lang)[1]

    def place(self, lang: str = ZH) -> str:
        """The cell in words ("工作表 survey 第 12 行 relevant 列"); empty when the whole file is meant."""
        if not self.sheet:
            return ""
        if lang == ZH:
            row = f" 第 {self.row} 行" if self.row else ""
            return f"工作表 {self.sheet}{row}" + (f" {self.column} 列" if self.column else "")
        row = f", row {self.row}" if self.row else ""
        return f"sheet {self.sheet}{row}" + (f", column {self.column}" if self.column else "")

    def text(self, lang: str = ZH) -> str:
        """Place, fault and remedy in one line."""
        place = self.place(lang)
        mark = "：" if lang == ZH else ": "
        return (place + mark if place else "") + self.message(lang) + " " + self.remedy(lang)


class FormError(Exception):
    """The tree of what may go wrong with forms and answers.

    FormError
    ├── FormErrors        the workbook or XForm cannot be used; ``problems`` name the cells
    ├── AnswerRefused     a value does not fit its question's type; nothing was changed
    ├── UnknownNode       no such question, row or path
    ├── DraftError        a saved draft or an answers tree cannot be read
    └── FormIncomplete    finalise() found missing or invalid answers; ``problems`` can be jumped to
    """


class FormErrors(FormError):
    """A form that cannot be used, with every fault found."""

    def __init__(self, problems: Sequence[FormProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(p.text(EN) for p in self.problems[:20]))


class AnswerRefused(FormError):
    """A value does not fit the type of its question; ``code`` is the type it should have."""

    def __init__(self, node_id: str, code: str) -> None:
        self.node_id = node_id
        self.code = code
        super().__init__(f"{node_id}: not a {code}")

    def message(self, lang: str = ZH) -> str:
        from forms.words import type_words

        return type_words(self.code, lang)


class UnknownNode(FormError, KeyError):
    """No question, row or repeat has this id (any more)."""

    def __str__(self) -> str:
        return f"unknown node {self.args[0]!r}" if self.args else "unknown node"


class DraftError(FormError):
    """A draft, an answers tree or a submission does not belong to this form or cannot be read."""

    def __init__(self, code: str, where: str = "") -> None:
        self.code = code
        self.where = where
        super().__init__(f"{code}{' at ' + where if where else ''}")


@dataclass(frozen=True)
class AnswerProblem:
    """One answer that stops finalising. ``kind`` is "required", "constraint" or "type".

    ``node_id`` can be jumped to; ``label`` is the question's label, ``within`` the labels of the groups
    and rows around it, outermost first; ``message`` says what is wanted in the current language.
    """

    node_id: str
    kind: str
    label: str
    within: tuple[str, ...]
    message: str


class FormIncomplete(FormError):
    """Finalising needs answers first."""

    def __init__(self, problems: Sequence[AnswerProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(f"{p.node_id}: {p.kind}" for p in self.problems))
