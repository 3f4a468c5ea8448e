"""Unlocking and the first start, in the real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtTest import QTest

from fieldapp.store.api import Profile, Store
from fieldapp.store.projections import households
from fieldapp.store.rebuild import differences
from tests.store.county import PASSPHRASE, make_store
from tests.store.test_store import family
from tests.ui.hands import settle
from ui.app import make_application
from ui.entrance import PAUSE_AFTER_WRONG_MS, Entrance
from ui.widgets.button import Button


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_application()
    make_store(tmp_path / "周岭村网格")[0].close()
    return tmp_path


@pytest.fixture
def entrance(home: Path) -> Iterator[Entrance]:
    made = Entrance(home)
    made.show()
    settle()
    yield made
    made.close()


def test_the_right_passphrase_opens(entrance: Entrance) -> None:
    opened: list[tuple[Profile, Store]] = []
    entrance.opened.connect(lambda profile, store: opened.append((profile, store)))
    QTest.keyClicks(entrance.passphrase.field, "x")
    entrance.passphrase.field.setText(PASSPHRASE)
    QTest.keyClick(entrance.passphrase.field, Qt.Key.Key_Return)
    settle(lambda: bool(opened))
    opened[0][1].close()
    assert entrance.passphrase.text() == ""


def test_lists_of_an_older_program_are_put_in_order_and_how_far_is_said(home: Path) -> None:
    folder = home / "周岭村网格"
    with Store.open(Profile.unlock(folder, PASSPHRASE)) as store:
        family(store)
        store.maintain(lambda c: c.execute("UPDATE meta SET value = 'older' WHERE key = 'projections'")).result()
    entrance = Entrance(home)
    entrance.show()
    opened: list[tuple[Profile, Store]] = []
    entrance.opened.connect(lambda profile, store: opened.append((profile, store)))
    assert entrance.renewing.isHidden()
    entrance.passphrase.field.setText(PASSPHRASE)
    QTest.keyClick(entrance.passphrase.field, Qt.Key.Key_Return)
    settle(lambda: bool(opened))
    assert not entrance.renewing.isHidden()
    assert "100%" in entrance.renewing.words.text()
    assert entrance.renewing.bar.value() == entrance.renewing.bar.maximum()
    with opened[0][1] as again:
        assert again.read_now(households.count) == 1
        assert differences(again) == {}
    entrance.close()


def test_a_wrong_passphrase_says_so_and_waits_a_second(entrance: Entrance) -> None:
    entrance.passphrase.field.setText("不是这个口令吧")
    QTest.keyClick(entrance.passphrase.field, Qt.Key.Key_Return)
    settle()
    assert entrance.message.text().startswith("口令不对")
    assert not entrance.enter.isEnabled()
    settle(entrance.enter.isEnabled)


def test_another_way_taken_while_a_wrong_passphrase_makes_it_wait(
    entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught: list[type[BaseException]] = []
    monkeypatch.setattr("sys.excepthook", lambda kind, *_: caught.append(kind))
    entrance.passphrase.field.setText("不是这个口令吧")
    entrance.unlock()
    settle()
    entrance.show_enrolment()
    settle()
    passed = QTimer(singleShot=True, interval=PAUSE_AFTER_WRONG_MS + 100)
    passed.start()
    settle(lambda: not passed.isActive())
    assert caught == []


def test_while_it_opens_nobody_goes_another_way(entrance: Entrance) -> None:
    """The store that is being opened would stay open behind another form, and locked for the next try."""
    opened: list[tuple[Profile, Store]] = []
    entrance.opened.connect(lambda profile, store: opened.append((profile, store)))
    entrance.passphrase.field.setText(PASSPHRASE)
    entrance.unlock()
    others = [each for each in entrance.card.findChildren(Button) if each is not entrance.enter]
    assert len(others) == 2
    for each in others:
        QTest.mouseClick(each, Qt.MouseButton.LeftButton)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    settle(lambda: bool(opened))
    opened[0][1].close()


def test_without_a_profile_the_first_start_asks_for_a_code(tmp_path: Path) -> None:
    make_application()
    made = Entrance(tmp_path / "nothing")
    made.show()
    made.form.code.field.setText("TJB1.nonsense.0000")
    assert made.form.code.note.text() == "登记码看不懂"
    made.form.secret.passphrase.field.setText("12345678")
    assert made.form.secret.passphrase.note.text() == "只有数字，太容易猜。"
    made.form.enrol()
    assert made.form.name.note.text() == "请填写"
    assert not list(tmp_path.iterdir())
    made.close()
