"""The demo's county: made once, found again, whole after a kill at any moment, reached only by its own commands."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from fieldapp.store.api import QUICK
from resources.demo.cast import CAST
from resources.demo.county_server import ROOT, CountyServer, DemoFailure, Wanted, first_sync

WANTED = Wanted(40, 11, (1, 2, 8), visits=False)


def county(home: Path, wanted: Wanted = WANTED) -> CountyServer:
    return CountyServer(home, wanted, say=lambda _: None)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("demo") / "home"
    county(made).prepare()
    return made


def answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except URLError:
        return False


def test_the_second_start_finds_everything_and_leaving_stops_the_server(home: Path) -> None:
    files = {path: path.stat().st_mtime_ns for path in (home / "files").iterdir()}
    with county(home) as running:
        url = running.url
        worker = CAST[0]
        folder = running.laptop(worker, kdf=QUICK)
        first = first_sync(folder, worker.passphrase)
        assert first["people"] > first["households"] > 0
    assert not answers(url)
    with county(home) as again:
        assert again.url == url
        assert again.laptop(worker, kdf=QUICK) == folder
        assert first_sync(folder, worker.passphrase) == first
    assert {path: path.stat().st_mtime_ns for path in (home / "files").iterdir()} == files


def test_a_server_left_by_a_killed_demo_is_ended_and_the_county_opens(home: Path) -> None:
    killed = county(home)
    killed.prepare()
    killed.start()
    assert killed.process is not None
    orphan = killed.process.pid
    reopened = county(home)
    with reopened:
        assert reopened.url == killed.url
        assert reopened.process is not None
        assert reopened.process.pid != orphan
        assert killed.process.wait(5) is not None
        assert answers(reopened.url)
    assert killed.process.stdout is not None
    killed.process.stdout.close()


def test_a_pid_that_is_somebody_elses_is_left_alone(home: Path) -> None:
    (home / "server" / "server.pid").write_text(str(os.getpid()), encoding="utf-8")
    with county(home) as running:
        assert answers(running.url)


def test_a_county_half_made_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "home" / "server.making"
    (half / "keys").mkdir(parents=True)
    (half / "keys" / "root.key").write_text("cut off", encoding="utf-8")
    fresh = county(tmp_path / "home", Wanted(4, 1, (1, 2, 8), visits=False))
    fresh.prepare()
    assert not half.exists()
    about = json.loads((tmp_path / "home" / "server" / "about.json").read_text("utf-8"))
    assert about["households"] == 4


def test_a_county_whose_stories_were_cut_off_is_made_anew(tmp_path: Path) -> None:
    wanted = Wanted(4, 1, (1, 2, 8), visits=False)
    county(tmp_path / "home", wanted).prepare()
    keys = (tmp_path / "home" / "server" / "keys" / "server.keys").read_bytes()
    county(tmp_path / "home", wanted).begin_telling()
    county(tmp_path / "home", wanted).prepare()
    assert (tmp_path / "home" / "server" / "keys" / "server.keys").read_bytes() != keys
    whole = county(tmp_path / "home", wanted)
    whole.begin_telling()
    whole.end_telling()
    keys = (tmp_path / "home" / "server" / "keys" / "server.keys").read_bytes()
    whole.prepare()
    assert (tmp_path / "home" / "server" / "keys" / "server.keys").read_bytes() == keys


def test_a_laptop_half_enrolled_is_enrolled_anew(home: Path) -> None:
    with county(home) as running:
        collector = CAST[1]
        torn = running.profiles / collector.user
        torn.mkdir(parents=True, exist_ok=True)
        (torn / "vault.json").write_text("{", encoding="utf-8")
        folder = running.laptop(collector, kdf=QUICK)
        assert first_sync(folder, collector.passphrase)["households"] > 0


def test_another_size_does_not_take_the_place_of_a_county(home: Path) -> None:
    with pytest.raises(DemoFailure, match="40"):
        county(home, Wanted(41, 11, (1, 2, 8))).prepare()


def test_the_command_opens_the_window_and_interrupting_it_stops_the_server(home: Path) -> None:
    port = json.loads((home / "server" / "about.json").read_text("utf-8"))["port"]
    (home / "profiles").mkdir(exist_ok=True)
    (home / "profiles" / "stories-told").touch()
    command = [sys.executable, "-m", "resources.demo", "--home", str(home), "--households", "40", "--seed", "11"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    # Tests started in the background of a shell inherit an ignored Ctrl+C, and would hand it on.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    demo = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    signal.signal(signal.SIGINT, before)
    assert demo.stdout is not None
    try:
        assert any(CAST[-1].passphrase in line for line in demo.stdout)
        assert answers(f"http://127.0.0.1:{port}")
        os.killpg(demo.pid, signal.SIGINT)  # as Ctrl+C does: the window hears it too
        assert demo.wait(40) == 130
    finally:
        demo.kill()
        demo.stdout.close()
    assert not answers(f"http://127.0.0.1:{port}")
