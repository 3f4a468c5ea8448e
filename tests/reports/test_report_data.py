"""A visit in the store becomes a paper: every answer on it, numbers masked, drafts and finals told apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fieldapp.errors import RefusedError
from fieldapp.reports.api import Rendered, VisitReport, render_visit
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.report_data import visit_report
from tests.reports.homes import ID_NUMBER, PHONE, PRINTED, Home, review, visited_home
from tests.workflows.doors import actor


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return visited_home(tmp_path_factory.mktemp("home"))


def read(home: Home, forms: FormShelf, **how: bool) -> VisitReport:
    return home.store.write_now(
        lambda tx: visit_report(tx, home.actor, forms.best, home.visit, printed_at=PRINTED, **how)
    )


def drawn(home: Home, forms: FormShelf, **how: bool) -> Rendered:
    return render_visit(read(home, forms, **how))


def test_every_answer_of_the_visit_is_on_the_paper(
    home: Home, forms: FormShelf, text_of: Callable[[bytes], str]
) -> None:
    text = text_of(drawn(home, forms).pdf)
    for wanted in (
        "肖雨", "邓小䶮", "周岭村4组6号", "核查预警线索", "网格员", "118,000元/年", "400元/月", "86.5平方米", "灶台一口", "43,000元",
        "建议申请低保并转介医疗救助", "想有人帮着看一下孩子", "文化程度", "不清楚", "2026-11-21", "调查人一签字·李秋", "照片：大门",
        "最低生活保障", "初步符合", "每月3490元", "(600−10)×5+540", "550−500（刚性支出扣减，封顶）=50", "第1页共",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_numbers_are_masked_also_where_they_were_written_into_prose(
    home: Home, forms: FormShelf, text_of: Callable[[bytes], str]
) -> None:
    text = text_of(drawn(home, forms).pdf)
    assert ID_NUMBER not in text
    assert PHONE not in text
    assert "3417**********4425" in text
    assert "138****1234" in text


def test_only_the_desk_unmasks_and_the_device_remembers(
    home: Home, forms: FormShelf, text_of: Callable[[bytes], str]
) -> None:
    before = home.store.read_now(lambda tx: list(tx.of_type("access_log")))
    assert ID_NUMBER in text_of(drawn(home, forms, unmask=True).pdf)
    after = home.store.read_now(lambda tx: list(tx.of_type("access_log")))
    assert [log.state["kind"] for log in after if log.id not in {b.id for b in before}] == ["unmask"]
    with pytest.raises(RefusedError, match="unmask"):
        home.store.write_now(
            lambda tx: visit_report(tx, actor(), forms.best, home.visit, printed_at=PRINTED, unmask=True)
        )


def test_what_was_asked_apart_stays_out_of_batches(
    home: Home, forms: FormShelf, text_of: Callable[[bytes], str]
) -> None:
    mood = "情绪"
    assert mood in text_of(drawn(home, forms).pdf)
    batch = text_of(drawn(home, forms, alone=False).pdf)
    assert "须单独许可的内容不随批量导出" in batch


def test_a_visit_is_a_draft_until_the_county_holds_it(
    tmp_path: Path, forms: FormShelf, text_of: Callable[[bytes], str]
) -> None:
    home = visited_home(tmp_path, photos=1, received=False)
    assert read(home, forms).draft == "尚未经县级接收"
    assert "草稿" in text_of(drawn(home, forms).pdf)


def test_decisions_and_comments_are_the_history(
    tmp_path: Path, forms: FormShelf, text_of: Callable[[bytes], str]
) -> None:
    home = visited_home(tmp_path, photos=0)
    review(home, "returned", "请补：是否愿意接受心理疏导？")
    text = text_of(drawn(home, forms).pdf)
    assert "王敏" in text
    assert "退回补充" in text
    assert "请补：是否愿意接受心理疏导？" in text


def test_two_values_of_one_answer_are_never_printed_as_final(tmp_path: Path, forms: FormShelf) -> None:
    home = visited_home(tmp_path, photos=0)
    leaves = home.store.read_now(lambda tx: tx.document(home.visit)).merged.leaves  # type: ignore[union-attr]
    for amount in ("7000", "9000"):
        home.store.write_now(
            lambda tx, a=amount: tx.save(home.visit, {"/answers/family/assets_deposits": a}, parents=leaves)
        )
    assert read(home, forms).draft == "两人填写不一致，有 1 处待商定"
