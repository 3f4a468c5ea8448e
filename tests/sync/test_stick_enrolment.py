"""A village without network: code as a file, request out, certificate and first content in, then sticks as ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.errors import InputError, VaultError
from fieldapp.store.api import QUICK, Profile
from sync.client import stick_enrolment
from sync.client.bundle import read_bundle, write_bundle
from sync.protocol.code import file_text, read_code
from sync.server.admin.people import make_code
from sync.server.importing import Document, import_documents
from sync.server.stick_enrolment import enrol_by_stick
from sync.server.sticks import exchange
from tests.sync.county import COUNTY, GRID_A, PASSPHRASE, County

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def code_file(office: County, user: str, folder: Path) -> str:
    path = folder / "li.tjbcode"
    office.admin("code", "--user", user, "--out", str(path))
    return path.read_text(encoding="utf-8")


def test_a_laptop_that_never_saw_the_network(office: County, tmp_path: Path) -> None:
    office.user("li.qiu", "grid_worker", GRID_A)
    import_documents(office.service, [Document("household", GRID_A, "h1", {"address": "周岭村3组7号"})])
    code = code_file(office, "li.qiu", tmp_path)
    request, answer = tmp_path / "li.tjbrequest", tmp_path / "li.tjbundle"
    profile = stick_enrolment.request(code, PASSPHRASE, tmp_path / "li", request, kdf=QUICK)
    assert stick_enrolment.is_waiting(Profile.unlock(profile.folder, PASSPHRASE)), "also after a night"
    assert read_code(code).secret not in request.read_bytes().hex(), "the one-time secret goes out sealed"
    [made] = office.admin("enrol-stick", str(request), str(answer))
    assert (made["user"], made["rows"]) == ("li.qiu", 1)
    store, result = stick_enrolment.take_answer(Profile.unlock(profile.folder, PASSPHRASE), answer)
    assert result.revisions == 1
    assert store.read_now(lambda tx: tx.document("h1").state) == {"address": "周岭村3组7号"}
    store.write_now(lambda tx: tx.save("h1", {"/phone": "1"}))
    out, back = tmp_path / "out.tjbundle", tmp_path / "back.tjbundle"
    write_bundle(store, out)
    assert exchange(office.service, out, back).verdicts == {"accepted": 1}
    assert read_bundle(store, back).receipts == 1
    assert not stick_enrolment.is_waiting(store.profile)
    store.close()


def test_a_request_is_answered_again_and_to_nobody_else(office: County, tmp_path: Path) -> None:
    office.user("li.qiu", "grid_worker", GRID_A)
    code = code_file(office, "li.qiu", tmp_path)
    request, answer, other = tmp_path / "r", tmp_path / "a", tmp_path / "a2"
    profile = stick_enrolment.request(code, PASSPHRASE, tmp_path / "li", request, kdf=QUICK)
    enrol_by_stick(office.service, request, answer)
    stick_enrolment.write_again(profile, tmp_path / "r2")
    enrol_by_stick(office.service, tmp_path / "r2", other)
    thief = stick_enrolment.request(code, PASSPHRASE, tmp_path / "thief", tmp_path / "r3", kdf=QUICK)
    with pytest.raises(InputError, match=r"code\.void"):
        enrol_by_stick(office.service, tmp_path / "r3", tmp_path / "a3")
    with pytest.raises(InputError, match=r"bundle\.not_for_us"):
        stick_enrolment.take_answer(thief, answer)
    stick_enrolment.take_answer(profile, other)[0].close()


def test_what_is_not_our_countys_is_refused(office: County, tmp_path: Path) -> None:
    office.user("li.qiu", "grid_worker", GRID_A)
    code = make_code(office.service, "li.qiu", "")
    with pytest.raises(InputError, match=r"code\.no_keys"):
        stick_enrolment.request(code.text(), PASSPHRASE, tmp_path / "li", tmp_path / "r", kdf=QUICK)
    assert not (tmp_path / "li").exists()
    stranger = County.make(tmp_path / "other", f"sqlite:///{tmp_path / 'other.db'}")
    text = file_text(code, stranger.service.keys.trust)
    with pytest.raises(VaultError, match=r"vault\.root"):
        stick_enrolment.request(text, PASSPHRASE, tmp_path / "li", tmp_path / "r", kdf=QUICK)
    good = file_text(code, office.service.keys.trust)
    profile = stick_enrolment.request(good, PASSPHRASE, tmp_path / "li", tmp_path / "r", kdf=QUICK)
    with pytest.raises(InputError, match=r"bundle\.not_for_us"):
        enrol_by_stick(stranger.service, tmp_path / "r", tmp_path / "a")
    damaged = bytearray((tmp_path / "r").read_bytes())
    damaged[-20] ^= 1
    (tmp_path / "r").write_bytes(damaged)
    with pytest.raises(InputError, match=r"stream\.damaged"):
        enrol_by_stick(office.service, tmp_path / "r", tmp_path / "a")
    assert stick_enrolment.is_waiting(profile)
    assert stranger.service.keys.county == COUNTY
    stranger.close()
