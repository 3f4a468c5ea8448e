"""The function library: XPath 1.0 core and the ODK XForms functions. A new function is a new decorator."""

from __future__ import annotations

from importlib import import_module

MODULES = ("core", "dates", "geo", "lists", "logic", "numbers", "repeats", "strings", "worlds")


def load() -> None:
    """Import every module of the library, which registers its functions."""
    for name in MODULES:
        import_module(f"{__name__}.{name}")
