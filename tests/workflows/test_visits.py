"""What a submitted visit writes, without a window: the form session and the store are the real ones.

W1  what the registry knows is filled in, in the form's words; what the form has no word for is asked
W2  prefilled answers nobody touched are not written to people; touched ones are, in the registry's words
W3  a new member row becomes a person of the household; everything in one transaction with the visit
W4  a mended visit writes only what changed; two laptops' mendings of different answers merge
W5  a lead answered meanwhile stays as it was answered
W6  a draft finds the version of its form it began with
W7  a draft moves to the form in force when its author wants, and nothing is lost
W8  "last time" is the visit begun before this one, whatever was finished or mended later
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.ids import new_document_id
from fieldapp.policy.api import fact_names
from fieldapp.store.api import Store
from fieldapp.store.projections import people as registry
from fieldapp.workflows import reviews, visit_lists, visit_submission, visits
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.published import PublishedForm
from fieldapp.workflows.registry_fields import PEOPLE, form_value, registry_write
from fieldapp.workflows.visit_drafts import DRAFT_BEFORE
from fieldapp.workflows.visit_submission import Finished
from fieldapp.workflows.visits import VisitOpening, VisitStart
from forms import api as forms
from forms.api import Environment, FormSession
from tests.journeys.families import high_medical_bill
from tests.store.county import COUNTY, GRID, VILLAGE, make_store

ACTOR = Actor("li.qiu", "李秋", "grid_worker", COUNTY, (GRID,))

#: A county's own short form: a repeat of people, a lead, one free answer.
SHORT = {
    "survey": [
        ("type", "name", "label", "required", "bind::tjb:fact", "save_to"),
        ("begin group", "basics", "基本", "", "", ""),
        ("text", "present_member", "在场", "yes", "", ""),
        ("text", "words", "所见", "", "visit.conclusion", ""),
        ("select_one answer", "lead_answer", "线索", "", "lead.answer", ""),
        ("text", "lead_seen", "核查所见", "", "", ""),
        ("end group", "", "", "", "", ""),
        ("begin repeat", "members", "成员", "", "", ""),
        ("text", "full_name", "姓名", "yes", "member.name", "people#full_name"),
        ("select_one relation", "relation", "关系", "", "member.relation", "people#relation"),
        ("select_one sex", "sex", "性别", "", "member.sex", "people#sex"),
        ("text", "illness", "病种", "", "", "people#illness"),
        ("end repeat", "", "", "", "", ""),
    ],
    "choices": [
        ("list_name", "name", "label"),
        ("answer", "true_needs_help", "属实需救助"), ("answer", "not_true", "不属实"),
        ("relation", "head", "户主"), ("relation", "spouse", "配偶"), ("relation", "child", "子女"),
        ("sex", "M", "男"), ("sex", "F", "女"),
    ],
    "settings": [
        ("form_title", "form_id", "version", "namespaces"),
        ("短表", "home_visit", "1", 'tjb="https://ironsoles.invalid/xforms"'),
    ],
    "entities": [("list_name", "label", "repeat"), ("people", "${full_name}", "${members}")],
}  # fmt: skip


def workbook(path: Path, sheets: dict[str, list[tuple[str, ...]]], version: str = "1") -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([version if title == "settings" and cell == "1" else cell for cell in row])
    book.save(path)
    return path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made, _ = make_store(tmp_path / "profile")
    with made:
        yield made


def publish(shelf: FormShelf, folder: Path, sheets: dict[str, list[tuple[str, ...]]], version: str, control: int) -> None:
    """What the county publishes: the form compiled."""
    compiled = forms.compile_xlsform(workbook(folder / "short.xlsx", sheets, version), vocabulary=fact_names())
    shelf.receive(PublishedForm("home_visit", control, compiled.xml))


@pytest.fixture
def shelf(tmp_path: Path) -> FormShelf:
    made = FormShelf(tmp_path / "forms")
    publish(made, tmp_path, SHORT, "1", 1)
    return made


def open_visit(store: Store, shelf: FormShelf, home: str, **about: Any) -> tuple[VisitOpening, FormSession]:
    opening = visits.start(store, ACTOR, shelf, VisitStart(home, **about)).result()
    return opening, session_of(opening)


def session_of(opening: VisitOpening) -> FormSession:
    return forms.open_session(opening.form, Environment(), draft=opening.draft, prefill=opening.prefill)


def submit(store: Store, opening: VisitOpening, session: FormSession) -> visit_submission.Submitted:
    return visit_submission.submit(store, ACTOR, opening, Finished(session.finalise(), session.facts())).result()


def test_the_registry_fills_in_what_it_knows(store: Store, shelf: FormShelf) -> None:
    """W1: 丈夫 and 女儿 are spouse and child in the form."""
    home, people, _ = high_medical_bill(store)
    _, session = open_visit(store, shelf, home)
    row = f"/members/{people['邓山']}"
    assert session.view(f"{row}/full_name").value == "邓山"
    assert session.view(f"{row}/relation").value == "spouse"
    assert session.view(f"{row}/sex").value == "M"
    assert session.view(f"/members/{people['邓一']}/relation").value == "child"
    assert session.touched() == frozenset()


def test_only_what_was_touched_is_written_back(store: Store, shelf: FormShelf) -> None:
    """W2."""
    home, people, _ = high_medical_bill(store)
    opening, session = open_visit(store, shelf, home)
    session.set("/basics/present_member", "肖雨")
    session.set(f"/members/{people['邓山']}/illness", "肝癌")
    session.set(f"/members/{people['邓一']}/relation", "child")  # said again, meaning what the registry says
    done = submit(store, opening, session)
    assert done.people_changed == (people["邓山"],)
    history = store.read(lambda tx: tx.revisions(people["邓山"])).result()
    assert history[-1].set == ("/illness",)
    assert len(store.read(lambda tx: tx.revisions(people["邓一"])).result()) == 1
    assert store.read(lambda tx: tx.document(people["邓一"])).result().state["membership"]["relation"] == "daughter"


def test_a_new_row_is_a_new_person(store: Store, shelf: FormShelf) -> None:
    """W3."""
    home, _, _ = high_medical_bill(store)
    opening, session = open_visit(store, shelf, home)
    key = new_document_id()
    session.add_row("/members", key)
    session.set(f"/members/{key}/full_name", "肖母")
    session.set(f"/members/{key}/sex", "F")
    session.set("/basics/present_member", "肖雨")
    assert submit(store, opening, session).people_new == (key,)
    found = store.read(lambda tx: registry.person(tx, key)).result()
    assert (found.full_name, found.sex, found.household) == ("肖母", "female", home)


def test_mending_writes_what_changed_and_merges(store: Store, shelf: FormShelf) -> None:
    """W4: both were opened on the same heads."""
    home, _, _ = high_medical_bill(store)
    opening, session = open_visit(store, shelf, home)
    session.set("/basics/present_member", "肖雨")
    session.set("/basics/words", "家中整洁")
    submit(store, opening, session)
    visit = opening.header.visit
    first, second = (visits.mend(store, ACTOR, shelf, visit).result() for _ in range(2))
    one, other = session_of(first), session_of(second)
    one.set("/basics/words", "家中整洁，丈夫卧床")
    other.set("/basics/present_member", "肖雨、邓山")
    submit(store, first, one)
    submit(store, second, other)
    view = store.read(lambda tx: tx.document(visit)).result()
    assert "/answers/basics/words" not in view.merged.conflicts
    assert view.state["answers"]["basics"] == {"present_member": "肖雨、邓山", "words": "家中整洁，丈夫卧床"}
    written = store.read(lambda tx: tx.revisions(visit)).result()[-1].set
    assert "/answers/basics/words" not in written


def test_a_lead_answered_meanwhile_stays(store: Store, shelf: FormShelf) -> None:
    """W5."""
    home, _, lead = high_medical_bill(store)
    opening, session = open_visit(store, shelf, home, purpose="lead", lead=lead)
    session.set("/basics/present_member", "肖雨")
    session.set("/basics/lead_answer", "true_needs_help")
    session.set("/basics/lead_seen", "票据一致")
    said = {"/answer/outcome": "not_true", "/answered_on": "2026-11-20"}
    store.write(lambda tx: tx.save(lead, said)).result()
    assert not submit(store, opening, session).lead_answered
    assert store.read(lambda tx: tx.document(lead)).result().record.answer["outcome"] == "not_true"


def test_a_lead_is_answered_with_the_visit(store: Store, shelf: FormShelf) -> None:
    home, _, lead = high_medical_bill(store)
    opening, session = open_visit(store, shelf, home, purpose="lead", lead=lead)
    session.set("/basics/present_member", "肖雨")
    session.set("/basics/lead_answer", "true_needs_help")
    session.set("/basics/lead_seen", "票据一致")
    assert submit(store, opening, session).lead_answered
    record = store.read(lambda tx: tx.document(lead)).result().record
    assert record.answer["visit"] == opening.header.visit
    assert record.answer["seen"] == "票据一致"


def test_a_draft_keeps_its_form(store: Store, shelf: FormShelf, tmp_path: Path) -> None:
    """W6: the county changes the form in the middle of a round."""
    home, _, _ = high_medical_bill(store)
    opening, session = open_visit(store, shelf, home)
    session.set("/basics/present_member", "肖雨")
    visits.keep(store, opening, session.save()).result()
    changed = {**SHORT, "survey": [row for row in SHORT["survey"] if row[1] != "words"]}
    fresh = FormShelf(tmp_path / "forms")
    publish(fresh, tmp_path, changed, "2", 2)
    again = visits.start(store, ACTOR, fresh, VisitStart(home)).result()
    assert again.header.visit == opening.header.visit
    assert again.form.version == "1"
    assert session_of(again).view("/basics/present_member").value == "肖雨"
    assert fresh.newest("home_visit").version == "2"
    board = visit_lists.board(store, ACTOR).result()
    assert [line.state for line in board.lines] == ["draft"]


def test_a_draft_moves_to_the_form_in_force(store: Store, shelf: FormShelf, tmp_path: Path) -> None:
    """W7: with a report, its answers kept, the draft as it was beside it until the visit is submitted."""
    home, _, _ = high_medical_bill(store)
    opening, session = open_visit(store, shelf, home)
    session.set("/basics/present_member", "肖雨")
    session.set("/basics/words", "家里漏雨")
    visits.keep(store, opening, session.save()).result()
    changed = {**SHORT, "survey": [row for row in SHORT["survey"] if row[1] != "words"]}
    publish(shelf, tmp_path, changed, "2", 2)
    again = visits.resume(store, shelf, opening.header.visit).result()
    assert visits.newer_form(shelf, again) == "2"
    moved = visits.move_to_newer(store, shelf, opening.header.visit).result()
    assert moved.report is not None
    assert [orphan.label for orphan in moved.report.orphaned] == ["所见"]
    assert session_of(moved).view("/basics/present_member").value == "肖雨"
    assert visits.newer_form(shelf, moved) == ""
    kept = [each for each in store.read(lambda tx: tx.drafts()).result() if each.kind == DRAFT_BEFORE]
    assert "家里漏雨" in str([each.body for each in kept])
    assert visits.start(store, ACTOR, shelf, VisitStart(home)).result().header.visit == opening.header.visit


@pytest.mark.parametrize(("kept", "asked"), [("daughter", "child"), ("wife", "spouse"), ("head", "head"), ("干女儿", None)])
def test_relations_in_both_words(kept: str, asked: str | None) -> None:
    state = {"membership": {"relation": kept}}
    field = PEOPLE["relation"]
    assert form_value(field, state) == asked
    if asked is not None:
        assert registry_write(field, state, asked) is None
    assert registry_write(field, state, "sibling") == ("/membership/relation", "sibling")


def test_taking_an_answer_back_clears_the_field() -> None:
    assert registry_write(PEOPLE["illness"], {"illness": "肝癌"}, None) == ("/illness", None)
    assert registry_write(PEOPLE["illness"], {}, None) is None


def test_last_time_is_the_visit_before_this_one(store: Store, shelf: FormShelf) -> None:
    """W8: three visits, the first one mended after all of them: each stands beside the one begun before it."""
    home, _people, _lead = high_medical_bill(store)
    made = {month: visited(store, home, f"2026-{month:02d}-10T01:00:00Z") for month in (9, 10, 11)}
    store.write_now(lambda tx: tx.save(made[9], {"/finished_at": "2026-11-20T01:00:00Z"}))
    desk = Actor("wang.min", "王敏", "supervisor", COUNTY, (VILLAGE,))
    shown = {month: reviews.page(store, desk, shelf, visit, "zh", "zh").result() for month, visit in made.items()}
    lasts = {month: page.lines[0].last for month, page in shown.items()}
    assert lasts == {9: "", 10: "2026-09-10T01:00:00Z", 11: "2026-10-10T01:00:00Z"}
    assert shown[9].last_on is None
    mending = visits.mend(store, ACTOR, shelf, made[10]).result()
    assert mending.last is not None
    assert mending.last.id == made[9]
    fresh, _ = open_visit(store, shelf, home)
    assert fresh.last is not None
    assert fresh.last.id == made[11]


def visited(store: Store, home: str, at: str) -> str:
    state = {"household": home, "form_id": "home_visit", "form_version": "1", "started_at": at, "finished_at": at,
             "answers": {"basics": {"present_member": at}}}  # fmt: skip
    return store.write_now(lambda tx: tx.create("visit", GRID, state))


def test_a_team_goes_along_each_under_their_own_name(store: Store, tmp_path: Path) -> None:
    """Home visit and short form alike: who begins it, and whoever is named beside, by 、 or a blank."""
    bundled = FormShelf(tmp_path / "bundled")
    home, _, _ = high_medical_bill(store)
    started = visits.start(store, ACTOR, bundled, VisitStart(home, partner="陈芳、王敏 尼牙孜·吐尔逊")).result()
    session = session_of(started)
    named = [session.view(f"/basics/investigator_{n}").value for n in (1, 2, 3, 4)]
    assert named == ["李秋", "陈芳", "王敏", "尼牙孜·吐尔逊"]
    alone = session_of(visits.start(store, ACTOR, bundled, VisitStart(home, form_id="revisit", partner=None)).result())
    assert alone.view("/basics/by_2").value is None
