"""What the house stands on: locks, fonts, icons, licences, and a set-up that works on a bare machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import psycopg
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter, QRawFont
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

import resources
from ui.app import make_application

pytestmark = pytest.mark.omission

ROOT = Path(__file__).resolve().parent.parent
LOCKS = (
    "requirements.lock",
    "requirements-dev.lock",
    "resources/packaging/requirements.lock",
    "resources/setup/pip.lock",
)
ICONS = sorted(resources.path("icons").glob("*.svg"))
BUNDLED = ("fonts", "icons")

# Names that offices have had to write by hand, plus one of each extension from A to F.
RARE = "䶮㛃𬱖㼆𠅤𤰉𪜀𫝀𫠠𬺰龘曾单仇"


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def application() -> QApplication:
    return make_application()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_version_and_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text)
    entries = [entry for entry in entries if not entry.startswith("#")]
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==[\w.!+]+", entry), entry.splitlines()[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry.splitlines()[0]
    assert "://" not in text, "a lock names an index or a place on a disk"


@pytest.mark.parametrize("other", ["requirements-dev.lock", "resources/packaging/requirements.lock"])
def test_tests_and_package_hold_what_users_run(other: str) -> None:
    def versions(lock: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        pairs = re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
        for name, version in pairs:
            found.setdefault(name, set()).add(version)
        return found

    runtime, its = versions("requirements.lock"), versions(other)
    assert {name: its.get(name) for name in runtime} == runtime


def test_every_wished_package_is_locked() -> None:
    for wishes, lock in (("requirements.in", "requirements.lock"), ("requirements-dev.in", "requirements-dev.lock")):
        names = re.findall(r"^([A-Za-z][\w-]*)", (ROOT / wishes).read_text(encoding="utf-8"), re.MULTILINE)
        locked = (ROOT / lock).read_text(encoding="utf-8")
        for name in names:
            assert re.search(rf"^{name.lower().replace('_', '-')}==", locked, re.MULTILINE), f"{name}: run `make lock`"


def test_the_two_families_draw_every_rare_name(application: QApplication) -> None:
    def font(name: str) -> QRawFont:
        loaded = QRawFont(str(resources.path("fonts", name)), 16)
        assert loaded.isValid(), name
        return loaded

    regular, bold, rare = font("NotoSansSC-Regular.ttf"), font("NotoSansSC-Bold.ttf"), font("HanaMinB.ttf")
    for character in RARE:
        code = ord(character)
        assert regular.supportsCharacter(code) == bold.supportsCharacter(code), f"U+{code:X} changes font in bold"
        assert regular.supportsCharacter(code) or rare.supportsCharacter(code), f"U+{code:X} has no glyph"


@pytest.mark.parametrize("name", ["NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "HanaMinB.ttf"])
def test_fonts_are_truetype_outlines_which_reports_can_embed(name: str) -> None:
    content = resources.path("fonts", name).read_bytes()
    tables = {content[12 + 16 * i : 16 + 16 * i] for i in range(int.from_bytes(content[4:6], "big"))}
    assert content[:4] == b"\x00\x01\x00\x00"
    assert b"glyf" in tables
    assert b"CFF " not in tables
    assert b"fvar" not in tables, "a variable font prints at one weight only"


@pytest.mark.parametrize("icon", ICONS, ids=lambda path: path.stem)
def test_every_icon_draws_in_the_colour_asked_for(icon: Path, application: QApplication) -> None:
    source = icon.read_text(encoding="utf-8")
    assert 'stroke="currentColor"' in source
    renderer = QSvgRenderer(source.replace("currentColor", "#1D5799").encode())
    assert renderer.isValid()
    assert renderer.defaultSize() == QSize(24, 24)
    image = QImage(48, 48, QImage.Format.Format_ARGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    drawn = {image.pixelColor(x, y).name() for x in range(48) for y in range(48)}
    assert "#1d5799" in drawn


def test_the_icon_table_names_only_icons_that_are_there() -> None:
    table = resources.path("icons", "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z0-9-]+)`", table.split("|---|---|")[1]))
    assert named <= {icon.stem for icon in ICONS}


@pytest.mark.parametrize("folder", BUNDLED)
def test_bundled_work_of_others_says_whose_it_is(folder: str) -> None:
    readme = resources.path(folder, "README.md").read_text(encoding="utf-8")
    assert "rigin" in readme
    assert re.search(r"\d+\.\d+", readme), "the version is missing"
    licences = re.findall(r"`(LICENSE[\w.-]*)`", readme)
    assert licences
    for licence in licences:
        assert resources.path(folder, licence).stat().st_size > 500


def test_nothing_in_the_tree_depends_on_one_machine() -> None:
    # Written apart, so that this file does not find itself. /root/item is also an XPath.
    marks = ["/" + "work/", r"\." + "library", "/" + r"root/\.", "/" + "home/", "C:" + r"\\Users"]
    for path in tracked_files():
        if path.suffix in {".ttf", ".png", ".xlsx", ".jpg", ".pdf"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for mark in marks:
            assert not re.search(mark, text), f"{path.relative_to(ROOT)} names {mark}"


@pytest.mark.parametrize("paper", sorted(ROOT.glob("*.md")), ids=lambda path: path.name)
def test_papers_point_only_to_what_is_there(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    links = [target for target in re.findall(r"\]\(([^)#]+)", text) if "://" not in target]
    assert not [target for target in links if not (ROOT / target).exists()]


def test_postgresql_is_the_tests_own(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("SELECT %s::text, current_setting('server_encoding')", ["𬱖"]).fetchone()
    assert row == ("𬱖", "UTF8")
