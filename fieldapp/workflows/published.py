"""What the county publishes to laptops, as sync has brought it: forms and the policy pack (control documents).

Control names are ``form/<form id>`` and ``pack/<name>``; contents are written by ``python -m sync.server admin
publish``: {file, base64} and, for a form, ``xform``: the compiled XForm (zlib, base64), so that no laptop compiles.
A form holds from its ``effective`` date; a pack at once, for every parameter in it has dates of its own.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fieldapp.store.api import ReadTx

FORM, PACK = "form/", "pack/"
MAX_XFORM_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class PublishedForm:
    """``control`` is the rising number of the publication, ``xform`` the compiled form."""

    form_id: str
    control: int
    xform: bytes


@dataclass(frozen=True)
class PublishedPack:
    """A policy workbook as published: under which name, as which version of it, signed at ``at``."""

    name: str
    control: int
    at: str
    workbook: bytes


@dataclass(frozen=True)
class Published:
    """What is in force on a day; ``pack`` is None while the county has published none."""

    forms: tuple[PublishedForm, ...]
    pack: PublishedPack | None


def published(tx: ReadTx, on: date) -> Published:
    """The forms whose date has come, and the pack in force."""
    forms, packs = [], []
    for name, version in sorted(tx.controls().items()):
        if not name.startswith((FORM, PACK)):
            continue
        statement = tx.control(name)
        assert statement is not None
        body = statement.body
        if name.startswith(PACK):
            packs.append(PublishedPack(name, version, body["at"], base64.b64decode(body["content"]["base64"])))
        elif _in_force(body, on) and "xform" in body["content"]:
            forms.append(PublishedForm(name.removeprefix(FORM), version, _unpacked(body["content"]["xform"])))
    holds = in_force({pack.name: pack.at for pack in packs})
    return Published(tuple(forms), next((pack for pack in packs if pack.name == holds), None))


def in_force(packs: Mapping[str, str]) -> str | None:
    """Which pack holds, of control name → when its newest version was signed: the one published last. Versions are
    counted under each name apart, so a new name begins at 1 and yet takes the place of the old one."""
    return max(packs, key=lambda name: (packs[name], name), default=None)


def packed(xform: bytes) -> str:
    """How a compiled form travels inside a control document."""
    return base64.b64encode(zlib.compress(xform, 9)).decode("ascii")


def _unpacked(text: str) -> bytes:
    return zlib.decompressobj().decompress(base64.b64decode(text), MAX_XFORM_BYTES)


def _in_force(body: dict[str, Any], on: date) -> bool:
    effective = body.get("effective")
    return effective is None or date.fromisoformat(effective) <= on
