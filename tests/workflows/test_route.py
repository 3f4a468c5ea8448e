"""The day's route: each door once, all its reasons, urgent first, then as one walks."""

from __future__ import annotations

from pathlib import Path

from fieldapp.workflows import route
from tests.ui.town import village


def test_each_door_once_in_walking_order(tmp_path: Path) -> None:
    _profile, store, actor = village(tmp_path)
    with store:
        found = [(stop.family, stop.reasons) for stop in route.route(store, actor).result()]
    assert found == [
        ("曹梅", ("urgent",)), ("谢冬梅", ("second_try",)), ("肖雨", ("lead",)), ("周老", ("revisit",)),
        ("罗桂花", ("lead",)), ("钱福", ("revisit",)), ("刘海", ("lead",)),
    ]  # fmt: skip
