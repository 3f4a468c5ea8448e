"""What one call changed, step by step, so that it can be taken back exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from forms.session.contract import ChangeSet, RowChange
from forms.session.tree import Answer

_SETS = {
    "value": "values", "relevant": "relevance", "readonly": "readonly", "required": "required",
    "valid": "validity", "prefilled": "values",
}  # fmt: skip


@dataclass
class Journal:
    """Changes of one call in order: attribute writes, and children lists before and after."""

    writes: list[tuple[Any, str, Any, Any]] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    choices: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    added: list[Answer] = field(default_factory=list)
    removed: list[Answer] = field(default_factory=list)
    moved: list[Answer] = field(default_factory=list)

    def write(self, node: Any, attribute: str, value: Any) -> None:
        """Set an attribute and remember what it was."""
        old = getattr(node, attribute)
        if old == value:
            return
        self.writes.append((node, attribute, old, value))
        _assign(node, attribute, value)

    def children(self, parent: Answer, children: list[Any]) -> None:
        """Give a node other children and remember the old ones."""
        self.writes.append((parent, "children", parent.children, children))
        _assign(parent, "children", children)

    def undo(self) -> None:
        for node, attribute, old, _ in reversed(self.writes):
            _assign(node, attribute, old)

    def redo(self) -> None:
        for node, attribute, _, new in self.writes:
            _assign(node, attribute, new)

    def changes(self, *, backwards: bool = False) -> ChangeSet:
        """The change set of doing this, or of taking it back."""
        found: dict[str, set[str]] = {name: set() for name in set(_SETS.values())}
        for node, attribute, _, _ in self.writes:
            if attribute in _SETS and isinstance(node, Answer):
                found[_SETS[attribute]].add(node.id)
        found["validity"] |= self.missing
        came, went = (self.removed, self.added) if backwards else (self.added, self.removed)
        return ChangeSet(
            **{name: frozenset(ids) for name, ids in found.items()},
            choices=frozenset(self.choices), labels=frozenset(self.labels),
            rows_added=_rows(came), rows_removed=_rows(went), rows_moved=_rows(self.moved),
        )  # fmt: skip


def _rows(rows: list[Answer]) -> tuple[RowChange, ...]:
    return tuple(RowChange(repeat_id(row), row.id, _next(row)) for row in rows)


def _next(row: Answer) -> str | None:
    around: list[Answer] = row.parent.named(row.name)
    for place, other in enumerate(around[:-1]):
        if other is row:
            return around[place + 1].id
    return None


def repeat_id(row: Answer) -> str:
    return f"{row.parent.id}/{row.name}"


def _assign(node: Any, attribute: str, value: Any) -> None:
    setattr(node, attribute, value)
    if attribute == "value":
        node._atom = None
        node._text = None
    elif attribute == "children":
        node._index = None
