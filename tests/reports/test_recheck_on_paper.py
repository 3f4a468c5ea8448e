"""A random re-check on paper: what was announced, the seed, the draw that anybody can repeat, and both visits side by
side; and who was drawn for the second visit does not read the first in Reports either."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fieldapp.errors import RefusedError
from fieldapp.reports.api import render_paper
from fieldapp.workflows import exporting, rechecks
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.ledgers.making import ledger
from fieldapp.workflows.papers.asking import Ask
from fieldapp.workflows.papers.registry import KINDS
from tests.journeys.laptop import compiled_forms
from tests.store.county import VILLAGE
from tests.ui.town import village
from tests.workflows.test_rechecks import NOVEMBER, Bench, homes

PRINTED = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    _profile, store, who = village(tmp_path, desk=True)
    with store:
        yield Bench(store, who, FormShelf(compiled_forms()))


def test_from_the_hash_to_the_comparison(bench: Bench, text_of: Callable[[bytes], str]) -> None:
    made = rechecks.announce(bench.store, bench.supervisor, NOVEMBER).result()
    first = bench.visit(homes(bench)[0])
    ask = Ask(made, PRINTED, bench.shelf.best)

    def printed() -> str:
        paper = bench.store.read_now(lambda tx: KINDS["recheck_record"].make(tx, bench.at(22), ask))
        return text_of(render_paper(paper).pdf)

    before = printed()
    view = bench.store.read_now(lambda tx: tx.document(made))
    assert view is not None
    assert str(view.state["commitment"]) in before
    assert "种子尚未公布" in before

    rechecks.reveal(bench.store, bench.at(22), made).result()
    with pytest.raises(RefusedError, match=r"recheck\.blind"):
        exporting.preview_visit(bench.store, bench.at(22), bench.shelf.best, first).result()
    bench.visit(homes(bench)[0], "王敏", "recheck", rechecks=first, housing="土坯")
    rechecks.publish(bench.store, bench.at(22), bench.shelf, made, first, "中文 (zh)").result()
    after = printed()
    view = bench.store.read_now(lambda tx: tx.document(made))
    assert view is not None
    for wanted in (str(view.state["seed"]), "与公布的结果一致", "王敏", "共比对1题，1题不一致", "砖混", "土坯"):
        assert wanted in after, wanted
    assert exporting.preview_visit(bench.store, bench.at(22), bench.shelf.best, first).result().pdf

    book = bench.store.read_now(lambda tx: ledger(tx, bench.at(22), "rechecks", Ask(VILLAGE, PRINTED, bench.shelf.best)))
    [row] = [dict(zip((column.key for column in book.columns), each, strict=True)) for each in book.rows]
    assert (row["title"], row["inspector"], row["asked"], row["differs"]) == ("十一月抽查", "王敏", 1, 1)
