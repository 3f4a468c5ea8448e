"""Passphrases, key files, recovery, new keys: what opens and what does not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.domain.statements import sign_statement
from fieldapp.errors import InputError, StateError, StorageError, VaultError
from fieldapp.store import opening, rotation
from fieldapp.store.api import QUICK, Profile, Store, profiles_in, strength
from fieldapp.store.vault import keyfile, recovery
from tests.store.county import GRID, PASSPHRASE, County, make_store
from tests.store.test_store import family

OTHER = "井台边的石榴开花"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def profile(folder: Path) -> Profile:
    return Profile.create(folder, PASSPHRASE, label="李秋", kdf=QUICK)


@pytest.mark.parametrize(
    ("passphrase", "reason"),
    [
        ("", "short"),
        ("1234567", "short"),
        ("12345678", "digits"),
        ("13855512345", "phone"),
        ("19491001", "date"),
        ("1949-10-01", "date"),
        ("aaaaaaaaaa", "repeats"),
        ("abcdefgh1", "sequence"),
        ("password123", "common"),
        ("qwertyuiop", "sequence"),
        ("woaini520520", "common"),
        ("minzheng2026", "common"),
        ("门前两棵老枣树", ""),
        ("correct horse battery", ""),
        ("Tj7#kk2-walk", ""),
    ],
)
def test_weak_passphrases_are_refused_with_a_reason(tmp_path: Path, passphrase: str, reason: str) -> None:
    found = strength(passphrase)
    if reason:
        assert found.reason == reason
        with pytest.raises(VaultError) as refused:
            Profile.create(tmp_path / "p", passphrase, kdf=QUICK)
        assert refused.value.code == "vault.weak"
        assert not (tmp_path / "p").exists()
    else:
        assert found.reason == ""


def test_the_right_passphrase_opens_and_a_wrong_one_does_not(folder: Path, profile: Profile) -> None:
    again = Profile.unlock(folder, PASSPHRASE)
    assert (again.id, again.device, again.label) == (profile.id, profile.device, "李秋")
    with pytest.raises(VaultError) as failed:
        Profile.unlock(folder, OTHER)
    assert failed.value.code == "vault.passphrase"


def test_labels_are_shown_before_unlocking_and_profiles_share_nothing(tmp_path: Path, profile: Profile) -> None:
    other = Profile.create(tmp_path / "second", OTHER, label="王敏", kdf=QUICK)
    assert [found.label for found in profiles_in(tmp_path)] == ["李秋", "王敏"]
    assert profile.device != other.device
    assert profile.subkey("records") != other.subkey("records")
    with pytest.raises(VaultError):
        Profile.unlock(other.folder, PASSPHRASE)


def edit(folder: Path, change: Any, *, mend: bool = True) -> None:
    """Change both key files as somebody with an editor would, mending the bare checksum."""
    for name in (keyfile.NAME, keyfile.COPY):
        body = json.loads((folder / name).read_text(encoding="utf-8"))
        change(body)
        if mend:
            body.pop("check", None)
            body["check"] = keyfile._check(body)
        (folder / name).write_text(json.dumps(body), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda b: b["header"]["kdf"].update(memory_kib=8), "vault.kdf_limits"),
        (lambda b: b["header"]["kdf"].update(memory_kib=1 << 30), "vault.kdf_limits"),
        (lambda b: b["header"]["kdf"].update(passes=0), "vault.kdf_limits"),
        (lambda b: b["header"]["kdf"].update(passes=2), "vault.passphrase"),
        (lambda b: b["header"]["kdf"].update(name="pbkdf2"), "vault.kdf_limits"),
        (lambda b: b["header"]["kdf"].update(memory_kib="65536"), "vault.damaged"),
        (lambda b: b["header"].update(label="别人"), "vault.passphrase"),
        (lambda b: b["header"].update(format=2), "vault.newer"),
        (lambda b: b.update(recovery={"slots": {}}), "vault.edited"),
        (lambda b: b.update(slot=b["slot"][:-2] + "00"), "vault.passphrase"),
        (lambda b: b.pop("header"), "vault.damaged"),
    ],
)
def test_an_edited_key_file_is_refused(folder: Path, profile: Profile, change: Any, code: str) -> None:
    edit(folder, change)
    with pytest.raises(VaultError) as failed:
        Profile.unlock(folder, PASSPHRASE)
    assert failed.value.code == code
    assert str(folder) not in str(failed.value)


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_flipped_bit_in_one_key_file_is_mended_from_the_other(
    tmp_path_factory: pytest.TempPathFactory, at: int, bit: int
) -> None:
    base = tmp_path_factory.getbasetemp() / "flip"
    if not base.exists():
        Profile.create(base, PASSPHRASE, label="李秋", kdf=QUICK)
    whole = (base / keyfile.COPY).read_bytes()
    data = bytearray(whole)
    data[at % len(data)] ^= 1 << bit
    (base / keyfile.NAME).write_bytes(bytes(data))
    files = keyfile.read_both(base)
    assert any(keyfile.to_bytes(file) == whole for file in files)
    (base / keyfile.NAME).write_bytes(whole)


def test_a_lost_key_file_comes_back_from_the_copy(folder: Path, profile: Profile) -> None:
    (folder / keyfile.NAME).unlink()
    assert Profile.unlock(folder, PASSPHRASE).id == profile.id
    assert (folder / keyfile.NAME).read_bytes() == (folder / keyfile.COPY).read_bytes()


def test_a_swapped_key_file_opens_its_own_passphrase_and_not_this_store(tmp_path: Path) -> None:
    mine, _ = make_store(tmp_path / "mine")
    family(mine)
    mine.close()
    other = Profile.create(tmp_path / "other", OTHER, kdf=QUICK)
    for name in (keyfile.NAME, keyfile.COPY):
        shutil.copy(other.folder / name, tmp_path / "mine" / name)
    with pytest.raises(VaultError, match=r"vault\.passphrase"):
        Profile.unlock(tmp_path / "mine", PASSPHRASE)
    swapped = Profile.unlock(tmp_path / "mine", OTHER)
    with pytest.raises(VaultError, match=r"vault\.other_store"):
        Store.open(swapped)


def test_an_empty_or_missing_database_is_never_a_fresh_start(tmp_path: Path) -> None:
    store, _ = make_store(tmp_path / "p")
    family(store)
    store.close()
    store.path.unlink()
    with pytest.raises(StorageError, match=r"storage\.missing"):
        Store.open(Profile.unlock(tmp_path / "p", PASSPHRASE))
    store.path.write_bytes(b"")
    with pytest.raises(StorageError, match=r"storage\.missing"):
        Store.open(Profile.unlock(tmp_path / "p", PASSPHRASE))


def test_a_new_passphrase_replaces_the_old_one(folder: Path, profile: Profile) -> None:
    with pytest.raises(VaultError, match=r"vault\.passphrase"):
        profile.change_passphrase(OTHER, PASSPHRASE, kdf=QUICK)
    profile.change_passphrase(PASSPHRASE, OTHER, kdf=QUICK)
    assert Profile.unlock(folder, OTHER).device == profile.device
    with pytest.raises(VaultError, match=r"vault\.passphrase"):
        Profile.unlock(folder, PASSPHRASE)


def test_an_interrupted_change_never_brings_the_old_passphrase_back(folder: Path, profile: Profile) -> None:
    old_copy = (folder / keyfile.COPY).read_bytes()
    profile.change_passphrase(PASSPHRASE, OTHER, kdf=QUICK)
    (folder / keyfile.COPY).write_bytes(old_copy)
    with pytest.raises(VaultError, match=r"vault\.passphrase"):
        Profile.unlock(folder, PASSPHRASE)
    Profile.unlock(folder, OTHER)


def custodians(county: County) -> dict[str, X25519PrivateKey]:
    """Certify four recovery keys of ``county``; their private halves by slot."""
    keys = {slot: X25519PrivateKey.generate() for slot in recovery.SLOTS}
    county.more = [
        sign_statement(
            "key-certificate",
            {
                "county": county.code,
                "role": "recovery",
                "slot": slot,
                "public_key": key.public_key().public_bytes_raw().hex(),
            },
            county.root,
        )
        for slot, key in keys.items()
    ]
    return keys


@pytest.mark.parametrize("pair", [("a", "b"), ("a-spare", "b"), ("b-spare", "a"), ("a-spare", "b-spare")])
def test_two_custodians_open_a_forgotten_profile_and_nothing_is_lost(
    tmp_path: Path, county: County, pair: tuple[str, str]
) -> None:
    keys = custodians(county)
    store, _ = make_store(tmp_path / "p", county)
    home, _ = family(store)
    store.close()
    request = recovery.begin(tmp_path / "p", OTHER, QUICK)
    assert recovery.read_request(request.data).code == request.code
    answers = [recovery.answer(request.data, keys[slot]) for slot in pair]
    profile = Profile.recover(tmp_path / "p", OTHER, answers, kdf=QUICK)
    with Store.open(profile) as again:
        assert again.read_now(lambda tx: tx.document(home))
    with pytest.raises(VaultError, match=r"vault\.passphrase"):
        Profile.unlock(tmp_path / "p", PASSPHRASE)
    Profile.unlock(tmp_path / "p", OTHER)


def test_one_custodian_alone_opens_nothing(tmp_path: Path, county: County) -> None:
    keys = custodians(county)
    store, _ = make_store(tmp_path / "p", county)
    store.close()
    request = recovery.begin(tmp_path / "p", OTHER, QUICK)
    mine = [recovery.answer(request.data, keys[slot]) for slot in ("a", "a-spare")]
    with pytest.raises(VaultError) as failed:
        Profile.recover(tmp_path / "p", OTHER, mine)
    assert (failed.value.code, failed.value.details) == ("vault.half_missing", {"half": "b"})
    with pytest.raises(VaultError, match=r"vault\.not_custodian"):
        recovery.answer(request.data, X25519PrivateKey.generate())
    both = [*mine, recovery.answer(request.data, keys["b"])]
    with pytest.raises(VaultError, match=r"vault\.passphrase"):
        Profile.recover(tmp_path / "p", "另一个足够长的口令", both)
    later = recovery.begin(tmp_path / "p", OTHER, QUICK)
    assert later.code != request.code
    with pytest.raises(VaultError, match=r"vault\.answer"):
        Profile.recover(tmp_path / "p", OTHER, both)


def test_without_custodians_there_is_no_recovery(folder: Path, profile: Profile) -> None:
    with pytest.raises(VaultError, match=r"vault\.no_recovery"):
        recovery.begin(folder, OTHER, QUICK)


def test_new_custodians_are_wrapped_to_at_the_next_identity(tmp_path: Path, county: County) -> None:
    custodians(county)
    profile = Profile.create(tmp_path / "p", PASSPHRASE, kdf=QUICK)
    profile.set_identity(county.identity(profile))
    assert profile.recovery_ready
    newer = custodians(county)
    profile.set_identity(county.identity(profile))
    request = recovery.begin(tmp_path / "p", OTHER, QUICK)
    answers = [recovery.answer(request.data, newer[slot]) for slot in ("a", "b")]
    Profile.recover(tmp_path / "p", OTHER, answers, kdf=QUICK)


def test_new_keys_lock_out_who_held_the_old_ones(tmp_path: Path, county: County) -> None:
    store, _ = make_store(tmp_path / "p", county)
    home, _ = family(store)
    old_key, old_device = store.profile.subkey("records"), store.profile.device
    store.close()
    profile = Profile.unlock(tmp_path / "p", PASSPHRASE)
    with pytest.raises(VaultError, match=r"vault\.passphrase"):
        rotation.rotate(profile, OTHER)
    rotation.rotate(profile, PASSPHRASE)
    assert profile.device != old_device
    assert profile.former_devices == (old_device,)
    from fieldapp.store.connection import open_database

    with pytest.raises(VaultError):
        open_database(tmp_path / "p" / "records.db", old_key, writable=False)
    with Store.open(Profile.unlock(tmp_path / "p", PASSPHRASE)) as again:
        assert again.read_now(lambda tx: tx.document(home))
        assert len(again.read_now(lambda tx: tx.unsent())) == 2, "the old device's work is still delivered"
        with pytest.raises(StateError, match=r"state\.not_enrolled"):
            again.write_now(lambda tx: tx.create("household", GRID, {"address": "x"}))
        again.profile.set_identity(county.identity(again.profile))
        again.write_now(lambda tx: tx.create("household", GRID, {"address": "x"}))
        chain = again.read_now(
            lambda tx: tx.rows("SELECT device_seq FROM revision WHERE device = ?", (again.profile.device,))
        )
        assert chain == [(1,)], "a new device counts from one"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_rotation_cut_off_around_its_commit_opens(
    tmp_path: Path, county: County, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = make_store(tmp_path / "p", county)
    home, _ = family(store)
    store.close()
    profile = Profile.unlock(tmp_path / "p", PASSPHRASE)

    def power_cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    if moment == "before":
        monkeypatch.setattr(Profile, "take_keys", power_cut)
    else:
        monkeypatch.setattr("fieldapp.store.rotation.MarkFile", power_cut)
    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(profile, PASSPHRASE)
    monkeypatch.undo()
    assert (tmp_path / "p" / opening.NEXT).exists()
    with Store.open(Profile.unlock(tmp_path / "p", PASSPHRASE)) as again:
        assert again.read_now(lambda tx: tx.document(home))
    assert not (tmp_path / "p" / opening.NEXT).exists()


def test_an_identity_the_county_did_not_sign_is_refused(tmp_path: Path, county: County, profile: Profile) -> None:
    stranger = Profile.create(tmp_path / "q", OTHER, kdf=QUICK)
    with pytest.raises(InputError, match=r"device\.id"):
        profile.set_identity(county.identity(stranger))
    forged = county.identity(profile)
    forged = type(forged)(**{**forged.__dict__, "trust": County().trust})
    with pytest.raises(InputError, match=r"statement\."):
        profile.set_identity(forged)
    profile.set_identity(county.identity(profile, version=4))
    with pytest.raises(InputError, match=r"scope\.older"):
        profile.set_identity(county.identity(profile, version=3))


def test_one_program_at_a_time(tmp_path: Path) -> None:
    store, _ = make_store(tmp_path / "p")
    with pytest.raises(StorageError, match=r"storage\.in_use"):
        Store.open(Profile.unlock(tmp_path / "p", PASSPHRASE))
    store.close()
    Store.open(Profile.unlock(tmp_path / "p", PASSPHRASE)).close()
