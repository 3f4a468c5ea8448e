"""The surroundings of a question in tests, and a maker of views with the defaults of an ordinary question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from forms.api import Choice, Kind, NodeDef, NodeView, Type, Value
from ui.questions.host import AreaChoice, LastAnswer, Outline

TODAY = date(2026, 11, 21)


class KeepingHost:
    """Keeps files in a dictionary; everything else is what the test puts in."""

    def __init__(self) -> None:
        self.today = TODAY
        self.files: dict[str, bytes] = {}
        self.answers: dict[str, str] = {}
        self.lasts: dict[str, LastAnswer] = {}
        self.comments: dict[str, str] = {}
        self.places: Sequence[AreaChoice] = ()

    def keep(self, node_id: str, make: Callable[[], bytes], kind: str) -> None:
        name = f"{kind}-{len(self.files) + 1}"
        self.files[name] = make()
        self.answers[node_id] = name

    def fetch(self, blob_id: str, done: Callable[[bytes | None], None]) -> None:
        done(self.files.get(blob_id))

    def last(self, node_id: str) -> LastAnswer | None:
        return self.lasts.get(node_id)

    def comment(self, node_id: str) -> str:
        return self.comments.get(node_id, "")

    def areas(self) -> Sequence[AreaChoice]:
        return self.places

    def outlines(self) -> Sequence[Outline]:
        return ()


def choices(*pairs: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value, label) for value, label in pairs)


def question(
    kind: Type = Type.TEXT,
    label: str = "姓名",
    *,
    name: str = "q",
    value: Value = None,
    text: str = "",
    appearance: tuple[str, ...] = (),
    options: tuple[Choice, ...] = (),
    unit: str = "",
    companion: str = "",
    **view: Any,
) -> NodeView:
    """A relevant, optional, valid question at ``/NAME``."""
    node = NodeDef(
        id=f"/{name}", name=name, path=f"/data/{name}", kind=view.pop("node_kind", Kind.QUESTION), type=kind,
        data_type=view.pop("data_type", "string"), appearance=appearance, companion=companion,
        bind={"tjb:unit": unit} if unit else {}, has_choices=bool(options), range=view.pop("range", None),
    )  # fmt: skip
    shown = {
        "hint": "", "guidance": "", "relevant": True, "readonly": False, "required": False, "missing": False,
        "valid": True, "message": "", "prefilled": False, "media": {},
    } | view  # fmt: skip
    return NodeView(
        id=node.id, node=node, label=label, value=value, text=text or str(value or ""), choices=options, **shown
    )
