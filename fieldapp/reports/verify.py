"""Is this report the one that was printed: genuine, altered or unknown, and nothing else.

The file must be, byte for byte, what a device of this county sealed; the code on paper must be one that such a device
signed. Neither answer shows anything of the family.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp.domain.statements import Statement, key_id
from fieldapp.errors import InputError
from fieldapp.reports.code import (
    CODE_TAG,
    PREFIX,
    SEAL_TAG,
    SEALED,
    Code,
    Seal,
    bears_marks,
    detach,
    read_code,
    receipts_digest,
    sealed_part,
)
from fieldapp.store.identity import statement_from_json
from fieldapp.store.trust import CountyTrust, public_key

MOST_BYTES = 512 * 1024 * 1024


class Verdict(StrEnum):
    """``unknown``: nothing this county's devices ever sealed, as far as the file shows."""

    GENUINE = "genuine"
    ALTERED = "altered"
    UNKNOWN = "unknown"

    def words(self) -> str:
        """What people are told: one word, in both languages, and nothing else."""
        return f"{_WORDS[self]} {self.value}"


_WORDS = {Verdict.GENUINE: "真实", Verdict.ALTERED: "已被改动", Verdict.UNKNOWN: "无法识别"}


def verify_file(path: Path, *trusts: CountyTrust) -> Verdict:
    """What the file at ``path`` is for whoever believes ``trusts``. Raises OSError when it cannot be read."""
    if path.stat().st_size > MOST_BYTES:
        return Verdict.UNKNOWN
    return verify_bytes(path.read_bytes(), *trusts)


def verify_bytes(data: bytes, *trusts: CountyTrust) -> Verdict:
    """What the PDF in ``data`` is. Never raises for what it holds. Without any trust nothing is genuine, but what was
    altered still shows. A digital signature appended to what was sealed changes nothing of it, if it is nothing else.
    """
    sealed = sealed_part(data)
    verdict = _sealed(sealed, trusts)
    if len(sealed) == len(data) or verdict is not Verdict.GENUINE:
        return verdict
    from fieldapp.reports.signing import only_signs

    return Verdict.GENUINE if only_signs(data, len(sealed)) else Verdict.ALTERED


def _sealed(data: bytes, trusts: tuple[CountyTrust, ...]) -> Verdict:
    found = detach(data)
    if found is None:
        return Verdict.ALTERED if bears_marks(data) or _says_sealed(data) else Verdict.UNKNOWN
    bare, seal = found
    try:
        certificate = statement_from_json(seal.certificate)
        receipts = tuple(statement_from_json(each) for each in seal.receipts)
        code = read_code(seal.code)
        key = public_key(bytes.fromhex(str(certificate.body["public_key"])))
    except (InputError, ValueError, KeyError, TypeError):
        return Verdict.ALTERED
    if not _hangs_together(bare, seal, code, key, receipts):
        return Verdict.ALTERED
    told = {_believed(trust, code, certificate, receipts) for trust in trusts}
    return next((verdict for verdict in (Verdict.GENUINE, Verdict.ALTERED) if verdict in told), Verdict.UNKNOWN)


def verify_code(text: str, county: str, device_key: Callable[[str], bytes | None]) -> Verdict:
    """What the code on a paper is. ``device_key`` gives the raw public key of a device id of this county, or None."""
    if not "".join(text.split()).upper().startswith(PREFIX):
        return Verdict.UNKNOWN
    try:
        code = read_code(text)
    except InputError:
        return Verdict.ALTERED
    raw = device_key(code.device)
    if raw is None or code.county != county:
        return Verdict.UNKNOWN
    return Verdict.GENUINE if _signed(public_key(raw), code.signature, CODE_TAG + code.signed) else Verdict.ALTERED


def pages_digest(data: bytes) -> bytes:
    """The digest in the code, from the file: SHA-256 over every page's drawing, each behind its length."""
    import pikepdf

    digest = hashlib.sha256()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            stream = page.obj.Contents.read_bytes()
            digest.update(len(stream).to_bytes(8, "big") + stream)
    return digest.digest()


def _hangs_together(
    bare: bytes, seal: Seal, code: Code, key: Ed25519PublicKey, receipts: tuple[Statement, ...]
) -> bool:
    """Everything that is true whoever the device is: the file, the seal and the code say the same."""
    return (
        hashlib.sha256(bare).hexdigest() == seal.file
        and _signed(key, seal.signature, SEAL_TAG + seal.signed)
        and _signed(key, code.signature, CODE_TAG + code.signed)
        and key_id(key) == code.device
        and receipts_digest(receipts) == code.receipts
    )


def _believed(trust: CountyTrust, code: Code, certificate: Statement, receipts: tuple[Statement, ...]) -> Verdict:
    try:
        device, _user, _key = trust.check_device(certificate)
    except (InputError, KeyError, ValueError):
        return Verdict.UNKNOWN
    if code.county != trust.county or device != code.device:
        return Verdict.UNKNOWN
    try:
        held = all(_is_held(trust, receipt, code) for receipt in receipts)
    except InputError:
        return Verdict.ALTERED
    return Verdict.GENUINE if held else Verdict.ALTERED


def _is_held(trust: CountyTrust, word: Statement, code: Code) -> bool:
    """Whether the county's word is one that it holds what the code names: a receipt, or the head of a feed. Raises
    InputError ``statement.*`` when the county did not sign it."""
    if word.kind == "feed-head":
        return bool(trust.check(word, "feed-head").get("areas"))
    body = trust.check(word, "receipt")
    return body.get("state") == "accepted" and body.get("revision") in code.revisions


def _signed(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _says_sealed(data: bytes) -> bool:
    """Whether a file that was written anew by another program still says in its keywords that it had a seal."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return SEALED in str(pdf.docinfo.get("/Keywords", ""))
    except pikepdf.PdfError:
        return False
