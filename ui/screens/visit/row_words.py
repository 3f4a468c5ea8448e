"""What a row of a repeat is called: a member by name, relation and age, any other by what was said."""

from __future__ import annotations

from datetime import date

from fieldapp.domain.identity_number import age_on
from forms.api import FormSession, Kind, NodeView
from ui.words import t

SHOWN = 4


def who(session: FormSession, row: str, today: date) -> list[str]:
    """A member's name, relation and age as the form has them; any other row by its first answers, [] when empty."""
    views = _known(session, row)
    if not views:
        return [row_words(session, row)]
    said = [spoken(views[fact]) for fact in ("member.name", "member.relation") if fact in views]
    born = views["member.birth_date"].value if "member.birth_date" in views else None
    if isinstance(born, date):
        said.append(t("format.age", n=age_on(born, today)))
    return [part for part in said if part] if said and said[0] else []


def _known(session: FormSession, row: str) -> dict[str, NodeView]:
    """Views of the questions that say who a member is."""
    found: dict[str, NodeView] = {}
    repeat = session.node_of(row).id
    for fact in ("member.name", "member.relation", "member.birth_date"):
        node_id = session.definition.facts().get(fact, "")
        at = row + node_id[len(repeat) :] if node_id.startswith(repeat + "/") else ""
        if at and session.exists(at):
            found[fact] = session.view(at)
    return found


def row_words(session: FormSession, row: str) -> str:
    """A row in a few words: its first answers."""
    said = [
        spoken(session.view(child))
        for child in session.children(row)
        if session.node_of(child).kind is Kind.QUESTION and session.view(child).value is not None
    ]
    return " · ".join(said[:SHOWN]) or t("rows.empty", n=session.view(row).position)


def spoken(view: NodeView) -> str:
    """An answer as a person reads it: the labels of what was chosen."""
    chosen = view.value if isinstance(view.value, tuple) else (view.value,)
    labels = {choice.value: choice.label for choice in view.choices}
    if view.value is None or not labels:
        return view.text
    return "、".join(labels.get(str(one), str(one)) for one in chosen)
