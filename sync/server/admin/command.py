"""``python -m sync.server admin``: reads arguments, opens the service, calls one function, prints its result."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fieldapp.errors import InputError
from sync.server.service import Service, open_service

Handler = Callable[[Service, argparse.Namespace], Any]


def run(arguments: list[str]) -> int:
    """Run one admin command. Its result is printed as JSON, one object per line for lists."""
    options = build_parser().parse_args(arguments)
    if options.handler is None:
        result = options.alone(options)
    else:
        service = open_service(options.db, options.blobs, options.key_file)
        try:
            result = options.handler(service, options)
        finally:
            service.close()
    for line in result if isinstance(result, list) else [result]:
        print(json.dumps(line, ensure_ascii=False))
    return 0


def build_parser() -> argparse.ArgumentParser:
    from sync.server.admin import (
        answers,
        assignments,
        backup,
        county,
        damage,
        devices,
        erasure,
        exports,
        imports,
        intake,
        parameters,
        people,
        publish,
        recovery,
        rekey,
        remains,
        sticks,
    )

    parser = argparse.ArgumentParser(prog="python -m sync.server admin")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    desk = (county, people, devices, imports, intake, answers, assignments, exports, publish, parameters)
    for room in (*desk, erasure, backup, damage, recovery, rekey, remains, sticks):
        room.register(commands)
    return parser


def add_command(commands: Any, name: str, handler: Handler, help_: str) -> argparse.ArgumentParser:
    """A command that works on a county's service."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_)
    parser.set_defaults(handler=handler, alone=None)
    parser.add_argument("--db", required=True, help="sqlite:///path or postgresql://user@host/database")
    parser.add_argument("--blobs", required=True, type=Path)
    parser.add_argument("--key-file", required=True, type=Path)
    parser.add_argument("--by", default="admin", help="who does this, for the journal")
    return parser


def ask_passphrase(file: Path | None, what: str) -> str:
    """A passphrase from the first line of ``file``, or typed twice. Raises InputError ``passphrase.short``."""
    if file is not None:
        text = file.read_text(encoding="utf-8").split("\n")[0]
    else:
        text = getpass.getpass(f"{what}: ")
        if sys.stdin.isatty() and getpass.getpass(f"{what}, again: ") != text:
            raise InputError("passphrase.differs")
    if len(text) < 8:
        raise InputError("passphrase.short")
    return text
