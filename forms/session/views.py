"""Nodes by id, and how each is to be shown now."""

from __future__ import annotations

from datetime import tzinfo

from forms.definition.model import FormDefinition, Kind
from forms.definition.plan import NodePlan, Role
from forms.expression.compiler import compile_expression
from forms.expression.context import Context
from forms.expression.values import to_boolean
from forms.problems import AnswerProblem, UnknownNode
from forms.session.casting import value_of
from forms.session.choices import Choices
from forms.session.contract import NodeView
from forms.session.tree import Answer
from forms.session.wording import Wording
from forms.words import required_words


class Views:
    """Looks at a session's answers; changes nothing."""

    def __init__(
        self, definition: FormDefinition, root: Answer, wording: Wording, choices: Choices, zone: tzinfo
    ) -> None:
        self.definition = definition
        self.root = root
        self.wording = wording
        self.choices = choices
        self.zone = zone

    def place(self, node_id: str) -> tuple[Answer | None, NodePlan]:
        """The node of an id and its plan; the node is None for a repeat as a whole. Raises UnknownNode."""
        node, plan = self.root, self.root.plan
        if node_id and node_id[0] != "/":
            raise UnknownNode(node_id)
        parts = node_id.split("/")[1:]
        at = 0
        while at < len(parts):
            child = plan.child(parts[at])
            if child is None:
                return self._attribute(node, parts, at, node_id)
            at += 1
            plan = child
            if child.is_repeat:
                if at == len(parts):
                    return None, child
                node = self._row(node, child, parts[at], node_id)
                at += 1
            else:
                found = node.leaf(child.name)
                if found is None:
                    raise UnknownNode(node_id)
                node = found
        return node, plan

    def _row(self, parent: Answer, plan: NodePlan, key: str, node_id: str) -> Answer:
        for row in parent.named(plan.name):
            if row.key == key:
                return row
        raise UnknownNode(node_id)

    def _attribute(self, node: Answer, parts: list[str], at: int, node_id: str) -> tuple[Answer, NodePlan]:
        name = parts[at]
        for attribute in node.attributes:
            if name == "@" + attribute.name and at == len(parts) - 1 and isinstance(attribute, Answer):
                return attribute, attribute.plan
        raise UnknownNode(node_id)

    def find(self, node_id: str) -> Answer:
        node, _ = self.place(node_id)
        if node is None:
            raise UnknownNode(node_id)
        return node

    def parent_of_rows(self, repeat_id: str) -> Answer:
        """The node around a repeat's rows."""
        return self.find(repeat_id.rpartition("/")[0])

    def repeat_relevant(self, parent: Answer, plan: NodePlan) -> bool:
        """Whether a repeat without rows would show."""
        relevant = plan.expressions.get(Role.RELEVANT)
        if relevant is None or not parent.relevant:
            return parent.relevant
        try:
            return to_boolean(relevant.run(Context(Answer(plan, parent, self.zone), self.wording.world)))
        except ValueError:
            return False

    def with_choices(self) -> list[str]:
        return [n.id for n in self.root.walk() if n.plan.itemset is not None or n.plan.items]

    def view(self, node_id: str) -> NodeView:
        node, plan = self.place(node_id)
        if node is None:
            return self._repeat_view(node_id, plan)
        definition = self.definition.nodes.get(plan.id)
        if definition is None:
            raise UnknownNode(node_id)
        label = plan.label
        missing = is_missing(node)
        return NodeView(
            id=node.id,
            node=definition,
            label=self.wording.text(label, node),
            hint=self.wording.text(plan.hint, node),
            guidance=self.wording.form(plan.hint, node, "guidance") if plan.hint else "",
            value=value_of(node.value, definition.type, plan.data_type, self.zone) if plan.is_leaf else None,
            text=node.value if plan.is_leaf else "",
            relevant=node.relevant,
            readonly=node.readonly or (definition.kind is Kind.QUESTION and definition.readonly),
            required=node.required,
            missing=missing,
            valid=node.valid,
            message=self.message(node, missing),
            prefilled=node.prefilled,
            choices=self.choices.of(node) if definition.has_choices else (),
            media=self.wording.media(label),
            position=row_position(node) if plan.is_repeat else 0,
        )

    def _repeat_view(self, node_id: str, plan: NodePlan) -> NodeView:
        parent = self.parent_of_rows(node_id)
        shadow = Answer(plan, parent, self.zone)
        shadow.relevant = self.repeat_relevant(parent, plan)
        return NodeView(
            id=node_id, node=self.definition.nodes[plan.id], label=self.wording.text(plan.label, shadow),
            hint=self.wording.text(plan.hint, shadow), guidance="", value=None, text="",
            relevant=shadow.relevant, readonly=parent.readonly, required=False, missing=False, valid=True,
            message="", prefilled=False, choices=(), media=self.wording.media(plan.label),
        )  # fmt: skip

    def message(self, node: Answer, missing: bool) -> str:
        """What is wanted of an answer that does not do; empty when it does."""
        if missing:
            own = self.wording.text(node.plan.required_words, node)
            return own or required_words("missing", self.wording.language)
        if not node.valid:
            own = self.wording.text(node.plan.constraint_words, node)
            return own or required_words("invalid", self.wording.language)
        return ""

    def choice_name(self, value: str, path: str, context: Context) -> str:
        """The label of a choice of the question at ``path``; several values give several labels."""
        found = compile_expression(path.strip())(context)
        for node in found if isinstance(found, list) else []:
            if isinstance(node, Answer):
                return ", ".join(self.choices.label(node, v) for v in value.split())
        return ""


def row_position(row: Answer) -> int:
    around = row.parent.named(row.name)
    return next((i for i, other in enumerate(around, 1) if other is row), 0)


def is_missing(node: Answer) -> bool:
    """Required, relevant and unanswered; an answered 不清楚/拒答/待核 companion is an answer."""
    if not node.required or node.value or not node.relevant or not node.plan.is_leaf:
        return False
    companion = node.plan.companion
    beside = node.parent.leaf(companion.name) if companion is not None else None
    return not (beside is not None and beside.relevant and beside.value)


def find_problems(views: Views, root: Answer) -> tuple[AnswerProblem, ...]:
    """Missing and invalid answers in document order."""
    found = []
    for node in root.walk():
        if not node.relevant or not node.plan.is_leaf:
            continue
        missing = is_missing(node)
        if missing or not node.valid:
            found.append(
                AnswerProblem(
                    node.id,
                    "required" if missing else "constraint",
                    views.wording.text(node.plan.label, node) or node.name,
                    _within(views, node),
                    views.message(node, missing),
                )
            )
    return tuple(found)


def _within(views: Views, node: Answer) -> tuple[str, ...]:
    found = []
    at = node.parent
    while isinstance(at, Answer) and at.parent is not None:
        label = views.wording.text(at.plan.label, at)
        if at.plan.is_repeat:
            label = f"{label or at.name} {row_position(at)}"
        if label:
            found.append(label)
        at = at.parent
    return tuple(found[::-1])
