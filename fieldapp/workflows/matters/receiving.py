"""What came back on a slip, taken over into its task by the one who gave it: looked at by a person, signed by them."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from fieldapp.domain.revision import is_digest
from fieldapp.errors import StateError
from fieldapp.store.api import Store, WriteTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters import slips
from fieldapp.workflows.matters.writing import StepDone, write_step


def take_over(store: Store, actor: Actor, task: str, step: str) -> Future[str]:
    """The step of ``task`` done as the slip says; photo and signature stay with the slip. The entry's key. Raises
    StateError ``matter.not_yet`` when nothing came back, else as ``write_step``."""

    def work(tx: WriteTx) -> str:
        back = slips.answered(tx, actor.county, task)
        if back is None:
            raise StateError("matter.not_yet")
        entry = back[1]
        done = StepDone(
            step, entry.on, words=f"{entry.by}：{entry.words}" if entry.words else entry.by, form=entry.form,
            answers=_without_blobs(entry.answers),
        )  # fmt: skip
        return write_step(tx, actor, task, done)

    return store.write(work)


def _without_blobs(answers: Mapping[str, Any]) -> dict[str, Any]:
    """A blob belongs to one document; the task's pages show what was written."""
    return {
        name: _without_blobs(value) if isinstance(value, Mapping) else value
        for name, value in answers.items()
        if not is_digest(value)
    }
