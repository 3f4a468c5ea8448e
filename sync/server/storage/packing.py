"""Statements as one column."""

from __future__ import annotations

import msgspec

from fieldapp.domain.statements import Statement
from sync.protocol.messages import Signed


def pack_statement(statement: Statement) -> bytes:
    return msgspec.msgpack.encode(Signed.of(statement))


def unpack_statement(data: bytes) -> Statement:
    return unpack_signed(data).statement()


def unpack_signed(data: bytes) -> Signed:
    return msgspec.msgpack.decode(data, type=Signed)
