"""The county's digital signature beside our seal: each holds without the other, and nothing hides behind either."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from fieldapp.errors import InputError
from fieldapp.reports.api import Verdict, verify_file
from fieldapp.reports.protecting import Protection
from fieldapp.reports.signing import Certificate, sign
from fieldapp.reports.verify import verify_bytes
from fieldapp.workflows import exporting
from fieldapp.workflows.form_shelf import FormShelf
from tests.reports.conftest import tool
from tests.reports.homes import Home, visited_home

OFFICE, PASSWORD = "安和县民政局", "证书口令一二三"


def certificate(name: str = OFFICE) -> Certificate:
    """A county's certificate as an authority issues it."""
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(5).add_extension(usage, True)
    made = made.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2030, 1, 1, tzinfo=UTC))
    lock = BestAvailableEncryption(PASSWORD.encode())
    issued = made.sign(key, hashes.SHA256())
    return Certificate(pkcs12.serialize_key_and_certificates(b"county", key, issued, None, lock), PASSWORD)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return visited_home(tmp_path_factory.mktemp("home"), photos=1)


@pytest.fixture(scope="module")
def signed(home: Home, forms: FormShelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signed")
    made = exporting.export_visit(
        home.store, home.actor, forms.best, home.visit, folder, protection=Protection(certificate=certificate())
    )
    return made.result().path


def test_both_hold(home: Home, signed: Path) -> None:
    assert verify_file(signed, home.county.trust) is Verdict.GENUINE
    told = subprocess.run([tool("pdfsig"), str(signed)], capture_output=True, text=True, check=False).stdout
    assert OFFICE in told
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    check = subprocess.run([tool("qpdf"), "--check", str(signed)], capture_output=True, check=False)
    assert check.returncode == 0


def test_every_byte_of_it_counts(home: Home, signed: Path) -> None:
    whole = signed.read_bytes()
    seal = whole.index(b"%TJB-SEAL-END")
    update = whole.index(b"%%EOF", seal) + 6
    assert len(whole) - update > 2000
    places = [*range(100, update, update // 20), *range(update + 200, len(whole) - 60, (len(whole) - update) // 30)]
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 1
        assert verify_bytes(bytes(changed), home.county.trust) is not Verdict.GENUINE, place


def test_an_update_that_draws_over_the_pages_is_altered(home: Home, signed: Path) -> None:
    """Somebody changes the sealed file by an update and signs that with a certificate of his own."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    whole = signed.read_bytes()
    bare = whole[: whole.index(b"%%EOF", whole.index(b"%TJB-SEAL-END")) + 6]
    assert verify_bytes(bare, home.county.trust) is Verdict.GENUINE
    writer = IncrementalPdfFileWriter(io.BytesIO(bare))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 300 300 re f"))
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))
    made = io.BytesIO()
    writer.write(made)
    assert verify_bytes(made.getvalue(), home.county.trust) is Verdict.ALTERED
    assert verify_bytes(sign(made.getvalue(), certificate("别人")), home.county.trust) is Verdict.ALTERED


def test_a_second_signature_or_a_seen_one_is_altered(home: Home, signed: Path) -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    whole = signed.read_bytes()
    bare = whole[: whole.index(b"%%EOF", whole.index(b"%TJB-SEAL-END")) + 6]
    hand = certificate("别人")
    signer = signers.SimpleSigner.load_pkcs12_data(hand.data, [], PASSWORD.encode())
    seen = fields.SigFieldSpec("Seen", box=(100, 100, 400, 400))
    about = signers.PdfSignatureMetadata(field_name="Seen")
    over = signers.PdfSigner(about, signer, new_field_spec=seen).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(bare)))
    assert verify_bytes(over.getvalue(), home.county.trust) is Verdict.ALTERED
    more = signers.PdfSigner(signers.PdfSignatureMetadata(field_name="More"), signer)
    twice = more.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(whole)))
    assert verify_bytes(twice.getvalue(), home.county.trust) is Verdict.ALTERED


def test_a_wrong_certificate_leaves_nothing_behind(home: Home, forms: FormShelf, tmp_path: Path) -> None:
    before = len(exporting.log_of_exports(home.store).result())
    for wrong in (Certificate(b"no certificate", ""), Certificate(certificate().data, "another")):
        with pytest.raises(InputError, match=r"report\.certificate"):
            exporting.export_visit(
                home.store, home.actor, forms.best, home.visit, tmp_path, protection=Protection(certificate=wrong)
            ).result()
    assert not list(tmp_path.iterdir())
    assert len(exporting.log_of_exports(home.store).result()) == before


def test_one_of_both() -> None:
    with pytest.raises(InputError, match=r"report\.both"):
        Protection("long enough", certificate())
    with pytest.raises(InputError, match=r"report\.password"):
        Protection("short")


def test_a_signed_report_can_still_be_read(signed: Path, text_of: Callable[[bytes], str]) -> None:
    assert "入户核查情况报告" in text_of(signed.read_bytes())
    with pikepdf.open(signed) as pdf:
        assert len(pdf.Root.AcroForm.Fields) == 1
