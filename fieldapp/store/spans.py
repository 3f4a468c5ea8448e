"""Areas under a prefix as a range of codes, so that an index on ``area`` serves."""

from __future__ import annotations

_BEYOND = "\U0010ffff"  # above every character an area code may hold


def span(area_prefix: str) -> tuple[str, str]:
    """The two values of ``area >= ? AND area < ?``: every area under ``area_prefix``, all areas for the empty one."""
    return area_prefix, area_prefix + _BEYOND
