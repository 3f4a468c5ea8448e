"""A forgotten passphrase at the window: request out, answers in, new passphrase, new keys, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from fieldapp.domain.statements import sign_statement
from fieldapp.errors import VaultError
from fieldapp.store.api import Profile, Store
from fieldapp.store.vault import recovery
from tests.store.county import COUNTY, GRID, PASSPHRASE, County, make_store
from tests.ui.hands import settle
from ui.app import make_application
from ui.entrance import Entrance

NEW = "院子里的水井旁边"


@pytest.fixture
def custodians() -> dict[str, X25519PrivateKey]:
    return {slot: X25519PrivateKey.generate() for slot in recovery.SLOTS}


@pytest.fixture
def laptop(tmp_path: Path, custodians: dict[str, X25519PrivateKey]) -> tuple[Path, str]:
    """(the profiles' folder, a household nobody has sent yet)."""
    make_application()
    county = County()
    for slot, key in custodians.items():
        body = {"county": COUNTY, "role": "recovery", "public_key": key.public_key().public_bytes_raw().hex()}
        county.more.append(sign_statement("key-certificate", {**body, "slot": slot}, county.root))
    store, _ = make_store(tmp_path / "home" / "p", county)
    with store:
        home = store.write_now(lambda tx: tx.create("household", GRID, {"address": "周岭村三组12号"}))
        store.write_now(lambda tx: tx.save_draft("d", "visit", home, {"age": 71}))
    return tmp_path / "home", home


@pytest.fixture
def entrance(laptop: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Entrance]:
    request = str(tmp_path / "stick.tjbrequest")
    monkeypatch.setattr("ui.recovering.QFileDialog.getSaveFileName", lambda *_: (request, ""))
    made = Entrance(laptop[0])
    made.show()
    settle()
    yield made
    made.close()


def form(entrance: Entrance) -> object:
    entrance.show_recovery()
    settle()
    return entrance.card.body.itemAt(0).widget()


def ask(entrance: Entrance) -> bytes:
    asking = form(entrance)
    asking.secret.passphrase.field.setText(NEW)
    asking.secret.again.field.setText(NEW)
    QTest.keyClick(asking.secret.again.field, Qt.Key.Key_Return)
    settle(lambda: hasattr(asking, "request"))
    return asking.request.data


def answers(tmp_path: Path, request: bytes, *keys: X25519PrivateKey) -> list[Path]:
    made = []
    for number, key in enumerate(keys):
        made.append(tmp_path / f"{len(list(tmp_path.iterdir()))}-{number}.tjbanswer")
        made[-1].write_bytes(recovery.answer(request, key))
    return made


def test_from_the_request_to_the_open_store(
    entrance: Entrance, laptop: tuple[Path, str], tmp_path: Path, custodians: dict[str, X25519PrivateKey]
) -> None:
    request = ask(entrance)
    assert (tmp_path / "stick.tjbrequest").read_bytes() == request
    entrance.close()
    # The laptop was switched off while the custodians answered.
    again = Entrance(laptop[0])
    again.show()
    waiting = form(again)
    assert not waiting.go.isEnabled()
    waiting.take(answers(tmp_path, request, custodians["a-spare"], custodians["b"]))
    assert waiting.go.isEnabled()
    before = (laptop[0] / "p" / "records.db").read_bytes()[:16]
    got: list[tuple[Profile, Store]] = []
    again.opened.connect(lambda profile, store: got.append((profile, store)))
    waiting.passphrase.field.setText(NEW)
    QTest.keyClick(waiting.passphrase.field, Qt.Key.Key_Return)
    settle(lambda: again.card.body.itemAt(0).widget() is not waiting)
    enrolling = again.card.body.itemAt(0).widget()
    assert not enrolling.profile.rotation_due
    assert not enrolling.profile.enrolled, "the device key is new too"
    assert (laptop[0] / "p" / "records.db").read_bytes()[:16] != before, "written anew under another key"
    enrolling.later.click()
    settle(lambda: bool(got))
    profile, store = got[0]
    assert store.read_now(lambda tx: tx.document(laptop[1]))
    assert store.read_now(lambda tx: tx.draft("d")).body == {"age": 71}
    assert len(store.read_now(lambda tx: tx.unsent())) == 1
    store.close()
    again.close()
    with pytest.raises(VaultError, match=r"vault\.passphrase"):
        Profile.unlock(profile.folder, PASSPHRASE)
    assert not (profile.folder / recovery.PENDING).exists()


def test_a_wrong_answer_says_so_and_changes_nothing(
    entrance: Entrance, laptop: tuple[Path, str], tmp_path: Path, custodians: dict[str, X25519PrivateKey]
) -> None:
    first = ask(entrance)
    (old,) = answers(tmp_path, first, custodians["a"])
    waiting = entrance.card.body.itemAt(0).widget()
    noise = tmp_path / "noise.tjbanswer"
    noise.write_text("{}")
    waiting.take([noise])
    assert waiting.message.text().startswith("这不是这份申请的答复")
    second = recovery.begin(laptop[0] / "p", NEW).data
    waiting.take([old, *answers(tmp_path, second, custodians["b"])])
    waiting.passphrase.field.setText(NEW)
    waiting.finish()
    settle(waiting.message.isVisible)
    assert waiting.message.text().startswith("这不是这份申请的答复")
    Profile.unlock(laptop[0] / "p", PASSPHRASE)


def test_a_recovery_cut_off_before_its_keys_were_changed_is_finished_at_the_next_unlocking(
    entrance: Entrance, laptop: tuple[Path, str], custodians: dict[str, X25519PrivateKey]
) -> None:
    request = ask(entrance)
    halves = [recovery.answer(request, custodians[slot]) for slot in ("a", "b-spare")]
    assert Profile.recover(laptop[0] / "p", NEW, halves).rotation_due
    entrance.show_unlock()
    entrance.passphrase.field.setText(NEW)
    entrance.unlock()
    settle(lambda: hasattr(entrance.card.body.itemAt(0).widget(), "later"))
    enrolling = entrance.card.body.itemAt(0).widget()
    assert not enrolling.profile.rotation_due
    assert enrolling.store.read_now(lambda tx: tx.document(laptop[1]))
    enrolling.store.close()


def test_without_the_countys_envelope_it_says_what_else_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_application()
    make_store(tmp_path / "home" / "p")[0].close()
    monkeypatch.setattr("ui.recovering.QFileDialog.getSaveFileName", lambda *_: (str(tmp_path / "r"), ""))
    made = Entrance(tmp_path / "home")
    asking = form(made)
    asking.secret.passphrase.field.setText(NEW)
    asking.secret.again.field.setText(NEW)
    asking.ask()
    settle(lambda: bool(asking.message.text()))
    assert "恢复信封" in asking.message.text()
    made.close()
