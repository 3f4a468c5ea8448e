"""What was said last time, as a value the form takes and as words."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from forms import api as forms
from forms.api import FormDefinition, NodeDef, Type, Value

#: Not taken over from last time: files and signatures belong to the visit they were made in.
NOT_TAKEN = (Type.IMAGE, Type.AUDIO, Type.VIDEO, Type.FILE, Type.NOTE, Type.ACKNOWLEDGE, Type.NONE)


def last_answer(form: FormDefinition, node: NodeDef, value: Any, lang: str) -> tuple[Value, str] | None:
    """(value, words) of a stored answer; None when the question no longer takes it."""
    if node.type in NOT_TAKEN:
        return None
    try:
        read = as_value(node.type, value)
    except (ValueError, InvalidOperation, TypeError):
        return None
    unit = node.bind.get("tjb:unit", "")
    words = forms.answer_text(form, node.id, value, lang)
    return read, f"{words} {unit}".strip()


def as_value(kind: Type, value: Any) -> Value:
    """An answer as Python sees it from its JSON form. Raises ValueError, TypeError, InvalidOperation."""
    readers: dict[Type, Any] = {
        Type.INTEGER: int, Type.DECIMAL: lambda v: Decimal(str(v)), Type.RANGE: lambda v: Decimal(str(v)),
        Type.DATE: date.fromisoformat, Type.TIME: time.fromisoformat, Type.DATETIME: datetime.fromisoformat,
        Type.SELECT_MULTIPLE: tuple, Type.RANK: tuple,
    }  # fmt: skip
    read: Value = readers.get(kind, str)(value)
    return read
