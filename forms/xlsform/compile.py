"""A workbook to a checked definition: bounds, pyxform, then what pyxform does not look at."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from forms.definition.load import load_definition
from forms.definition.model import CompiledForm
from forms.problems import FormErrors
from forms.xlsform.checks import check_form
from forms.xlsform.places import Places
from forms.xlsform.translate import pyxform_problem
from forms.xlsform.workbook import Workbook, read_bytes, read_workbook


def compile_workbook(source: Path | bytes, vocabulary: Collection[str] | None) -> CompiledForm:
    """See ``forms.api.compile_xlsform``."""
    data = read_bytes(source)
    workbook = read_workbook(data)
    xml, warnings = _convert(data, workbook)
    try:
        definition = load_definition(xml)
    except FormErrors as errors:
        raise FormErrors(check_form(xml, None, Places(workbook, "data"), vocabulary) or errors.problems) from errors
    problems = check_form(xml, definition, Places(workbook, definition.root_name), vocabulary)
    if problems:
        raise FormErrors(problems)
    return CompiledForm(definition, xml, tuple(warnings))


@contextmanager
def elements_by_identity() -> Iterator[None]:
    """pyxform asks whether two elements are the same one by writing both out as JSON: a form of 400 questions
    spends nine tenths of its compilation there. Until that is mended, identity answers the same question."""
    from pyxform.survey_element import SurveyElement

    by_content = SurveyElement.__eq__
    SurveyElement.__eq__ = object.__eq__
    try:
        yield
    finally:
        SurveyElement.__eq__ = by_content


def _convert(data: bytes, workbook: Workbook) -> tuple[bytes, list[str]]:
    from pyxform.xls2xform import convert

    logging.getLogger("pyxform").setLevel(logging.ERROR)
    warnings: list[str] = []
    try:
        with elements_by_identity():
            result = convert(xlsform=data, warnings=warnings, file_type=".xlsx", form_name=None)
    except Exception as error:  # its own errors, and whatever else a workbook provokes in it
        raise FormErrors([pyxform_problem(error, workbook)]) from error
    return result.xform.encode(), warnings
