"""Every procedure file agrees with the forms it names, and what is wrong in one is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.errors import InputError
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.matters.procedure import READ, Procedure
from fieldapp.workflows.matters.reading import read_procedure
from fieldapp.workflows.matters.shelf import shipped
from forms.api import FormDefinition, choices_of

ALL = list(shipped().values())


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> FormShelf:
    return FormShelf(tmp_path_factory.mktemp("forms"))


def questions(form: FormDefinition) -> set[str]:
    return {node.name for node in form.walk() if not node.repeats}


@pytest.mark.parametrize("procedure", ALL, ids=lambda each: each.id)
def test_its_forms_have_the_questions_it_fills_and_reads(procedure: Procedure, shelf: FormShelf) -> None:
    for step in procedure.steps:
        names = questions(shelf.newest(step.form))
        assert set(step.fills) <= names, step.id
        assert {asked for kept, asked in step.reads.items() if asked != READ[kept]} <= names, step.id
        if step.rows:
            source = shelf.newest(procedure.step(step.rows["step"]).form)
            inner = {node.name for node in source.walk() if node.repeats == ("/" + step.rows["repeat"],)}
            assert {step.rows["name"], step.rows["until"]} <= inner, step.id


@pytest.mark.parametrize("procedure", ALL, ids=lambda each: each.id)
def test_every_outcome_of_a_form_is_known_to_its_step(procedure: Procedure, shelf: FormShelf) -> None:
    for step in procedure.steps:
        form = shelf.newest(step.form)
        node = next((each for each in form.walk() if each.name == step.reads["outcome"] and not each.repeats), None)
        told = {choice.value for choice in choices_of(form, node.id)} if node is not None else set()
        if step.outcomes and told:
            assert told == {outcome.id for outcome in step.outcomes}, step.id


@pytest.mark.parametrize("procedure", ALL, ids=lambda each: each.id)
def test_it_can_be_walked_to_an_end(procedure: Procedure) -> None:
    ends = [step for step in procedure.steps if step.closes or any(outcome.closes for outcome in step.outcomes)]
    assert ends
    assert procedure.words.en
    assert all(step.words.en for step in procedure.steps)


def test_help_for_unsupported_children_is_never_put_on_a_board() -> None:
    procedure = shipped()["swwrfy"]
    assert not procedure.public_notice
    assert not any(step.form == "public_notice" for step in procedure.steps)


def test_small_and_fast_help_has_no_check_and_no_notice() -> None:
    forms = {step.form for step in shipped()["emergency"].steps}
    assert not forms & {"information_check", "public_notice", "democratic_review"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("steps: [", ""),
        ("id: x\n", ""),
        ("{id: x, type: plan, zh: 甲, en: A, roles: [county], steps: {}}", "type: plan"),
        ("{id: x, type: task, zh: 甲, en: A, roles: [mayor], steps: {}}", "roles: mayor"),
        ("{id: x, type: task, zh: 甲, en: A, roles: [county], steps: {a: {zh: 甲, en: A, roles: [county], level: town, "
         "form: closing, needs: [b]}}}", "a: needs b"),
        ("{id: x, type: task, zh: 甲, en: A, roles: [county], steps: {a: {zh: 甲, en: A, roles: [county], level: town, "
         "form: closing, deadline: 3}}}", "a: ? deadline"),
        ("{id: x, type: task, zh: 甲, en: A, roles: [county], parameters: [no.such], steps: {}}", "parameter: no.such"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(InputError) as refused:
        read_procedure(text.encode(), "x.yaml")
    assert refused.value.where == "x.yaml"
    assert named in str(refused.value.details.get("what", ""))


def test_files_stand_in_the_order_they_are_offered() -> None:
    folder = Path(__file__).resolve().parents[3] / "resources" / "procedures"
    assert len(list(folder.glob("*.yaml"))) == len(ALL)
    assert next(iter(shipped())) == "dibao"
