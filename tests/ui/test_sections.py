"""Every question of every form can be reached on screen, whoever wrote the form."""

from __future__ import annotations

from pathlib import Path

import pytest

from forms import api as forms
from forms import shipped
from forms.api import Environment, FormSession, Kind
from tests.ui.small_forms import small_form
from ui.screens.visit.sections import plan_sections, section_of, states

ASKED = (Kind.QUESTION, Kind.NOTE)


def session_of(form_id: str) -> FormSession:
    workbook = shipped.workbooks()[form_id]
    twin = shipped.twin(workbook)
    definition = forms.load_xform(twin.read_bytes()) if twin.is_file() else forms.compile_xlsform(workbook).definition
    return forms.open_session(definition, Environment())


def unreachable(session: FormSession) -> list[str]:
    sections = plan_sections(session)
    asked = [node.id for node in session.definition.nodes.values() if node.kind in ASKED]
    found = [one for node in asked for one in session.instances(node)]
    return [one for one in found if section_of(sections, session, one) is None]


@pytest.mark.parametrize("form_id", sorted(shipped.workbooks()))
def test_every_question_stands_in_a_section(form_id: str) -> None:
    session = session_of(form_id)
    assert plan_sections(session)
    assert unreachable(session) == []


def test_sections_of_the_home_visit_follow_their_numbers() -> None:
    sections = plan_sections(session_of("home_visit"))
    assert [section.id for section in sections][:4] == ["/basics", "/already", "/members/who", "/members/income"]
    assert [section.id for section in sections if section.first] == ["/members/who", "/obligors"]


@pytest.fixture
def flat(tmp_path: Path) -> FormSession:
    """A form as somebody in a county might write it: no groups at all, a repeat in the middle."""
    return small_form(
        tmp_path, "平铺", "flat",
        ("type", "name", "label", "required"),
        ("text", "who", "谁", "yes"),
        ("begin repeat", "pigs", "猪", ""),
        ("integer", "weight", "斤", "yes"),
        ("end repeat", "", "", ""),
        ("text", "words", "说了什么", "yes"),
    )  # fmt: skip


def test_a_flat_form_is_reached_too(flat: FormSession) -> None:
    assert unreachable(flat) == []
    assert [(section.id, section.kind) for section in plan_sections(flat)] == [("", "root"), ("/pigs", "rows")]


def test_what_is_missing_is_counted_where_it_stands(flat: FormSession) -> None:
    sections = plan_sections(flat)
    made = states(sections, flat, flat.problems(), {""})
    assert (made[""].state, made[""].problems) == ("open", 2)
    assert (made["/pigs"].state, made["/pigs"].problems) == ("todo", 1)
    flat.set("/who", "周老")
    flat.set("/words", "好")
    assert states(sections, flat, flat.problems(), {""})[""].state == "done"
