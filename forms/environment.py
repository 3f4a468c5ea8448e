"""What a form may ask of the world; everything is given, nothing is read from the machine."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

Rows = list[dict[str, str]]


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Environment:
    """Clock, zone, chance and files a form is filled with.

    ``now`` gives an aware datetime. ``instances`` holds external secondary instances by file name or by
    file name without its ending ("areas.csv" or "areas"): bytes of a CSV, XML or GeoJSON file, or rows.
    ``language`` is the language opened first (a name of ``FormDefinition.languages``; empty: the default).
    """

    now: Callable[[], datetime] = _utc_now
    zone: tzinfo = UTC
    random: random.Random = field(default_factory=random.Random)
    instances: Mapping[str, bytes | Rows] = field(default_factory=dict)
    device_id: str = ""
    username: str = ""
    email: str = ""
    phone_number: str = ""
    language: str = ""
