"""The choices of a question as they stand: filtered, ordered, labelled."""

from __future__ import annotations

import re
from typing import Any

from forms.definition.plan import Expression, Itemset, NodePlan, Words
from forms.expression.context import Context
from forms.expression.values import to_string
from forms.session.contract import Choice
from forms.session.tree import Answer
from forms.session.wording import Wording

_NAME = re.compile(r"^[A-Za-z_][\w.-]*$")
_ITEXT = re.compile(r"^jr:itext\(\s*([A-Za-z_][\w.-]*)\s*\)$")


class Choices:
    """Finds choices; they are kept on the node until its filter changes or the language does."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        self.whole: dict[tuple[str, str], tuple[Choice, ...]] = {}

    def of(self, node: Answer) -> tuple[Choice, ...]:
        plan = node.plan
        if plan.itemset is None:
            return tuple(self._static(plan, node)) if plan.items else ()
        if node.choices is None or node.choices[0] != self.wording.language:
            node.choices = (self.wording.language, self._from_nodes(plan.itemset, node))
        offered: tuple[Choice, ...] = node.choices[1]
        return offered

    def values(self, node: Answer) -> dict[str, None]:
        """The values one may choose now in their order, without putting labels together."""
        plan = node.plan
        if plan.itemset is None:
            return dict.fromkeys(item.value for item in plan.items)
        itemset = plan.itemset
        return dict.fromkeys(self._value(itemset, item) for item in self._items(itemset, node))

    def label(self, node: Answer, value: str) -> str:
        """The label of a choice; empty when there is no such choice."""
        return next((c.label for c in self.of(node) if c.value == value), "")

    def _static(self, plan: NodePlan, node: Answer) -> list[Choice]:
        wording = self.wording
        return [Choice(i.value, wording.text(i.words, node), wording.media(i.words)) for i in plan.items]

    def _items(self, itemset: Itemset, node: Answer) -> list[Any]:
        try:
            found = itemset.nodes.run(Context(node, self.wording.world))
        except ValueError:
            return []
        return found if isinstance(found, list) else []

    def _from_nodes(self, itemset: Itemset, node: Answer) -> tuple[Choice, ...]:
        if itemset.filtered or "randomize" in itemset.nodes.text or not itemset.list_name:
            return self._made(itemset, node)
        key = (itemset.nodes.text, self.wording.language)
        if key not in self.whole:
            self.whole[key] = self._made(itemset, node)
        return self.whole[key]

    def _made(self, itemset: Itemset, node: Answer) -> tuple[Choice, ...]:
        before, self.wording.speaking = self.wording.speaking, node
        try:
            return tuple(self._choice(itemset, item) for item in self._items(itemset, node))
        finally:
            self.wording.speaking = before

    def _choice(self, itemset: Itemset, item: Any) -> Choice:
        value = self._value(itemset, item)
        if itemset.label is None:
            return Choice(value, value)
        text_id = _ITEXT.match(itemset.label.text.strip())
        if text_id is None:
            return Choice(value, self._text(itemset.label, item))
        words = Words(text_id=_child_text(item, text_id[1]))
        return Choice(value, self.wording.form(words, self.wording.speaking, ""), self.wording.media(words))

    def _value(self, itemset: Itemset, item: Any) -> str:
        return self._text(itemset.value, item).strip()

    def _text(self, expression: Expression, item: Any) -> str:
        name = expression.text.strip()
        if _NAME.match(name):
            return _child_text(item, name)
        return to_string(expression.run(Context(item, self.wording.world)))


def _child_text(item: Any, name: str) -> str:
    found = item.named(name)
    return found[0].string() if found else ""
