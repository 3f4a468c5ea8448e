"""Help lies in the program: every screen has a page in both languages, and F1 shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

import resources
from tests.ui.hands import Hands
from tests.ui.town import village
from ui.help import HelpSheet
from ui.screens.registry import SCREENS

HAN = re.compile(r"[\u3400-\u9fff]")


@pytest.mark.omission
@pytest.mark.parametrize("screen", [entry.name for entry in SCREENS])
def test_every_screen_has_its_page_in_both_languages(screen: str) -> None:
    zh, en = (resources.path("help", each, f"{screen}.md").read_text("utf-8") for each in ("zh", "en"))
    assert len(HAN.findall(zh)) > 40
    assert not HAN.search(en)
    assert len(en.split()) > 30


def test_f1_shows_it(tmp_path: Path) -> None:
    profile, store, actor = village(tmp_path)
    hands = Hands(profile, store, actor)
    hands.open("today")
    hands.frame.help()
    sheet = hands.frame.findChild(HelpSheet)
    assert any("一分钟内上报" in label.text() for label in sheet.findChildren(QLabel))
    assert any(label.textFormat() is Qt.TextFormat.MarkdownText for label in sheet.findChildren(QLabel))
    hands.close()
    store.close()
