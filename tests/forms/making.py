"""Makers for the tests: workbooks from Markdown tables, sessions with a fixed clock."""

from __future__ import annotations

import io
import random
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl

from forms import api
from forms.session.session import Session

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=ZONE)
TJB = 'tjb="https://ironsoles.invalid/xforms"'


def workbook(markdown: str) -> bytes:
    """An .xlsx from tables: a line "| survey |" opens a sheet, the following lines are its rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheet: Any = None
    for line in markdown.strip().splitlines():
        cells = [c.strip().replace("\\p", "|") for c in line.strip().strip("|").split("|")]
        if cells[0]:
            sheet = book.create_sheet(cells[0])
        else:
            sheet.append([c or None for c in cells[1:]])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@lru_cache(maxsize=64)
def form(markdown: str) -> api.FormDefinition:
    return api.compile_xlsform(workbook(markdown)).definition


def env(**changes: Any) -> api.Environment:
    return api.Environment(**{"now": lambda: NOW, "zone": ZONE, "random": random.Random(7), **changes})


def fill(markdown: str, **opening: Any) -> Session:
    """A fresh session of a form written as Markdown tables."""
    return Session.open(form(markdown), env(), **opening)


def problems(markdown: str, vocabulary: Any = None) -> list[api.FormProblem]:
    """What is wrong with a form; empty when nothing is."""
    try:
        api.compile_xlsform(workbook(markdown), vocabulary=vocabulary)
    except api.FormErrors as errors:
        return list(errors.problems)
    return []


def state(session: Session) -> list[Any]:
    """Everything calculated about every node, in order."""
    return [
        (n.id, n.value, n.relevant, n.readonly, n.required, n.valid, sorted((a.name, a.value) for a in n.attributes))
        for n in session.root.walk()
    ]
