"""Plans to the public node definitions."""

from __future__ import annotations

from forms.definition.model import Kind, NodeDef, RangeDef, Type
from forms.definition.plan import NodePlan, Plan, Role

_INPUTS = {
    "string": Type.TEXT, "int": Type.INTEGER, "integer": Type.INTEGER, "long": Type.INTEGER,
    "decimal": Type.DECIMAL, "double": Type.DECIMAL, "float": Type.DECIMAL, "boolean": Type.BOOLEAN,
    "date": Type.DATE, "time": Type.TIME, "dateTime": Type.DATETIME, "geopoint": Type.GEOPOINT,
    "geotrace": Type.GEOTRACE, "geoshape": Type.GEOSHAPE, "barcode": Type.BARCODE,
}  # fmt: skip
_CONTROLS = {
    "select1": Type.SELECT_ONE, "select": Type.SELECT_MULTIPLE, "rank": Type.RANK, "range": Type.RANGE,
    "trigger": Type.ACKNOWLEDGE,
}  # fmt: skip
_UPLOADS = {"image": Type.IMAGE, "audio": Type.AUDIO, "video": Type.VIDEO}


def question_type(plan: NodePlan) -> Type:
    """What a control asks for."""
    if plan.control in _CONTROLS:
        return _CONTROLS[plan.control]
    if plan.control == "upload":
        return _UPLOADS.get(plan.media_type.partition("/")[0], Type.FILE)
    if not plan.is_leaf and not plan.is_attribute:
        return Type.NONE
    if is_note(plan):
        return Type.NOTE
    return _INPUTS.get(plan.data_type, Type.TEXT)


def is_note(plan: NodePlan) -> bool:
    """A read-only text question nothing calculates only shows its label."""
    readonly = plan.expressions.get(Role.READONLY)
    return (
        plan.control == "input"
        and plan.data_type == "string"
        and readonly is not None
        and readonly.constant is True
        and Role.CALCULATE not in plan.expressions
        and not plan.default
    )


def _kind(plan: NodePlan) -> Kind:
    if plan.is_repeat:
        return Kind.REPEAT
    if not plan.is_leaf and not plan.is_attribute:
        return Kind.GROUP
    if not plan.control:
        return Kind.VALUE
    return Kind.NOTE if is_note(plan) else Kind.QUESTION


def describe_nodes(plan: Plan) -> dict[str, NodeDef]:
    """Node definitions by id, in document order; bound attributes and the meta block are not among them."""
    found: dict[str, NodeDef] = {}

    def visit(node: NodePlan) -> None:
        children = shown_children(node)
        found[node.id] = _describe(node, tuple(c.id for c in children))
        for child in children:
            visit(child)

    visit(plan.root)
    return found


def shown_children(node: NodePlan) -> list[NodePlan]:
    """Children in the order of the body; one without a control stays behind the sibling before it."""
    keyed = []
    last = 0
    for place, child in enumerate(node.children):
        if child.name == "meta" and (node.parent is None or node.is_repeat) and not child.control:
            continue
        last = child.body_order if child.body_order is not None else last
        keyed.append((last, place, child))
    return [child for _, _, child in sorted(keyed, key=lambda k: k[:2])]


def _describe(plan: NodePlan, children: tuple[str, ...]) -> NodeDef:
    expressions = plan.expressions
    readonly = expressions.get(Role.READONLY)
    required = expressions.get(Role.REQUIRED)
    return NodeDef(
        id=plan.id,
        name=plan.name,
        path=plan.path,
        kind=_kind(plan),
        type=question_type(plan),
        data_type=plan.data_type,
        control=plan.control,
        appearance=plan.appearance,
        parent=plan.parent.id if plan.parent else None,
        children=children,
        repeats=tuple(r.id for r in plan.repeats),
        bind=plan.bind,
        fact=plan.bind.get("tjb:fact", "").strip(),
        unknown_of=plan.unknown_of.id if plan.unknown_of else "",
        companion=plan.companion.id if plan.companion else "",
        required=required is not None and required.constant is not False,
        readonly=readonly is not None and readonly.constant is True,
        calculated=Role.CALCULATE in expressions,
        has_choices=plan.itemset is not None or bool(plan.items),
        list_name=plan.itemset.list_name if plan.itemset else "",
        media_type=plan.media_type,
        range=RangeDef(*plan.range) if plan.range else None,
        parameters=plan.parameters,
        counted=Role.COUNT in expressions,
        fixed_rows=plan.no_add_remove or Role.COUNT in expressions,
        save_to=plan.save_to,
    )
