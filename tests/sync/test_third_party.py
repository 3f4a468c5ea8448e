"""Social workers, third parties and volunteers see a task's name and address only (trade.md): what their laptop holds
is searched, row by row and byte by byte, for everything else that is known of the family.

- P1 a slip with whom, where, which service, until when reaches them; nothing else of the family is anywhere on the
  laptop, sent by the line, by stick, or left from an earlier role
- P2 they answer on the slip; who gave the task takes the answer over, and sees photo and signature stay with the slip
- P3 they write no task, and nobody's blob is theirs
- P4 another role is another view: what it may not know goes, what it may know comes, as on a fresh laptop
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard

from fieldapp.domain.payload import Payload
from fieldapp.domain.revision import sign_revision
from fieldapp.domain.roles import GRID_WORKER, SUPERVISOR
from fieldapp.errors import RefusedError
from fieldapp.store.api import WriteTx
from fieldapp.workflows import visit_submission
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.matters import filling, lists, page, receiving, slips
from fieldapp.workflows.matters.opening import Wanted, create
from fieldapp.workflows.visit_submission import Finished
from forms.api import Environment, open_session
from sync.client.bundle import read_bundle, write_bundle
from sync.client.enrol import transport_for
from sync.protocol.messages import PushItem, PushRequest, PushResponse, Sent
from sync.server import sticks
from tests.store.county import COUNTY as COUNTY_CODE
from tests.sync.chaos.world import view_of
from tests.sync.county import GRID_A, County
from tests.sync.laptop import PATIENCE, Laptop
from tests.workflows.matters.office import ZONE, answer

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TODAY = date(2026, 11, 21)
NAME, ADDRESS = "周桂兰", "周岭村4组6号"
SECRETS = {
    "identity number": "341799195203040028", "income": "18637.50", "illness": "慢性阻塞性肺病", "mood": "不想活了",
    "phone": "13800005678", "what the order says": "每天量血压", "the family's wish": "下午女儿在家",
    "another member": "周小满", "lead": "邻居反映断粮",
}  # fmt: skip


def actor(laptop: Laptop) -> Actor:
    who = laptop.profile.require_identity()
    now = lambda: datetime(2026, 11, 21, 1, 30, tzinfo=UTC)  # noqa: E731
    return Actor(who.user, who.name, who.role, who.county, who.scope, today=lambda: TODAY, now=now)


def fill(laptop: Laptop, shelf: FormShelf, matter: str, step: str, **said: Any) -> None:
    """The step's form through the real engine, on this laptop."""
    opened = filling.start(laptop.store, actor(laptop), shelf, matter, step).result()
    env = Environment(now=lambda: datetime(2026, 11, 21, 9, 30, tzinfo=ZONE), zone=ZONE)
    session = open_session(opened.form, env, draft=opened.draft, prefill=opened.prefill)
    answer(session, said)
    done = Finished(session.finalise(), session.facts())
    visit_submission.submit(laptop.store, actor(laptop), opened, done).result()


def family(laptop: Laptop) -> tuple[str, str]:
    """(household, a visit of it), with everything a third party must not know."""

    def work(tx: WriteTx) -> tuple[str, str]:
        home = tx.create("household", GRID_A, {"head_name": NAME, "address": ADDRESS, "phone": SECRETS["phone"]})
        member = {"household": home, "relation": "head", "lives_with_family": True}
        tx.create("person", GRID_A, {
            "full_name": NAME, "id_number": SECRETS["identity number"], "illness": SECRETS["illness"],
            "membership": member,
        })  # fmt: skip
        tx.create("person", GRID_A, {"full_name": SECRETS["another member"],
                                     "membership": {**member, "relation": "grandson"}})  # fmt: skip
        answers = {"income": {"pension": SECRETS["income"]}, "mood": {"words": SECRETS["mood"]}}
        visit = tx.create("visit", GRID_A, {"household": home, "purpose": "routine", "answers": answers})
        tx.create("lead", GRID_A, {"household": home, "content": SECRETS["lead"]})
        photo = tx.put_blob(visit, b"\xff\xd8\xff" + b"door" * 300 + b"\xff\xd9", "photo")
        tx.save(visit, {"/answers/photo": photo})
        return home, visit

    return laptop.store.write_now(work)


def order(laptop: Laptop, shelf: FormShelf, household: str) -> str:
    """A service ordered from somebody outside."""
    wanted = Wanted("service", household, title=SECRETS["illness"] + "护理", provider="青禾社工", words=SECRETS["mood"])
    task = laptop.store.write_now(lambda tx: create(tx, actor(laptop), wanted, {}))
    fill(laptop, shelf, task, "order", service="care", what=SECRETS["what the order says"], provider="青禾社工",
         due="2026-11-28", wish=SECRETS["the family's wish"])  # fmt: skip
    return task


