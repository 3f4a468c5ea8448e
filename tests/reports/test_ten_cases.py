"""The ten reference families, each answered on the real form and printed: every answer is found on the paper, and the
pages hold together."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from fieldapp.policy import api as policy
from fieldapp.reports.api import render_visit
from fieldapp.workflows.form_reading import read_form
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.report_data import visit_report
from fieldapp.workflows.report_data_answers import FILE_KINDS
from fieldapp.workflows.report_data_masking import hide_answer
from fieldapp.workflows.sealing import sealer_for
from forms.api import Kind
from tests.cases.test_through_the_form import ON, assessed, visited
from tests.conftest import SHARED
from tests.reports.conftest import tool
from tests.reports.homes import PRINTED, visited_home
from tests.reports.test_typesetting import check_pages


@cache
def cases() -> dict[str, dict[str, Any]]:
    if not SHARED.is_dir():
        return {}
    found = yaml.safe_load((SHARED / "cases/cases.yaml").read_text(encoding="utf-8"))["cases"]
    return {case["id"]: case for case in found if "facts" in case}


def test_there_are_ten(shared: Path) -> None:
    assert len(cases()) >= 9, "every family with a door"


@pytest.mark.parametrize("name", sorted(cases()) or [pytest.param("", marks=pytest.mark.skip(reason="no cases here"))])
def test_every_answer_of_the_family_is_on_its_paper(
    name: str, forms: FormShelf, tmp_path: Path, text_of: Callable[[bytes], str]
) -> None:
    session = visited(cases()[name])
    facts, result = policy.Facts.from_answers(session.facts()), assessed(session)
    frozen = {"frozen": [{"result": policy.to_json(result), "facts": facts.to_json()}]}
    home = visited_home(tmp_path / "home", photos=0, answers=dict(session.answers()), assessment=frozen)
    read = home.store.read_now
    report = read(lambda tx: visit_report(tx, home.actor, forms.best, home.visit, printed_at=PRINTED))
    pdf = render_visit(report, read(lambda tx: sealer_for(home.store, tx, PRINTED, [home.visit]))).pdf
    home.store.close()

    text = text_of(pdf)
    form = forms.best("home_visit", None)
    asked = [each for each in read_form(form, session.answers(), None, "zh") if each.text]
    wanted = [each for each in asked if each.node.type not in FILE_KINDS and each.node.kind is Kind.QUESTION]
    assert len(wanted) > 30, name
    lost = [
        (each.label, each.text) for each in wanted
        if not any("".join(told.split()) in text for told in (each.text, hide_answer(each.node, each.text)))
    ]  # fmt: skip
    assert lost == []
    assert check_pages(pdf) >= 3
    (tmp_path / "case.pdf").write_bytes(pdf)
    fonts = subprocess.run([tool("pdffonts"), str(tmp_path / "case.pdf")], capture_output=True, check=True, text=True)
    assert all(line.split()[-5] == "yes" for line in fonts.stdout.splitlines()[2:])
    check = subprocess.run([tool("qpdf"), "--check", str(tmp_path / "case.pdf")], capture_output=True, check=False)
    assert check.returncode == 0
    assert ON.isoformat() in text
