"""Two people at one matter at once: different steps stand side by side, one step done twice is a person's choice."""

from __future__ import annotations

from fieldapp.workflows import conflicts
from fieldapp.workflows.matters import writing
from fieldapp.workflows.matters.page import read_page
from tests.workflows.matters.office import Office


def test_one_step_written_differently_by_two_is_shown_by_its_name_and_chosen(office: Office) -> None:
    home = office.family("周老")
    matter = office.open("referral", home, title="就近找活", provider="县人社局")
    before = office.store.read(lambda tx: tx.document(matter).merged.leaves).result()  # type: ignore[union-attr]
    office.do(matter, "send", words="提前返乡", until="2026-12-05")
    office.store.write_now(
        lambda tx: tx.save(
            matter, {"/steps/send/@row": True, "/steps/send/step": "send", "/steps/send/words": "腰伤", "/next": ["answer"],
                     "/steps/send/answers/basics/words": "腰伤"}, parents=before,
        )
    )  # fmt: skip
    desk = office.actor("county")
    (line,) = conflicts.desk(office.store, desk).result()
    assert (line.document, line.family) == (matter, "周老")
    page = conflicts.page(office.store, office.shelf, matter, "中文 (zh)").result()
    assert {field.label for field in page.fields} == {"发出转介单", "发出转介单 · 情况（只写办理需要的）"}
    for field in page.fields:
        conflicts.settle(office.store, desk, matter, field.path, "腰伤").result()
    assert conflicts.desk(office.store, desk).result() == []
    assert office.page(matter).step("answer").state == "open"


def test_a_matter_reads_on_where_its_next_step_was_done_elsewhere(office: Office) -> None:
    """``next`` and the term follow from the steps, so a conflict about them is no question for anybody."""
    matter = office.open("referral", office.family("周老"))
    before = office.store.read(lambda tx: tx.document(matter).merged.leaves).result()  # type: ignore[union-attr]
    office.do(matter, "send", words="提前返乡", until="2026-12-05")
    office.store.write_now(lambda tx: tx.save(matter, {"/due_on": "2026-12-01"}, parents=before))
    found = office.store.read(lambda tx: read_page(tx, office.actor("supervisor"), matter, "zh")).result()
    assert found.step("answer").state == "open"
    assert found.due is not None
    assert str(found.due.on) == "2026-12-05"
    writing.do_step(
        office.store, office.actor("grid_worker"), matter, writing.StepDone("answer", "2026-11-21", outcome="done")
    ).result()
    assert not office.store.read(lambda tx: tx.document(matter)).result().conflicted  # type: ignore[union-attr]
