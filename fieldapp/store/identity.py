"""Who works with this profile: attached after enrolment, replaced when the county changes role or scope."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.statements import Statement
from fieldapp.store.trust import CountyTrust


@dataclass(frozen=True)
class Identity:
    """``scope``: the areas the user is responsible for, under ``scope_version`` of ``scope_statement``.

    ``device_certificate`` binds this profile's signing key to ``user``; ``trust`` holds the pinned county root and
    its key certificates; ``server`` is the county server's address, empty when only sticks are used.
    """

    county: str
    county_name: str
    user: str
    name: str
    role: str
    scope: tuple[str, ...]
    scope_version: int
    device_certificate: Statement
    trust: CountyTrust
    server: str = ""
    scope_statement: Statement | None = None


def identity_to_json(identity: Identity) -> dict[str, Any]:
    plain = ("county", "county_name", "user", "name", "role", "scope_version", "server")
    return {
        **{key: getattr(identity, key) for key in plain},
        "scope": list(identity.scope),
        "device_certificate": statement_to_json(identity.device_certificate),
        "scope_statement": statement_to_json(identity.scope_statement) if identity.scope_statement else None,
        "root": identity.trust.root.hex(),
        "certificates": [statement_to_json(certificate) for certificate in identity.trust.certificates],
    }


def identity_from_json(body: Mapping[str, Any]) -> Identity:
    plain = ("county", "county_name", "user", "name", "role", "scope_version", "server")
    certificates = tuple(statement_from_json(item) for item in body["certificates"])
    return Identity(
        **{key: body[key] for key in plain},
        scope=tuple(body["scope"]),
        device_certificate=statement_from_json(body["device_certificate"]),
        scope_statement=statement_from_json(body["scope_statement"]) if body["scope_statement"] else None,
        trust=CountyTrust(body["county"], bytes.fromhex(body["root"]), certificates),
    )


def statement_to_json(statement: Statement) -> dict[str, str]:
    """A statement as JSON values; its signed bytes survive exactly."""
    return {
        "kind": statement.kind,
        "body": base64.b64encode(statement.body_bytes).decode(),
        "key": statement.key,
        "signature": base64.b64encode(statement.signature).decode(),
    }


def statement_from_json(body: Mapping[str, str]) -> Statement:
    return Statement(body["kind"], base64.b64decode(body["body"]), body["key"], base64.b64decode(body["signature"]))
