"""Plain references of a form ("/data/a", "../b", "a/b") to absolute paths and plans."""

from __future__ import annotations

import re

from forms.definition.plan import NodePlan
from forms.expression.parser import parse
from forms.expression.syntax import Call, Path

_PLAIN = re.compile(r"^/?[A-Za-z_][\w-]*(?:/[A-Za-z_][\w-]*)*$")


def absolute_path(ref: str, base: str) -> str:
    """A reference as an absolute path; a relative one starts at ``base``. Prefixes and predicates go."""
    plain = ref.strip()
    if _PLAIN.match(plain):  # nearly every reference; thousands of them in one form
        return plain if plain[0] == "/" else f"{base}/{plain}"
    try:
        tree = parse(ref)
    except ValueError:
        return ref
    here = isinstance(tree, Path) and isinstance(tree.start, Call) and tree.start.name == "current"
    if not isinstance(tree, Path) or not (here or tree.start in (None, "/")):
        return ref
    parts = [] if tree.start == "/" else base.strip("/").split("/")
    for step in tree.steps:
        if step.axis == "parent":
            parts = parts[:-1]
        elif step.axis == "attribute":
            parts.append("@" + step.test.rpartition(":")[2])
        elif step.axis == "child":
            parts.append(step.test.rpartition(":")[2])
    return "/" + "/".join(parts)


def find_plan(ref: str, base: str, by_path: dict[str, NodePlan]) -> NodePlan | None:
    """The plan a reference means, None when it leads nowhere."""
    return by_path.get(absolute_path(ref, base))
