"""Enrolment codes: where the county server is, whom to believe, and a one-time secret."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict, dataclass

from fieldapp.errors import InputError

PREFIX = "TJB1."
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
    """The code in ``text`` (blanks and line breaks are harmless). Raises InputError ``code.unreadable``."""
    plain = "".join(text.split())
    try:
        start, body, check = plain.split(".")
        data = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        if start + "." != PREFIX or check != _check(data):
            raise InputError("code.unreadable")
        return EnrolmentCode(**{key: str(value) for key, value in json.loads(data).items()})
    except (ValueError, TypeError, AttributeError):
        raise InputError("code.unreadable") from None


def _check(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:4]