def everything_held(laptop: Laptop) -> bytes:
    """Every value of every table, unpacked, and every other file of the profile."""
    tables = laptop.store.read_now(lambda tx: [row[0] for row in tx.rows("SELECT name FROM sqlite_schema")])
    found = bytearray()
    for table in tables:
        try:
            rows = laptop.store.read_now(lambda tx, t=table: tx.rows(f'SELECT * FROM "{t}"'))
        except Exception:  # noqa: BLE001 -- indexes and the full-text index's own tables are no tables to read
            continue
        for value in (value for row in rows for value in row):
            found += _clear(value) + b"\n"
    for file in laptop.profile.folder.rglob("*"):
        if file.is_file():
            found += file.read_bytes()
    return bytes(found)


def _clear(value: object) -> bytes:
    if isinstance(value, bytes) and value[:4] == zstandard.FRAME_HEADER[:4]:
        return zstandard.ZstdDecompressor().decompress(value, max_output_size=1 << 24)
    text = value if isinstance(value, bytes) else str(value).encode()
    return text + re.sub(rb"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)).encode(), text)


def told(laptop: Laptop, *known: str) -> list[str]:
    """Which secrets are anywhere on the laptop; ``known`` is what must be there, so that the search is worth something."""
    held = everything_held(laptop)
    for text in known:
        assert text.encode() in held, "the search finds what is there"
    return [what for what, text in SECRETS.items() if text.encode() in held]


@pytest.fixture
def shelf(tmp_path: Path) -> FormShelf:
    return FormShelf(tmp_path / "forms")


@pytest.fixture
def laptops(county: County, tmp_path: Path) -> Iterator[tuple[Laptop, Laptop]]:
    """The grid's worker and the social workers' office, which is given the same grid."""
    county.user("li.qiu", "grid_worker", GRID_A, name="李秋")
    county.user("qing.he", "third_party", GRID_A, name="青禾社工")
    made = tuple(Laptop.enrol(county, user, tmp_path / user) for user in ("li.qiu", "qing.he"))
    yield made  # type: ignore[misc]
    for laptop in made:
        laptop.close()


def test_a_name_an_address_and_nothing_else(laptops: tuple[Laptop, Laptop], shelf: FormShelf) -> None:  # P1
    li, outside = laptops
    home, _ = family(li)
    task = order(li, shelf, home)
    li.sync()
    assert len(told(li, NAME)) == len(SECRETS), "all of it is on the worker's own laptop"
    outside.sync()
    assert told(outside, NAME, ADDRESS) == []
    assert {view[0] for view in view_of(outside.store).values()} == {"errand"}
    (line,) = lists.board(outside.store, actor(outside), "zh").result().open
    assert (line.title, line.family, line.place, line.due_on, line.mine) == (
        "照料护理", NAME, ADDRESS, "2026-11-28", True,
    )  # fmt: skip
    assert outside.view(task) is None
    assert outside.view(home) is None


@SQLITE
def test_nothing_more_comes_by_stick(
    laptops: tuple[Laptop, Laptop], shelf: FormShelf, county: County, tmp_path: Path
) -> None:  # P1
    li, outside = laptops
    order(li, shelf, family(li)[0])
    li.sync()
    write_bundle(outside.store, tmp_path / "out")
    sticks.exchange(county.service, tmp_path / "out", tmp_path / "back")
    read_bundle(outside.store, tmp_path / "back")
    assert told(outside, NAME, ADDRESS) == []


@SQLITE
def test_the_answer_comes_back_and_is_taken_over(laptops: tuple[Laptop, Laptop], shelf: FormShelf) -> None:  # P2
    li, outside = laptops
    task = order(li, shelf, family(li)[0])
    li.sync()
    outside.sync()
    slip = slips.slip_id(COUNTY_CODE, task)
    fill(outside, shelf, slip, "serve", served_on="2026-11-21", hours="2", done="帮助整理了床铺", family_word="谢谢",
         satisfied="5")  # fmt: skip
    assert lists.board(outside.store, actor(outside), "zh").result().open == ()
    outside.sync()
    li.sync()
    serve = page.page(li.store, actor(li), task, "zh").result().step("serve")
    assert serve.served is not None
    assert (serve.state, serve.served.slip, serve.served.by) == ("open", slip, "青禾社工")
    receiving.take_over(li.store, actor(li), task, "serve").result()
    done = page.page(li.store, actor(li), task, "zh").result()
    assert done.closed_on == "2026-11-21"
    assert done.step("serve").entries[0].words == "青禾社工：帮助整理了床铺"
    assert slip not in str(li.state(task)), "no reference that a photo of another document could hide behind"
    assert li.sync().quarantined == 0


@SQLITE
def test_a_task_that_is_done_or_taken_back_needs_nobody(laptops: tuple[Laptop, Laptop], shelf: FormShelf) -> None:  # P1
    from fieldapp.workflows.matters.writing import undo_step

    li, outside = laptops
    task = order(li, shelf, family(li)[0])
    li.sync()
    outside.sync()
    undo_step(li.store, actor(li), task, "order", "换一家机构").result()
    li.sync()
    outside.sync()
    board = lists.board(outside.store, actor(outside), "zh").result()
    assert (board.open, board.total, [line.family for line in board.settled]) == ((), 0, [NAME])
    fill(li, shelf, task, "order", service="escort", what="陪同复查", provider="青禾社工", due="2026-11-30")
    li.sync()
    outside.sync()
    (line,) = lists.board(outside.store, actor(outside), "zh").result().open
    assert (line.title, line.due_on) == ("送医陪护", "2026-11-30")
    fill(li, shelf, task, "serve", served_on="2026-11-21", hours="1", done="自己送到了", family_word="好", satisfied="5")
    li.sync()
    outside.sync()
    assert lists.board(outside.store, actor(outside), "zh").result().open == ()
    assert told(outside, NAME) == []


@SQLITE
def test_a_worker_has_the_task_and_no_slip_beside_it(laptops: tuple[Laptop, Laptop], shelf: FormShelf) -> None:
    li, _ = laptops
    home, _ = family(li)
    order(li, shelf, home)
    board = lists.board(li.store, actor(li), "zh").result()
    assert [(line.type, line.kind) for line in board.open] == [("task", "service")]
    assert board.total == 1
    assert [line.type for line in lists.board(li.store, actor(li), "zh", household=home).result().open] == ["task"]


def test_they_write_no_task_and_get_no_photo(
    laptops: tuple[Laptop, Laptop], shelf: FormShelf, county: County
) -> None:  # P3
    li, outside = laptops
    _, visit = family(li)
    li.sync()
    outside.sync()
    identity = outside.profile.require_identity()
    signed = sign_revision(
        outside.profile.signing_key(), Payload({"title": "x"}, ("/title",)), county=identity.county, document="t-1",
        type="task", area=GRID_A, parents=(), author=identity.user, device=outside.profile.device, device_seq=1,
        prev=None, seen={}, claimed_at="2026-11-21T01:00:00.000Z", form_id=None, form_version=None,
    )  # fmt: skip
    line = transport_for(outside.profile, PATIENCE)
    answered = line.call("/v1/push", PushRequest(outside.profile.device, 1, [PushItem(Sent.of(signed), [])]), PushResponse)
    assert [(verdict.state, verdict.reason) for verdict in answered.verdicts] == [("quarantined", "role")]
    photo = str(li.state(visit)["answers"]["photo"])  # type: ignore[call-overload, index]
    with pytest.raises(RefusedError):
        line.ask_blob(photo)
    line.close()


@SQLITE
@pytest.mark.parametrize("role", [GRID_WORKER, SUPERVISOR])
def test_another_role_is_another_view(
    laptops: tuple[Laptop, Laptop], shelf: FormShelf, county: County, tmp_path: Path, role: str
) -> None:  # P4
    """A worker becomes one of the third party's people and back: each time the laptop shows what a fresh one would."""
    li, _ = laptops
    order(li, shelf, family(li)[0])
    li.sync()
    county.user("he.ping", role, GRID_A, name="何平")
    he = Laptop.enrol(county, "he.ping", tmp_path / "he")
    he.sync()
    assert len(told(he, NAME)) == len(SECRETS)
    county.user("he.ping", "third_party", GRID_A, name="何平")
    he.sync()
    he.store.compact().result()  # as the program does by itself when it rests
    assert told(he, NAME, ADDRESS) == []
    assert {view[0] for view in view_of(he.store).values()} == {"errand"}
    county.user("he.ping", role, GRID_A, name="何平")
    he.sync()
    fresh = Laptop.enrol(county, "he.ping", tmp_path / "fresh")
    fresh.sync()
    assert view_of(he.store) == view_of(fresh.store)
    assert len(told(he, NAME)) == len(SECRETS)
    he.close()
    fresh.close()
