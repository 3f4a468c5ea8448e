"""TLS under the county root, made by one command; the root is pinned by the code, never the leaf."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.errors import InputError, NetworkError
from fieldapp.store.api import QUICK
from sync.client.enrol import enrol
from sync.server.admin.command import run
from sync.server.serving import serve
from tests.sync.county import GRID_A, PASSPHRASE, County
from tests.sync.laptop import PATIENCE, Laptop


def test_a_laptop_believes_the_counties_root_and_no_other(tmp_path: Path) -> None:
    county = County.make(tmp_path / "county", f"sqlite:///{tmp_path / 'county.db'}")
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("root passphrase\n", encoding="utf-8")
    made = ["--keys", str(county.folder / "keys"), "--out", str(tmp_path / "tls"), "--host", "127.0.0.1"]
    assert run(["tls", *made, "--passphrase-file", str(passphrase)]) == 0
    assert county.serve("--tls", str(tmp_path / "tls")).startswith("https://")
    county.user("li.qiu", "grid_worker", GRID_A)
    laptop = Laptop.enrol(county, "li.qiu", tmp_path / "li")
    laptop.household(GRID_A, address="周岭村12号")
    assert laptop.sync().pushed == 1
    laptop.close()
    wrong = replace(county.code("li.qiu"), root="0" * 64)
    with pytest.raises(NetworkError, match=r"network\.not_the_county"):
        enrol(wrong, PASSPHRASE, tmp_path / "fooled", patience=PATIENCE, kdf=QUICK)
    assert not (tmp_path / "fooled").exists()
    county.close()


def test_beyond_this_machine_it_must_be_tls(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tls\.needed"):
        serve(["--db", "sqlite:///x", "--blobs", "x", "--key-file", "x", "--host", "0.0.0.0"])
