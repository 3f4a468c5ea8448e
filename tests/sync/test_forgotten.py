"""A forgotten passphrase, from the laptop to two custodians at the county and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.errors import RefusedError
from fieldapp.store.api import QUICK, Profile, Store
from fieldapp.store.rotation import rotate_if_due
from fieldapp.store.vault import recovery
from sync.client.enrol import enrol_again
from sync.server.admin.recovery import LOG, answer_recovery, read_custodian_key
from tests.sync.county import GRID_A, County
from tests.sync.laptop import PATIENCE, Laptop

NEW = "院子里的水井旁边"


def test_two_custodians_bring_a_laptop_back_and_everybody_sees_it(county: County, tmp_path: Path) -> None:
    county.user("li.qiu", "grid_worker", GRID_A, name="李秋")
    laptop = Laptop.enrol(county, "li.qiu", tmp_path / "laptop")
    home = laptop.household(GRID_A, address="周岭村12号")
    laptop.close()
    assert laptop.profile.recovery_ready, "wrapped to the county's custodians at enrolment"
    request = recovery.begin(tmp_path / "laptop", NEW, QUICK)
    folder = county.folder / "keys"
    keys = [read_custodian_key(folder / f"custodian-{slot}.key", "root passphrase") for slot in ("a-spare", "b")]
    with pytest.raises(RefusedError, match=r"recovery\.code"):
        answer_recovery(county.service, request.data, "AAAAAAAAAA", keys[0], "wu")
    answers = [answer_recovery(county.service, request.data, request.code, key, "wu") for key in keys]
    profile = Profile.recover(tmp_path / "laptop", NEW, answers, kdf=QUICK)
    assert rotate_if_due(profile, NEW)
    county.user("wu.gui", "grid_worker", GRID_A, name="吴桂")
    with pytest.raises(RefusedError, match=r"refused\.other_user"):
        enrol_again(profile, county.code("wu.gui"), patience=PATIENCE)
    assert not profile.enrolled
    enrol_again(profile, county.code("li.qiu"), patience=PATIENCE)
    assert profile.recovery_ready
    with Store.open(profile) as store:
        assert store.read_now(lambda tx: tx.document(home))
        other = Laptop(profile, store)
        other.write(home, phone="13800000001")
        other.sync()
        assert store.read_now(lambda tx: tx.unsent()) == []
        (log,) = [name for name in store.read_now(lambda tx: tx.controls()) if name.startswith(LOG)]
        seen = store.read_now(lambda tx: tx.control(log))
        assert seen
        assert [entry["slot"] for entry in seen.body["content"]["answers"]] == ["a-spare", "b"]
        assert seen.body["content"]["profile"] == profile.id
