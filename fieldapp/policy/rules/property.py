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
    rule("property.own_ok", "本人财产符合规定", "that person's property within the rules", "all",
         "law 21", "measures2021 8", "measures2021 14"),
)  # fmt: skip

FINANCIAL = tuple(
    f"household.{kind}" for kind in ("deposits", "securities", "insurance_value", "internet_finance", "claims")
)
COUNTED_THINGS = {
    "property.house_limit": "household.houses",
    "property.large_machine_limit": "household.large_machines",
    "property.shop_limit": "household.shops",
    "property.company_limit": "household.companies",
}


@once
def standard(c: Case) -> Step:
    """The month's standard of the household's area."""
    return by_area(c, "dibao.standard_month")


@once
def limit_per_person(c: Case) -> Step:
    months = c.param("property.deposit_limit_months_of_standard_per_person")
    return c.times("property.limit_per_person", months, standard(c))


@once
def property_ok(c: Case) -> Step:
    """All kinds the county limits; a kind without a line in its table is not tested there."""
    return c.all("property.ok", _tests(c))


def _tests(c: Case) -> Iterator[Step]:
    people = size(c)
    if people.about.kind == "fact":
        yield people
        return
    total = c.total("property.financial", c.each(FINANCIAL))
    limit = c.times("property.limit", limit_per_person(c), people)
    yield _or_exempted(c, "property.financial_ok", c.at_most("property.financial_within", total, limit))
    if c.has_param("property.vehicle_limit"):
        cars = c.at_most("property.count_within", c.fact("household.passenger_cars"), c.param("property.vehicle_limit"))
        yield c.any("property.vehicles_ok", _lazily(c, cars, "household.car_exempted"))
    for key, fact in COUNTED_THINGS.items():
        if c.has_param(key):
            within = c.at_most("property.count_within", c.fact(fact), c.param(key))
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
