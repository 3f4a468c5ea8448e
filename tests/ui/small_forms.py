"""A form of a few lines, written as somebody in a county would: a workbook, compiled and opened."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from forms import api as forms
from forms.api import Environment, FormSession


def small_form(folder: Path, title: str, form_id: str, *rows: tuple[str, ...]) -> FormSession:
    """``rows`` are the lines of its survey, the head first."""
    book = openpyxl.Workbook()
    survey = book.active
    survey.title = "survey"
    for row in rows:
        survey.append(row)
    settings = book.create_sheet("settings")
    settings.append(("form_title", "form_id", "version"))
    settings.append((title, form_id, "1"))
    path = folder / f"{form_id}.xlsx"
    book.save(path)
    return forms.open_session(forms.compile_xlsform(path).definition, Environment())
