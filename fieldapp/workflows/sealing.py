"""What a printed paper is sealed with: this device's key and certificate, the county's receipts for what it shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fieldapp.domain.statements import Statement
from fieldapp.reports.code import MOST_REVISIONS, Sealer
from fieldapp.store.api import ReadTx, Store


def sealer_for(store: Store, tx: ReadTx, printed_at: datetime, documents: Iterable[str]) -> Sealer:
    """The sealer of a paper about ``documents``: it names their leaves when they are few enough for a code, and
    the county's words that it holds them: receipts for this device's own, signed feed heads for what was pulled.

    Raises StateError ``state.not_enrolled``."""
    identity = store.profile.require_identity()
    leaves = [leaf for view in tx.documents(documents) for leaf in view.merged.leaves]
    named = tuple(leaves) if len(leaves) <= MOST_REVISIONS else ()
    return Sealer(
        store.profile.signing_key().private_bytes_raw(), store.profile.device, identity.county,
        identity.device_certificate, int(printed_at.timestamp()), named, tuple(_receipts(tx, named)),
    )  # fmt: skip


def _receipts(tx: ReadTx, revisions: Iterable[str]) -> Iterable[Statement]:
    """Each once: one feed head covers many revisions."""
    found = (tx.proof(revision) for revision in revisions)
    return dict.fromkeys(proof for proof in found if proof is not None)
