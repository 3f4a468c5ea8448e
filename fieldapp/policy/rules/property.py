"""Property against the county's limits, each with its way of exemption (no test ends without one)."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, once
from fieldapp.policy.rules.family import by_area, size
from fieldapp.policy.steps import Step

_PROPERTY = ("law 23", "regulation2014 10", "measures2021 14")
RULES = (
    rule("property.financial", "金融资产", "deposits", "sum", *_PROPERTY, unit="fen"),
    rule("property.limit_per_person", "每人金融资产上限", "limit per person", "times", *_PROPERTY, unit="fen"),
    rule("property.limit", "金融资产上限", "deposit limit", "times", *_PROPERTY, unit="fen"),
    rule("property.financial_within", "金融资产未超限", "deposits within the limit", "at_most", *_PROPERTY),
    rule("property.financial_ok", "金融资产符合或经豁免", "deposits within the limit or exempted", "any",
         *_PROPERTY),
    rule("property.count_within", "数量未超限", "number within the limit", "at_most", *_PROPERTY),
    rule("property.vehicles_ok", "机动车符合或经乡镇说明理由豁免", "cars within the limit or exempted by the town",
         "any", *_PROPERTY),
    rule("property.things_ok", "其他财产符合或经豁免", "other property within the limit or exempted", "any",
         *_PROPERTY),
    rule("property.ok", "财产符合规定", "property within the rules", "all", *_PROPERTY),
    rule("tekun.property_ok", "财产符合特困财产规定", "property within the rules for extreme poverty", "all",
         "law 16", "tekun2021 6"),
    rule("property.own_ok", "本人财产符合规定", "that person's property within the rules", "all",
         "law 21", "measures2021 8", "measures2021 14"),
)  # fmt: skip

FINANCIAL = tuple(
    f"household.{kind}" for kind in ("deposits", "securities", "insurance_value", "internet_finance", "claims")
)
COUNTED_THINGS = {
    "house_limit": "household.houses",
    "large_machine_limit": "household.large_machines",
    "shop_limit": "household.shops",
    "company_limit": "household.companies",
}
TABLE, TEKUN_TABLE = "property", "tekun.property"
_DEPOSITS = "deposit_limit_months_of_standard_per_person"


@once
def standard(c: Case) -> Step:
    """The month's standard of the household's area."""
    return by_area(c, "dibao.standard_month")


def limit_per_person(c: Case, table: str = TABLE) -> Step:
    return c.times("property.limit_per_person", c.param(f"{table}.{_DEPOSITS}"), standard(c))


@once
def property_ok(c: Case) -> Step:
    """All kinds the county limits; a kind without a line in its table is not tested there."""
    return c.all("property.ok", _tests(c, TABLE))


@once
def tekun_property_ok(c: Case) -> Step:
    """特困: the city's own table where it has one, else what holds for the allowance."""
    keys = (_DEPOSITS, "vehicle_limit", *COUNTED_THINGS)
    if not any(c.has_param(f"{TEKUN_TABLE}.{key}") for key in keys):
        return property_ok(c)
    return c.all("tekun.property_ok", _tests(c, TEKUN_TABLE))


def _tests(c: Case, table: str) -> Iterator[Step]:
    people = size(c)
    if people.about.kind == "fact":
        yield people
        return
    if table == TABLE or c.has_param(f"{table}.{_DEPOSITS}"):
        total = c.total("property.financial", c.each(FINANCIAL))
        limit = c.times("property.limit", limit_per_person(c, table), people)
        yield _or_exempted(c, "property.financial_ok", c.at_most("property.financial_within", total, limit))
    if c.has_param(f"{table}.vehicle_limit"):
        most = c.param(f"{table}.vehicle_limit")
        cars = c.at_most("property.count_within", c.fact("household.passenger_cars"), most)
        yield c.any("property.vehicles_ok", _lazily(c, cars, "household.car_exempted"))
    for key, fact in COUNTED_THINGS.items():
        if c.has_param(f"{table}.{key}"):
            within = c.at_most("property.count_within", c.fact(fact), c.param(f"{table}.{key}"))
            yield _or_exempted(c, "property.things_ok", within)


def _or_exempted(c: Case, id: str, within: Step) -> Step:
    return c.any(id, _lazily(c, within, "household.property_exempted"))


def _lazily(c: Case, within: Step, exemption: str) -> Iterator[Step]:
    yield within
    yield c.fact(exemption)


@once
def own_property_ok(c: Case, row: str) -> Step:
    """单人保: what is in that person's own name."""
    return c.all("property.own_ok", _own_tests(c, row), row)


def _own_tests(c: Case, row: str) -> Iterator[Step]:
    yield c.at_most("property.financial_within", c.fact("member.deposits", row), limit_per_person(c), row)
    if c.has_param("property.vehicle_limit"):
        cars = c.fact("member.passenger_cars", row)
        within = c.at_most("property.count_within", cars, c.param("property.vehicle_limit"), row)
        yield c.any("property.vehicles_ok", _lazily(c, within, "household.car_exempted"), row)
