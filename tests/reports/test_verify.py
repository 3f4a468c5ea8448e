"""Genuine, altered or unknown: the file byte by byte, and the code on paper letter by letter."""

from __future__ import annotations

import io
import random
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
import segno

from fieldapp.domain.ids import device_id
from fieldapp.reports.api import Sealer, Verdict, render_visit
from fieldapp.reports.code import PREFIX, detach, read_code
from fieldapp.reports.verify import pages_digest, verify_bytes, verify_code, verify_file
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.report_data import visit_report
from fieldapp.workflows.sealing import sealer_for
from tests.reports.conftest import tool
from tests.reports.homes import PRINTED, Home, visited_home
from tests.store.county import County

PASSWORD = "门前两棵老枣树 1"


@dataclass
class Issued:
    """A sealed report and where it came from."""

    home: Home
    sealer: Sealer
    pdf: bytes

    @property
    def code(self) -> str:
        found = detach(self.pdf)
        assert found
        return found[1].code


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory, forms: FormShelf) -> Issued:
    home = visited_home(tmp_path_factory.mktemp("sealed"), photos=1)
    sealer = home.store.read_now(lambda tx: sealer_for(home.store, tx, PRINTED, [home.visit]))
    return Issued(home, sealer, draw(home, forms, sealer))


def draw(home: Home, forms: FormShelf, sealer: Sealer, password: str = "") -> bytes:
    report = home.store.read_now(lambda tx: visit_report(tx, home.actor, forms.best, home.visit, printed_at=PRINTED))
    return render_visit(report, sealer, password).pdf


def test_as_issued_it_is_genuine(issued: Issued, tmp_path: Path) -> None:
    path = tmp_path / "报告 一.pdf"
    path.write_bytes(issued.pdf)
    assert verify_file(path, issued.home.county.trust) is Verdict.GENUINE


def test_the_code_names_the_revisions_and_the_pages(issued: Issued) -> None:
    code = read_code(issued.code)
    leaves = issued.home.store.read_now(lambda tx: tx.document(issued.home.visit)).merged.leaves  # type: ignore[union-attr]
    assert code.revisions == leaves
    assert code.pages == pages_digest(issued.pdf)
    assert code.printed_at == int(PRINTED.timestamp())
    assert len(issued.code) == issued.sealer.code_length
    assert any(code.receipts)


def test_every_changed_byte_is_an_alteration(issued: Issued) -> None:
    chance = random.Random(8)
    places = {0, len(issued.pdf) - 1, *(chance.randrange(len(issued.pdf)) for _ in range(400))}
    places |= set(range(issued.pdf.index(b"%TJB-SEAL-BEGIN") - 3, issued.pdf.index(b"%TJB-SEAL-BEGIN") + 60))
    for place in places:
        mangled = bytearray(issued.pdf)
        mangled[place] ^= chance.choice((1, 0x20, 0xFF))
        assert verify_bytes(bytes(mangled), issued.home.county.trust) is Verdict.ALTERED, place


def test_cut_off_and_added_to_it_is_altered(issued: Issued) -> None:
    trust = issued.home.county.trust
    assert verify_bytes(issued.pdf[:-200], trust) is Verdict.ALTERED
    assert verify_bytes(issued.pdf + b"\n", trust) is Verdict.ALTERED
    assert verify_bytes(issued.pdf + issued.pdf, trust) is Verdict.ALTERED


def test_a_page_taken_out_by_another_program_is_altered(issued: Issued) -> None:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(issued.pdf)) as pdf:
        del pdf.pages[1]
        pdf.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"TJB-SEAL" not in made.getvalue()
    assert verify_bytes(made.getvalue(), issued.home.county.trust) is Verdict.ALTERED


def test_the_seal_of_one_report_on_another_is_altered(issued: Issued, forms: FormShelf, tmp_path: Path) -> None:
    other = draw(visited_home(tmp_path, photos=0), forms, issued.sealer)
    begin, end = b"%TJB-SEAL-BEGIN", b"%TJB-SEAL-END\n"
    seal = issued.pdf[issued.pdf.index(begin) : issued.pdf.index(end)]
    crossed = other[: other.index(begin)] + seal + other[other.index(end) :]
    assert verify_bytes(crossed, issued.home.county.trust) is Verdict.ALTERED


