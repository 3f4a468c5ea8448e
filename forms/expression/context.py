"""What an expression is evaluated against."""

from __future__ import annotations

import random as chance
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from forms.expression.nodes import Node


class World:
    """Everything an expression may reach besides its node: roots, clock, chance, instances, words.

    A session derives from it; the defaults make plain XPath work on a document.
    """

    def __init__(
        self,
        root: Node,
        *,
        now: Callable[[], datetime] | None = None,
        zone: tzinfo = UTC,
        random: chance.Random | None = None,
        namespaces: Mapping[str, str] | None = None,
        language: str = "",
        forms_rules: bool = True,
    ) -> None:
        self.root = root
        self.zone = zone
        self.random = random or chance.Random()
        self.namespaces = dict(namespaces or {})
        self.language = language
        self.forms_rules = forms_rules
        self._now = now
        self.as_collect = False  # a form's session: choices.json, "decisions"

    def now(self) -> datetime:
        at = self._now() if self._now else datetime.now(UTC)
        return at.astimezone(self.zone)

    def instance(self, name: str) -> Node | None:
        """The element <instance id=name> (or what stands for it), None when there is none."""
        for node in self.root.root().descend():
            if node.kind == 1 and node.name == "instance" and node.attribute("id") == name:
                return node
        return None

    def itext(self, name: str) -> list[Any]:
        """The <value> elements of a text id in the current language."""
        from forms.expression.itext import values_in

        return values_in(self.root.root(), name, self.language)

    def choice_name(self, value: str, path: str, context: Context) -> str:
        """jr:choice-name(): the label of a choice of the question at ``path``."""
        return ""

    def form_version(self) -> str:
        return ""

    def property(self, name: str) -> str:
        """property('deviceid') and its like."""
        return ""


class Context:
    """Where an expression stands: node, position and size of the list it is in, and current()."""

    __slots__ = ("current", "node", "position", "size", "world")

    def __init__(
        self, node: Node, world: World, position: int = 1, size: int = 1, current: Node | None = None
    ) -> None:
        self.node = node
        self.world = world
        self.position = position
        self.size = size
        self.current = node if current is None else current
