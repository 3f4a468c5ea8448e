"""Enrolment codes: where the county server is, whom to believe, and a one-time secret."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import asdict, dataclass

from fieldapp.errors import InputError
from fieldapp.store.identity import statement_from_json, statement_to_json
from fieldapp.store.trust import CountyTrust, pin

PREFIX = "TJB1."
KEYS_PREFIX = "TJBK1."
FILE_SUFFIX = ".tjbcode"


@dataclass(frozen=True)
class EnrolmentCode:
    """``root``: SHA-256 of the county's root key, hex. ``secret``: hex, serves once until ``expires`` (RFC 3339)."""

    server: str
    root: str
    secret: str
    expires: str

    def text(self) -> str:
        """The code as one word that survives being pasted from a message; the last four characters check it."""
        body = json.dumps(asdict(self), separators=(",", ":"), sort_keys=True).encode()
        return PREFIX + base64.urlsafe_b64encode(body).decode().rstrip("=") + "." + _check(body)


def read_code(text: str) -> EnrolmentCode:
    """The code in ``text`` (blanks and line breaks are harmless, what a file has behind it too). Raises InputError
    ``code.unreadable``."""
    plain = "".join(text.split()).partition(KEYS_PREFIX)[0]
    try:
        start, body, check = plain.split(".")
        data = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        if start + "." != PREFIX or check != _check(data):
            raise InputError("code.unreadable")
        return EnrolmentCode(**{key: str(value) for key, value in json.loads(data).items()})
    except (ValueError, TypeError, AttributeError):
        raise InputError("code.unreadable") from None


def file_text(code: EnrolmentCode, trust: CountyTrust) -> str:
    """The code as a file on a stick: with the county's public keys, for a laptop that asks no server."""
    keys = [trust.county, trust.root.hex(), [statement_to_json(one) for one in trust.certificates]]
    packed = base64.urlsafe_b64encode(zlib.compress(json.dumps(keys).encode(), 9)).decode()
    return f"{code.text()}\n{KEYS_PREFIX}{packed}\n"


def read_keys(text: str, root: str) -> CountyTrust | None:
    """The county's keys behind a code, under the root whose fingerprint the code names; None for a bare code.

    Raises InputError ``code.unreadable``, VaultError ``vault.root``.
    """
    packed = "".join(text.split()).partition(KEYS_PREFIX)[2]
    if not packed:
        return None
    try:
        county, raw, certificates = json.loads(zlib.decompress(base64.urlsafe_b64decode(packed)))
        trust = CountyTrust(county, bytes.fromhex(raw), tuple(map(statement_from_json, certificates)))
    except (ValueError, TypeError, KeyError, zlib.error):
        raise InputError("code.unreadable") from None
    return pin(trust, root)


def _check(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:4]
