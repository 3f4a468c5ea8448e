"""Texts by language: labels, hints, messages and media."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from forms.definition.plan import Expression, Part, Words
from forms.expression.nodes import Node

Forms = Mapping[str, tuple[Part, ...]]
MEDIA = ("image", "audio", "video", "big-image")


@dataclass
class Texts:
    """Every translation: language to text id to form ("" is the text itself) to parts."""

    languages: tuple[str, ...] = ()
    default: str = ""
    by_language: dict[str, dict[str, Forms]] = field(default_factory=dict)
    order: dict[str, list[str]] = field(default_factory=dict)

    def forms(self, text_id: str, language: str) -> Forms:
        """All forms of a text in a language, in the default language when it is not translated."""
        found = self.by_language.get(language, {}).get(text_id)
        if found is None:
            found = self.by_language.get(self.default, {}).get(text_id)
        return found or {}


def read_texts(model: Node) -> Texts:
    """The itext of a model."""
    texts = Texts()
    for itext in model.named("itext"):
        for translation in itext.named("translation"):
            language = translation.attribute("lang") or ""
            entries = texts.by_language.setdefault(language, {})
            for text in translation.named("text"):
                entries[text.attribute("id") or ""] = _forms(text)
            if translation.attribute("default") is not None and not texts.default:
                texts.default = language
    texts.languages = tuple(texts.by_language)
    if not texts.default and texts.languages:
        texts.default = texts.languages[0]
    return texts


def _forms(text: Node) -> Forms:
    forms: dict[str, tuple[Part, ...]] = {}
    for value in text.named("value"):
        forms.setdefault(value.attribute("form") or "", read_parts(value))
    return forms


def read_parts(element: Node) -> tuple[Part, ...]:
    """Mixed content: text and outputs."""
    parts: list[Part] = []
    for child in element.content():
        if child.kind == 3:
            parts.append(child.value)
        elif child.kind == 1 and child.name == "output":
            parts.append(Expression(child.attribute("value") or child.attribute("ref") or "''"))
        elif child.kind == 1:
            parts.extend(read_parts(child))
    return tuple(parts)


def read_words(element: Node | None) -> Words | None:
    """A <label> or <hint>; None when there is none."""
    if element is None:
        return None
    ref = element.attribute("ref")
    return words_from_ref(ref) if ref else Words(parts=read_parts(element))


def words_from_ref(ref: str) -> Words:
    """A reference to a text: jr:itext('id') or an expression."""
    text = ref.strip()
    for quote in "'\"":
        head, tail = f"jr:itext({quote}", f"{quote})"
        if text.startswith(head) and text.endswith(tail) and quote not in text[len(head) : -len(tail)]:
            return Words(text_id=text[len(head) : -len(tail)])
    return Words(dynamic=Expression(text))


def message_words(text: str | None) -> Words | None:
    """A constraint or required message: a text id in jr:itext(), else the words themselves."""
    if not text:
        return None
    if text.strip().startswith("jr:itext("):
        return words_from_ref(text)
    return Words(parts=(text,))
