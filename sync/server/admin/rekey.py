"""``rekey`` and ``keys``: new keys certified by the offline root, and the laptops that have not heard of them yet."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sync.server.admin.command import add_command, ask_passphrase
from sync.server.keys import IMPORTER, RENEWABLE, keep_server_keys, read_root_key, renew_keys
from sync.server.service import Service
from sync.server.storage import controls, people


def register(commands: Any) -> None:
    new = add_command(commands, "rekey", _rekey, "new keys for server or custodians; restart servers afterwards")
    new.add_argument("--root-key", required=True, type=Path, help="root.key, brought for this from where it is kept")
    new.add_argument("--role", required=True, action="append", choices=RENEWABLE, help="may be repeated")
    new.add_argument("--out", type=Path, default=Path("."), help="folder for the new custodian-*.key")
    new.add_argument("--passphrase-file", type=Path, help="of the root and the new custodian keys; asked for otherwise")
    add_command(commands, "keys", _keys, "the county's keys, and laptops that have not taken over the newest")


def _rekey(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    passphrase = ask_passphrase(options.passphrase_file, "passphrase of the county root")
    root = read_root_key(options.root_key, passphrase)
    made = renew_keys(service.keys, root, options.role, passphrase, options.out)
    keep_server_keys(made, options.key_file)
    service.write(lambda c: controls.note(c, service.keys.county, options.by, "rekey", ",".join(options.role)))
    return {"roles": options.role, "certificates": len(made.trust.certificates)}


def _keys(service: Service, _: argparse.Namespace) -> list[dict[str, Any]]:
    certificates = [certificate.body for certificate in service.keys.trust.certificates]
    made: list[dict[str, Any]] = [
        {"role": body["role"], "slot": body.get("slot"), "issued_at": body["issued_at"]} for body in certificates
    ]
    late = service.read(lambda c: people.without_keys(c, service.keys.county, len(certificates)))
    return made + [
        {"lacks_newest": row["device"], "user": row["user"], "seen_at": row["seen_at"]}
        for row in late
        if row["user"] != IMPORTER
    ]
