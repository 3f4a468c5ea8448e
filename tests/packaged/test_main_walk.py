"""The main walk on the packaged program, with keys and a mouse on a screen of its own; the server is a real process.

P1  the worker unlocks, screens two doors, reports a family in difficulty, opens a home visit and is stopped by what is
    missing; the process is killed in the middle of the form and no answer is lost
P2  photo and three signatures by hand; submitted; synced
P3  the supervisor sends the visit back with a word, the worker mends it, the supervisor approves and exports the report
P4  the packaged program itself calls the report genuine, and altered after one byte
P5  the folder of the worker holds no readable name and no answer
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PIL import Image

from fieldapp.store.api import QUICK, Profile, ReadTx, Store
from resources.demo.cast import CAST, Colleague
from resources.demo.county_server import CountyServer, Wanted, first_sync
from tests.packaged.display import Display, Program, display
from ui.screens.registry import rail_of

#: xdotool has no Chinese passphrases; everything else of the cast stays.
PASSPHRASE = "two old date trees 1"
WORKER, SUPERVISOR = (replace(CAST[place], passphrase=PASSPHRASE) for place in (0, 2))
SMALL = Wanted(60, 7, (1, 2, 8))
FAMILY, PINYIN = "何德生", "hedesheng"
SHEET_GROUND = (0xF5, 0xF7, 0xF9)  # the token "ground" of ui.md: what one signs on
RAIL = (0, 40, 86, 700)  # plain on the entrance, icons and words behind it
ACCENT = (0x1D, 0x57, 0x99)  # the token "accent": the main button of a screen
WORD = "please look at the kitchen again"


@dataclass
class Office:
    """The county, the screen, the program: what the walk walks through."""

    county: CountyServer
    screen: Display
    program: Path
    home: Path
    running: Program | None = None

    def open(self, who: Colleague) -> Program:
        """Start and unlock, as in the morning."""
        if self.running is not None:
            self.running.kill()
        where = ("--home", str(self.county.profiles), "--profile", who.user)
        self.running = Program([str(self.program)], self.screen, *where)
        self.screen.type(who.passphrase)
        self.screen.press("Return")
        self.screen.wait(lambda: self.screen.is_drawn(RAIL), "the work behind the entrance", patience=120.0)
        self.screen.rest(quiet=1.5)
        return self.running

    def enrol(self, who: Colleague) -> Path:
        folder = self.county.laptop(who, kdf=QUICK)
        first_sync(folder, who.passphrase)
        return folder

    def verify(self, paper: Path) -> str:
        """What the packaged program says of a file, in a terminal."""
        command = [str(self.program), "--home", str(self.county.profiles), "verify", str(paper)]
        said = subprocess.run(command, env=self.screen.environment, capture_output=True, check=False, timeout=120)
        return said.stdout.decode().strip()

    def read(self, who: Colleague, work: object) -> object:
        """Look into a closed laptop."""
        with Store.open(Profile.unlock(self.county.profiles / who.user, who.passphrase)) as store:
            return store.read_now(work)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def office(packaged: Path, pictures: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("walk")
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(home / "door.jpg")
    county = CountyServer(home / "county", SMALL, cast=[WORKER, SUPERVISOR], say=lambda _: None)
    with county, display(home, pictures) as screen:
        yield Office(county, screen, packaged, home)


def test_the_worker_screens_reports_and_visits(office: Office) -> None:
    """P1."""
    office.enrol(WORKER)
    screen, program = office.screen, office.open(WORKER)
    screen.press("Return")  # the guide of the first start
    screen.keep("today")
    open_screen(screen, WORKER, "screening")
    screen.press("1")
    screen.keep("a normal door")
    screen.press("3", "1", "Return")
    screen.keep("reported")
    begin_visit(screen)
    screen.press("ctrl+Return")
    screen.keep("stopped by what is missing")
    screen.press("shift+F4")
    screen.rest(quiet=1.5)
    screen.keep("answers as last time")
    program.kill()
    visits = office.read(WORKER, lambda tx: (len(list(tx.of_type("visit"))), [draft.kind for draft in tx.drafts()]))
    assert visits == (1, ["visit"]), "nothing submitted, the draft kept"


def test_the_killed_form_is_there_again_and_goes_to_the_county(office: Office) -> None:
    """P2."""
    screen, program = office.screen, office.open(WORKER)
    begin_visit(screen)
    screen.keep("found again")
    attach_photo(office)
    for _ in range(3):
        sign(screen)
    screen.press("ctrl+Return")
    screen.rest(quiet=1.0)
    screen.keep("submitted")
    sync(screen)
    screen.keep("synced")
    program.close()
    unsent, states = office.read(WORKER, lambda tx: (tx.sync_state().unsent, answers_of(tx)))
    assert unsent == 0
    assert {"difficulty", "normal"} <= set(states)


def test_it_comes_back_and_is_mended(office: Office) -> None:
    """P3, the first half."""
    office.enrol(SUPERVISOR)
    screen, program = office.screen, office.open(SUPERVISOR)
    screen.press("Return")
    to_the_visit(screen)
    screen.press("r")
    screen.type(WORD)
    screen.press("Return")
    screen.keep("asked")
    screen.press("r")
    sync(screen)
    screen.keep("sent back")
    program.close()

    program = office.open(WORKER)
    sync(screen)
    open_screen(screen, WORKER, "today")
    screen.rest()
    screen.keep("returned, in Today")
    open_screen(screen, WORKER, "visit")
    screen.press("Return")
    screen.rest(quiet=1.5)
    screen.keep("with the supervisor's word")
    screen.press("ctrl+Return")
    screen.rest(quiet=1.0)
    sync(screen)
    screen.keep("mended")
    program.close()
    assert office.read(WORKER, lambda tx: tx.sync_state().unsent) == 0


def test_it_is_approved_and_printed(office: Office, text_of: Callable[[bytes], str]) -> None:
    """P3, the second half; P4."""
    folder = office.home / "reports out"  # xdotool drops Chinese letters under load
    folder.mkdir()
    screen, program = office.screen, office.open(SUPERVISOR)
    sync(screen)
    to_the_visit(screen)
    screen.press("a")
    screen.rest(quiet=1.0)
    screen.keep("approved")
    sync(screen)
    open_screen(screen, SUPERVISOR, "reports")
    screen.rest(quiet=1.5)
    screen.keep("the report")
    screen.press("Return")
    screen.give_path(folder)
    screen.wait(lambda: any(folder.glob("*.pdf")), "the report on disk")
    screen.rest(quiet=1.0)
    screen.keep("exported")
    program.close()

    [paper] = folder.glob("*.pdf")
    assert FAMILY in text_of(paper.read_bytes())
    assert office.verify(paper) == "真实 genuine"
    changed = bytearray(paper.read_bytes())
    changed[len(changed) // 2] ^= 1
    paper.write_bytes(changed)
    assert office.verify(paper) == "已被改动 altered"


def test_the_worker_left_nothing_readable(office: Office) -> None:
    """P5: the names of the families and what was said, in no file of the profile."""
    wanted = [text.encode() for text in (FAMILY, "胡有春", WORD, "低保", "缺乏")]
    for path in (office.county.profiles / WORKER.user).rglob("*"):
        if path.is_file() and "forms" not in path.parts:
            data = path.read_bytes()
            assert not [text for text in wanted if text in data], path.name


def open_screen(screen: Display, who: Colleague, name: str) -> None:
    """By its place on the rail of this role."""
    rail = [entry.name for entry in rail_of(who.role)]
    screen.press(f"alt+{rail.index(name) + 1}")


def to_the_visit(screen: Display) -> None:
    """The newest of the desk's queue: three of last quarter stand before it."""
    open_screen(screen, SUPERVISOR, "review")
    screen.rest(quiet=1.0)
    screen.press("j", "j", "j")
    screen.rest(quiet=1.0)


def begin_visit(screen: Display) -> None:
    screen.press("ctrl+k")
    screen.type(PINYIN)
    screen.press("Return")
    screen.rest()
    screen.press("v")
    screen.wait_for(ACCENT, (8, 24), (860, 60, 1060, 150), "the form")
    screen.rest(quiet=1.5)


def attach_photo(office: Office) -> None:
    screen = office.screen
    screen.press("F8", "Return")
    screen.give_path(office.home / "door.jpg")
    screen.keep("photo")


def sign(screen: Display) -> None:
    """Strokes on the lowest sheet the form has scrolled to."""
    screen.press("F8")
    x, y, wide, high = screen.lowest_box(SHEET_GROUND, least=(400, 120), inside=(330, 200, 1000, 720))
    for row in (0.35, 0.6):
        screen.drag([(round(x + wide * step / 12), round(y + high * (row + 0.12 * (step % 3)))) for step in range(2, 11)])
    screen.rest(quiet=2.0)
    screen.keep("signed")


def sync(screen: Display) -> None:
    screen.press("ctrl+shift+s", "Return")
    screen.rest(quiet=2.5)


def answers_of(tx: ReadTx) -> list[str]:
    return [str(view.state.get("answer")) for view in tx.of_type("door_answer")]
