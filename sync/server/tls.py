"""A TLS certificate under the county root, by one command.

The county root is an Ed25519 key, and so are the certificates: the clients are our own. The client pins the root
(its fingerprint came with the enrolment code), never the leaf, so a leaf may be renewed at any time.
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sync.server.clock import now
from sync.server.keys import write_private

LEAF_DAYS = 825
ROOT_DAYS = 365 * 30


def make_certificate(root: Ed25519PrivateKey, county_name: str, hosts: list[str], folder: Path) -> None:
    """Write ``root.crt``, ``server.crt`` (leaf, then root) and ``server.key`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{county_name} root")])
    authority = _authority(root, name)
    key = Ed25519PrivateKey.generate()
    leaf = _leaf(root, name, key, hosts)
    top = authority.public_bytes(Encoding.PEM)
    write_private(folder / "root.crt", top)
    write_private(folder / "server.crt", leaf.public_bytes(Encoding.PEM) + top)
    write_private(folder / "server.key", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _authority(root: Ed25519PrivateKey, name: x509.Name) -> x509.Certificate:
    builder = _builder(name, name, root, ROOT_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(root.public_key()), critical=False)
    return builder.add_extension(_usage(signs=True), critical=True).sign(root, None)


def _leaf(root: Ed25519PrivateKey, issuer: x509.Name, key: Ed25519PrivateKey, hosts: list[str]) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    builder = _builder(subject, issuer, key, LEAF_DAYS)
    builder = builder.add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key())
    builder = builder.add_extension(authority, critical=False)
    return builder.add_extension(_usage(signs=False), critical=True).sign(root, None)


def _builder(subject: x509.Name, issuer: x509.Name, key: Ed25519PrivateKey, days: int) -> x509.CertificateBuilder:
    start = now() - timedelta(days=1)  # laptops with slow clocks
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, key_cert_sign=signs, crl_sign=signs, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)
