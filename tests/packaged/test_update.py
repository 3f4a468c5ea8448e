"""The packaged program installs itself, takes what the county signed, and goes back by its launcher."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from fieldapp.updating.manifest import About, read_about, write_lists
from fieldapp.workflows.trust_cards import CARD, card_of
from sync.server.admin.county import init_county
from sync.server.admin.publish import hand_on, read_control
from sync.server.publishing import publish

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the launcher is a shell script here")


def test_install_update_back(packaged: Path, tmp_path: Path) -> None:
    home, place = tmp_path / "data" / "tiejiaoban", tmp_path / "我的 程序" / "铁脚板"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    environment |= {"LC_ALL": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}

    def run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(program), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)

    assert run(packaged, "install", str(place)).returncode == 0
    entry = (tmp_path / "data" / "applications" / "tiejiaoban.desktop").read_text("utf-8")
    assert f'Exec="{place / "tiejiaoban"}"' in entry

    service = init_county(
        f"sqlite:///{tmp_path / 'county.db'}", tmp_path / "blobs", tmp_path / "keys", county="341799", name="安和县",
        passphrase="root passphrase",
    )  # fmt: skip
    (home / "li.qiu").mkdir(parents=True)
    (home / "li.qiu" / CARD).write_bytes(card_of(service.keys.trust))
    new = tmp_path / "new"
    shutil.copytree(packaged.parent, new, symlinks=True)
    about = read_about(new)
    write_lists(new, About("0.2.0", about.platform, about.store))
    refused = run(place / "tiejiaoban", "update", str(new))
    assert refused.returncode == 1
    assert "update" not in refused.stderr, "a word for people, no code"

    name, content = read_control("update", new, None)
    hand_on(new, service.write(lambda connection: publish(service, connection, name, content)))
    assert json.loads((new / "update.json").read_bytes())
    taken = run(place / "tiejiaoban", "update", str(new))
    assert taken.returncode == 0, taken.stderr
    assert (place / "current").read_text().strip() == "0.2.0-1"
    assert run(place / "tiejiaoban", "--help").returncode == 0
    assert run(place / "tiejiaoban", "back").returncode == 0
    assert (place / "current").read_text().strip() == f"{about.version}-0"
    assert run(place / "tiejiaoban", "--help").returncode == 0
    assert run(place / "tiejiaoban", "update", str(new)).returncode == 1, "a number that was taken is not taken again"
    service.close()
