"""Units of forms and parameters speak the language in force; every one a shipped workbook names has its words."""

from __future__ import annotations

from collections.abc import Iterator

import openpyxl
import pytest

from fieldapp.policy.parameters import register
from forms import shipped
from forms.api import Type
from tests.ui.questions.host import KeepingHost, question
from ui.app import make_application
from ui.questions.line import LineField
from ui.questions.registry import make_field
from ui.units import told
from ui.words import has, use_language


@pytest.fixture
def english() -> Iterator[None]:
    make_application()
    use_language("en")
    yield
    use_language("zh")


def units() -> set[str]:
    found = {info.unit for info in register().values() if info.unit}
    for path in shipped.workbooks().values():
        rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(path, read_only=True)["survey"]]
        if "bind::tjb:unit" in rows[0]:
            place = rows[0].index("bind::tjb:unit")
            found |= {str(row[place]) for row in rows[1:] if len(row) > place and row[place]}
    return found


def test_every_unit_has_words() -> None:
    assert {unit for unit in units() if not has(f"unit.{unit}")} == set()


def test_a_field_and_what_was_said_last_time_show_the_unit_in_english(english: None) -> None:
    field = make_field(question(Type.DECIMAL, unit="元/月"), KeepingHost())
    assert isinstance(field, LineField)
    assert field.line.accessibleName().endswith("yuan a month")
    assert told("3400 元/月") == "3400 yuan a month"
    assert told("在家 休养") == "在家 休养", "what is no unit stands as it was said"


def test_in_chinese_nothing_changes() -> None:
    assert told("3400 元/月") == "3400 元/月"
