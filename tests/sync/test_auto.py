"""Syncing by itself."""

from __future__ import annotations

import pytest

from sync.client.auto import Automatic, reachable


def test_at_once_when_a_connection_appears_then_calmly() -> None:
    line = {"up": False}
    auto = Automatic("http://county", is_reachable=lambda _: line["up"])
    assert not auto.due(0, unsent=3)
    line["up"] = True
    assert auto.due(1, unsent=0), "the line came back"
    auto.succeeded(1)
    assert not auto.due(2, unsent=0)
    assert auto.due(3, unsent=1), "new work goes at once"
    assert auto.due(700, unsent=0)


def test_failures_wait_longer_and_a_metered_line_is_spared() -> None:
    auto = Automatic("http://county", is_reachable=lambda _: True)
    assert auto.due(0, unsent=0)
    waits = []
    for _ in range(9):
        auto.failed(0)
        waits.append(auto.next_at)
    assert waits[:3] == [30, 60, 120]
    assert waits[-1] == 1800
    assert not auto.due(10, unsent=5), "a server in trouble is not hammered"
    metered = Automatic("http://county", metered=True, is_reachable=lambda _: True)
    assert (metered.photos, auto.photos) == ("out", "all")
    metered.due(0, unsent=0)
    metered.succeeded(0)
    assert not metered.due(3000, unsent=2)
    assert metered.due(3600, unsent=0)


def test_a_laptop_that_only_knows_sticks_asks_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its code names no server; an empty name would be this machine itself."""
    asked: list[object] = []
    monkeypatch.setattr("sync.client.auto.socket.create_connection", lambda *args: asked.append(args))
    assert not reachable("")
    assert asked == []
