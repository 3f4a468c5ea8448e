"""Statements as one column."""

from __future__ import annotations

from fieldapp.domain.statements import Statement
from sync.protocol.messages import Signed


def pack_statement(statement: Statement) -> bytes:
    return Signed.of(statement).to_bytes()


def unpack_statement(data: bytes) -> Statement:
    return unpack_signed(data).statement()


def unpack_signed(data: bytes) -> Signed:
    return Signed.from_bytes(data)
