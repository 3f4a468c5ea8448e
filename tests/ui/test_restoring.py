"""A backup brought back at the window on a laptop without any profile."""

from __future__ import annotations

from pathlib import Path

from fieldapp.store.api import Profile, Store
from fieldapp.store.backup import write_backup
from tests.store.county import GRID, PASSPHRASE, make_store
from tests.ui.hands import settle
from ui.app import make_application
from ui.entrance import Entrance


def test_a_backup_opens_on_an_empty_laptop_and_wants_a_code(tmp_path: Path) -> None:
    make_application()
    store, _ = make_store(tmp_path / "old")
    with store:
        home = store.write_now(lambda tx: tx.create("household", GRID, {"address": "周岭村三组12号"}))
        store.write_now(lambda tx: tx.save_draft("d", "visit", home, {"age": 71}))
        write_backup(store, tmp_path / "stick.tjbackup")
    made = Entrance(tmp_path / "home")
    made.show()
    made.form.restore_wanted.emit()
    settle()
    form = made.card.body.itemAt(0).widget()
    form.restore()
    assert form.file.note.text() == "请填写"
    form.file.field.setText(str(tmp_path / "stick.tjbackup"))
    form.name.field.setText("周岭村网格")
    form.passphrase.field.setText("不是这个口令吧")
    form.restore()
    settle(form.message.isVisible)
    assert form.message.text().startswith("口令不对")
    assert not (tmp_path / "home" / "周岭村网格").exists()
    form.passphrase.field.setText(PASSPHRASE)
    form.restore()
    settle(lambda: hasattr(made.card.body.itemAt(0).widget(), "later"))
    got: list[tuple[Profile, Store]] = []
    made.opened.connect(lambda profile, store: got.append((profile, store)))
    made.card.body.itemAt(0).widget().later.click()
    settle(lambda: bool(got))
    profile, again = got[0]
    assert profile.folder == tmp_path / "home" / "周岭村网格"
    assert again.read_now(lambda tx: tx.draft("d")).body == {"age": 71}
    assert len(again.read_now(lambda tx: tx.unsent())) == 1
    again.close()
    made.close()


def test_a_broken_backup_leaves_nothing_behind(tmp_path: Path) -> None:
    make_application()
    store, _ = make_store(tmp_path / "old")
    with store:
        store.write_now(lambda tx: tx.create("household", GRID, {"address": "周岭村三组12号"}))
        path = write_backup(store, tmp_path / "stick.tjbackup").path
    data = bytearray(path.read_bytes())
    data[-40] ^= 1
    path.write_bytes(bytes(data))
    made = Entrance(tmp_path / "home")
    made.show()
    made.show_restore()
    form = made.card.body.itemAt(0).widget()
    for field, text in ((form.file, str(path)), (form.name, "网格"), (form.passphrase, PASSPHRASE)):
        field.field.setText(text)
    form.restore()
    settle(form.message.isVisible)
    assert not (tmp_path / "home" / "网格").exists()
    made.close()
