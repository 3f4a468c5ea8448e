"""Between a form's entity properties and the fields of people and households.

A form says ``save_to`` (``full_name``, ``relation`` ...); the registry keeps the same thing under a pointer and
sometimes in other words (``M`` and ``male``). Both ways are here, so that what was prefilled and not touched reads
the same when it comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.pointers import get


@dataclass(frozen=True)
class Field:
    """One property: where the registry keeps it and how it is put into the form's words and back."""

    pointer: str
    to_form: Callable[[Any], Any] = lambda value: value
    to_registry: Callable[[Any], Any] = lambda value: value


_RELATIONS = {
    "son": "child", "daughter": "child", "father": "parent", "mother": "parent", "husband": "spouse", "wife": "spouse",
    "grandson": "grandchild", "granddaughter": "grandchild", "grandfather": "grandparent", "grandmother": "grandparent",
    "daughter_in_law": "child_in_law", "son_in_law": "child_in_law", "brother": "sibling", "sister": "sibling",
    "father_in_law": "parent_in_law", "mother_in_law": "parent_in_law",
}  # fmt: skip
_FORM_RELATIONS = frozenset({*_RELATIONS.values(), "head", "other", "none"})
_WHEREABOUTS = {
    "home": "none", "away_work": "work", "school": "school", "hospital": "hospital", "institution": "institution",
    "prison": "sentence", "moved_away": "other",
}  # fmt: skip
_AWAY = {form: registry for registry, form in _WHEREABOUTS.items()}


def _relation(value: Any) -> Any:
    known = _RELATIONS.get(str(value), value)
    return known if known in _FORM_RELATIONS else None


def _sex(value: Any) -> Any:
    return {"male": "M", "female": "F", "男": "M", "女": "F"}.get(str(value), value)


def _whole_day(value: Any) -> Any:
    """A date question holds whole days; of ``1950`` or ``1950-03`` the form asks anew."""
    return value if isinstance(value, str) and len(value) == 10 else None


def _truth(value: Any) -> Any:
    return None if value is None else value in (True, "yes", "true", 1)


def _text(value: Any) -> Any:
    return None if value is None else str(value)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdigit() else value


PEOPLE: Mapping[str, Field] = {
    "full_name": Field("/full_name"),
    "sex": Field("/sex", _sex, lambda value: {"M": "male", "F": "female"}.get(value, value)),
    "birth_date": Field("/birth_date", _whole_day),
    "id_kind": Field("/id_kind", lambda value: "id_card" if value == "resident" else value),
    "id_number": Field("/id_number"),
    "no_id_reason": Field("/no_id_reason"),
    "phone": Field("/phone"),
    "relation": Field("/membership/relation", _relation),
    "lives_with_family": Field(
        "/membership/lives_with_family", lambda value: None if value is None else "yes" if value else "no", _truth
    ),
    "disability_kind": Field("/disability/kind"),
    "disability_level": Field("/disability/level", _text, _whole),
    "disability_card": Field("/disability/card"),
    "illness": Field("/illness"),
    "school": Field("/school"),
    "work": Field("/work"),
    "whereabouts": Field("/whereabouts", _WHEREABOUTS.get, lambda value: _AWAY.get(value, value)),
    "register_kind": Field("/register/kind"),
    "register_place": Field("/register/place"),
}

HOUSEHOLDS: Mapping[str, Field] = {
    "head_name": Field("/head_name"),
    "address": Field("/address"),
    "phone": Field("/phone"),
    "nature": Field("/nature"),
    "flags": Field("/flags"),
}


def form_value(field: Field, state: Mapping[str, Any]) -> Any:
    """What the registry knows, as the form says it; None when it is unknown or the form has no word for it."""
    value = get(state, field.pointer)
    return None if value is None else field.to_form(value)


def registry_write(field: Field, state: Mapping[str, Any], answer: Any) -> tuple[str, Any] | None:
    """(pointer, value) to write for an answer; None when the registry says the same already in its own words."""
    if form_value(field, state) == answer and answer is not None:
        return None
    value = None if answer is None else field.to_registry(answer)
    return None if value == get(state, field.pointer) else (field.pointer, value)


def property_name(save_to: str) -> str:
    """``people#full_name`` and ``full_name`` are the same property."""
    return save_to.rpartition("#")[2]
