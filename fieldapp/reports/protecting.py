"""A password on a PDF: AES-256, asked for by every reader before it shows anything."""

from __future__ import annotations

import io

from fieldapp.errors import InputError

SHORTEST = 8


def with_password(pdf: bytes, password: str) -> bytes:
    """``pdf`` encrypted under ``password``; printing and reading aloud stay allowed, changing does not.

    Raises InputError ``report.password`` for fewer than ``SHORTEST`` characters.
    """
    import pikepdf

    if len(password) < SHORTEST:
        raise InputError("report.password", least=SHORTEST)
    rights = pikepdf.Permissions(
        accessibility=True, extract=False, modify_annotation=False, modify_assembly=False, modify_form=False,
        modify_other=False, print_highres=True, print_lowres=True,
    )  # fmt: skip
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        encryption = pikepdf.Encryption(user=password, owner=_owner(), R=6, aes=True, allow=rights)
        document.save(made, encryption=encryption, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return made.getvalue()


def _owner() -> str:
    """Nobody holds the owner's password: what may be done is settled when the file is written."""
    import secrets

    return secrets.token_urlsafe(24)
