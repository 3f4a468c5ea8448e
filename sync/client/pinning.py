"""Believing the county's own TLS root: found in the server's chain, checked against the pinned fingerprint.

No certificate authority of the machine is asked. The chain is read from a connection over which nothing is said.
"""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from fieldapp.domain.statements import key_id
from fieldapp.errors import NetworkError

ROOT_FILE = "county-root.crt"


def pin_root(server: str, fingerprint: str, folder: Path, *, timeout: float = 15.0) -> Path | None:
    """The file with the county's root certificate, for an ``https`` server; None for plain ``http``.

    Raises NetworkError ``network.away`` | ``network.not_the_county`` when no certificate of the chain holds the
    pinned key.
    """
    address = urlsplit(server)
    if address.scheme != "https":
        return None
    for certificate in _chain(address.hostname or "", address.port or 443, timeout):
        key = certificate.public_key()
        if isinstance(key, Ed25519PublicKey) and key_id(key) == fingerprint:
            path = folder / ROOT_FILE
            path.write_bytes(certificate.public_bytes(Encoding.PEM))
            return path
    raise NetworkError("network.not_the_county")


def pinned_root(folder: Path) -> Path | None:
    """The root certificate kept at enrolment."""
    path = folder / ROOT_FILE
    return path if path.exists() else None


def _chain(host: str, port: int, timeout: float) -> list[x509.Certificate]:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, port), timeout) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            return [x509.load_der_x509_certificate(data) for data in _unverified(secure)]
    except ssl.SSLError:
        raise NetworkError("network.not_the_county") from None
    except OSError:
        raise NetworkError("network.away") from None


def _unverified(secure: ssl.SSLSocket) -> list[bytes]:
    """The chain as sent; a public method since Python 3.13, before that only on the inner object."""
    if hasattr(secure, "get_unverified_chain"):
        return list(secure.get_unverified_chain())
    found = secure._sslobj.get_unverified_chain() or []  # type: ignore[attr-defined]
    return [ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in found]
