"""The verification code of a report (the QR square) and the seal in its file.

The code says which revisions were printed and what the pages show, signed by the device that printed it:

    version (1) · county (3) · printed at (4, seconds) · number of revisions (1) · revision ids (32 each)
    · digest of the pages' drawing (32) · digest of the county's receipts (32) · device (32) · signature (64)
    · check (4: the beginning of SHA-256 of all before it, which tells a mangled code from a stranger's)

in base 32 behind ``TJB1:``, so that a QR code holds it in its letters-and-digits mode. The seal, comment lines before
``startxref``, binds code, device certificate and receipts to every other byte of the file.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError, ProgrammingFault
from fieldapp.store.identity import statement_to_json

PREFIX = "TJB1:"
VERSION = 1
CODE_TAG, SEAL_TAG = b"report-code-1\0", b"report-seal-1\0"
#: Written into the document's keywords, so that a file that lost its seal on the way is not taken for a stranger.
SEALED = "TJB-SEALED"
SCHEMA = "report-seal/1"
_BEGIN, _END = b"%TJB-SEAL-BEGIN\n", b"%TJB-SEAL-END\n"
_SEAL = re.compile(re.escape(_BEGIN) + rb"((?:%[A-Za-z0-9+/=]+\n)+)" + re.escape(_END))
_FILE_END = b"%%EOF\n"
_LINE = 120
_ID, _SIGNATURE, _CHECK = 32, 64, 4
_FIXED = 1 + 3 + 4 + 1 + 3 * _ID + _SIGNATURE + _CHECK
MOST_REVISIONS = 32


@dataclass(frozen=True)
class Code:
    """A code as read. ``revisions`` and ``device`` are hex; ``printed_at`` seconds since 1970."""

    county: str
    printed_at: int
    revisions: tuple[str, ...]
    pages: bytes
    receipts: bytes
    device: str
    signed: bytes
    signature: bytes


@dataclass(frozen=True)
class Seal:
    """A seal as read: the code, SHA-256 (hex) of the file without its seal, the printing device's certificate, the
    county's receipts; ``signed`` is what ``signature`` covers."""

    code: str
    file: str
    certificate: Mapping[str, str]
    receipts: tuple[Mapping[str, str], ...]
    signed: bytes
    signature: bytes


@dataclass(frozen=True)
class Sealer:
    """Signs reports for one printing. ``key`` is the device's raw Ed25519 key; ``receipts`` are the county's for
    ``revisions`` (hex ids). Plain data, so that a child process can be given it through its pipe."""

    key: bytes
    device: str
    county: str
    certificate: Statement
    printed_at: int
    revisions: tuple[str, ...] = ()
    receipts: tuple[Statement, ...] = ()

    def __repr__(self) -> str:
        return "Sealer(...)"

    @property
    def code_length(self) -> int:
        """Letters of the code to come."""
        return len(PREFIX) + -(-(_FIXED + _ID * len(self.revisions)) * 8 // 5)

    def code(self, pages: bytes) -> str:
        """The code for pages whose drawing has this SHA-256."""
        if len(self.revisions) > MOST_REVISIONS:
            raise ProgrammingFault("more revisions than a document may have leaves")
        body = b"".join(
            (
                bytes([VERSION]), int(self.county).to_bytes(3, "big"), self.printed_at.to_bytes(4, "big"),
                bytes([len(self.revisions)]), *map(bytes.fromhex, self.revisions), pages,
                receipts_digest(self.receipts), bytes.fromhex(self.device),
            )
        )  # fmt: skip
        whole = body + self._key().sign(CODE_TAG + body)
        return PREFIX + base64.b32encode(whole + _check(whole)).decode("ascii").rstrip("=")

    def seal(self, pdf: bytes, code: str) -> bytes:
        """``pdf`` with its seal; nothing may be changed in it afterwards."""
        body = {
            "schema": SCHEMA, "code": code, "file": hashlib.sha256(pdf).hexdigest(),
            "certificate": statement_to_json(self.certificate),
            "receipts": [statement_to_json(receipt) for receipt in self.receipts],
        }  # fmt: skip
        signed = json.dumps(body, sort_keys=True, separators=(",", ":")).encode("ascii")
        return attach(pdf, signed + self._key().sign(SEAL_TAG + signed))

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.key)


