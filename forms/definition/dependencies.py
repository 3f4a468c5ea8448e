"""Who looks at whom: every expression's references become edges, and edges an order of evaluation.

An edge knows how many repeats reader and target share row by row ("level"): an answer in one row then touches
that row alone, while sum() over the rows touches its reader once.
"""

from __future__ import annotations

from collections.abc import Iterator

from forms.definition.order import put_in_order
from forms.definition.plan import Edge, Expression, NodePlan, Plan, Role, Words
from forms.definition.references import References
from forms.expression.parser import parse

FRESH = ("random(", "uuid(")  # values that are drawn once and kept over a reload


def connect(plan: Plan) -> None:
    """Fill ``readers`` and ``row_readers`` of every node, and the evaluation order."""
    references = References(plan.root)
    for node in plan.root.walk():
        for role, expression in _expressions(node, plan):
            connect_one(references, node, role, expression)
    put_in_order(plan)


def _expressions(node: NodePlan, plan: Plan) -> Iterator[tuple[Role, Expression]]:
    for role, expression in node.expressions.items():
        if role not in (Role.ITEM_LABEL,):
            yield role, expression
    for words in (node.label, node.hint, node.constraint_words, node.required_words):
        for expression in outputs(words, plan):
            yield Role.LABEL, expression
    for item in node.items:
        for expression in outputs(item.words, plan):
            yield Role.ITEM_LABEL, expression


def outputs(words: Words | None, plan: Plan) -> Iterator[Expression]:
    """Every expression inside a label, in all languages."""
    if words is None:
        return
    if words.dynamic is not None:
        yield words.dynamic
    for part in words.parts:
        if isinstance(part, Expression):
            yield part
    if words.text_id:
        for texts in plan.texts.by_language.values():
            for parts in (texts.get(words.text_id) or {}).values():
                for part in parts:
                    if isinstance(part, Expression):
                        yield part


def connect_one(references: References, node: NodePlan, role: Role, expression: Expression) -> None:
    expression.volatile = any(name in expression.text for name in FRESH)
    if expression.constant is not None:
        return
    try:
        tree = parse(expression.text)
    except ValueError:
        return  # the workbook check names the cell; a session says so when it runs it
    values, rows = references.of(tree, node, role)
    if role is Role.CHOICES and node.itemset is not None:
        values = [*values, *references.of_items(tree, node)]
    for target, level in values:
        _add(target.readers, node, role, level)
    for target, level in rows:
        _add(target.row_readers, node, role, min(level, target.depth - 1))


def _add(edges: list[Edge], reader: NodePlan, role: Role, level: int) -> None:
    level = min(level, reader.depth - 1 if role is Role.COUNT else reader.depth)
    if any(e.reader is reader and e.role is role and e.level == level for e in edges):
        return
    edges.append(Edge(reader, role, level, way_down(reader, role, level)))


def way_down(reader: NodePlan, role: Role, level: int) -> tuple[str, ...]:
    """Element names from the row at ``level`` (0: the root element) down to the reader; a counted repeat's
    count belongs to its parent."""
    chain = reader.above()
    if role is Role.COUNT:
        chain = chain[:-1]
    start = 0
    if level:
        seen = 0
        for place, node in enumerate(chain):
            if node.is_repeat:
                seen += 1
                if seen == level:
                    start = place
                    break
    return tuple(("@" if n.is_attribute else "") + n.name for n in chain[start + 1 :])
