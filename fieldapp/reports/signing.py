"""A county's digital signature on a report, beside our seal: what other offices' readers check by themselves.

The seal is made first and the signature appended to it as an update of the file, so that each holds without the
other: whoever has no program of ours sees the county's certificate in any reader, and ``verify`` takes the signature
off again to look at what was sealed. Hazard: an update may also draw other pages over the sealed ones, so one is
believed only when it is a signature and nothing else.
"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldapp.errors import InputError

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko.sign.validation import EmbeddedPdfSignature

FIELD = "CountySignature"
_END = b"%%EOF\n"


@dataclass(frozen=True)
class Certificate:
    """The county's certificate and private key as it was issued: a PKCS #12 file (.p12, .pfx) and its password."""

    data: bytes = field(repr=False)
    password: str = field(default="", repr=False)


def sign(pdf: bytes, certificate: Certificate) -> bytes:
    """``pdf`` with a PAdES signature appended; not a byte of it changes. No authority is asked for the time: it is this
    machine's clock, as the report's own.

    Raises InputError ``report.certificate`` when the file or its password is wrong.
    """
    _quiet()
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

    signer = _signer(certificate)
    about = signers.PdfSignatureMetadata(
        field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256",
        use_pades_lta=False, embed_validation_info=False,
    )  # fmt: skip
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    made = signers.PdfSigner(about, signer, timestamper=None).sign_pdf(writer, output=io.BytesIO())
    return bytes(made.getvalue())


def _signer(certificate: Certificate) -> SimpleSigner:
    from pyhanko.sign.signers import SimpleSigner

    password = certificate.password.encode() if certificate.password else None
    found: SimpleSigner | None
    try:
        found = SimpleSigner.load_pkcs12_data(certificate.data, [], password)
    except (ValueError, TypeError, KeyError):
        found = None
    if found is None:
        raise InputError("report.certificate")
    return found


def check(certificate: Certificate) -> None:
    """Raises InputError ``report.certificate`` for one that cannot sign."""
    _quiet()
    _signer(certificate)


def only_signs(data: bytes, sealed: int) -> bool:
    """Whether what follows the first ``sealed`` bytes of ``data`` is one unbroken signature and changes nothing that is
    shown. Never raises for what it holds."""
    _quiet()
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    try:
        reader = PdfFileReader(io.BytesIO(data))
        signatures = reader.embedded_signatures
        if len(signatures) != 1 or reader.xrefs.total_revisions != 2 or _second_begins(data) != sealed:
            return False
        if not _is_exact(data, signatures[0]):
            return False
        # A signature that is seen could be drawn over what was sealed.
        if any(float(side) for side in signatures[0].sig_field["/Rect"]):
            return False
        if not isinstance(DEFAULT_DIFF_POLICY.review_file(reader, 0), DiffResult):
            return False
        context = ValidationContext(trust_roots=[signatures[0].signer_cert], allow_fetching=False)
        status = validate_pdf_signature(signatures[0], signer_validation_context=context)
        return bool(status.intact and status.valid and status.coverage is SignatureCoverageLevel.ENTIRE_FILE)
    except Exception:  # noqa: BLE001 - mangled files make the library fail in a mixture of its own; none is a signature
        return False


def _is_exact(data: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the place of the signature holds it and zeros, as it was written: no signature covers its own place."""
    start, length, after, _rest = signature.byte_range
    place = data[start + length : after]
    content = bytes(signature.pkcs7_content)
    filled = content.rstrip(b"\0")
    return place == b"<" + content.hex().upper().encode() + b">" and len(filled) <= _der_length(content) <= len(content)


def _der_length(content: bytes) -> int:
    """Bytes of the DER value ``content`` begins with."""
    first = content[1]
    if first < 0x80:
        return 2 + first
    count = first & 0x7F
    return 2 + count + int.from_bytes(content[2 : 2 + count], "big")


def _second_begins(data: bytes) -> int:
    """Where the first revision of the file ends."""
    return data.index(_END) + len(_END)


def _quiet() -> None:
    """The library logs subjects of certificates and parts of files; ours logs neither."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
