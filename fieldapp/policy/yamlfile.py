"""Read YAML with the C loader where there is one (twenty times faster); a key told twice is refused."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any


class TwiceError(ValueError):
    """A mapping has the same key twice; ``place`` is "line 3, column 5"."""

    def __init__(self, key: str, line: int, column: int) -> None:
        self.key, self.place = key, f"line {line}, column {column}"
        super().__init__(f"{key} twice at {self.place}")


def read_yaml(text: str | bytes) -> Any:
    """The data of a safe YAML document; raises ``yaml.YAMLError`` or TwiceError."""
    import yaml

    return yaml.load(text, _loader())


@cache
def _loader() -> Any:
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
            seen: set[str] = set()
            for key, _ in node.value:
                if key.value in seen and isinstance(key.value, str):
                    raise TwiceError(key.value, key.start_mark.line + 1, key.start_mark.column + 1)
                seen.add(str(key.value))
            found: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
            return found

        def construct_yaml_timestamp(self, node: Any) -> Any:
            """A day that no calendar has stays as it is written, to be refused where it stands."""
            try:
                return super().construct_yaml_timestamp(node)
            except ValueError:
                return node.value

    Loader.yaml_constructors = {**base.yaml_constructors}
    Loader.yaml_constructors["tag:yaml.org,2002:timestamp"] = Loader.construct_yaml_timestamp
    return Loader
