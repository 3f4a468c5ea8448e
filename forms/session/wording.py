"""Labels, hints, messages and media in the session's language."""

from __future__ import annotations

from typing import Any

from forms.definition.itext import MEDIA
from forms.definition.plan import Part, Plan, Words
from forms.expression.context import Context
from forms.expression.values import to_string
from forms.session.tree import Answer
from forms.session.world import SessionWorld


class Wording:
    """Puts words together for a node; ``language`` may be changed."""

    def __init__(self, plan: Plan, world: SessionWorld, language: str) -> None:
        self.texts = plan.texts
        self.world = world
        self.language = language
        self.speaking: Any = None
        world.label_of = lambda text_id: self.form(Words(text_id=text_id), self.speaking, "")

    def text(self, words: Words | None, node: Answer | None) -> str:
        """The words themselves; empty when there are none."""
        return self.form(words, node, "").strip() if words is not None else ""

    def form(self, words: Words, node: Answer | None, form: str) -> str:
        if words.dynamic is not None:
            if form:
                return ""
            before, self.speaking = self.speaking, node
            try:
                return self._evaluated(words.dynamic, node)
            finally:
                self.speaking = before
        if words.text_id:
            parts = self.texts.forms(words.text_id, self.language).get(form)
            if parts is None and not form:
                parts = self.texts.forms(words.text_id, self.language).get("long", ())
            return self._joined(parts or (), node)
        return "" if form else self._joined(words.parts, node)

    def media(self, words: Words | None) -> dict[str, str]:
        """File names by kind: image, audio, video, big-image."""
        if words is None or not words.text_id:
            return {}
        forms = self.texts.forms(words.text_id, self.language)
        found = {kind: self._joined(forms[kind], None) for kind in MEDIA if kind in forms}
        return {kind: name.rpartition("/")[2] for kind, name in found.items()}

    def _joined(self, parts: tuple[Part, ...], node: Answer | None) -> str:
        if len(parts) == 1 and isinstance(parts[0], str):
            return parts[0]
        return "".join(p if isinstance(p, str) else self._evaluated(p, node) for p in parts)

    def _evaluated(self, expression: Any, node: Answer | None) -> str:
        if node is None:
            return ""
        try:
            return to_string(expression.run(Context(node, self.world)))
        except ValueError:
            return ""
