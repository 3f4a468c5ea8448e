"""A screen without a monitor (Xvfb), hands on it (xdotool), eyes (its picture). No window manager: the program fills it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageGrab

SIZE = (1366, 768)
Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]
NEEDED = ("Xvfb", "xdotool")
#: Pixels a blinking cursor may change between two looks.
BLINK = 120
PATIENCE = 60.0
#: xdotool sends letters faster than a window under load takes them.
BETWEEN_KEYS = "25"


@dataclass
class Display:
    """One display; ``environment`` lets a program open on it, and no one else's settings."""

    number: int
    server: subprocess.Popen[bytes]
    home: Path
    pictures: Path | None = None
    steps: int = field(default=0)

    @property
    def name(self) -> str:
        return f":{self.number}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        return {
            **kept, "DISPLAY": self.name, "HOME": str(self.home), "XDG_DATA_HOME": str(self.home / "data"),
            "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai",
        }  # fmt: skip

    def look(self) -> Image.Image:
        return ImageGrab.grab(xdisplay=self.name)

    def keep(self, name: str) -> None:
        """A picture for people to look at, when they asked for it."""
        self.steps += 1
        if self.pictures is not None:
            self.look().save(self.pictures / f"{self.steps:02d}-{name}.png")

    def press(self, *keys: str) -> None:
        for key in keys:
            self._do("key", "--clearmodifiers", key)
            self.rest()

    def type(self, text: str) -> None:
        """One letter at a time: xdotool drops what it sends together."""
        for letter in text:
            if letter.isascii():
                self._do("type", "--clearmodifiers", "--delay", BETWEEN_KEYS, letter)
            else:
                self._do("key", "--clearmodifiers", f"U{ord(letter):04X}")
            time.sleep(0.02)
        self.rest()

    def give_path(self, path: Path) -> None:
        """A path typed into the dialog of files that is about to open; letters sent before it stands would be lost."""
        self.wait(lambda: len(self._windows()) > 1, "the dialog of files")
        self.rest(quiet=1.0)
        self.type(str(path))
        self.press("Return")
        self.wait(lambda: len(self._windows()) == 1, "the dialog of files to go")
        self.take_keyboard()

    def drag(self, points: Sequence[tuple[int, int]]) -> None:
        """The pen down at the first point, along the others, up at the last."""
        self._do("mousemove", *map(str, points[0]))
        self._do("mousedown", "1")
        for point in points[1:]:
            self._do("mousemove", *map(str, point))
            time.sleep(0.02)
        self._do("mouseup", "1")

    def click(self, x: int, y: int) -> None:
        self._do("mousemove", str(x), str(y), "click", "1")
        self.rest()

    def wait_for(self, colour: Colour, least: tuple[int, int], inside: Box, what: str) -> None:
        """Until an area of ``colour`` stands there; a busy machine may take its time."""
        self.wait(lambda: bool(self._areas(colour, least, inside)), what, patience=120.0)
        self.rest()

    def is_drawn(self, inside: Box) -> bool:
        """Whether anything but one plain colour stands in there."""
        return len(self.look().convert("RGB").crop(inside).getcolors(maxcolors=1 << 20) or ()) > 3

    def lowest_box(self, colour: Colour, least: tuple[int, int], inside: Box) -> Box:
        """(left, top, width, height) of the lowest area of ``colour`` at least that large."""
        found = self._areas(colour, least, inside)
        assert found, "no such area on the screen"
        return max(found, key=lambda box: (box[1], -box[0]))

    def _areas(self, colour: Colour, least: tuple[int, int], inside: Box) -> list[Box]:
        """Seen like an eye does: by the left edge's column and the top row of each."""
        picture, (left, top, right, bottom) = self.look().convert("RGB"), inside
        found: list[tuple[int, int, int, int]] = []
        for x in range(left, right, 8):
            for start, end in _runs([picture.getpixel((x, y)) == colour for y in range(top, bottom)]):
                if end - start >= least[1]:
                    row = [picture.getpixel((across, top + start + 6)) == colour for across in range(x, right)]
                    wide = next(iter(_runs(row)), (0, 0))[1]
                    if wide >= least[0]:
                        found.append((x, top + start, wide, end - start))
        return found

    def take_keyboard(self) -> None:
        """The program's window gets the keyboard back when a dialog of its own has gone: a window manager's work."""
        self._do("windowfocus", "--sync", self._windows()[-1])
        self.rest()

    def _windows(self) -> list[str]:
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", "."], env=self.environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        return found.stdout.split()

    def rest(self, quiet: float = 0.35, patience: float = PATIENCE) -> None:
        """Until the picture stands still for ``quiet`` seconds."""
        end, before, since = time.monotonic() + patience, None, time.monotonic()
        while time.monotonic() < end:
            now = self.look().convert("L")
            if before is None or _differing(before, now) > BLINK:
                before, since = now, time.monotonic()
            elif time.monotonic() - since >= quiet:
                return
            time.sleep(0.08)
        raise AssertionError("the screen does not come to rest")

    def wait(self, until: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        end = time.monotonic() + patience
        while not until():
            if time.monotonic() > end:
                self.keep("waited-in-vain")
                raise AssertionError(f"waited in vain for {what}")
            time.sleep(0.1)

    def _do(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], check=True, env=self.environment, capture_output=True, timeout=30)


def _runs(marks: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """(start, end) of every run of True."""
    at = 0
    for mark, run in groupby(marks):
        length = len(list(run))
        if mark:
            yield at, at + length
        at += length


def _differing(before: Image.Image, now: Image.Image) -> int:
    """Pixels that changed visibly."""
    return sum(ImageChops.difference(before, now).histogram()[24:])


@contextmanager
def display(home: Path, pictures: Path | None = None) -> Iterator[Display]:
    """A display of 1366×768 that goes when the block ends."""
    for program in NEEDED:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is absent: the packaged program is NOT driven here")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = int(told.readline())
        yield Display(number, server, home, pictures)
    finally:
        server.terminate()
        server.wait(10)


class Program:
    """The packaged program on a display; ``kill`` is the power cut, ``close`` the closed lid."""

    def __init__(self, command: Sequence[str], screen: Display, *arguments: str) -> None:
        self.screen = screen
        self.process = subprocess.Popen(
            [*command, *arguments], env=screen.environment, cwd=screen.home, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        screen.wait(self._stands, "the program's window")
        screen.rest(quiet=0.8)

    def _stands(self) -> bool:
        assert self.process.poll() is None, f"the program ended with {self.process.returncode}"
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", "."], env=self.screen.environment, capture_output=True,
            check=False,
        )  # fmt: skip
        return bool(found.stdout.strip())

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def close(self) -> None:
        """As the desktop's session does at its end."""
        window = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", "."], env=self.screen.environment, capture_output=True,
            check=False, text=True,
        ).stdout.split()  # fmt: skip
        for each in window:
            subprocess.run(["xdotool", "windowclose", each], env=self.screen.environment, check=False)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