def test_what_no_device_of_this_county_sealed_is_unknown(issued: Issued) -> None:
    trust = issued.home.county.trust
    assert verify_bytes(b"", trust) is Verdict.UNKNOWN
    assert verify_bytes(b"%PDF-1.4 nothing", trust) is Verdict.UNKNOWN
    assert verify_bytes(issued.pdf, County().trust) is Verdict.UNKNOWN
    plain = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(plain)
    assert verify_bytes(plain.getvalue(), trust) is Verdict.UNKNOWN


def test_the_code_on_paper_alone(issued: Issued) -> None:
    public = issued.home.store.profile.device_public
    known = {device_id(public): public}
    assert verify_code(issued.code, "341799", known.get) is Verdict.GENUINE
    assert (
        verify_code(issued.code.lower().replace(PREFIX.lower(), PREFIX.lower() + " \n"), "341799", known.get)
        is Verdict.GENUINE
    )
    assert verify_code("HELLO", "341799", known.get) is Verdict.UNKNOWN
    assert verify_code(issued.code, "341799", {}.get) is Verdict.UNKNOWN
    for place in range(len(PREFIX), len(issued.code), 7):
        other = "A" if issued.code[place] != "A" else "B"
        mangled = issued.code[:place] + other + issued.code[place + 1 :]
        assert verify_code(mangled, "341799", known.get) is Verdict.ALTERED, place
    assert verify_code(issued.code[:-4], "341799", known.get) is Verdict.ALTERED


def test_the_squares_on_the_page_are_the_code(issued: Issued) -> None:
    """Read as a camera reads them: dark or light, module by module."""
    with pikepdf.open(io.BytesIO(issued.pdf)) as pdf:
        forms = [
            x for page in pdf.pages for name, x in page.resources.get("/XObject", {}).items() if "verification" in name
        ]
        assert len(forms) == 1
        boxes = [
            [float(n) for n in operands]
            for operands, operator in pikepdf.parse_content_stream(forms[0])
            if str(operator) == "re"
        ]
    wanted = [list(row) for row in segno.make(issued.code, error="m", micro=False).matrix_iter(border=2)]
    side = 100 / len(wanted)
    seen = [[0] * len(wanted) for _ in wanted]
    for x, y, width, _height in boxes:
        for module in range(round(width / side)):
            seen[len(wanted) - 1 - round(y / side)][round(x / side) + module] = 1
    assert seen == wanted


def test_a_password_hides_everything_and_the_seal_still_holds(
    issued: Issued, forms: FormShelf, tmp_path: Path, text_of: Callable[[bytes], str]
) -> None:
    locked = draw(issued.home, forms, issued.sealer, PASSWORD)
    assert verify_bytes(locked, issued.home.county.trust) is Verdict.GENUINE
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(locked))
    with pikepdf.open(io.BytesIO(locked), password=PASSWORD) as pdf:
        assert pdf.encryption.bits == 256
        assert len(pdf.pages) > 2
    changed = bytearray(locked)
    changed[len(locked) // 2] ^= 1
    assert verify_bytes(bytes(changed), issued.home.county.trust) is Verdict.ALTERED


def test_the_sealed_file_is_a_clean_pdf(issued: Issued, tmp_path: Path, text_of: Callable[[bytes], str]) -> None:
    (tmp_path / "sealed.pdf").write_bytes(issued.pdf)
    told = subprocess.run(
        [tool("qpdf"), "--check", str(tmp_path / "sealed.pdf")], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "核对真伪" in text_of(issued.pdf)


def test_the_same_report_printer_and_time_give_the_same_bytes(issued: Issued, forms: FormShelf) -> None:
    assert draw(issued.home, forms, issued.sealer) == issued.pdf
