"""All screens. To add one: write its file, add its line here and its words to the glossary; the gallery opens it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from fieldapp.domain.roles import COLLECTOR, COUNTY, GRID_WORKER, SUPERVISOR, THIRD_PARTY

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.screens.base import Screen

WALKERS = frozenset({GRID_WORKER, COLLECTOR})
DESK = frozenset({SUPERVISOR, COUNTY})
EVERYONE = WALKERS | DESK
OUTSIDE = frozenset({THIRD_PARTY})


@dataclass(frozen=True)
class Entry:
    """One screen: its words are ``screen.NAME`` in the glossary, its class is imported when first opened.

    ``rail`` are the roles whose rail shows it; an empty one is reached from other screens. ``count`` names the field
    of ``workflows.counts.Counts`` that its rail entry shows. ``foot`` puts it at the rail's lower end. ``within``
    is the rail entry that lights up while it is open.
    """

    name: str
    where: str
    icon: str = ""
    rail: frozenset[str] = frozenset()
    count: str = ""
    foot: bool = False
    within: str = ""

    def make(self, desk: Desk) -> Screen:
        module, _, name = self.where.partition(":")
        screen: Screen = getattr(import_module(module), name)(desk)
        return screen


SCREENS: tuple[Entry, ...] = (
    Entry("today", "ui.screens.today:Today", "house", EVERYONE),
    Entry("review", "ui.screens.review.screen:Review", "shield-check", DESK, count="review"),
    Entry("screening", "ui.screens.screening.screen:Screening", "grid-2x2-check", WALKERS),
    Entry("households", "ui.screens.households:Households", "users", EVERYONE),
    Entry("household", "ui.screens.household:HouseholdPage", within="households"),
    Entry("accounts", "ui.screens.accounts:Accounts", within="matters"),
    Entry("importing", "ui.screens.importing.screen:Importing", within="households"),
    Entry("leads", "ui.screens.leads:Leads", "bell", EVERYONE, count="leads"),
    Entry("visit", "ui.screens.visit.screen:Visits", "clipboard-list", WALKERS, count="returned"),
    Entry("plan", "ui.screens.plan:Plan", "workflow", WALKERS),
    Entry("matters", "ui.screens.matters.screen:Matters", "list-checks", EVERYONE | OUTSIDE, count="matters"),
    Entry("coverage", "ui.screens.coverage:Coverage", "map", DESK),
    Entry("grids", "ui.screens.grids:Grids", within="coverage"),
    Entry("rechecks", "ui.screens.rechecks:Rechecks", within="coverage"),
    Entry("rounds", "ui.screens.rounds:Rounds", within="coverage"),
    Entry("county_check", "ui.screens.county_check:CountyCheck", within="coverage"),
    Entry("parameters", "ui.screens.parameters.screen:Parameters", within="coverage"),
    Entry("conflicts", "ui.screens.conflicts:Conflicts", within="review"),
    Entry("reports", "ui.screens.reports.screen:Reports", "file-text", EVERYONE),
    Entry("sync", "ui.screens.sync:Sync", "refresh-cw", EVERYONE | OUTSIDE, count="refused"),
    Entry("accesses", "ui.screens.accesses:Accesses", within="settings"),
    Entry("settings", "ui.screens.settings:SettingsScreen", "settings", EVERYONE | OUTSIDE, foot=True),
)


def entry(name: str) -> Entry:
    """The screen ``name``. Raises KeyError."""
    return {each.name: each for each in SCREENS}[name]


def has(name: str) -> bool:
    return any(each.name == name for each in SCREENS)


def first_of(role: str) -> str:
    """The screen a role begins its day with."""
    return rail_of(role)[0].name


def rail_of(role: str) -> list[Entry]:
    """The rail's screens for a role, top to bottom."""
    return [each for each in SCREENS if role in each.rail]
