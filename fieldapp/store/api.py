"""The contract of the store: what other rooms import.

    profile = Profile.create(folder, passphrase)            # or Profile.unlock(folder, passphrase)
    profile.set_identity(identity)                          # after enrolment; again when role or scope change
    with Store.open(profile) as store:
        home = store.write_now(lambda tx: tx.create("household", area, {"address": "周岭村12号"}))
        view = store.read_now(lambda tx: tx.document(home))
        hits = store.read_now(lambda tx: find(tx, "zhouling 12"))

The query functions of projections are imported as modules: ``from fieldapp.store.projections import people``.
"""

from __future__ import annotations

from fieldapp.store.exchange import SyncState
from fieldapp.store.identity import Identity
from fieldapp.store.reading import Draft, ReadTx
from fieldapp.store.search.find import Hit, Match, find
from fieldapp.store.store import Store
from fieldapp.store.trust import CountyTrust
from fieldapp.store.vault.keyfile import QUICK, Kdf
from fieldapp.store.vault.passphrase import Strength, strength
from fieldapp.store.vault.profile import Profile, ProfileLabel, profiles_in
from fieldapp.store.views import DocumentView, RevisionRow
from fieldapp.store.writing import WriteTx

__all__ = [
    "QUICK",
    "CountyTrust",
    "DocumentView",
    "Draft",
    "Hit",
    "Identity",
    "Kdf",
    "Match",
    "Profile",
    "ProfileLabel",
    "ReadTx",
    "RevisionRow",
    "Store",
    "Strength",
    "SyncState",
    "WriteTx",
    "find",
    "profiles_in",
    "strength",
]
