"""First start in a village without network: request out on a stick, a night in between, answer in, at work."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.protocol.code import file_text
from sync.server.admin.people import make_code
from sync.server.importing import Document, import_documents
from sync.server.stick_enrolment import enrol_by_stick
from tests.sync.county import GRID_A, PASSPHRASE, County
from tests.ui.hands import settle
from ui.app import make_application
from ui.entrance import Entrance
from ui.stick_answer import StickAnswerForm


@pytest.fixture
def office(tmp_path: Path) -> County:
    make_application()
    made = County.make(tmp_path / "county", f"sqlite:///{tmp_path / 'county.db'}")
    made.user("li.qiu", "grid_worker", GRID_A)
    import_documents(made.service, [Document("household", GRID_A, "h1", {"address": "周岭村3组7号"})])
    return made


def waiting(entrance: Entrance) -> StickAnswerForm | None:
    found = entrance.card.findChildren(StickAnswerForm)
    return found[0] if found else None


def gone(entrance: Entrance) -> None:
    """Closed and let go while this test still holds it, not by a later one's collecting."""
    entrance.close()
    entrance.deleteLater()
    settle()


def test_from_the_code_file_to_work(office: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request, answer = tmp_path / "li.tjbrequest", tmp_path / "li.tjbundle"
    monkeypatch.setattr("ui.stick_answer.QFileDialog.getSaveFileName", lambda *_: (str(request), ""))
    monkeypatch.setattr("ui.stick_answer.QFileDialog.getOpenFileName", lambda *_: (str(answer), ""))
    entrance = Entrance(tmp_path / "home")
    entrance.show()
    settle()
    form = entrance.form
    form.code.field.setText(file_text(make_code(office.service, "li.qiu", ""), office.service.keys.trust))
    form.name.field.setText("李秋")
    for field in (form.secret.passphrase, form.secret.again):
        field.field.setText(PASSPHRASE)
    form.enrol()
    settle(lambda: waiting(entrance) is not None)
    gone(entrance)
    enrol_by_stick(office.service, request, answer)
    entrance = Entrance(tmp_path / "home")
    entrance.show()
    settle()
    opened = []
    entrance.opened.connect(lambda profile, store: opened.append((profile, store)))
    entrance.passphrase.field.setText(PASSPHRASE)
    entrance.unlock()
    settle(lambda: waiting(entrance) is not None)
    waiting(entrance).take()  # type: ignore[union-attr]
    settle(lambda: bool(opened))
    [(profile, store)] = opened
    assert profile.require_identity().user == "li.qiu"
    assert store.read_now(lambda tx: tx.document("h1").state) == {"address": "周岭村3组7号"}
    store.close()
    office.close()
    gone(entrance)
