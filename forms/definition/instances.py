"""Secondary instances: inside the form, or files beside it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from forms.environment import Environment, Rows
from forms.expression.nodes import Node, NodeKind
from forms.expression.xml import XmlError, parse_xml
from forms.problems import FormErrors, FormProblem

MAX_ITEMS = 200_000
LAST_SAVED = "jr://instance/last-saved"


def read_instances(model: Node) -> tuple[Node, dict[str, Node], dict[str, str]]:
    """The primary instance's root, the inline secondary instances by id, the external ones' sources by id."""
    primary: Node | None = None
    inline: dict[str, Node] = {}
    external: dict[str, str] = {}
    for instance in model.named("instance"):
        root = next((n for n in instance.children if n.kind == NodeKind.ELEMENT), None)
        if primary is None:
            primary = root
            continue
        name = instance.attribute("id") or ""
        source = instance.attribute("src")
        if source:
            external[name] = source
        else:
            inline[name] = _without_space(instance)
    if primary is None:
        raise FormErrors([FormProblem("xform.not_a_form")])
    return primary, inline, external


def _without_space(node: Node) -> Node:
    """Text between items is layout; taking it away keeps walks short."""
    if node.children:
        node.children = [c for c in node.children if c.kind != NodeKind.TEXT or c.value.strip()]
        node._index = None
        for child in node.children:
            _without_space(child)
    return node


def load_external(source: str, env: Environment, *, optional: bool = False) -> Node:
    """An external file as an <instance>. Raises FormErrors when it is not given or cannot be read.

    ``optional`` is a list of entities: a device that holds none of them has an empty one.
    """
    data = _find(source, env.instances)
    if data is None and optional:
        data = []
    if data is None:
        raise FormErrors([_problem("instance.missing", source)])
    try:
        return _parse(source, data)
    except (XmlError, csv.Error, ValueError, LookupError, TypeError, AttributeError, StopIteration) as error:
        raise FormErrors([_problem("instance.unreadable", source)]) from error


def _problem(code: str, source: str) -> FormProblem:
    return FormProblem(code, words=(("file", source.rpartition("/")[2]),))


def _find(source: str, given: Mapping[str, bytes | Rows]) -> bytes | Rows | None:
    file = source.rpartition("/")[2]
    for key in (source, file, file.rpartition(".")[0]):
        if key in given:
            return given[key]
    return None


def _parse(source: str, data: bytes | Rows) -> Node:
    if isinstance(data, list):
        return _from_rows(data)
    if source.endswith(".geojson"):
        return _from_geojson(json.loads(data.decode("utf-8-sig")))
    if source.endswith(".xml"):
        return _wrap(next(n for n in parse_xml(data, keep_space=False).children if n.kind == NodeKind.ELEMENT))
    return _from_rows(list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), dialect=_dialect(data))))


def _dialect(data: bytes) -> type[csv.Dialect]:
    first = data.split(b"\n", 1)[0].decode("utf-8-sig", "replace")

    class Found(csv.excel):
        delimiter = max((",", ";", "\t", "|"), key=first.count)

    return Found


def _wrap(root: Node) -> Node:
    instance = Node(NodeKind.ELEMENT, "instance")
    instance.append(root)
    return instance


def _element(parent: Node, name: str, value: str = "") -> Node:
    made = Node(NodeKind.ELEMENT, name, value)
    parent.append(made)
    return made


def _from_rows(rows: Rows) -> Node:
    if len(rows) > MAX_ITEMS:
        raise ValueError("too many rows")
    root = Node(NodeKind.ELEMENT, "root")
    for row in rows:
        item = _element(root, "item")
        for column, value in row.items():
            if column:
                _element(item, str(column).strip(), "" if value is None else str(value))
    return _wrap(root)


def _from_geojson(data: Any) -> Node:
    """Features as items: geometry as ODK text, id and properties as columns."""
    if data.get("type") != "FeatureCollection":
        raise ValueError("not a FeatureCollection")
    root = Node(NodeKind.ELEMENT, "root")
    for feature in data["features"]:
        item = _element(root, "item")
        _element(item, "geometry", _geometry(feature["geometry"]))
        if "id" in feature:
            _element(item, "id", str(feature["id"]))
        for key, value in (feature.get("properties") or {}).items():
            if not (key == "id" and "id" in feature):
                _element(item, str(key), "" if value is None else str(value))
    return _wrap(root)


def _geometry(geometry: Mapping[str, Any]) -> str:
    kind, places = geometry["type"], geometry["coordinates"]
    if kind == "Point":
        return _place(places)
    if kind == "LineString":
        return "; ".join(_place(p) for p in places)
    if kind == "Polygon":
        return "; ".join(_place(p) for p in places[0])
    raise ValueError("unknown geometry")


def _place(place: list[float]) -> str:
    return f"{place[1]} {place[0]} 0 0"
