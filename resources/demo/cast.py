"""Who works in the demo county: shown in the terminal, enrolled like anybody."""

from __future__ import annotations

from dataclasses import dataclass

from resources.demo.places import COUNTY

TOWN, VILLAGE = f"{COUNTY}101", f"{COUNTY}101201"


@dataclass(frozen=True)
class Colleague:
    """A user of the county. ``who`` is the word of ``--who``; the passphrase opens the demo profile only."""

    who: str
    user: str
    name: str
    role: str
    areas: tuple[str, ...]
    passphrase: str
    words: str


CAST = (
    Colleague(
        "worker", "wang.mei", "王梅", "grid_worker", (f"{VILLAGE}-001", f"{VILLAGE}-002"),
        "门前两棵老枣树", "网格员，周岭村 1-4 组 · grid worker",
    ),
    Colleague(
        "collector", "zhou.quan", "周全", "collector", (VILLAGE,),
        "石板路尽头是学堂", "村信息员，周岭村 · village collector",
    ),
    Colleague(
        "supervisor", "deng.li", "邓丽", "supervisor", (TOWN,),
        "春天的茶山雾很大", "民政所，柏叶镇 · town supervisor",
    ),
    Colleague(
        "county", "he.ping", "何平", "county", (COUNTY,),
        "河对岸的灯还亮着", "低保中心，县民政局 · county office",
    ),
)  # fmt: skip


def colleague(who: str) -> Colleague:
    """Raises KeyError for nobody of the cast."""
    return {each.who: each for each in CAST}[who]
