"""The page where anybody asks whether a report is genuine: one word, and nothing about anybody.

- C1 a sealed paper is genuine, by its file and by its code, printed by a device that was revoked since too
- C2 one byte, one page, one letter of the code: altered
- C3 another county's, a stranger's file, nonsense: unknown
- C4 the page asks no other address; nothing but the word comes back; too much is refused
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
import requests

from fieldapp.reports.api import Imprint, Line, Paper, Section, render_paper
from fieldapp.reports.code import detach
from fieldapp.workflows.sealing import sealer_for
from sync.server import paper_check
from sync.server.admin.devices import revoke
from tests.sync.county import GRID_A, County
from tests.sync.laptop import Laptop

PRINTED = datetime(2026, 11, 21, 2, 5, tzinfo=UTC)


@dataclass
class Asked:
    """A county that answers, a laptop of it, a paper the laptop sealed."""

    county: County
    laptop: Laptop
    pdf: bytes

    def __call__(self, sent: bytes | str) -> str:
        data = sent.encode() if isinstance(sent, str) else sent
        answer = requests.post(f"{self.county.address}/verify", data=data, timeout=30)
        assert answer.status_code == 200
        return answer.content.decode()

    @property
    def code(self) -> str:
        found = detach(self.pdf)
        assert found
        return found[1].code


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    folder = tmp_path_factory.mktemp("paper check")
    county = County.make(folder / "county", f"sqlite:///{folder / 'county.db'}")
    county.serve()
    county.user("li.qiu", "grid_worker", GRID_A)
    laptop = Laptop.enrol(county, "li.qiu", folder / "li")
    home = laptop.household(GRID_A, head_name="肖雨")
    laptop.sync()
    yield Asked(county, laptop, sealed(laptop, home))
    laptop.close()
    county.close()


def sealed(laptop: Laptop, home: str) -> bytes:
    sealer = laptop.store.read_now(lambda tx: sealer_for(laptop.store, tx, PRINTED, [home]))
    imprint = Imprint("青田县人民政府", "一户一档目录", "20261121-7F3A2C", "李秋", "2026-11-21 10:05")
    lines = tuple(Line(f"第 {n} 项", "材料") for n in range(120))
    return render_paper(Paper(imprint, (Section("材料", lines),), (home,)), sealer).pdf


def test_what_was_sealed_is_genuine(asked: Asked) -> None:
    """C1."""
    assert asked(asked.pdf) == "真实 genuine"
    assert asked(asked.code) == "真实 genuine"
    assert asked(f" {asked.code[:40].lower()}\n{asked.code[40:]} ") == "真实 genuine"


def test_what_was_changed_is_altered(asked: Asked) -> None:
    """C2."""
    for place in range(0, len(asked.pdf), len(asked.pdf) // 40):
        changed = bytearray(asked.pdf)
        changed[place] ^= 1
        assert asked(bytes(changed)) == "已被改动 altered", place
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(asked.pdf)) as pdf:
        del pdf.pages[0]
        pdf.save(made)
    assert asked(made.getvalue()) == "已被改动 altered"
    mangled = asked.code[:60] + ("A" if asked.code[60] != "A" else "B") + asked.code[61:]
    assert asked(mangled) == "已被改动 altered"


def test_what_is_not_ours_is_unknown(asked: Asked, tmp_path: Path) -> None:
    """C3."""
    other = County.make(tmp_path / "other", f"sqlite:///{tmp_path / 'other.db'}")
    other.serve()
    other.user("li.qiu", "grid_worker", GRID_A)
    stranger = Laptop.enrol(other, "li.qiu", tmp_path / "stranger")
    theirs = sealed(stranger, stranger.household(GRID_A, head_name="钱福"))
    found = detach(theirs)
    assert found
    words = [asked(sent) for sent in (theirs, found[1].code, b"", b"%PDF-1.4", "你好", b"\xff" * 5000)]
    assert words == ["无法识别 unknown"] * 6
    stranger.close()
    other.close()


def test_the_page_is_complete_in_itself(asked: Asked) -> None:
    """C4."""
    page = requests.get(f"{asked.county.address}/verify", timeout=30)
    assert page.status_code == 200
    assert "http" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "肖雨" not in page.text


def test_too_much_is_refused(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """C4: by its announced length, before a byte of it is read."""
    answer = requests.post(
        f"{asked.county.address}/verify", headers={"Content-Length": str(paper_check.MOST_BYTES + 1)}, timeout=30
    )
    assert answer.status_code == 413


def test_a_revoked_device_printed_genuine_papers_before(asked: Asked) -> None:
    """C1."""
    revoke(asked.county.service, asked.laptop.profile.device, reason="lost")
    assert asked(asked.code) == "真实 genuine"
    assert asked(asked.pdf) == "真实 genuine"
