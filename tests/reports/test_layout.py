"""The county's own layout: checked before it is published, and obeyed by the next report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fieldapp.errors import InputError
from fieldapp.reports.api import render_visit
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.report_data import visit_report
from fieldapp.workflows.report_data_layout import CONTROL, read_layout
from sync.server.admin.publish import read_control
from tests.reports.homes import PRINTED, visited_home

OWN = """
letterhead: "{county}民政局"
visit_report:
  title: 入户调查表
  order: [summary, signing, sections]
  sign_here: [村委会主任]
  leave_out: [care]
"""


def test_the_countys_layout_is_obeyed(tmp_path: Path, forms: FormShelf, text_of: Callable[[bytes], str]) -> None:
    (tmp_path / "layout.yaml").write_text(OWN, encoding="utf-8")
    name, content = read_control("layout", tmp_path / "layout.yaml", None)
    assert name == CONTROL
    home = visited_home(tmp_path / "home", photos=0)
    home.store.write_now(lambda tx: tx.apply_statements(
        [home.county.sign("control", "control", name=name, version=1, content=content)]
    ))  # fmt: skip
    report = home.store.read_now(lambda tx: visit_report(tx, home.actor, forms.best, home.visit, printed_at=PRINTED))
    text = text_of(render_visit(report).pdf)
    home.store.close()
    assert "民政局入户调查表" in text
    assert text.index("一、签字") < text.index("二、基本情况")
    assert "村委会主任" in text
    for gone in ("政策比对", "照护与心理", "乡镇负责人"):
        assert gone not in text, gone


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("titel: x", "layout.key", "titel"), ("visit_report: {columns: 2}", "layout.key", "visit_report.columns"),
        ("visit_report: {photos_per_row: two}", "layout.value", "visit_report.photos_per_row"),
        ("visit_report: {order: [summary, poem]}", "layout.value", "visit_report.order: poem"),
        ("- a list", "layout.unreadable", "own.yaml"), ("a: [", "layout.unreadable", "own.yaml"),
    ],
)  # fmt: skip
def test_a_wrong_layout_is_refused_by_name(text: str, code: str, where: str) -> None:
    with pytest.raises(InputError) as refused:
        read_layout(text.encode(), "own.yaml")
    assert (refused.value.code, refused.value.where) == (code, where)
