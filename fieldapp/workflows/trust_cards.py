"""Whom this installation believes, kept in clear beside the vault, so that a report can be verified without a
passphrase: the county's root and the keys it certified, nothing secret and nothing personal.

Whoever can write here can make the program believe other reports, and could as well replace the program.
"""

from __future__ import annotations

import json
from pathlib import Path

from fieldapp.errors import InputError
from fieldapp.store.api import CountyTrust, Profile
from fieldapp.store.files import write_whole
from fieldapp.store.identity import statement_from_json, statement_to_json

CARD = "county.json"
SCHEMA = "county-card/1"


def keep_card(profile: Profile) -> None:
    """Write the county's card into the profile's folder, unless it says the same already."""
    if profile.identity is None:
        return
    card = profile.folder / CARD
    wanted = card_of(profile.identity.trust)
    if not card.is_file() or card.read_bytes() != wanted:
        write_whole(card, wanted)


def card_of(trust: CountyTrust) -> bytes:
    """The card as JSON; a county may also hand it out."""
    body = {
        "schema": SCHEMA, "county": trust.county, "root": trust.root.hex(),
        "certificates": [statement_to_json(certificate) for certificate in trust.certificates],
    }  # fmt: skip
    return json.dumps(body, sort_keys=True).encode("ascii")


def read_card(path: Path) -> CountyTrust:
    """The trust on a card. Raises InputError ``card.unreadable`` | ``statement.*``."""
    try:
        body = json.loads(path.read_bytes())
        if body["schema"] != SCHEMA:
            raise ValueError(SCHEMA)
        certificates = tuple(statement_from_json(each) for each in body["certificates"])
        return CountyTrust(str(body["county"]), bytes.fromhex(body["root"]), certificates)
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError("card.unreadable", where=path.name) from None


def cards_in(home: Path) -> list[CountyTrust]:
    """What the profiles under ``home`` believe, each county once."""
    found = {read_card(path) for path in sorted(home.glob(f"*/{CARD}"))}
    return sorted(found, key=lambda trust: trust.fingerprint)
