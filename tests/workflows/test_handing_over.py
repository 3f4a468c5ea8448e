"""A collector's one-minute report and what is handed over to others, followed to its result."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fieldapp.errors import RefusedError, StateError
from fieldapp.store.api import Store
from fieldapp.workflows import handing_over, households, leads, quick_report
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.handing_over import Handing, Result
from fieldapp.workflows.matters import readings
from fieldapp.workflows.quick_report import Quick
from tests.store.county import COUNTY, GRID, County, make_store

TODAY = date(2026, 11, 21)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made, _ = make_store(tmp_path / "p", County(), user="zhou.quan", role="collector", areas=(GRID,))
    yield made
    made.close()


@pytest.fixture
def collector() -> Actor:
    return Actor("zhou.quan", "周全", "collector", COUNTY, (GRID,), today=lambda: TODAY)


def family(store: Store, head: str) -> str:
    def work(tx: object) -> str:
        home: str = tx.create("household", GRID, {"head_name": head, "address": "3组9号"})  # type: ignore[attr-defined]
        member = {"full_name": head, "membership": {"household": home, "relation": "head", "lives_with_family": True}}
        tx.create("person", GRID, member)  # type: ignore[attr-defined]
        return home

    return store.write(work).result()


def report(store: Store, actor: Actor, folder: Path, **changes: object) -> quick_report.Reported:
    quick = Quick(**{"person_name": "周老", "place": "3组9号", "signals": ("job",), "note": "提前返乡", **changes})  # type: ignore[arg-type]
    return quick_report.send(store, actor, FormShelf(folder).newest(quick_report.FORM), quick).result()


def test_the_report_becomes_a_lead_of_the_only_family_of_that_name(store: Store, collector: Actor, tmp_path: Path) -> None:
    home = family(store, "周老")
    made = report(store, collector, tmp_path / "forms")
    assert made.household == home
    (line,) = leads.inbox(store, collector).result().open
    assert (line.name, line.channel, line.source, line.content) == ("周老", "collector", "周全", "失业返乡；提前返乡")
    chain = [link.kind for link in households.page(store, collector, home).result().chain]
    assert chain == ["lead", "report"]


def test_two_families_of_one_name_are_not_guessed_between(store: Store, collector: Actor, tmp_path: Path) -> None:
    family(store, "周老")
    family(store, "周老")
    assert report(store, collector, tmp_path / "forms").household is None


def test_a_report_says_who_and_where(store: Store, collector: Actor, tmp_path: Path) -> None:
    with pytest.raises(StateError, match=r"report\.who"):
        report(store, collector, tmp_path / "forms", place=" ")
    with pytest.raises(StateError, match=r"report\.asks_more"):
        report(store, collector, tmp_path / "forms", signals=())
    assert leads.inbox(store, collector).result().open == ()


def test_a_referral_is_followed_to_its_result(store: Store, collector: Actor) -> None:
    home = family(store, "周老")
    handing = Handing("referral", "就近找活", "县人社局", date(2026, 12, 5))
    task = handing_over.hand_over(store, collector, home, handing).result()
    link, sent = households.page(store, collector, home).result().chain
    assert (link.kind, link.what, link.who, link.open) == ("help", "就近找活", "县人社局", True)
    assert (sent.kind, sent.what, sent.words) == ("step", "发出转介单", "就近找活")
    handing_over.close(store, collector, task, Result("在镇上食品厂上班，月薪 4000 元", TODAY, word="满意")).result()
    chain = households.page(store, collector, home).result().chain
    assert [link.kind for link in chain] == ["help", "step", "step", "step", "served", "due"]
    assert not any(link.open for link in chain)
    (found,) = store.read(lambda tx: list(readings.handed(tx, collector))).result()
    assert (found.provider, found.due_on, found.word) == ("县人社局", "2026-12-05", "满意")
    assert [(outcome, words) for _who, _on, outcome, words in found.answers] == [("done", "在镇上食品厂上班，月薪 4000 元")]
    with pytest.raises(StateError, match=r"task\.closed"):
        handing_over.close(store, collector, task, Result("又一次", TODAY)).result()


@pytest.mark.parametrize(
    ("handing", "code"),
    [
        (Handing("service", "", "志愿者队"), "task.words"),
        (Handing("service", "采茶", " "), "task.words"),
        (Handing("service", "采茶", "志愿者队", date(2026, 11, 20)), "task.past"),
    ],
)
def test_what_cannot_be_handed_over(store: Store, collector: Actor, handing: Handing, code: str) -> None:
    home = family(store, "向军")
    with pytest.raises(StateError) as failed:
        handing_over.hand_over(store, collector, home, handing).result()
    assert failed.value.code == code


def test_a_family_elsewhere_is_refused(store: Store, collector: Actor) -> None:
    home = family(store, "向军")
    other = Actor("x", "别处", "collector", COUNTY, ("341799101201-009",), today=lambda: TODAY)
    with pytest.raises(RefusedError, match=r"refused\.scope"):
        handing_over.hand_over(store, other, home, Handing("service", "采茶", "志愿者队")).result()
