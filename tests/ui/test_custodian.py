"""The laptop is dead and its passphrase forgotten: two custodians of the county, a backup, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from PySide6.QtWidgets import QPushButton

from fieldapp.domain.statements import sign_statement
from fieldapp.errors import InputError, RefusedError, VaultError
from fieldapp.store.api import Profile, Store
from fieldapp.store.backup import write_backup
from fieldapp.store.vault import recovery
from fieldapp.workflows import access_log, custody
from fieldapp.workflows.actor import Actor
from tests.store.county import COUNTY, GRID, County, make_store
from tests.ui.hands import Hands, let_go, settle
from ui.app import make_application
from ui.entrance import Entrance
from ui.recovering import RecoveryForm
from ui.restoring import RestoreForm
from ui.screens.custodian_sheet import CustodianSheet
from ui.screens.settings import SettingsScreen

NEW, SECRET = "院子里的水井旁边", "保管人自己的口令"


@pytest.fixture
def custodians() -> dict[str, X25519PrivateKey]:
    return {slot: X25519PrivateKey.generate() for slot in recovery.SLOTS}


@pytest.fixture
def county(custodians: dict[str, X25519PrivateKey]) -> County:
    made = County()
    for slot, key in custodians.items():
        body = {"county": COUNTY, "role": "recovery", "public_key": key.public_key().public_bytes_raw().hex()}
        made.more.append(sign_statement("key-certificate", {**body, "slot": slot}, made.root))
    return made


@pytest.fixture
def backup(county: County, tmp_path: Path) -> tuple[Path, str]:
    """(a backup on a stick, a household that was never sent); its laptop is gone."""
    make_application()
    store, _ = make_store(tmp_path / "gone", county)
    home = store.write_now(lambda tx: tx.create("household", GRID, {"address": "周岭村三组12号"}))
    store.write_now(lambda tx: tx.save_draft("d", "visit", home, {"age": 71}))
    write_backup(store, tmp_path / "stick.tjbackup")
    store.close()
    return tmp_path / "stick.tjbackup", home


@pytest.fixture
def office(county: County, tmp_path: Path) -> Iterator[tuple[Store, Actor]]:
    store, _ = make_store(tmp_path / "office", county, role="county", areas=(COUNTY,))
    yield store, Actor("li.qiu", "何平", "county", COUNTY, (COUNTY,))
    store.close()


def pem(key: X25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(SECRET.encode()))


def restored_form(home: Path, file: Path) -> tuple[Entrance, RecoveryForm]:
    """A new laptop: the backup named, its passphrase forgotten."""
    entrance = Entrance(home)
    entrance.show()
    entrance.show_restore()
    form = entrance.card.body.itemAt(0).widget()
    assert isinstance(form, RestoreForm)
    form.file.field.setText(str(file))
    form.name.field.setText("李秋")
    form.forget()
    settle(lambda: isinstance(entrance.card.body.itemAt(0).widget(), RecoveryForm))
    found = entrance.card.body.itemAt(0).widget()
    assert isinstance(found, RecoveryForm)
    return entrance, found


def ask(form: RecoveryForm) -> recovery.Request:
    form.secret.passphrase.field.setText(NEW)
    form.secret.again.field.setText(NEW)
    form.ask()
    settle(lambda: hasattr(form, "request"))
    return form.request


def test_from_a_dead_laptop_and_a_forgotten_passphrase_to_an_open_store(
    backup: tuple[Path, str], office: tuple[Store, Actor], custodians: dict[str, X25519PrivateKey], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    request, first, second = (tmp_path / name for name in ("r.tjbrequest", "a.tjbanswer", "b.tjbanswer"))
    monkeypatch.setattr("ui.recovering.QFileDialog.getSaveFileName", lambda *_: (str(request), ""))
    entrance, form = restored_form(tmp_path / "home", backup[0])
    asked = ask(form)
    # At the county's desk: the window's own sheet gives the first half, another custodian the second.
    store, actor = office
    (tmp_path / "a.pem").write_bytes(pem(custodians["a"]))
    monkeypatch.setattr("ui.screens.custodian_sheet.QFileDialog.getSaveFileName", lambda *_: (str(first), ""))
    hands = Hands(store.profile, store, actor)
    screen = hands.open("settings")
    assert isinstance(screen, SettingsScreen)
    screen.answer_request()
    settle()
    (sheet,) = hands.frame.findChildren(CustodianSheet)
    sheet.request.field.setText(str(request))
    assert asked.label in sheet.whose.text() or asked.profile in sheet.whose.text()
    sheet.code.field.setText(f"{asked.code[:5]} {asked.code[5:].lower()}")
    sheet.key.field.setText(str(tmp_path / "a.pem"))
    sheet.passphrase.field.setText(SECRET)
    sheet.answer()
    settle(first.exists)
    second.write_bytes(custody.answer(store, actor, asked.data, asked.code, pem(custodians["b-spare"]), SECRET))
    told = access_log.lines(store, actor).result()
    assert [(line.kind, line.user) for line in told] == [("recovery", "何平"), ("recovery", "何平")]
    let_go(hands.frame)
    # The answers come back; the stick with the backup is in another drive by now.
    moved = backup[0].rename(tmp_path / "elsewhere.tjbackup")
    monkeypatch.setattr("ui.recovering.QFileDialog.getOpenFileName", lambda *_: (str(moved), ""))
    got: list[tuple[Profile, Store]] = []
    entrance.opened.connect(lambda profile, store: got.append((profile, store)))
    form.take([first, second])
    form.passphrase.field.setText(NEW)
    form.finish()
    settle(lambda: entrance.card.body.itemAt(0).widget() is not form)
    enrolling = entrance.card.body.itemAt(0).widget()
    assert not enrolling.profile.enrolled, "the other laptop may still sign with the old key"
    enrolling.later.click()
    settle(lambda: bool(got))
    again = got[0][1]
    assert again.read_now(lambda tx: tx.document(backup[1]))
    assert again.read_now(lambda tx: tx.draft("d")).body == {"age": 71}
    again.close()
    entrance.close()


def test_an_answer_wants_the_code_the_key_and_the_county(
    backup: tuple[Path, str], office: tuple[Store, Actor], custodians: dict[str, X25519PrivateKey], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("ui.recovering.QFileDialog.getSaveFileName", lambda *_: (str(tmp_path / "r"), ""))
    entrance, form = restored_form(tmp_path / "home", backup[0])
    asked = ask(form)
    store, actor = office
    with pytest.raises(RefusedError, match=r"recovery\.code"):
        custody.answer(store, actor, asked.data, "AAAAA AAAAA", pem(custodians["a"]), SECRET)
    with pytest.raises(InputError, match=r"keys\.unreadable"):
        custody.answer(store, actor, asked.data, asked.code, pem(custodians["a"]), "别的口令")
    with pytest.raises(VaultError, match=r"vault\.not_custodian"):
        custody.answer(store, actor, asked.data, asked.code, pem(X25519PrivateKey.generate()), SECRET)
    worker = replace(actor, role="supervisor")
    with pytest.raises(RefusedError, match=r"refused\.role"):
        custody.answer(store, worker, asked.data, asked.code, pem(custodians["a"]), SECRET)
    assert access_log.lines(store, actor).result() == [], "nothing was given, nothing is on record"
    custody.answer(store, actor, asked.data, asked.code, pem(custodians["a"]), SECRET)
    custody.answer(store, actor, asked.data, asked.code, pem(custodians["a"]), SECRET)
    assert len(access_log.lines(store, actor).result()) == 1, "one answer, however often it is written"
    entrance.close()


def test_only_the_county_is_asked(office: tuple[Store, Actor]) -> None:
    store, actor = office
    for role, there in (("county", True), ("supervisor", False)):
        hands = Hands(store.profile, store, replace(actor, role=role))
        screen = hands.open("settings")
        words = [button.accessibleName() or button.text() for button in screen.findChildren(QPushButton)]
        assert any("忘记口令" in text for text in words) is there
        let_go(hands.frame)
