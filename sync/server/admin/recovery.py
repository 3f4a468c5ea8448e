"""``answer-recovery``: a custodian's half for somebody who forgot the passphrase, logged where everyone sees it."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fieldapp.errors import InputError, RefusedError
from fieldapp.store.vault import recovery
from sync.server.admin.command import add_command, ask_passphrase
from sync.server.clock import now_text
from sync.server.keys import write_private
from sync.server.publishing import publish
from sync.server.service import Service
from sync.server.storage import controls

LOG = "recovery/"


def register(commands: Any) -> None:
    command = add_command(commands, "answer-recovery", _answer, "one custodian's half for a forgotten passphrase")
    command.add_argument("request", type=Path)
    command.add_argument("answer", type=Path)
    command.add_argument("--custodian-key", required=True, type=Path)
    command.add_argument("--code", required=True, help="the ten characters the requester reads from the own screen")
    command.add_argument("--passphrase-file", type=Path, help="of the custodian's key; asked for otherwise")


def answer_recovery(service: Service, request: bytes, code: str, key: X25519PrivateKey, by: str) -> bytes:
    """The answer file's bytes. Who answered whom is published before the answer leaves.

    Raises RefusedError ``recovery.code`` when the requester's code is another, VaultError ``vault.request`` |
    ``vault.not_custodian``.
    """
    asked = recovery.read_request(request)
    if code.strip().upper() != asked.code:
        raise RefusedError("recovery.code")
    made = recovery.answer(request, key)
    slot = next((name for name, raw in service.keys.trust.recovery.items() if raw == _public(key)), "")
    name = LOG + hashlib.sha256(request).hexdigest()[:32]

    def log(connection: Any) -> None:
        before = controls.newest(connection, service.keys.county, name)
        answers = list(before.body["content"]["answers"]) if before else []
        answers.append({"slot": slot, "by": by, "at": now_text()})
        publish(service, connection, name, {"profile": asked.profile, "answers": answers})
        controls.note(connection, service.keys.county, by, "answer-recovery", asked.profile)

    service.write(log)
    return made


def read_custodian_key(path: Path, passphrase: str) -> X25519PrivateKey:
    """Raises InputError ``keys.unreadable``."""
    try:
        return recovery.custodian_key(path.read_bytes(), passphrase)
    except (OSError, InputError):
        raise InputError("keys.unreadable", where=path.name) from None


def _public(key: X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def _answer(service: Service, options: argparse.Namespace) -> dict[str, str]:
    key = read_custodian_key(
        options.custodian_key, ask_passphrase(options.passphrase_file, "passphrase of the custodian's key")
    )
    request = options.request.read_bytes()
    write_private(options.answer, answer_recovery(service, request, options.code, key, options.by))
    return {"profile": recovery.read_request(request).profile, "answer": options.answer.name}
