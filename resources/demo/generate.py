"""``python -m resources.demo.generate --households N --seed S --out DIR``: the files of a county, streamed.

    areas.geojson     names and outlines of county, towns, villages, grids
    documents.jsonl   one document a line {document, type, area, state}: rounds, families, answers, visits, leads
    leads.csv         this week's alert leads as departments send them (GB18030)
    calendar.json     days off and weekends worked
    forms/            the forms that the visits were filled in, compiled
    about.json        what was made: counts, seed, where the families of the cases live

Grid after grid is written and forgotten: memory grows with the number of areas, not of households.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from resources import path
from resources.demo.alerts import HOUSEHOLDS_PER_LEAD, Alerts
from resources.demo.cases import Case, families
from resources.demo.documents import Document, Door, Household, Registry, household_documents
from resources.demo.hardship import add_burdens, standing
from resources.demo.homes import Home, Homes
from resources.demo.land import place as place_in
from resources.demo.land import walk
from resources.demo.places import COUNTY, COUNTY_NAME, Country, Grid, Shape, country, shape_for
from resources.demo.rounds import Rounds
from resources.demo.visits import Visits

PEOPLE_PER_HOUSEHOLD = 3
EVENING_OUT = 20
SHARED_DOORS = 0.03
SECOND_DOORS = 0.01
DEFAULT_HOUSEHOLDS, DEFAULT_SEED = 6_000, 20_261_121


@dataclass
class Left:
    """How many households and people are still to come: the last home fills up the count."""

    households: int
    people: int

    def sizes(self) -> tuple[int, int]:
        """Fewest and most people of the next home, so that the mean comes out exactly."""
        missing = self.people - self.households * PEOPLE_PER_HOUSEHOLD
        if self.households <= EVENING_OUT:
            exactly = min(max(PEOPLE_PER_HOUSEHOLD + missing, 1), 6)
            return exactly, exactly
        return min(max(1, missing - 2), 5), max(1, min(6, 6 + missing))

    def take(self, people: int) -> None:
        self.households -= 1
        self.people -= people


class County:
    """One county to be written: everything follows from the number of households and the seed."""

    def __init__(self, households: int, seed: int, shape: Shape | None = None, visits: Visits | None = None) -> None:
        self.households = households
        self.seed = seed
        self.country: Country = country(shape or shape_for(households), Random(f"{seed}/land"))
        self.calendar = json.loads(path("demo", "calendar.json").read_text("utf-8"))
        self.rounds = Rounds(seed, self.country)
        self.alerts = Alerts(frozenset(self.calendar["days_off"]))
        self.registry = Registry(seed)
        self.visits = visits
        self.counts: Counter[str] = Counter()
        self.stories: dict[str, str] = {}
        self._left = Left(households, households * PEOPLE_PER_HOUSEHOLD)
        self._cases = self._by_grid()
        self._since_lead = 0

    def documents(self) -> Iterator[Document]:
        """Every document, grid by grid."""
        for each in self.rounds.documents():
            yield self._counted(each)
        before = 0
        for grid, until in zip(self.country.grids, self._dealt(), strict=True):
            for each in self._grid(grid, until - before):
                yield self._counted(each)
            before = until

    def about(self) -> dict[str, Any]:
        return {
            "county": COUNTY, "name": COUNTY_NAME, "seed": self.seed, "counts": dict(self.counts),
            "fresh_leads": len(self.alerts.fresh), "cases": self.stories,
        }  # fmt: skip

    def _counted(self, each: Document) -> Document:
        self.counts[each["type"]] += 1
        return each

    def _dealt(self) -> list[int]:
        """How many households the grids up to each have: grids differ in size by up to half."""
        chance = Random(f"{self.seed}/grids")
        weights = list(itertools.accumulate(chance.uniform(0.65, 1.35) for _ in self.country.grids))
        return [round(self.households * weight / weights[-1]) for weight in weights]

    def _by_grid(self) -> dict[str, list[Case]]:
        """The families of the cases by the grid their group belongs to; a small county has only some villages."""
        codes = {name: code for code, name in self.country.names.items() if len(code) == 12}
        found: dict[str, list[Case]] = {}
        for case in families().values():
            grids = [g for g in self.country.grids if g.village == codes.get(case.village) and case.group in g.groups]
            for grid in grids[:1]:
                found.setdefault(grid.code, []).append(case)
        return found

    def _grid(self, grid: Grid, count: int) -> Iterator[Document]:
        chance = Random(f"{self.seed}/{grid.code}")
        homes = Homes(chance)
        path_ = walk(grid.cells)
        cases = {3 + 7 * index: case for index, case in enumerate(self._cases.get(grid.code, ()))}
        previous: Household | None = None
        for place in range(1, count + 1):
            case = cases.get(place)
            home = case.home if case else self._home(homes, chance)
            self._left.take(len(home.members))
            if not case and previous and chance.random() < SHARED_DOORS:
                doors, address = self._same_door(previous), previous.address
            else:
                doors, address = self._door(grid, place, count, path_, chance, case)
            held = case.standing if case else standing(home, grid.urban, chance)
            family = self.registry.household(grid, place, address, doors, home, held)
            previous = family
            yield from household_documents(family)
            yield from self.rounds.answers(family, place, count, chance, story=case is not None)
            yield from self._leads(family, case, chance)
            if self.visits and not case:
                by_itself = Random(f"{self.seed}/{family.id}")  # with or without visits, the rest stays the same
                yield from self.visits.about(family, self.rounds.workers[grid.code], by_itself)

    def _home(self, homes: Homes, chance: Random) -> Home:
        home = homes.draw(*self._left.sizes())
        add_burdens(home, chance)
        return home

    def _leads(self, family: Household, case: Case | None, chance: Random) -> Iterator[Document]:
        self._since_lead += 1
        if case:
            self.stories[case.id] = family.id
            if case.id == "high-medical-bill":
                self.alerts.story(family, chance)
                self._since_lead = 0
        elif self._since_lead >= HOUSEHOLDS_PER_LEAD:
            self._since_lead = 0
            yield from self.alerts.about(family, self.rounds.workers[family.grid.code], chance)

    def _door(
        self, grid: Grid, place: int, count: int, path_: list[tuple[int, int]], chance: Random, case: Case | None
    ) -> tuple[tuple[Door, ...], str]:
        cell = path_[(place - 1) * len(path_) // count]
        group = case.group if case else grid.groups[(place - 1) * len(grid.groups) // count]
        number = f"{group}组{place}号"
        if grid.urban and place % 3:
            number = f"{group}组{place // 12 + 1}幢{place % 6 + 1}0{place % 4 + 1}室"
        at = place_in(cell, chance)
        doors = [Door(number, float(place), at)]
        if chance.random() < SECOND_DOORS:
            doors.append(Door("县城安置小区", 9_000.0 + place, place_in(path_[0], chance), "另一处住所"))
        return tuple(doors), f"{self.country.names[grid.village]}{number}"

    def _same_door(self, neighbour: Household) -> tuple[Door, ...]:
        """A second family behind the same door, walked right after the first."""
        first = neighbour.doors[0]
        return (Door(first.number, first.order + 0.5, first.at, "同一门内两户"),)


def write_county(
    households: int, seed: int, out: Path, shape: Shape | None = None, *, visits: bool = True
) -> dict[str, Any]:
    """Write the files of a county into ``out``; returns what ``about.json`` says. Without ``visits`` it is faster:
    no form has to be compiled."""
    out.mkdir(parents=True, exist_ok=True)
    county = County(households, seed, shape, Visits(out / "forms") if visits else None)
    with (out / "documents.jsonl").open("w", encoding="utf-8") as file:
        for each in county.documents():
            file.write(json.dumps(each, ensure_ascii=False, separators=(",", ":")) + "\n")
    (out / "leads.csv").write_bytes(county.alerts.list())
    with (out / "areas.geojson").open("w", encoding="utf-8") as file:
        features = list(county.country.features(seed))
        json.dump({"type": "FeatureCollection", "features": features}, file, ensure_ascii=False)
    shutil.copyfile(path("demo", "calendar.json"), out / "calendar.json")
    about = county.about()
    (out / "about.json").write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
    return about


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m resources.demo.generate")
    parser.add_argument("--households", type=int, default=DEFAULT_HOUSEHOLDS)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    print(json.dumps(write_county(options.households, options.seed, options.out), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
