"""Merging by writes: no silent winner, no merge base (protocol.md, "Merging").

A field's values are the writes to its path that no descendant has written over. The result is a pure function of the
set of revisions; every order of arrival gives the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fieldapp.domain.pointers import ORDER, ROW, Json, canonical, get, put, split


@dataclass(frozen=True)
class RevisionContent:
    """What merging needs of a revision. ``state`` is None once the payload is erased; its ``set`` still supersedes."""

    id: str
    parents: tuple[str, ...]
    author: str
    device: str
    claimed_at: str
    set: tuple[str, ...]
    state: Mapping[str, Json] | None


@dataclass(frozen=True)
class FieldValue:
    """One standing value of a field and the ids of the revisions that wrote it, sorted."""

    value: Json
    revisions: tuple[str, ...]


@dataclass(frozen=True)
class Merged:
    """A document read from its leaves.

    ``state`` leaves out the paths in conflict. ``conflicts`` maps a path to its two or more values, ordered by the
    smallest revision id. ``leaves`` are the revisions without children, sorted. ``waiting`` miss a parent and are
    left out of everything else.
    """

    state: Mapping[str, Json]
    conflicts: Mapping[str, tuple[FieldValue, ...]]
    leaves: tuple[str, ...]
    waiting: tuple[str, ...]


def merge(revisions: Iterable[RevisionContent]) -> Merged:
    """Read one document from all its revisions that may be shown (the quarantined are the caller's to leave out)."""
    everything = {revision.id: revision for revision in revisions}
    order = _parents_first(everything)
    ancestors = _ancestors(order)
    fields = {path: _standing(path, writers, ancestors) for path, writers in _writers(order).items()}
    _mark_contested_rows(fields, order, ancestors)
    state: dict[str, Json] = {}
    conflicts: dict[str, tuple[FieldValue, ...]] = {}
    gone = {path[: -len(ROW) - 1] for path, values in fields.items() if _is_deleted(path, values)}
    for path in sorted(fields):
        if _inside(path, gone):
            continue
        values = fields[path]
        if len(values) > 1 and split(path)[-1] != ORDER:
            conflicts[path] = values
        elif values and values[0].value is not None:
            put(state, path, values[0].value)
    parents = {parent for revision in order for parent in revision.parents}
    return Merged(
        state,
        conflicts,
        tuple(sorted(revision.id for revision in order if revision.id not in parents)),
        tuple(sorted(set(everything) - {revision.id for revision in order})),
    )


def written_paths(before: Mapping[str, Json], after: Mapping[str, Json], among: Iterable[str]) -> tuple[str, ...]:
    """Of the paths ``among``, those whose value differs between two states: what a save may claim to have written."""
    return tuple(
        sorted(path for path in set(among) if canonical(get(before, path)) != canonical(get(after, path)))
    )


def _parents_first(everything: Mapping[str, RevisionContent]) -> list[RevisionContent]:
    """Revisions whose parents are all here, transitively, parents before children, in an order of its own."""
    children: dict[str, list[str]] = {}
    missing = {}
    for revision in everything.values():
        missing[revision.id] = len(revision.parents)
        for parent in revision.parents:
            children.setdefault(parent, []).append(revision.id)
    ready = sorted(name for name, count in missing.items() if not count)
    order = []
    for name in ready:  # grows while it is walked
        order.append(everything[name])
        for child in sorted(children.get(name, ())):
            missing[child] -= 1
            if not missing[child]:
                ready.append(child)
    return order


def _ancestors(order: list[RevisionContent]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for revision in order:
        mine: set[str] = set(revision.parents)
        for parent in revision.parents:
            mine |= found[parent]
        found[revision.id] = mine
    return found


def _writers(order: list[RevisionContent]) -> dict[str, list[RevisionContent]]:
    writers: dict[str, list[RevisionContent]] = {}
    for revision in order:
        for path in revision.set:
            writers.setdefault(path, []).append(revision)
    return writers


def _standing(
    path: str, writers: list[RevisionContent], ancestors: Mapping[str, set[str]]
) -> tuple[FieldValue, ...]:
    over = set().union(*(ancestors[revision.id] for revision in writers))
    by_value: dict[str, tuple[Json, list[str]]] = {}
    for revision in writers:
        if revision.id not in over and revision.state is not None:
            value = get(revision.state, path)
            by_value.setdefault(canonical(value), (value, []))[1].append(revision.id)
    values = [FieldValue(value, tuple(sorted(ids))) for value, ids in by_value.values()]
    if split(path)[-1] == ORDER:
        return tuple(sorted(values, key=lambda item: canonical(item.value)))
    return tuple(sorted(values, key=lambda item: item.revisions))


def _mark_contested_rows(
    fields: dict[str, tuple[FieldValue, ...]],
    order: list[RevisionContent],
    ancestors: Mapping[str, set[str]],
) -> None:
    """A deleted row with a concurrent write inside it stays, its existence in conflict."""
    for path in [p for p, values in fields.items() if p.endswith("/" + ROW) and _deletes(values)]:
        inside = path[: -len(ROW)]
        deleting = {name for value in fields[path] if not value.value for name in value.revisions}
        keeping = sorted(
            revision.id
            for revision in order
            if any(p.startswith(inside) and p != path for p in revision.set)
            and any(_concurrent(revision.id, name, ancestors) for name in deleting)
        )
        if keeping:
            fields[path] = _with_keepers(fields[path], keeping)


def _with_keepers(values: tuple[FieldValue, ...], keeping: list[str]) -> tuple[FieldValue, ...]:
    kept = [value for value in values if value.value]
    names = {name for value in kept for name in value.revisions} | set(keeping)
    rest = [value for value in values if not value.value]
    return tuple(sorted([FieldValue(True, tuple(sorted(names))), *rest], key=lambda item: item.revisions))


def _concurrent(one: str, other: str, ancestors: Mapping[str, set[str]]) -> bool:
    return one != other and one not in ancestors[other] and other not in ancestors[one]


def _deletes(values: tuple[FieldValue, ...]) -> bool:
    return any(not value.value for value in values)


def _is_deleted(path: str, values: tuple[FieldValue, ...]) -> bool:
    return path.endswith("/" + ROW) and bool(values) and all(not value.value for value in values)


def _inside(path: str, gone: set[str]) -> bool:
    """Whether ``path`` lies in a deleted row; the parts are walked, for ids may hold escaped slashes."""
    if not gone:
        return False
    parts = path.split("/")
    return any("/".join(parts[:end]) in gone for end in range(2, len(parts)))
