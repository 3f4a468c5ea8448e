"""The ten families of the reference cases as the county knows them before their stories begin.

What a visit, a lead or a review is still to find out is left out; ages, relations and help already received are in.
The man of the forest farm is nobody's household yet: somebody has to find him.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict, Unpack

from resources.demo.hardship import Program, Standing
from resources.demo.homes import FEMALE, MALE, TODAY, Home, Member


@dataclass(frozen=True)
class Case:
    """A family, the group of its village it lives in, and what the registry already says of it."""

    id: str
    village: str
    group: int
    home: Home
    standing: Standing


class _More(TypedDict, total=False):
    """What else may be told of a person, as ``Member`` has it."""

    whereabouts: str
    school: str
    work: str
    illness: str
    disability: tuple[str, int]
    no_id_reason: str
    registered_elsewhere: str


def _person(name: str, relation: str, sex: str, age: int, **more: Unpack[_More]) -> Member:
    born = date(TODAY.year - age, 3 + len(name) % 5, 1 + (age * 7) % 27)
    return Member(name, sex, born, relation, **more)


def _standing(*programs: Program, tier: int | None = None, risk: str | None = None) -> Standing:
    return Standing(list(programs), tier, risk)


def families() -> Mapping[str, Case]:
    """The nine families with a door, by the id of their case."""
    made = (
        Case(
            "high-medical-bill", "周岭村", 3,
            Home([
                _person("肖雨", "head", FEMALE, 34, work="farming"),
                _person("邓山", "spouse", MALE, 36, work="none"),
                _person("邓一", "daughter", FEMALE, 8, school="primary"),
                _person("邓二", "daughter", FEMALE, 8, school="primary"),
                _person("邓小", "son", MALE, 3, school="kindergarten"),
            ]),
            _standing(),
        ),
        Case(
            "death-in-the-family", "黄泥坳村", 2,
            Home([
                _person("黎建", "head", MALE, 47, work="employed", disability=("limb", 3)),
                _person("黎晓", "son", MALE, 20, school="university", whereabouts="school", work="student"),
            ]),
            _standing(),
        ),
        Case(
            "one-adult-alone", "月亮湖社区", 4,
            Home([
                _person("任父", "head", MALE, 56, work="employed"),
                _person("任母", "spouse", FEMALE, 54, work="employed"),
                _person("任平", "son", MALE, 29, disability=("mental", 2), work="none"),
            ], ["severe_disability"]),
            _standing(),
        ),
        Case(
            "home-early", "周岭村", 2,
            Home([
                _person("周老", "head", MALE, 58, work="employed", whereabouts="away_work"),
                _person("周母", "mother", FEMALE, 83, work="none"),
            ], ["empty_nest"]),
            _standing(Program("elder_age", "2023-03", 5_000, 1)),
        ),
        Case(
            "snow", "月亮湖社区", 1,
            Home([
                _person("曹夫", "head", MALE, 75, work="retired"),
                _person("曹梅", "spouse", FEMALE, 72, work="retired"),
            ], ["unsafe_housing", "empty_nest"]),
            _standing(),
        ),
        Case(
            "stranger-with-leukaemia", "月亮湖社区", 6,
            Home([_person("小范", "head", MALE, 31, work="flexible", registered_elsewhere="外县：邻县石门镇")]),
            _standing(),
        ),
        Case(
            "tea-harvest", "茶坞村", 5,
            Home([
                _person("向军", "head", MALE, 46, disability=("limb", 1), work="farming"),
                _person("向妻", "spouse", FEMALE, 44, disability=("limb", 2), work="farming"),
            ], ["severe_disability"]),
            _standing(
                Program("dibao", "2023-06", 70_000),
                *(Program("disability_living", "2023-07", 11_000, member) for member in (0, 1)),
                *(Program("disability_care", "2023-07", 11_000, member) for member in (0, 1)),
                tier=2, risk="medium",
            ),
        ),
        Case(
            "lupus", "竹园村", 7,
            Home([
                _person("李夫", "head", MALE, 49, work="employed"),
                _person("李秀", "spouse", FEMALE, 45, work="none"),
            ]),
            _standing(Program("dibao", "2025-07", 21_000), tier=2, risk="low"),
        ),
        Case(
            "leaving-the-program", "周岭村", 5,
            Home([
                _person("孙强", "head", MALE, 41, work="employed"),
                _person("孙母", "mother", FEMALE, 71, work="none"),
                _person("孙女", "daughter", FEMALE, 15, school="middle"),
            ]),
            _standing(Program("dibao", "2024-04", 61_500), tier=2, risk="low"),
        ),
    )  # fmt: skip
    return {case.id: case for case in made}
