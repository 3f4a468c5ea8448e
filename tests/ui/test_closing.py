"""The window is closed as it stands: the process ends by itself and quietly, and what was given is there."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.store.api import Profile, Store
from fieldapp.workflows.intake import desk as intake
from fieldapp.workflows.intake.storing import import_into
from tests.reports.town import town
from tests.store.county import PASSPHRASE, VILLAGE
from tests.ui.closing_day import LEDGER, TYPED
from tests.ui.town import ANSWERED, HEADS, supervisor, village
from tests.workflows.intake.makers import HEADER, book, number

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = 400
ENDS_WITHIN = 60  # seconds from the start of the process, under whatever else the machine does; by itself it takes three


@pytest.fixture
def silent_server() -> Iterator[str]:
    """Takes every connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    _profile, store, _actor = village(tmp_path)
    store.close()
    return tmp_path


def closed(home: Path, state: str, out: Path | None = None) -> str:
    """Start, come into ``state``, close; what the process said. It must end by itself, well, and without a word of
    trouble."""
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", "tests.ui.closing_day", str(home), state, str(out or home)],
        cwd=ROOT, capture_output=True, text=True, timeout=ENDS_WITHIN, check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    troubles = [line for line in done.stderr.splitlines() if not line.startswith("This plugin does not support")]
    assert (done.returncode, troubles) == (0, [])
    return done.stdout


def opened(home: Path) -> Store:
    return Store.open(Profile.unlock(home / "profile", PASSPHRASE))


@pytest.mark.parametrize("state", ["nothing_chosen", "unlocking", "at_work", "help_open"])
def test_closed_at_rest_or_under_a_sheet(home: Path, state: str) -> None:
    closed(home, state)
    opened(home).close()


def test_closed_with_a_form_half_filled(home: Path) -> None:
    closed(home, "form_half_filled")
    with opened(home) as store:
        [draft] = store.read_now(lambda tx: tx.drafts())
        assert TYPED in str(draft.body), "to the last letter"


def test_an_answer_that_waited_for_its_turn_is_kept(home: Path) -> None:
    closed(home, "doors_behind_long_work")
    with opened(home) as store:
        answers = store.read_now(lambda tx: tx.rows("SELECT count(*) FROM document WHERE type = 'door_answer'"))
    assert answers == [(len(ANSWERED) + 1,)]


@pytest.mark.parametrize(("state", "said"), [("server_silent", ""), ("locked_while_the_server_is_silent", "anew\n")])
def test_a_silent_server_keeps_nobody(home: Path, silent_server: str, state: str, said: str) -> None:
    profile = Profile.unlock(home / "profile", PASSPHRASE)
    profile.set_identity(replace(profile.require_identity(), server=silent_server))
    assert closed(home, state) == said
    opened(home).close()


def test_an_export_under_way_is_finished_whole(tmp_path: Path) -> None:
    place = town(tmp_path / "town", photos=1)
    folder = place.home.store.profile.folder
    place.home.store.close()
    out = tmp_path / "out"
    out.mkdir()
    closed(folder.parent, "export_running", out)
    [paper] = out.iterdir()
    assert paper.read_bytes().startswith(b"%PDF")
    assert paper.read_bytes().rstrip().endswith(b"%%EOF")


def test_an_import_under_way_stops_behind_a_batch_and_goes_on_another_day(tmp_path: Path) -> None:
    _profile, store, _actor = village(tmp_path, desk=True)
    store.close()
    rows = [
        [n, f"户主{n}", 1, f"户主{n}", "户主", "男", number("1950-03-05", 2 * n - 1), "", "周岭村", "", ""]
        for n in range(1, FAMILIES + 1)
    ]
    (tmp_path / LEDGER).write_bytes(book(("周岭村", [HEADER, *rows])))
    closed(tmp_path, "import_running")
    with opened(tmp_path) as store:
        before = households(store)
        assert len(HEADS) < before
        plan = intake.preview_file(store, supervisor(), tmp_path / LEDGER, area=VILLAGE)
        import_into(store, supervisor(), plan)
        assert households(store) == len(HEADS) + FAMILIES


def households(store: Store) -> int:
    [(found,)] = store.read_now(lambda tx: tx.rows("SELECT count(*) FROM household"))
    return int(found)
