"""Expressions beside the JavaRosa of ODK Validate: the same value, or a line of the table of choices."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from forms.conformance.expressions import ExpressionCases

ZONE = "America/Phoenix"
NUMBERS = [
    "0", "1", "-1", "2.5", "-2.5", "1.5", "-0.5", "100", "'12'", "'abc'", "''", "' 7 '", "'1,5'", "'-3.7'",
    "1 div 0", "0 div 0", "true()", "false()", "date('2020-03-01')", "'2020-03-01'", "0.1 + 0.2", "-3 mod 2",
    "1234567890123", "99999999999.5",
]  # fmt: skip
TEXTS = [
    "''", "'abc'", "'a b c'", "5", "1.50", "true()", "'一二三'", "date('2020-03-01')", "'  x  y '",
    "'2020-03-01T10:00:00.000+08:00'",
]  # fmt: skip
DATES = [
    "'2020-03-01'", "'2020-3-1'", "'2020-03-01T10:20:30.400'", "'2020-03-01T10:20:30.400-07:00'", "'2020-13-01'",
    "'x'", "''", "0", "1.5", "-10.25", "20000.75", "true()", "date('2020-12-27')", "'10:30'", "'2020-02-30'",
    "date-time('2020-03-01T22:00:00.000-07:00')", "date-time('2020-03-01T08:00:00.000-07:00')",
]  # fmt: skip


def expressions() -> Iterator[str]:
    one = [
        "number",
        "int",
        "round",
        "abs",
        "boolean",
        "string",
        "not",
        "boolean-from-string",
        "sqrt",
        "exp",
        "log",
        "sin",
        "exp10",
        "log10",
        "acos",
    ]
    yield from (f"{f}({x})" for f in one for x in NUMBERS)
    yield from (f"round({x}, {p})" for x in NUMBERS for p in ("1", "2", "-1", "-2", "31"))
    chance = random.Random(3)
    operators = ("+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=", "and", "or")
    yield from (f"{x} {o} {y}" for o in operators for x in NUMBERS for y in chance.sample(NUMBERS, 9))
    yield from (f"{f}({x})" for f in ("string-length", "normalize-space", "count-selected") for x in TEXTS)
    two = [
        "contains",
        "starts-with",
        "ends-with",
        "substring-before",
        "substring-after",
        "selected",
        "selected-at",
        "concat",
        "join",
    ]
    more = [*TEXTS, "0", "1", "-1", "'b'", "' '", "'b c'"]
    yield from (f"{f}({x}, {y})" for f in [*two, "coalesce"] for x in TEXTS for y in more)
    yield from (
        f"substr({x}, {a}, {b})" for x in TEXTS for a, b in itertools.product(("0", "2", "-2", "1.7"), repeat=2)
    )
    yield from (f"digest({x}, 'SHA-256')" for x in TEXTS)
    wraps = ("date({})", "date-time({})", "decimal-date-time({})", "decimal-time({})", "number(date({}))",
             "string(date({}))", "string(date-time({}))", "abs(date({}))", "boolean(date({}))")  # fmt: skip
    yield from (wrap.format(x) for wrap in wraps for x in DATES)
    patterns = ("%Y-%m-%d", "%e %b %y %n", "%H:%M:%S %3 %h", "%a", "%W", "%%", "%Q", "x%")
    yield from (f"format-date-time({x}, '{p}')" for x in DATES for p in patterns)
    yield from (f"{x} {o} {y}" for o in ("=", "!=", "<", ">=", "+", "-") for x in DATES for y in DATES)
    yield from (f"{f}({x}, {y})" for f in ("pow", "min", "max") for x in NUMBERS for y in NUMBERS[:14])
    yield from (f"checklist({a}, {b}, {x}, 0)" for a in ("-1", "0", "1") for b in ("-1", "1") for x in ("1", '""'))
    yield from ("--5", "- 5", "1-1", "1 = 1 = 1", "2 > 1 > 0", "1 or 0 and 0", "true(1)", "foo()", "count('a')")


@pytest.fixture(scope="module")
def javarosa(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function giving JavaRosa's (class, text) for each expression."""
    import pyxform

    jars = list(Path(pyxform.__file__).parent.glob("validators/odk_validate/bin/*.jar"))
    if not jars or not shutil.which("javac"):
        pytest.skip("no Java here: expressions are NOT compared with JavaRosa")
    folder = tmp_path_factory.mktemp("javarosa")
    source = Path(__file__).with_name("JavaRosaValues.java")
    subprocess.run(["javac", "-cp", str(jars[0]), "-d", str(folder), str(source)], check=True, capture_output=True)

    def run(texts: list[str]) -> list[tuple[str, str]]:
        (folder / "expressions.txt").write_text("\n".join(texts), encoding="utf-8")
        path = os.pathsep.join((str(jars[0]), str(folder)))
        command = ["java", f"-Duser.timezone={ZONE}", "-Duser.language=en", "-cp", path, "JavaRosaValues"]
        done = subprocess.run([*command, str(folder / "expressions.txt")], check=True, capture_output=True)
        rows = (line.split("\t") for line in done.stdout.decode().splitlines())
        return [(row[0], row[1]) for row in rows]

    return run


def test_expressions_have_the_values_javarosa_gives_them(javarosa: Any) -> None:
    texts = list(dict.fromkeys(expressions()))
    found = javarosa(texts)
    cases = [
        {"id": text, "expr": text, "dialect": "xforms", "doc": "d", "context": "/", "expect": {"type": "string"},
         "javarosa": {"type": kind, "value": value}}
        for text, (kind, value) in zip(texts, found, strict=True)
    ]  # fmt: skip
    data = {"meta": {"timezone": ZONE}, "documents": {"d": "<d/>"}, "cases": cases}
    outcomes = ExpressionCases(data).run()
    assert [o.story for o in outcomes if o.passed is False][:20] == []
    assert sum(o.passed is True for o in outcomes) / len(outcomes) > 0.97
    assert len(texts) > 5000
