"""The four meanings of severe disability (重残), and listed severe illness: never one for another."""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, once
from fieldapp.policy.steps import Step

RULES = (
    rule("disability.single", "重度残疾（单人保口径：1–2级、智力精神3级）", "severe disability (single person)",
         "given", "law 21", "measures2021 8"),
    rule("disability.no_labour", "残疾致无劳动能力（特困口径）", "disability without ability to work", "given",
         "law 16", "regulation2014 14", "tekun2021 5"),
    rule("disability.obligor", "重度残疾（义务人口径）", "severe disability (obligor)", "given", "tekun2021 8"),
    rule("disability.parent", "父母重残（事实无人抚养口径：1–2级、智力精神3–4级）",
         "severe disability (parent)", "given", "children2019"),
    rule("illness.someone", "家有名单内重病", "someone with a listed severe illness", "any", "law 29",
         "regulation2014 47"),
    rule("illness.listed", "名单内重病", "listed severe illness", "given", "measures2021 8", "law 21"),
)  # fmt: skip

MIND = ("intellectual", "mental")


def for_single_person(kind: str, level: int) -> bool:
    """单人保、分类施保: levels 1–2 of any kind; 智力、精神 also 3 (2021 Measures §8)."""
    return level in (1, 2) or (kind in MIND and level == 3)


def without_labour(kind: str, level: int) -> bool:
    """特困: 智力、精神 1–3, 肢体 1–2, 视力 1 (特困人员认定办法 §5)."""
    return level >= 1 and level <= {"intellectual": 3, "mental": 3, "limb": 2, "visual": 1}.get(kind, 0)


def for_obligor(kind: str, level: int) -> bool:
    """义务人: severe (1–2), and 智力、精神 3 (特困人员认定办法 §8)."""
    return level in (1, 2) or (kind in MIND and level == 3)


def for_parent(kind: str, level: int) -> bool:
    """事实无人抚养的父母: 1–2, and 智力、精神 3–4 (民发〔2019〕62号)."""
    return level in (1, 2) or (kind in MIND and level in (3, 4))


def by_meaning(c: Case, id: str, prefix: str, meaning: Callable[[str, int], bool], row: str) -> Step:
    """One of the meanings over ``prefix.kind`` and ``prefix.level``; no disability needs no level."""
    kind = c.fact(f"{prefix}.kind", row)
    if kind.value == "none":
        return c.made(id, False, kind, row=row)
    return c.given(id, meaning, kind, c.fact(f"{prefix}.level", row), row=row)


@once
def severe(c: Case, row: str) -> Step:
    return by_meaning(c, "disability.single", "member.disability", for_single_person, row)


@once
def no_labour_by_disability(c: Case, row: str) -> Step:
    return by_meaning(c, "disability.no_labour", "member.disability", without_labour, row)


@once
def listed_illness(c: Case, row: str) -> Step:
    """The illness is on the county's list; "none" is on no list."""
    illness = c.fact("member.illness", row)
    if illness.value == "none":
        return c.made("illness.listed", False, illness, row=row)
    return c.given("illness.listed", _on_list, illness, c.param("severe_illness.list"), row=row)


def _on_list(illness: str, names: tuple[str, ...]) -> bool:
    """A line of the list may hold several names of one illness: 肝癌/liver cancer."""
    told = illness.strip().lower()
    return any(name.strip().lower() in told for line in names for name in line.split("/"))
