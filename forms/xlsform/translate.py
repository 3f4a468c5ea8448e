"""pyxform's errors as our problems: the same fault, its cell, in both languages."""

from __future__ import annotations

import re
from functools import lru_cache

from forms.problems import FormProblem
from forms.words import has_problem_words
from forms.xlsform.workbook import Workbook

_ROW = re.compile(r"\[row\s*:\s*(\d+)\]|row (?:number )?(\d+)", re.I)
_SHEET = re.compile(r"['\"]?(survey|choices|settings|entities|external_choices)['\"]? sheet", re.I)
_COLUMN = re.compile(r"the '([^']+)' value")
_QUOTED = re.compile(r"['\"`]([^'\"`]{2,80})['\"`]")
_FIELD = re.compile(r"\\\{(\w+)\\\}")


def pyxform_problem(error: Exception, workbook: Workbook) -> FormProblem:
    """A problem with its cell; faults without words of our own carry pyxform's sentence."""
    text = str(error).strip() or type(error).__name__
    name, fields = _recognised(text)
    context = {**fields, **{k: str(v) for k, v in (getattr(error, "context", None) or {}).items()}}
    row = _row(text, context)
    sheet = context.get("sheet") or context.get("sheet_name") or _found(_SHEET, text).lower()
    column = context.get("column") or _found(_COLUMN, text)
    if not sheet and row:
        sheet = "survey"
    column = _written(workbook, sheet, column)
    if not row:
        sheet, row, column = _cell_of(text, workbook, sheet) or (sheet, row, column)
    code = f"pyxform.{name}" if name else "pyxform.other"
    words = {key: value[:200] for key, value in context.items()}
    if not has_problem_words(code):
        code = "pyxform.other"
    if code == "pyxform.other":
        words = {"detail": " ".join(_ROW.sub("", text, count=1).split())[:400]}
    return FormProblem(code, sheet, row, column, tuple(words.items()))


def _cell_of(text: str, workbook: Workbook, sheet: str) -> tuple[str, int, str] | None:
    """The first cell that holds a text quoted in a message that names no row."""
    names = [sheet] if sheet in workbook else list(workbook)
    for quoted in _QUOTED.findall(text):
        for name in names:
            for row in workbook[name].rows:
                for column, value in row.cells.items():
                    if quoted == value or quoted in value.split():
                        return name, row.number, column
    return None


def _row(text: str, context: dict[str, str]) -> int:
    if context.get("row", "").isdigit():
        return int(context["row"])
    match = _ROW.search(text)
    return int(match[1] or match[2]) if match else 0


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""


def _written(workbook: Workbook, sheet: str, column: str) -> str:
    """The header as the author spells it."""
    headers = workbook[sheet].headers if sheet in workbook else ()
    low = column.lower()
    return next((h for h in headers if h.lower() == low), next((h for h in headers if h.lower().startswith(low)),
                column) if low else "")  # fmt: skip


@lru_cache(maxsize=1)
def _templates() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every message pyxform has a name for, as a pattern: many are raised as plain text."""
    from pyxform.errors import ErrorCode

    found = []
    for member in ErrorCode:
        escaped = re.escape(member.value.msg.replace("{{", "\0").replace("}}", "\1"))
        pattern = _FIELD.sub(lambda m: f"(?P<{m[1]}>.*?)", escaped.replace("\0", r"\{").replace("\1", r"\}"))
        pattern = _unique_groups(pattern)
        found.append((member.name, re.compile(pattern + "$", re.S)))
    return tuple(found)


def _unique_groups(pattern: str) -> str:
    seen: set[str] = set()

    def once(match: re.Match[str]) -> str:
        if match[1] in seen:
            return "(?:.*?)"
        seen.add(match[1])
        return match[0]

    return re.sub(r"\(\?P<(\w+)>\.\*\?\)", once, pattern)


def _recognised(text: str) -> tuple[str, dict[str, str]]:
    first = text.split("\n[row", 1)[0]
    for name, pattern in _templates():
        match = pattern.match(first)
        if match:
            return name, {k: v for k, v in match.groupdict().items() if v}
    return "", {}
