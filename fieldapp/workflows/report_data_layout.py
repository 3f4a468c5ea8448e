"""The county's choices about its papers: bundled defaults, overlaid by its control document ``report_layout``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml

import resources
from fieldapp.store.api import ReadTx

CONTROL = "report_layout"


def layout(tx: ReadTx) -> Mapping[str, Any]:
    """The layout in force: shape of ``resources/reports/layout.yaml``."""
    found = tx.control(CONTROL)
    return _overlaid(found.body_bytes) if found else bundled()


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
