"""Loading and filling a large form, beside JavaRosa on the same form where there is a Java."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from forms import api
from forms.expression.parser import parse
from tests.bench.figures import Row, figure, median, percentile
from tests.bench.forms_fixture import big_form

ROWS = 40
DRIVER = Path(__file__).with_name("JavaRosaBench.java")


def run(full: bool) -> list[Row]:
    """Always the size of the budget; ``full`` only repeats more often."""
    xml, answers = big_form(), 20_000 if full else 3_000
    other = javarosa(xml, answers)
    load = load_time(xml, 15 if full else 7)
    opened, times = answer_times(xml, answers)
    note = "" if other else "JavaRosa: no Java here, yardstick skipped"
    key = other.get
    return [
        figure("forms: load 500 questions", load, "ms", yardstick=key("load"), most=150, note=note),
        figure("forms: open a fresh session", opened, "ms"),
        figure("forms: one answer, median", median(times), "ms", yardstick=key("median"), most_ratio=1.0, note=note),
        figure("forms: one answer, p95", percentile(times, 0.95), "ms", yardstick=key("p95"), most=1.0, note=note),
        figure("forms: 5,000 choices filtered by prefix", choice_time(), "ms", most=16),
    ]


def load_time(xml: bytes, times: int) -> float:
    """The best of several loads, expression cache emptied each time, in ms."""
    found = []
    for _ in range(times):
        parse.cache_clear()
        start = time.perf_counter()
        api.load_xform(xml)
        found.append((time.perf_counter() - start) * 1e3)
    return min(found)


def answer_times(xml: bytes, answers: int) -> tuple[float, list[float]]:
    """ms to open, and ms of each answer: seven in ten to a row of a repeat, as for JavaRosa."""
    definition = api.load_xform(xml)
    start = time.perf_counter()
    session = api.open_session(definition, api.Environment(random=random.Random(1)))
    opened = (time.perf_counter() - start) * 1e3
    repeats = [n.id for n in definition.nodes.values() if n.kind is api.Kind.REPEAT]
    for repeat in repeats:
        while len(session.children(repeat)) < ROWS:
            session.add_row(repeat)
    in_rows = [f"{row}/amount" for repeat in repeats for row in session.children(repeat)]
    plain = [n.id for n in definition.nodes.values() if n.name.startswith("q") and not n.calculated]
    chance, times = random.Random(2), []
    for _ in range(answers):
        target = chance.choice(in_rows if chance.random() < 0.7 else plain)
        value = chance.randrange(1000)
        start = time.perf_counter()
        session.set(target, value)
        times.append((time.perf_counter() - start) * 1e3)
    return opened, times


def choice_time() -> float:
    """The worst key: 5,000 choices of one question narrowed by what is typed, as a window does."""
    names = [f"村{n // 100:02d}组{n % 100:02d}" for n in range(5000)]
    items = "".join(f"<item><name>v{n}</name><label>{name}</label></item>" for n, name in enumerate(names))
    xml = (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>c'
        f'</h:title><model><instance><data id="c"><v/></data></instance><instance id="v"><root>{items}</root>'
        '</instance><bind nodeset="/data/v" type="string"/></model></h:head><h:body><select1 ref="/data/v"><label>v'
        '</label><itemset nodeset="instance(\'v\')/root/item"><value ref="name"/><label ref="label"/></itemset>'
        "</select1></h:body></h:html>"
    )
    session = api.open_session(api.load_xform(xml.encode()), api.Environment())
    session.view("/v")
    worst = 0.0
    for typed in ("村", "村1", "村12", "村12组", "村12组3"):
        start = time.perf_counter()
        found = [c for c in session.view("/v").choices if typed in c.label]
        worst = max(worst, (time.perf_counter() - start) * 1e3)
        assert found or len(typed) > 3
    return worst


def javarosa(xml: bytes, answers: int) -> dict[str, float]:
    """JavaRosa's figures by name; empty where there is no Java compiler or no jar."""
    import pyxform

    jars = list(Path(pyxform.__file__).parent.glob("validators/odk_validate/bin/*.jar"))
    if not jars or not shutil.which("javac"):
        print("forms: no Java here, JavaRosa is NOT measured", file=sys.stderr)
        return {}
    with tempfile.TemporaryDirectory() as folder:
        form = Path(folder, "form.xml")
        form.write_bytes(xml)
        subprocess.run(["javac", "-cp", str(jars[0]), "-d", folder, str(DRIVER)], check=True, capture_output=True)
        command = [
            "java",
            "-cp",
            os.pathsep.join((str(jars[0]), folder)),
            "JavaRosaBench",
            str(form),
            str(ROWS),
            str(answers),
        ]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
