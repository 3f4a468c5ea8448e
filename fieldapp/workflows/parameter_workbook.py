"""The pack as a workbook: saved for editing in a spreadsheet, and read back as a change for a second person."""

from __future__ import annotations

from pathlib import Path

from fieldapp.errors import InputError, StorageError
from fieldapp.policy import changes
from fieldapp.policy.api import load_pack
from fieldapp.policy.changes import Change
from fieldapp.store.api import Store
from fieldapp.workflows import parameters
from fieldapp.workflows.actor import Actor


def save(store: Store, actor: Actor, target: Path) -> str:
    """Write the pack in force to ``target``; its file name. It names no person. Raises StateError, StorageError."""
    from fieldapp.policy.workbook.writing import write_workbook

    data = write_workbook(parameters.in_force(store, actor))
    try:
        target.write_bytes(data)
    except OSError:
        raise StorageError("storage.unwritable", where=target.name) from None
    return target.name


def read(store: Store, actor: Actor, file: Path) -> Change:
    """The change an edited workbook makes. Raises PackError by cell, InputError ``parameters.nothing_new`` |
    ``parameters.several_documents`` (one change rests on one document)."""
    pack = parameters.in_force(store, actor)
    found = changes.of_workbook(pack, load_pack(file))
    if not found:
        raise InputError("parameters.nothing_new", where=file.name)
    if len(found) > 1:
        raise InputError("parameters.several_documents", where=file.name, documents="、".join(b[0] for b in found))
    ((document, clause, issuer), entries) = next(iter(found.items()))
    return parameters.draft(store, actor, entries, document=document, clause=clause, issuer=issuer)
