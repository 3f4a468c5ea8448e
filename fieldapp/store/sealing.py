"""What leaves this device's scope, sealed so that the county alone reads it. No database in here: the server opens it.

Clear content: zstd of JSON [kind, name, content]; for kind ``revision`` the content is [envelope, signature, salt,
payload] in hex, the payload zstd-compressed as the store keeps it, salt and payload null once erased.
"""

from __future__ import annotations

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from fieldapp.store.codec import pack_json

SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_INFO = b"tiejiaoban-evicted-1"


def seal(kind: str, name: str, content: object, transport_key: bytes) -> bytes:
    """Sealed to the county's raw X25519 ``transport_key``."""
    return SUITE.encrypt(pack_json([kind, name, content]), X25519PublicKey.from_public_bytes(transport_key), _INFO)


def open_sealed(sealed: bytes, key: X25519PrivateKey) -> bytes:
    """The clear content, still compressed. Raises cryptography's InvalidTag."""
    return SUITE.decrypt(sealed, key, _INFO)
