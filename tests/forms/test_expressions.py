"""The expression language where the recorded cases are silent."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.expression.compiler import UnknownFunction, WrongArity, compile_expression, evaluate
from forms.expression.context import World
from forms.expression.lexer import XPathSyntaxError
from forms.expression.values import Value, number_text, text_number, to_string
from forms.expression.xml import XmlError, parse_xml

ROWS = "".join(f"<item><name>v{n}</name><town>t{n % 3}</town><n>{n}</n></item>" for n in range(60))
LIST = parse_xml(f"<root><instance id='v'><root>{ROWS}</root></instance><key>t1</key><many>t1</many></root>")


def value(text: str) -> Value:
    return evaluate(text, LIST.children[0], World(LIST))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(instance('v')/root/item[town = /root/key])", 20),
        ("count(instance('v')/root/item[town = /root/key and n > 30])", 10),
        ("count(instance('v')/root/item['t1' = town][2])", 1),
        ("string(instance('v')/root/item[town = 't1'][2]/name)", "v4"),
        ("count(instance('v')/root/item[town = 't1' and position() = 2])", 1),
        ("count(instance('v')/root/item[town = /root/nothing])", 0),
        ("count(instance('v')/root/item[n = 7])", 1),
        ("count(instance('v')/root/item[town = 't1' and 2])", 20),
        ("pulldata('v', 'town', 'name', 'v4')", "t1"),
    ],
)
def test_lists_are_found_by_key_as_if_looked_through(text: str, expected: object) -> None:
    found = value(text)
    assert found == expected or to_string(found) == expected


@pytest.mark.parametrize(
    "text", ["1 +", "a[", "concat('a'", "foo bar", "'open", "$x", "a/", "!", "(" * 400 + ")" * 400]
)
def test_what_is_no_expression_says_where(text: str) -> None:
    with pytest.raises(XPathSyntaxError) as caught:
        compile_expression(text)
    assert 0 <= caught.value.at <= len(text)


def test_unknown_functions_and_wrong_arity_are_told_apart() -> None:
    with pytest.raises(UnknownFunction, match="summe"):
        compile_expression("summe(1)")
    with pytest.raises(WrongArity, match="round"):
        compile_expression("round()")


@given(st.floats(allow_nan=False, allow_infinity=False, width=64).filter(lambda x: abs(x) < 1e15))
def test_numbers_survive_their_text(number: float) -> None:
    assert text_number(number_text(number)) == pytest.approx(number, abs=1e-300)
    assert "e" not in number_text(number)


@given(st.text(max_size=40))
def test_no_text_breaks_the_parser_in_another_way(text: str) -> None:
    try:
        compile_expression(text)
    except (XPathSyntaxError, UnknownFunction, WrongArity, ValueError):
        return


def test_a_pattern_must_match_the_whole_answer_in_a_form() -> None:
    world = World(LIST)
    world.as_collect = True
    assert evaluate("regex('12345', '[0-9]{3}')", LIST, world) is False
    assert evaluate(r"regex('张三', '\p{IsHan}{2,4}')", LIST, world) is True


@pytest.mark.parametrize(
    "xml",
    ["<a>", "", "<a/><b/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<p:a/>", "<a>" * 500 + "</a>" * 500],
)
def test_broken_or_hostile_xml_is_refused(xml: str) -> None:
    with pytest.raises(XmlError):
        parse_xml(xml)


def test_division_by_zero_is_infinite_or_no_number() -> None:
    assert value("1 div 0") == math.inf
    assert value("-1 div 0") == -math.inf
    assert math.isnan(value("0 div 0"))  # type: ignore[arg-type]
