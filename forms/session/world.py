"""What a session's expressions can reach: the answers, the secondary instances, the texts, the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from forms.definition.instances import LAST_SAVED, load_external
from forms.definition.plan import Plan
from forms.environment import Environment
from forms.expression.context import Context, World
from forms.expression.nodes import Node, NodeKind

_PROPERTIES = {
    "deviceid": "device_id", "username": "username", "email": "email", "phonenumber": "phone_number",
    "uri:deviceid": "device_id", "uri:username": "username", "uri:email": "email",
    "uri:phonenumber": "phone_number",
}  # fmt: skip


class SessionWorld(World):
    """The world of one session; ``root`` is a document node above the root element."""

    def __init__(self, plan: Plan, version: str, env: Environment, last_saved: Node | None) -> None:
        super().__init__(
            Node(NodeKind.DOCUMENT), now=env.now, zone=env.zone, random=env.random,
            namespaces=plan.namespaces, forms_rules=True,
        )  # fmt: skip
        self.as_collect = True
        self.env = env
        self.plan = plan
        self.version = version
        self.label_of: Callable[[str], str] = lambda text_id: ""
        self.choice_label: Callable[[str, str, Context], str] = lambda value, path, c: ""
        self._instances = self._load(last_saved)

    def _load(self, last_saved: Node | None) -> dict[str, Node]:
        found: dict[str, Node] = dict(self.plan.instances)
        lists = {entity.source.attribute("dataset") for entity in self.plan.entities}
        for name, source in self.plan.external.items():
            if source == LAST_SAVED:
                instance = Node(NodeKind.ELEMENT, "instance")
                if last_saved is not None:
                    instance.append(last_saved)
                found[name] = instance
            else:
                found[name] = load_external(source, self.env, optional=name in lists)
        return found

    def instance(self, name: str) -> Node | None:
        found = self._instances.get(name)
        if found is None and name == (self.plan.root.source.attribute("id") or ""):
            return self.root
        return found

    def itext(self, name: str) -> Any:
        return self.label_of(name)

    def choice_name(self, value: str, path: str, context: Context) -> str:
        return self.choice_label(value, path, context)

    def form_version(self) -> str:
        return self.version

    def property(self, name: str) -> str:
        attribute = _PROPERTIES.get(name)
        return str(getattr(self.env, attribute)) if attribute else ""


def last_saved_tree(plan: Plan, answers: Mapping[str, Any] | None) -> Node | None:
    """The previous submission's answers as an instance for ``instance('__last-saved')``."""
    if answers is None:
        return None
    from forms.session.answers import plain_tree

    return plain_tree(plan.root, answers)
