"""A server that is away, slow, full or answers nonsense: each has its own plain word, and nothing is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from fieldapp.errors import NetworkError, RefusedError
from sync.client import transport
from sync.client.progress import Progress
from sync.client.run import SyncRun
from sync.client.transport import Patience, Transport
from tests.sync.county import GRID_A, GRID_B, County
from tests.sync.laptop import PATIENCE, Laptop

ONCE = Patience(timeout=1.0, tries=1)


class Odd(BaseHTTPRequestHandler):
    """Answers as ``mood`` says."""

    mood = "garbage"
    asked = 0

    def do_POST(self) -> None:
        type(self).asked += 1
        if self.mood == "slow":
            time.sleep(3)
        status, body = {"full": (503, b'{"code":"server.busy"}'), "portal": (200, b"<html>log in</html>")}.get(
            self.mood, (200, b"\x00nonsense")
        )
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def odd() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture
def li(county: County, tmp_path: Path) -> Iterator[Laptop]:
    county.user("li.qiu", "grid_worker", GRID_A)
    laptop = Laptop.enrol(county, "li.qiu", tmp_path / "li")
    yield laptop
    laptop.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("mood", "code"),
    [("garbage", "network.garbage"), ("portal", "network.garbage"), ("slow", "network.slow"), ("full", "network.busy")],
)
def test_each_trouble_has_its_word(li: Laptop, odd: str, mood: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Odd, "mood", mood)
    home = li.household(GRID_A, address="周岭村12号")
    with pytest.raises(NetworkError) as failed:
        SyncRun(li.store, Transport(odd, li.profile, patience=ONCE)).run()
    assert failed.value.code == code
    if mood == "full":
        assert failed.value.details["retry_after"] == 7
    assert li.sync().pushed == 1
    assert li.state(home) == {"address": "周岭村12号"}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_away_and_patience(li: Laptop, odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NetworkError, match=r"network\.away"):
        Transport("http://127.0.0.1:9", li.profile, patience=ONCE).connect()
    waits: list[float] = []
    monkeypatch.setattr(Odd, "mood", "full")
    patient = Patience(timeout=5, tries=3, backoff=0.01, sleep=lambda s: bool(waits.append(s)))  # type: ignore[func-returns-value]
    before = Odd.asked
    with pytest.raises(NetworkError, match=r"network\.busy"):
        Transport(odd, li.profile, patience=patient).connect()
    assert Odd.asked - before == 3
    assert waits == [7.0, 7.0], "as long as the server asked for"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_run_is_cancelled_anywhere_and_finished_by_the_next(county: County, li: Laptop) -> None:
    for number in range(30):
        li.household(GRID_A, address=f"{number}号")
    for allowed in range(6):
        told: list[Progress] = []

        def stop(told: list[Progress] = told, allowed: int = allowed) -> bool:
            return len(told) > allowed

        transport = Transport(county.address, li.profile, patience=PATIENCE)
        result = SyncRun(li.store, transport).run(told.append, stop)
        assert result.cancelled or result.left == 0
        assert all(step.total is None or step.done <= step.total for step in told)
    assert li.sync().left == 0
    assert li.store.read_now(lambda tx: tx.sync_state()).kept == 30


def test_a_grid_is_reassigned_in_the_middle_of_a_round(county: County, li: Laptop, tmp_path: Path) -> None:
    """Unsent work on the old laptop is judged by the old scope, and the village leaves the laptop."""
    home = li.household(GRID_A, address="周岭村12号")
    li.sync()
    county.user("li.qiu", "grid_worker", GRID_B)
    li.write(home, phone="139")
    result = li.sync()
    assert (result.quarantined, result.scope_changed, result.left) == (0, True, 0)
    assert li.view(home) is None
    assert li.profile.require_identity().scope == (GRID_B,)
    li.household(GRID_B, address="竹园村1号")
    assert li.sync().quarantined == 0
    county.user("sun.wei", "supervisor", GRID_A[:9])
    sun = Laptop.enrol(county, "sun.wei", tmp_path / "sun")
    sun.sync()
    assert sun.state(home) == {"address": "周岭村12号", "phone": "139"}
    sun.close()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_several_processes_on_one_database(county: County, li: Laptop) -> None:
    second = county.serve()
    home = li.household(GRID_A, address="周岭村12号")
    li.sync()
    li.profile.set_identity(replace(li.profile.require_identity(), server=second))
    li.write(home, phone="1")
    assert li.sync().pushed == 1
    assert li.store.read_now(lambda tx: tx.sync_state()).kept == 2


def test_a_challenge_that_ran_out_in_a_crowd_is_no_stranger(
    county: County, li: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six hundred at once: the answer took longer than the challenge served. The one that came with the 401 is used."""
    old = county.service.tokens._sealed(b"c", b"x" * 16, -1)
    monkeypatch.setattr(Transport, "_challenge", lambda self: old)
    with pytest.raises(RefusedError, match=r"refused\.unknown_device"):
        li.sync()
    monkeypatch.setattr(transport, "CHALLENGE_SERVES", 0.0)
    assert li.sync().pushed == 0
