"""Read YAML with the C loader where there is one (twenty times faster)."""

from __future__ import annotations

from typing import Any


def read_yaml(text: str | bytes) -> Any:
    """The data of a safe YAML document; raises ``yaml.YAMLError``."""
    import yaml

    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
