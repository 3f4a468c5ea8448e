"""Every paper of the registry over a small town: it is drawn, it says what it is for, and nothing it must not say."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.errors import RefusedError, StateError
from fieldapp.reports.api import Rendered, render_paper
from fieldapp.reports.content import Paper
from fieldapp.workflows import exporting
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.papers.asking import Ask
from fieldapp.workflows.papers.registry import KINDS
from forms.shipped import workbooks
from tests.reports.conftest import tool
from tests.reports.homes import PRINTED, review
from tests.reports.town import Town, no_more_numbers, town
from tests.workflows.doors import actor

#: Paper -> what a reader must find in it.
SAYS = {
    "one_page_table": ("入户核查情况登记表", "肖雨", "现住址" , "86.5平方米", "最低生活保障：初步符合", "每月3490元", "建议申请低保"),
    "family_sheet": ("政策告知单", "肖雨家", "看起来符合，可以申请", "工作人员都要受理", "民政局"),
    "file_index": ("一户一档目录", "入户核查（核查预警线索）", "预警线索：县医保局", "采茶帮工", "李秋、陈芳"),
    "lead_answer": ("YJ-001", "县医保局", "属实，需要救助", "已纳入救助", "2026-11-11", "3417**********4425"),
    "service_record": ("服务事项办理单", "青年志愿者协会", "采茶40斤", "6小时", "满意"),
    "round_progress": ("十一月排查进度报告", "已排查（66%）", "周岭村三组", "网格图", "进度曲线", "疑似困难"),
    "outcomes": ("主动发现工作成效统计", "纳入救助", "部门推送", "属实，需要救助"),
    "monthly": ("主动发现工作月报", "分区域情况", "三组", "未反馈线索", "1条，其中超期1条"),
    "notice": ("最低生活保障公示", "肖*", "3490", "行政复议", "行政诉讼", "2026-11-28"),
    "blank_form": ("入户核查", "□核查预警线索", "与户主关系（1户主", "同意授权核对", "调查人一签字"),
}  # fmt: skip


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return town(tmp_path_factory.mktemp("town"))


def ask_for(here: Town, kind: str, forms: FormShelf) -> Ask:
    return Ask(here.subjects[KINDS[kind].subject], PRINTED, forms.best, policy="dibao" if KINDS[kind].policy else "")


def made(here: Town, kind: str, forms: FormShelf) -> Paper:
    return here.home.store.read_now(lambda tx: KINDS[kind].make(tx, here.home.actor, ask_for(here, kind, forms)))


def drawn(here: Town, kind: str, forms: FormShelf) -> Rendered:
    return render_paper(made(here, kind, forms))


#: Made of matters, in test_matters_on_paper.
ELSEWHERE = {
    "application_record", "decision_letter", "emergency_record", "mutual_aid_record", "referral_record",
    "conference_record", "recheck_record",
}  # fmt: skip


def test_every_paper_of_the_registry_is_read_here() -> None:
    assert set(SAYS) | ELSEWHERE == set(KINDS)


@pytest.mark.parametrize("kind", sorted(set(SAYS) - {"one_page_table"}))
def test_a_paper_says_what_it_is_for(here: Town, kind: str, forms: FormShelf, text_of: Callable[[bytes], str]) -> None:
    text = text_of(drawn(here, kind, forms).pdf)
    for wanted in SAYS[kind]:
        assert wanted in text, wanted
    assert no_more_numbers(text)


def test_the_table_is_one_page(here: Town, forms: FormShelf, text_of: Callable[[bytes], str]) -> None:
    text = text_of(drawn(here, "one_page_table", forms).pdf)
    for wanted in (word for word in SAYS["one_page_table"] if word != "现住址"):
        assert wanted in text, wanted
    assert "共1页" in text


def test_every_font_is_embedded_and_every_file_clean(here: Town, forms: FormShelf, tmp_path: Path) -> None:
    for kind in SAYS:
        (tmp_path / "p.pdf").write_bytes(drawn(here, kind, forms).pdf)
        fonts = subprocess.run(
            [tool("pdffonts"), str(tmp_path / "p.pdf")], capture_output=True, check=True, text=True
        ).stdout
        assert all(line.split()[-5] == "yes" for line in fonts.splitlines()[2:]), (kind, fonts)
        assert (
            subprocess.run(
                [tool("qpdf"), "--check", str(tmp_path / "p.pdf")], capture_output=True, check=False
            ).returncode
            == 0
        ), kind


def test_the_notice_says_nothing_but_surname_people_and_amount(
    here: Town, forms: FormShelf, text_of: Callable[[bytes], str]
) -> None:
    text = text_of(drawn(here, "notice", forms).pdf)
    for private in ("肖雨", "周岭村3组6号", "肝癌", "残疾", "3组"):
        assert private not in text, private


@pytest.mark.parametrize("policy", ["swwrfy", "orphan", "temp_fast"])
def test_what_must_not_be_posted_is_refused(here: Town, forms: FormShelf, policy: str) -> None:
    ask = replace(ask_for(here, "notice", forms), policy=policy)
    with pytest.raises(RefusedError, match="notice"):
        here.home.store.read_now(lambda tx: KINDS["notice"].make(tx, here.home.actor, ask))


def test_an_empty_notice_is_not_made(here: Town, forms: FormShelf) -> None:
    ask = replace(ask_for(here, "notice", forms), since="2027-01-01")
    with pytest.raises(StateError, match="nothing"):
        here.home.store.read_now(lambda tx: KINDS["notice"].make(tx, here.home.actor, ask))


def test_the_family_is_told_only_what_the_county_signed(here: Town, forms: FormShelf) -> None:
    told = made(here, "family_sheet", forms)
    words = str(told.sections)
    assert "产业帮扶" not in words
    assert "肝癌" not in words
    assert "风险" not in words


@pytest.mark.parametrize("form", sorted(workbooks()))
def test_every_bundled_form_prints_empty(here: Town, form: str, forms: FormShelf) -> None:
    ask = replace(ask_for(here, "blank_form", forms), subject=form)
    paper = here.home.store.read_now(lambda tx: KINDS["blank_form"].make(tx, here.home.actor, ask))
    assert not render_paper(paper).missing


def test_a_walker_gets_no_supervisors_paper(here: Town, forms: FormShelf, tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        exporting.export_paper(here.home.store, actor(), "monthly", ask_for(here, "monthly", forms), tmp_path).result()


def test_papers_are_exported_under_their_number_and_logged(here: Town, forms: FormShelf, tmp_path: Path) -> None:
    before = len(exporting.log_of_exports(here.home.store).result())
    path = (
        exporting.export_paper(
            here.home.store, here.home.actor, "file_index", ask_for(here, "file_index", forms), tmp_path
        )
        .result()
        .path
    )
    assert path.name.startswith("一户一档目录_2026")
    assert len(exporting.log_of_exports(here.home.store).result()) == before + 1


def test_the_monthly_counts_reviews(here: Town, forms: FormShelf, text_of: Callable[[bytes], str]) -> None:
    review(here.home, "approved")
    assert "走访审核通过1" in text_of(drawn(here, "monthly", forms).pdf)
