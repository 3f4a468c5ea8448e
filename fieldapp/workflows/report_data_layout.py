"""The county's choices about its papers: bundled defaults, overlaid by its control document ``report_layout``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml

import resources
from fieldapp.errors import InputError
from fieldapp.store.api import ReadTx

CONTROL = "report_layout"


def layout(tx: ReadTx) -> Mapping[str, Any]:
    """The layout in force: shape of ``resources/reports/layout.yaml``."""
    found = tx.control(CONTROL)
    return _overlaid(found.body_bytes) if found else bundled()


def read_layout(data: bytes, where: str) -> dict[str, Any]:
    """A county's own layout before it is published: YAML with keys of the bundled one and values of the same kinds.

    Raises InputError ``layout.unreadable`` | ``layout.key`` | ``layout.value``; ``where`` names the key.
    """
    try:
        made = yaml.safe_load(data.decode("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError):
        made = None
    if not isinstance(made, dict):
        raise InputError("layout.unreadable", where=where)
    _like(made, bundled(), "")
    return made


def _like(own: Mapping[str, Any], pattern: Mapping[str, Any], above: str) -> None:
    for key, value in own.items():
        where = f"{above}{key}"
        if key not in pattern:
            raise InputError("layout.key", where=where)
        if isinstance(pattern[key], Mapping) and isinstance(value, Mapping):
            _like(value, pattern[key], f"{where}.")
        elif type(value) is not type(pattern[key]):
            raise InputError("layout.value", where=where)
    unknown = set(own.get("order", ())) - set(pattern.get("order", ()))
    if unknown:
        raise InputError("layout.value", where=f"{above}order: {sorted(unknown)[0]}")


@lru_cache(maxsize=1)
def bundled() -> Mapping[str, Any]:
    made: Mapping[str, Any] = yaml.safe_load(resources.path("reports", "layout.yaml").read_text(encoding="utf-8"))
    return made


@lru_cache(maxsize=2)
def _overlaid(body: bytes) -> Mapping[str, Any]:
    return _over(bundled(), json.loads(body)["content"])


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = [key for key in above if isinstance(below.get(key), Mapping) and isinstance(above[key], Mapping)]
    return {**below, **above, **{key: _over(below[key], above[key]) for key in both}}
