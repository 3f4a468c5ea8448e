"""Safe erasure of a profile: what the county does not hold yet leaves sealed to the county, the keys go first.

The sealed file holds parts named KIND/NAME, all but blobs packed JSON: ``revision`` [envelope, signature, salt, packed
payload] in hex, ``draft`` [kind, subject, body, heads], ``sealed`` what evictions sealed (``sealing``), ``blob-head``
[document, kind, media type, salt] before each ``blob``. ``read_remains`` opens it at the county; no database in here.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from fieldapp.errors import InputError, StateError
from fieldapp.store import piecefile
from fieldapp.store.codec import pack_json
from fieldapp.store.piecefile import Part
from fieldapp.store.sealing import SUITE
from fieldapp.store.vault import keyfile

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx
    from fieldapp.store.store import Store

SUFFIX = ".tjb-sealed"
_KIND, _INFO = "sealed-1", b"tiejiaoban-sealed-file-1"


@dataclass(frozen=True)
class Remains:
    """``path`` is the sealed file to hand to the county; None when the county's backup covers everything."""

    path: Path | None
    revisions: int
    drafts: int
    blobs: int


def erase_profile(store: Store, remains: Path) -> Remains:
    """Seal what no county backup covers into a file beside ``remains`` (its folder must exist), then destroy the keys
    and delete the profile. The store is closed by it.

    Raises StateError ``state.no_county_key`` when something would be lost and there is nobody to seal it to,
    StorageError ``storage.full``: nothing is deleted then.
    """
    made = store.read_now(lambda tx: _seal_remains(tx, remains))
    store.close()
    destroy(store.profile.folder)
    return made


def destroy(folder: Path) -> None:
    """Overwrite and remove the key files, then the rest: without the keys nothing in it can be read.

    What was never delivered is lost; ``erase_profile`` saves it first."""
    for name in (keyfile.NAME, keyfile.COPY):
        path = folder / name
        if path.exists():
            with open(path, "r+b") as out:
                out.write(secrets.token_bytes(path.stat().st_size))
                out.flush()
                os.fsync(out.fileno())
            path.unlink()
    shutil.rmtree(folder)


def read_remains(path: Path, *transports: X25519PrivateKey) -> Iterator[tuple[str, str, Iterator[bytes]]]:
    """(kind, name, content) of each part; a part's content has to be read before the next one. ``transports`` are the
    county's transport key and those before it.

    Raises InputError ``file.not_ours`` (also: sealed to another county) | ``file.damaged``.
    """
    header = piecefile.read_header(path)
    try:
        wrapped = bytes.fromhex(header["key"]) if header.get("kind") == _KIND else b""
    except (ValueError, KeyError, TypeError):
        raise InputError("file.not_ours", where=path.name) from None
    file_key = next((found for key in transports if (found := _unwrapped(wrapped, key))), None)
    if file_key is None:
        raise InputError("file.not_ours", where=path.name)
    for part, content in piecefile.read(path, file_key):
        kind, _, name = part.partition("/")
        yield kind, name, content


def _unwrapped(wrapped: bytes, transport: X25519PrivateKey) -> bytes | None:
    try:
        return SUITE.decrypt(wrapped, transport, _INFO)
    except (InvalidTag, ValueError):
        return None


def _seal_remains(tx: ReadTx, path: Path) -> Remains:
    uncovered = tx.rows(
        "SELECT r.id, r.envelope, r.signature, r.salt, r.payload FROM revision r "
        "LEFT JOIN backed_up b ON b.area = r.feed_area AND b.epoch = r.feed_epoch AND r.feed_seq <= b.seq "
        "WHERE b.area IS NULL ORDER BY r.num"
    )
    drafts = tx.drafts()
    sealed = tx.rows("SELECT kind, content FROM sealed ORDER BY num")
    unsent = tx.rows(
        "SELECT id, document, kind, media_type, salt FROM blob WHERE own = 1 AND held = 0 AND state = 'here'"
    )
    if not (uncovered or drafts or sealed or unsent):
        return Remains(None, 0, 0, 0)
    keys = tx.identity.trust.exchange_keys("transport") if tx.identity else ()
    if not keys:
        raise StateError("state.no_county_key")
    file_key = secrets.token_bytes(32)
    wrapped = SUITE.encrypt(file_key, X25519PublicKey.from_public_bytes(keys[-1]), _INFO)

    def parts() -> Iterator[Part]:
        for name, *columns in uncovered:
            yield Part(f"revision/{name}", pack_json([None if c is None else bytes(c).hex() for c in columns]))
        for draft in drafts:
            yield Part(f"draft/{draft.id}", pack_json([draft.kind, draft.subject, draft.body, list(draft.heads)]))
        for number, (kind, content) in enumerate(sealed):
            yield Part(f"sealed/{kind}/{number}", content)
        for name, *about, salt in unsent:
            blob = tx.blob(name)
            if blob is not None:
                yield Part(f"blob-head/{name}", pack_json([*about, bytes(salt).hex()]))
                yield Part(f"blob/{name}", blob.pieces(), blob.info.size)

    piecefile.write(path, file_key, {"kind": _KIND, "key": wrapped.hex()}, parts())
    return Remains(path, len(uncovered), len(drafts), len(unsent))
