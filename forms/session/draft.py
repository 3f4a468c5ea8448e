"""A session as a draft and back: everything, irrelevant answers too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from forms.definition.plan import NodePlan, Role
from forms.expression.nodes import Node
from forms.problems import DraftError
from forms.session.answers import row_keys
from forms.session.contract import ORDER, AuditEntry, Json
from forms.session.incoming import submission_root
from forms.session.tree import Answer, build

if TYPE_CHECKING:
    from forms.session.session import Session

FORMAT = 1


def save(session: Session) -> dict[str, Json]:
    """The draft as JSON."""
    nodes = list(session.root.walk())
    return {
        "format": FORMAT,
        "form": session.definition.id,
        "version": session.definition.version,
        "language": session.language,
        "values": _values(session.root),
        "touched": [n.id for n in nodes if n.touched],
        "prefilled": [n.id for n in nodes if n.prefilled],
        "deleted": sorted(session.deleted),
        "moved": sorted(session.moved),
        "orphans": dict(session.orphans),
        "log": [[e.at, e.event, e.node_id] for e in session.log],
    }


def _values(node: Answer) -> dict[str, Json]:
    found: dict[str, Json] = {"@" + a.name: a.value for a in node.attributes if a.value}
    for child in node.children:
        if child.plan.is_repeat:
            rows = found.setdefault(child.name, {ORDER: []})
            rows[ORDER].append(child.key)
            rows[child.key] = _values(child)
        elif child.plan.is_leaf:
            if child.value:
                found[child.name] = child.value
            for attribute in child.attributes:
                if attribute.value:
                    found[f"{child.name}@{attribute.name}"] = attribute.value
        else:
            inner = _values(child)
            if inner:
                found[child.name] = inner
    return found


def restore(session: Session, draft: Mapping[str, Json]) -> None:
    """Put a draft back. Raises DraftError when it is of another form or version, or is no draft."""
    _check(session, draft)
    try:
        _fill(session.root, draft["values"], session.env.zone)
        session.deleted = {str(d) for d in draft.get("deleted", [])}
        session.moved = {str(m) for m in draft.get("moved", [])}
        session.orphans = dict(draft.get("orphans", {}))
        session.log = [AuditEntry(str(at), str(event), str(node)) for at, event, node in draft.get("log", [])]
        touched, prefilled = set(draft.get("touched", [])), set(draft.get("prefilled", []))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise DraftError("draft.broken") from error
    for node in session.root.walk():
        node.touched = node.id in touched
        node.prefilled = node.id in prefilled
    _settle(session)
    language = draft.get("language")
    if isinstance(language, str) and language in session.definition.languages and not session.env.language:
        session.wording.language = language


def restore_submission(session: Session, xml: bytes) -> None:
    """Put a submission's answers back, every value as given."""
    root = submission_root(session.definition, xml)
    _fill(session.root, _raw(session.root.plan, root), session.env.zone)
    for node in session.root.walk():
        node.prefilled = bool(node.value) or node.plan.is_repeat
    _settle(session)


def _raw(plan: NodePlan, element: Node) -> dict[str, Any]:
    """A submission's element as the values of a draft."""
    found: dict[str, Any] = {"@" + a.name: a.value for a in element.attributes}
    for child in plan.children:
        elements = element.named(child.name)
        if child.is_repeat:
            keys = [str(i) for i in range(1, len(elements) + 1)]
            rows = {key: _raw(child, row) for key, row in zip(keys, elements, strict=True)}
            found[child.name] = {ORDER: keys, **rows}
        elif elements and child.is_leaf:
            found[child.name] = elements[0].string()
        elif elements:
            found[child.name] = _raw(child, elements[0])
    return found


def _settle(session: Session) -> None:
    """Recalculate, except what is drawn once (random, uuid) and what the user wrote over a calculation."""
    recalculation = session.recalculation
    for node in session.root.walk():
        calculate = node.plan.expressions.get(Role.CALCULATE)
        if calculate is not None and node.value and (calculate.volatile or node.touched):
            recalculation.frozen.add(id(node))
    session.events.muted = True
    session.recalculate_all()
    session.events.muted = False
    recalculation.frozen.clear()
    session.events.loaded(first=False)
    recalculation.run()


def _check(session: Session, draft: Mapping[str, Json]) -> None:
    if not isinstance(draft, Mapping) or not isinstance(draft.get("values"), Mapping):
        raise DraftError("draft.broken")
    if draft.get("format") != FORMAT:
        raise DraftError("draft.newer")
    if draft.get("form") != session.definition.id or draft.get("version") != session.definition.version:
        raise DraftError("draft.other_form")


def _fill(node: Answer, values: Mapping[str, Any], zone: Any) -> None:
    for attribute in node.attributes:
        attribute.value = str(values.get("@" + attribute.name, ""))
    for plan in node.plan.children:
        value = values.get(plan.name)
        if plan.is_repeat:
            _fill_rows(node, plan, value if isinstance(value, Mapping) else {}, zone)
            continue
        child = node.named(plan.name)[0]
        if plan.is_leaf:
            child.set_text("" if value is None else str(value))
            for attribute in child.attributes:
                attribute.value = str(values.get(f"{plan.name}@{attribute.name}", ""))
        else:
            _fill(child, value if isinstance(value, Mapping) else {}, zone)


def _fill_rows(parent: Answer, plan: NodePlan, rows: Mapping[str, Any], zone: Any) -> None:
    children = [c for c in parent.children if c.plan is not plan]
    place = sum(1 for c in children if c.plan.place < plan.place)
    for key in row_keys(rows):
        row = build(plan, parent, zone, key)
        _fill(row, rows[key], zone)
        children.insert(place, row)
        place += 1
    parent.children = children
    parent._index = None
