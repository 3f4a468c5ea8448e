"""What a paper may be given on its way out: a password (AES-256, asked for by every reader before it shows anything) or
the county's digital signature."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from fieldapp.errors import InputError
from fieldapp.reports.signing import Certificate, check, sign

SHORTEST = 8


@dataclass(frozen=True)
class Protection:
    """One of both or neither: what is signed must be readable to whoever checks it.

    Raises InputError ``report.password`` | ``report.both`` when it is made.
    """

    password: str = field(default="", repr=False)
    certificate: Certificate | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.password and self.certificate:
            raise InputError("report.both")
        if self.password and len(self.password) < SHORTEST:
            raise InputError("report.password", least=SHORTEST)

    def check(self) -> None:
        """Before anything is logged or drawn. Raises InputError ``report.certificate``."""
        if self.certificate:
            check(self.certificate)

    def signed(self, pdf: bytes) -> bytes:
        """The finished paper, signed when it is to be."""
        return sign(pdf, self.certificate) if self.certificate else pdf


OPEN = Protection()


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
