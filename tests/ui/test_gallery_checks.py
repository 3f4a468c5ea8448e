"""Every registered screen in every state and look, walked for what the eye would stumble over.

Cut text, overlapping controls, contrast under 4.5:1, hit areas under 40 px, controls without a name, words that are
not in the glossary's English. Every run looks at the part where faults have been; ``--long`` at all of it: every scene
in every look and size in both languages, and all of them at 1.25 device pixels per pixel.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from tests.gallery.__main__ import LOOKS
from tests.gallery.scenes import Laptops, Scene, scenes
from tests.ui.faults import faults
from tests.ui.hands import Hands
from ui.app import make_application, speak
from ui.theme import look
from ui.widgets.notices import EmptyState
from ui.words import glossary

HAN = re.compile(r"[\u3400-\u9fff]")
SIZES = {"light": (1366, 768), "dark": (1366, 768), "large": (1366, 768), "low": (1093, 590), "low-large": (1093, 590)}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def laptops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptops]:
    made = Laptops(tmp_path_factory.mktemp("laptops"))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _plain_look(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Puts the look back. What fails inside a slot only reaches the hook: a picture without its page is no picture."""
    app = make_application()
    failed: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _where: failed.append(error))
    yield
    assert failed == []
    speak(app, "zh")
    look.apply(app)


def show(laptops: Laptops, scene: Scene, name: str) -> Hands:
    dark, large = LOOKS.get(name.removeprefix("low-"), (False, False))
    look.apply(make_application(), dark=dark, large=large)
    hands = Hands(*laptops.of(scene), size=SIZES[name])
    scene.show(hands)
    return hands


#: Dark differs in colour alone: the ordinary state shows every colour. Words break where there are many of them.
LOOKED_AT = {"empty": ["light"], "ordinary": ["light", "dark"], "full": ["light", "large", "low"], "error": ["light"]}
PICTURES = [
    pytest.param(scene, name, id=f"{scene.name}-{scene.state}-{name}")
    for scene in scenes()
    for name in SIZES
    if name in LOOKED_AT[scene.state]
]


#: Screens that are empty until somebody acts on them there.
BEFORE_THE_ACT = {"county_check", "accesses", "rechecks", "rechecks-announce"}


@pytest.mark.parametrize(("scene", "name"), PICTURES)
def test_nothing_is_wrong_with_the_picture(laptops: Laptops, scene: Scene, name: str) -> None:
    """A screen that says that there is nothing would pass every check: where there should be something, it fails."""
    hands = show(laptops, scene, name)
    found = faults(hands.frame)
    nothing = sum(each.isVisible() for each in hands.frame.findChildren(EmptyState))
    hands.close()
    assert found == []
    assert not nothing or scene.state in ("empty", "error") or scene.name in BEFORE_THE_ACT


@pytest.mark.long
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("scene", list(scenes()), ids=lambda s: f"{s.name}-{s.state}")
def test_nothing_is_wrong_in_any_look_and_language(laptops: Laptops, scene: Scene, name: str, lang: str) -> None:
    speak(make_application(), lang)
    hands = show(laptops, scene, name)
    found = faults(hands.frame)
    hands.close()
    assert found == []


SCALED = [
    pytest.param("full", "zh", "1366x768", id="full"),
    *(
        pytest.param(state, lang, size, id=f"{state}-{lang}-{size}", marks=pytest.mark.long)
        for state in ("empty", "ordinary", "full", "error")
        for lang in ("zh", "en")
        for size in ("1366x768", "1093x590")
    ),
]


@pytest.mark.parametrize(("state", "lang", "size"), SCALED)
def test_nothing_is_wrong_at_125_percent(state: str, lang: str, size: str, tmp_path: Path) -> None:
    """A scale holds for a process: the gallery's own command looks."""
    command = [sys.executable, "-m", "tests.gallery", str(tmp_path), "--quick", "--scale", "1.25", "--state", state,
               "--language", lang, "--size", size, "--look", "light"]  # fmt: skip
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False, text=True, timeout=900)
    assert done.stdout.splitlines()[-1:] == ["0 faults"], done.stdout + done.stderr


def texts(window: QWidget) -> set[str]:
    """Every word a user could meet in what is visible."""
    found: set[str] = set()
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        found.update((widget.toolTip(), widget.accessibleName(), widget.windowTitle()))
        if isinstance(widget, QLabel | QAbstractButton):
            found.add(widget.text())
        if isinstance(widget, QLineEdit):
            found.add(widget.placeholderText())
    return found


@pytest.mark.parametrize("scene", [s for s in scenes() if s.state == "empty"], ids=lambda s: f"{s.name}-{s.state}")
def test_in_english_no_chinese_is_left_where_there_is_no_data(laptops: Laptops, scene: Scene) -> None:
    speak(make_application(), "en")
    hands = show(laptops, scene, "light")
    data = {hands.desk.actor.name, glossary()["settings.language.zh"][1]}
    left = {text for text in texts(hands.frame) if HAN.search(text) and not any(known in text for known in data)}
    hands.close()
    assert left == set()


@pytest.mark.parametrize("scene", [s for s in scenes() if s.state == "ordinary"], ids=lambda s: s.name)
def test_in_english_no_phrase_of_the_glossary_stays_chinese(laptops: Laptops, scene: Scene) -> None:
    speak(make_application(), "en")
    hands = show(laptops, scene, "light")
    chinese = {zh for zh, en in glossary().values() if zh != en and "{" not in zh and len(zh) > 2}
    left, found = texts(hands.frame) & chinese, faults(hands.frame)
    hands.close()
    assert left == set()
    assert found == [], "English is longer: nothing may be cut"
