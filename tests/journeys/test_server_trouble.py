"""The county's server is slow, full or answers garbage: the window goes on working and says what is the matter.

That it is away is told in ``test_sync_hands.py``.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from resources.demo.county_server import free_port
from tests.journeys.county import JourneyCounty
from tests.ui.hands import Hands, settle
from ui.screens.screening.screen import Screening
from ui.screens.sync import Sync

Key = Qt.Key
SLOW_SECONDS = 1.0
ODD = {"garbage": (200, b"\x00nonsense"), "full": (503, b'{"code":"server.busy"}')}


class Odd(BaseHTTPRequestHandler):
    """Stands where the county's server stood; ``slow`` hands everything on to it, a second later."""

    mood, behind = "garbage", ""

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, data = ODD.get(self.mood, (200, b""))
        headers = {"Retry-After": "0"}
        if self.mood == "slow":
            time.sleep(SLOW_SECONDS)
            status, data, headers = self._hand_on(body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_HEAD = answer

    def _hand_on(self, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        request = Request(self.behind + self.path, data=body or None, headers=own(self.headers), method=self.command)
        try:
            with urlopen(request) as given:
                return given.status, given.read(), own(given.headers)
        except HTTPError as refused:
            return refused.code, refused.read(), own(refused.headers)

    def log_message(self, format: str, *args: object) -> None:
        pass


def own(headers: Message) -> dict[str, str]:
    """What belongs to the message and not to the way it came."""
    way = ("host", "connection", "content-length", "transfer-encoding", "date", "server")
    return {name: value for name, value in headers.items() if name.lower() not in way}


@contextmanager
def odd_server(county: JourneyCounty, mood: str) -> Iterator[None]:
    """At the county's own address."""
    about = county.server.folder / "about.json"
    before = about.read_text("utf-8")
    port = json.loads(before)["port"]
    county.server.stop()
    if mood == "slow":
        about.write_text(json.dumps({**json.loads(before), "port": free_port()}), encoding="utf-8")
        county.server.start()
    Odd.mood, Odd.behind = mood, county.server.url
    server = ThreadingHTTPServer(("127.0.0.1", port), Odd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        county.server.stop()
        about.write_text(before, encoding="utf-8")
        county.server.start()


def words(hands: Hands) -> str:
    return " ".join(label.text() for label in hands.frame.current_screen().findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize(
    ("mood", "said"), [("garbage", "error.network.garbage.what"), ("full", "error.network.busy.what"), ("slow", "")]
)
def test_the_window_goes_on_working_and_says_what_is_the_matter(
    county_server: JourneyCounty, mood: str, said: str
) -> None:
    from ui.words import t

    worker = county_server.laptop("worker")
    hands = Hands(worker.profile, worker.store, worker.actor)
    hands.open("screening")
    hands.press(Key.Key_1)
    with odd_server(county_server, mood):
        screen = hands.open("sync")
        assert isinstance(screen, Sync)
        screen.start()
        hands.frame.open("screening", {})  # the run goes on while doors are answered
        doors = hands.frame.current_screen()
        assert isinstance(doors, Screening)
        for _ in range(2):
            answer_one(hands, doors)
        settle(lambda: screen.running is None)
        hands.open("sync")
        settle()
        assert said == "" or t(said) in words(hands)
        assert screen.page is not None
        assert (screen.page.log[0].outcome == "done") == (mood == "slow")
    # Nothing was lost: the next run brings everything home.
    screen.start()
    settle(lambda: screen.running is None)
    assert worker.store.read_now(lambda tx: tx.sync_state()).unsent == 0
    hands.close()


def answer_one(hands: Hands, doors: Screening) -> None:
    """A normal door, while something else is under way (``settle`` would wait for it)."""
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    def written() -> int:
        return int(hands.desk.store.read_now(lambda tx: tx.one("SELECT count(*) FROM revision WHERE own = 1"))[0])

    end = time.monotonic() + 20
    while not doors.ready and time.monotonic() < end:
        QApplication.processEvents()
    before = written()
    QTest.keyClick(doors, Key.Key_1)
    while (written() == before or not doors.ready) and time.monotonic() < end:
        QApplication.processEvents()
    assert written() > before, "the answer is kept while the county is waited for"