def receipts_digest(receipts: tuple[Statement, ...]) -> bytes:
    """SHA-256 over the receipts' signed bytes and signatures in their order; 32 zero bytes without any."""
    if not receipts:
        return bytes(_ID)
    digest = hashlib.sha256()
    for receipt in receipts:
        digest.update(len(receipt.body_bytes).to_bytes(4, "big") + receipt.body_bytes + receipt.signature)
    return digest.digest()


def read_code(text: str) -> Code:
    """The code in ``text``. Raises InputError ``report.code`` when it is none or was mangled."""
    letters = "".join(text.split()).upper()
    if not letters.startswith(PREFIX):
        raise InputError("report.code")
    plain = letters.removeprefix(PREFIX)
    try:
        data = base64.b32decode(plain + "=" * (-len(plain) % 8))
    except ValueError:
        raise InputError("report.code") from None
    if len(data) < _FIXED or data[0] != VERSION or len(data) != _FIXED + _ID * data[8]:
        raise InputError("report.code")
    # Base 32 may end in spare bits: a code is only what its own bytes would be written as.
    if base64.b32encode(data).decode("ascii").rstrip("=") != plain or _check(data[:-_CHECK]) != data[-_CHECK:]:
        raise InputError("report.code")
    data = data[:-_CHECK]
    ids = [data[9 + _ID * n : 9 + _ID * (n + 1)] for n in range(data[8])]
    rest = data[9 + _ID * data[8] :]
    return Code(
        f"{int.from_bytes(data[1:4], 'big'):06d}", int.from_bytes(data[4:8], "big"), tuple(i.hex() for i in ids),
        rest[:_ID], rest[_ID : 2 * _ID], rest[2 * _ID : 3 * _ID].hex(), data[:-_SIGNATURE], data[-_SIGNATURE:],
    )  # fmt: skip


def _check(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:_CHECK]


def attach(pdf: bytes, seal: bytes) -> bytes:
    """``pdf`` with ``seal`` as comment lines before its last ``startxref``: no offset in the file moves."""
    text = base64.b64encode(seal)
    lines = b"".join(b"%" + text[at : at + _LINE] + b"\n" for at in range(0, len(text), _LINE))
    at = pdf.rindex(b"startxref")
    return pdf[:at] + _BEGIN + lines + _END + pdf[at:]


def detach(data: bytes) -> tuple[bytes, Seal] | None:
    """The file without its seal, and the seal; None when there is none that can be read."""
    found = list(_SEAL.finditer(data))
    if len(found) != 1:
        return None
    bare = data[: found[0].start()] + data[found[0].end() :]
    try:
        whole = base64.b64decode(found[0][1].replace(b"%", b"").replace(b"\n", b""), validate=True)
        if attach(bare, whole) != data:
            return None
        body: dict[str, Any] = json.loads(whole[:-_SIGNATURE])
        if body["schema"] != SCHEMA:
            return None
        receipts = tuple(body["receipts"])
        return bare, Seal(
            str(body["code"]), str(body["file"]), body["certificate"], receipts, whole[:-_SIGNATURE],
            whole[-_SIGNATURE:],
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None


def sealed_part(data: bytes) -> bytes:
    """``data`` up to the end of the file that was sealed; all of it when it bears no seal or not just one."""
    found = list(_SEAL.finditer(data))
    end = data.find(_FILE_END, found[0].end()) if len(found) == 1 else -1
    return data[: end + len(_FILE_END)] if end >= 0 else data


def bears_marks(data: bytes) -> bool:
    """Whether a file says of itself that it was sealed."""
    return any(mark in data for mark in (SEALED.encode(), b"TJB-SEAL-BEGIN", b"TJB-SEAL-END"))
