"""New keys for the server and for the custodians: laptops take them over by themselves, nothing signed before is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.store.api import QUICK, Profile
from fieldapp.store.vault import recovery
from sync.client.bundle import read_bundle, write_bundle
from sync.server.admin.recovery import answer_recovery, read_custodian_key
from sync.server.keys import SIGNING_ROLES
from sync.server.service import open_service
from sync.server.sticks import exchange
from tests.sync.county import GRID_A, County
from tests.sync.laptop import PATIENCE, Laptop

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ROOT_PASSPHRASE = "root passphrase"


def renew(county: County, *roles: str) -> Path:
    """New keys as the office makes them, and every server started anew with them; where the custodians' files are."""
    secret, out = county.folder / "passphrase", county.folder / "new"
    secret.write_text(ROOT_PASSPHRASE + "\n", encoding="utf-8")
    chosen = [word for role in roles for word in ("--role", role)]
    root = str(county.folder / "keys/root.key")
    county.admin("rekey", "--root-key", root, "--out", str(out), "--passphrase-file", str(secret), *chosen)
    port = int(county.address.rsplit(":", 1)[1]) if county.processes else None
    county.kill()
    county.service.close()
    county.service = open_service(county.url, county.folder / "blobs", county.folder / "keys/server.keys")
    if port is not None:
        county.serve(port=port)
    return out


def test_new_server_keys_reach_every_laptop(county: County, tmp_path: Path) -> None:
    county.user("li.qiu", "grid_worker", GRID_A)
    li = Laptop.enrol(county, "li.qiu", tmp_path / "li")
    he = Laptop.enrol(county, "li.qiu", tmp_path / "he")
    home = li.household(GRID_A, address="1号")
    li.sync()
    he.keep_line()
    he.sync()
    renew(county, *SIGNING_ROLES, "transport")
    li.write(home, phone="1")
    assert li.sync().refused == [], "receipts and feed heads are signed by keys it just heard of"
    li.sync()
    late = [row["lacks_newest"] for row in county.admin("keys") if "lacks_newest" in row]
    assert late == [he.profile.device]
    assert he.sync().refused == [], "a line kept since before greets again"
    assert he.state(home) == {"address": "1号", "phone": "1"}
    assert li.store.read_now(lambda tx: tx.sync_state()).unsent == 0
    he.sync(PATIENCE)
    he.line = None
    he.sync()
    assert not [row for row in county.admin("keys") if "lacks_newest" in row]
    for laptop in (li, he):
        laptop.close()


def test_a_stick_sealed_to_the_key_before_is_read_and_brings_the_new_ones(county: County, tmp_path: Path) -> None:
    county.user("li.qiu", "grid_worker", GRID_A)
    li = Laptop.enrol(county, "li.qiu", tmp_path / "li")
    home = li.household(GRID_A, address="1号")
    out, back = tmp_path / "out", tmp_path / "back"
    write_bundle(li.store, out)
    renew(county, *SIGNING_ROLES, "transport")
    assert exchange(county.service, out, back).verdicts == {"accepted": 1}
    assert read_bundle(li.store, back).receipts == 1
    li.write(home, phone="2")
    write_bundle(li.store, out)
    assert exchange(county.service, out, back).verdicts == {"accepted": 1}
    li.close()


def test_new_custodians_open_what_is_wrapped_to_them(county: County, tmp_path: Path) -> None:
    county.user("li.qiu", "grid_worker", GRID_A)
    li = Laptop.enrol(county, "li.qiu", tmp_path / "li")
    before = county.folder / "keys"
    new = renew(county, "recovery")
    li.sync()
    li.close()
    asked = recovery.begin(tmp_path / "li", "院子里的水井旁边", QUICK)
    keys = [read_custodian_key(new / f"custodian-{slot}.key", ROOT_PASSPHRASE) for slot in ("a", "b-spare")]
    answers = [answer_recovery(county.service, asked.data, asked.code, key, "wu") for key in keys]
    assert Profile.recover(tmp_path / "li", "院子里的水井旁边", answers, kdf=QUICK).device == li.profile.device
    assert (before / "custodian-a.key").exists(), "the files before stay, for laptops that have not wrapped anew"
