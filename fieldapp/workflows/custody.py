"""A custodian of the county answers somebody who forgot the passphrase (protocol.md, "Keys").

The custodian's key is a file of his own, under a passphrase of his own, and opens one half only; another custodian
gives the other. That he answered is written on the county's notice board before the answer leaves, for all to see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldapp.domain.areas import board
from fieldapp.domain.documents import RecoveryAnswer
from fieldapp.domain.ids import derived_document_id
from fieldapp.errors import RefusedError
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.store.vault import recovery
from fieldapp.workflows.actor import Actor

ANSWER, ANSWER_TAG = "recovery_answer", "recovery-answer-1"


@dataclass(frozen=True)
class AnswerLine:
    """One half that was given. ``label`` is what the profile that asked is called."""

    at: str
    by: str
    slot: str
    label: str


def answer(store: Store, actor: Actor, request: bytes, code: str, key: bytes, passphrase: str) -> bytes:
    """The answer file's bytes, once it is on record. Not on the GUI thread: the key file's passphrase takes its time.

    ``code`` is what the requester reads from the own screen. Raises RefusedError ``recovery.code`` |
    ``refused.role`` | ``refused.scope``, VaultError ``vault.request`` | ``vault.not_custodian``, InputError
    ``keys.unreadable``.
    """
    asked = recovery.read_request(request)
    if "".join(code.split()).upper() != asked.code:
        raise RefusedError("recovery.code")
    private = recovery.custodian_key(key, passphrase)
    made = recovery.answer(request, private)
    known: Mapping[str, bytes] = store.profile.require_identity().trust.recovery
    raw = private.public_key().public_bytes_raw()
    slot = next((name for name, public in known.items() if public == raw), recovery.half_of(made))
    store.write_now(_log, actor, asked, slot)
    return made


def _log(tx: WriteTx, actor: Actor, asked: recovery.Request, slot: str) -> None:
    area = board(actor.county)
    actor.require(ANSWER, area)
    document = derived_document_id(ANSWER_TAG, actor.county, asked.digest, slot)
    state = {"request": asked.digest, "profile": asked.profile, "label": asked.label, "slot": slot, "by": actor.name,
             "at": actor.stamp()}  # fmt: skip
    if tx.document(document) is None:  # the same answer written to a second stick is still the one answer
        tx.create(ANSWER, area, state, document_id=document)


def read_answers(tx: ReadTx) -> list[AnswerLine]:
    """Every half that was ever given, the newest first."""
    records = [view.record for view in tx.of_type(ANSWER)]
    lines = [AnswerLine(each.at or "", each.by or "", each.slot or "", each.label or "")
             for each in records if isinstance(each, RecoveryAnswer)]  # fmt: skip
    return sorted(lines, key=lambda line: line.at, reverse=True)
