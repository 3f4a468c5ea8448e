"""A re-check from its announcement to its published result, over a real store and real forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import RefusedError, StateError
from fieldapp.store.api import Store
from fieldapp.workflows import lead_desk, leads, rechecks, reviews
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.rechecks import NewRecheck
from tests.journeys.laptop import compiled_forms
from tests.store.county import GRID, VILLAGE
from tests.ui.town import village
from tests.workflows.doors import actor

NOVEMBER = NewRecheck("十一月抽查", VILLAGE, date(2026, 11, 1), date(2026, 11, 21), 100, ("王敏", "李秋"))


@dataclass
class Bench:
    store: Store
    supervisor: Actor
    shelf: FormShelf

    def at(self, day: int, who: Actor | None = None) -> Actor:
        return replace(who or self.supervisor, today=lambda: date(2026, 11, day))

    def visit(self, home: str, name: str = "李秋", purpose: str = "routine", **more: Any) -> str:
        answers = {"basics": {"present_member": "本人"}, "housing": {"housing_kind": more.pop("housing", "砖混")}}
        state = {
            "household": home, "purpose": purpose, "form_id": "home_visit", "finished_at": "2026-11-20T02:00:00Z",
            "investigators": {"i1": {"@row": True, "name": name}}, "answers": answers, **more,
        }  # fmt: skip
        made: str = self.store.write_now(lambda tx: tx.create("visit", GRID, state))
        return made


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    _profile, store, who = village(tmp_path, desk=True)
    with store:
        yield Bench(store, who, FormShelf(compiled_forms()))


def homes(bench: Bench) -> list[str]:
    found = [line.household for line in leads.inbox(bench.store, bench.supervisor).result().open]
    return [home for home in found if home]


def test_announced_drawn_verified(bench: Bench) -> None:
    store = bench.store
    made = rechecks.announce(store, bench.supervisor, NOVEMBER).result()
    view = store.read_now(lambda tx: tx.document(made))
    assert view is not None
    assert view.area == f"{VILLAGE}*", "on the notice board: every grid sees the hash"
    assert "seed" not in view.state
    with pytest.raises(StateError) as caught:
        rechecks.reveal(store, bench.supervisor, made).result()
    assert caught.value.code == "recheck.early"
    done = [bench.visit(home) for home in homes(bench)]
    drawn = rechecks.reveal(store, bench.at(22), made).result()
    assert [each.inspector for each in drawn] == ["王敏"], "a tenth of four is one; 李秋 made the visits"
    page = rechecks.page(store, bench.at(22), made).result()
    assert (page.state, page.wrong, page.left_out, page.candidates) == ("drawn", (), 0, len(done))
    bench.visit(homes(bench)[0])
    assert rechecks.page(store, bench.at(22), made).result().left_out == 1, "what came late is counted aloud"
    with pytest.raises(StateError) as caught:
        rechecks.reveal(store, bench.at(23), made).result()
    assert caught.value.code == "recheck.drawn"


def test_a_period_that_is_over_is_not_announced(bench: Bench) -> None:
    past = replace(NOVEMBER, last=date(2026, 11, 20))
    with pytest.raises(StateError) as caught:
        rechecks.announce(bench.store, bench.supervisor, past).result()
    assert caught.value.code == "recheck.dates"
    with pytest.raises(RefusedError):
        rechecks.announce(bench.store, actor(), NOVEMBER).result()


def test_a_near_relative_is_always_drawn(bench: Bench) -> None:
    made = rechecks.announce(bench.store, bench.supervisor, NOVEMBER).result()
    visits = {home: bench.visit(home) for home in homes(bench)}
    for line in leads.inbox(bench.store, bench.supervisor).result().open[:2]:
        lead_desk.mark_relative(bench.store, bench.supervisor, line.id, "村主任").result()
    marked = {visits[line.household] for line in leads.inbox(bench.store, bench.supervisor).result().open if line.near_relative and line.household}  # fmt: skip
    drawn = rechecks.reveal(bench.store, bench.at(22), made).result()
    assert len(marked) == 2
    assert marked <= {each.id for each in drawn}


def test_the_second_visit_is_blind_then_compared_then_published(bench: Bench) -> None:
    made = rechecks.announce(bench.store, bench.supervisor, NOVEMBER).result()
    home = homes(bench)[0]
    first = bench.visit(home)
    (drawn,) = rechecks.reveal(bench.store, bench.at(22), made).result()
    inspector = bench.at(22)
    assert (drawn.id, drawn.inspector) == (first, "王敏")

    with pytest.raises(RefusedError) as caught:
        reviews.page(bench.store, inspector, bench.shelf, first, "zh", "中文 (zh)").result()
    assert caught.value.code == "recheck.blind"
    with pytest.raises(RefusedError):
        rechecks.start_second(bench.store, actor(), bench.shelf, made, first).result()
    opening = rechecks.start_second(bench.store, inspector, bench.shelf, made, first).result()
    assert opening.last is None
    assert "砖混" not in str(opening.prefill)
    assert opening.header.rechecks == first
    with pytest.raises(StateError) as not_yet:
        rechecks.compare(bench.store, inspector, bench.shelf, made, first, "中文 (zh)").result()
    assert not_yet.value.code == "recheck.not_yet"

    bench.visit(home, "王敏", "recheck", rechecks=first, housing="土坯")
    found = rechecks.compare(bench.store, inspector, bench.shelf, made, first, "中文 (zh)").result()
    assert [(each.first, each.second) for each in found if each.differs] == [("砖混", "土坯")]
    counts = rechecks.publish(bench.store, inspector, bench.shelf, made, first, "中文 (zh)").result()
    assert counts == {"asked": 1, "differs": 1}
    view = bench.store.read_now(lambda tx: tx.document(made))
    assert view is not None
    assert "砖混" not in str(view.state)
    assert "土坯" not in str(view.state), "no answer is published"
    reviews.page(bench.store, inspector, bench.shelf, first, "zh", "中文 (zh)").result()


def test_a_laptop_without_the_seed_says_so(bench: Bench) -> None:
    made = rechecks.announce(bench.store, bench.supervisor, NOVEMBER).result()
    bench.visit(homes(bench)[0])
    bench.store.write_now(lambda tx: tx.drop_draft(made))
    page = rechecks.page(bench.store, bench.at(22), made).result()
    assert (page.state, page.here, page.may_reveal, page.may_replace) == ("announced", False, False, True)
    with pytest.raises(StateError) as caught:
        rechecks.reveal(bench.store, bench.at(22), made).result()
    assert caught.value.code == "recheck.no_seed"


def test_a_lost_seed_is_superseded_openly(bench: Bench) -> None:
    """The announcing laptop died: another announcement takes its place, both stay on the board, the old seed is void."""
    made = rechecks.announce(bench.store, bench.supervisor, NOVEMBER).result()
    again = replace(NOVEMBER, title="十一月抽查（重新公布）", last=date(2026, 11, 25), supersedes=made, why="电脑坏了")
    with pytest.raises(StateError) as caught:
        rechecks.announce(bench.store, bench.supervisor, again).result()
    assert caught.value.code == "recheck.settled", "whoever holds the seed draws with it"
    page = rechecks.page(bench.store, bench.at(22), made).result()
    assert (page.here, page.may_reveal, page.may_replace) == (True, True, False)

    kept = bench.store.read_now(lambda tx: tx.draft(made))
    assert kept is not None
    bench.store.write_now(lambda tx: tx.drop_draft(made))
    page = rechecks.page(bench.store, bench.at(22), made).result()
    assert (page.state, page.may_reveal, page.may_replace) == ("announced", False, True)
    assert not rechecks.page(bench.store, actor(), made).result().may_replace, "a walker announces nothing"
    with pytest.raises(StateError) as caught:
        rechecks.announce(bench.store, bench.supervisor, replace(again, why=" ")).result()
    assert caught.value.code == "recheck.why"
    instead = rechecks.announce(bench.store, bench.at(22), again).result()
    page = rechecks.page(bench.store, bench.at(22), made).result()
    assert (page.state, page.may_replace, page.instead) == ("superseded", False, "十一月抽查（重新公布）")
    assert dict(page.record.superseded) == {"by": instead, "on": "2026-11-22", "who": "王敏", "why": "电脑坏了"}
    assert [each.id for each in rechecks.listing(bench.store, bench.supervisor).result()] == [instead, made]
    with pytest.raises(StateError) as caught:
        rechecks.announce(bench.store, bench.at(22), again).result()
    assert caught.value.code == "recheck.settled", "it is superseded once"

    bench.store.write_now(lambda tx: tx.save_draft(made, kept.kind, None, kept.body))  # the old laptop comes back
    with pytest.raises(StateError) as caught:
        rechecks.reveal(bench.store, bench.at(23), made).result()
    assert caught.value.code == "recheck.settled"
    bench.visit(homes(bench)[0])
    assert rechecks.reveal(bench.store, bench.at(26), instead).result()
