"""Rules: one household with its full trace beside plain functions; many households in one pass, flat in time and memory.

python -m tests.bench policy [--full]       2,000 households, --full 50,000
"""

from __future__ import annotations

import itertools
import random
import resource
import statistics
import time
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from fieldapp.policy.api import Assessment, Facts, Pack, assess
from fieldapp.policy.facts import none_answer
from fieldapp.policy.pack import ParamVersion
from fieldapp.policy.packyaml import demo_pack
from fieldapp.policy.vocabulary import vocabulary
from tests.bench import policy_yardstick
from tests.bench.figures import Row, best, figure

ON = date(2026, 11, 21)
SETTLED = {"heating.offered": False, "funeral.offered": True, "elder_age.from_age": 80, "elder_age.month": 5000,
           "income.disability_subsidy_excluded": True, "income.elder_allowance_excluded": True}  # fmt: skip
BUDGET = 5.0
HELD = 20


@cache
def settled_pack() -> Pack:
    """The demo pack with every parameter decided that plain functions would need."""
    demo = demo_pack()
    kept = [version for version in demo.parameters if version.key not in SETTLED]
    since = date(2025, 7, 1)
    return demo.replaced(parameters=[*kept, *(ParamVersion(key, value, since) for key, value in SETTLED.items())])


def families(count: int, seed: int = 20261121) -> Iterator[Facts]:
    """Invented families, one after the other; about one in three in difficulty."""
    draw = random.Random(seed)
    for _ in range(count):
        yield Facts.from_case(_family(draw))


def _family(draw: random.Random) -> dict[str, Any]:
    members: list[dict[str, Any]] = [{"role": "head", "age": draw.randint(25, 85)}]
    for role, low, high in (("wife", 22, 80), ("son", 0, 30), ("daughter", 0, 30), ("mother", 60, 95)):
        if draw.random() < 0.55:
            members.append({"role": role, "age": draw.randint(low, high)})
    for member in members:
        _person(draw, member)
    return {
        "area": draw.choice(["urban", "rural"]), "members": members, "deposits": draw.choice([0, 6000, 40000]),
        "income_month": {"business": draw.choice([0, 0, 400, 2000]), "transfer": draw.choice([0, 150])},
        "housing": {"danger_level": draw.choice(["none"] * 9 + ["C"])}, "vehicles": draw.choice([0, 0, 0, 1]),
        "event": draw.choice(["none"] * 20 + ["fire"]), "already": draw.choice([[], [], [], ["dibao"]]),
        "obligors": draw.choice([[], [], ["a grown son who lives apart and is able"]]),
    }  # fmt: skip


def _person(draw: random.Random, member: dict[str, Any]) -> None:
    age = member["age"]
    if 18 <= age < 60 and draw.random() < 0.6:
        member["wage_month"] = draw.choice([900, 2000, 3400])
    if age >= 60:
        member["basic_pension_month"] = 190
    if 6 <= age < 15:
        member["school"] = draw.choice(["primary", "middle"])
    if draw.random() < 0.1:
        member["disability"] = {"kind": draw.choice(["limb", "mental", "visual"]), "level": draw.randint(1, 4)}
    if draw.random() < 0.08:
        member |= {
            "illness": draw.choice(["leukaemia", "stroke"]),
            "self_paid_medical_12_months": draw.randint(0, 60000),
        }


def plain_facts(facts: Facts) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """The same facts as the plain functions read them: every name there, None where it is not known."""
    def row(told: Any, level: str) -> dict[str, Any]:
        names = [name for name, info in vocabulary().items() if info.level == level]
        nothing = {name: none_answer(name).value if facts.closed else None for name in names}
        return nothing | {name: answer.value for name, answer in told.items()}

    household = row(facts.household, "household")
    members = [row(facts.members[r], "member") for r in sorted(facts.members)]
    for member, r in zip(members, sorted(facts.members), strict=True):
        member["car exempted"] = household["household.car_exempted"]
        member["labour told"] = facts.get("member.labour_ability", r).state not in ("missing", "empty")
    return household, members, [row(facts.obligors[r], "obligor") for r in sorted(facts.obligors)]


def check_same(result: Assessment, plain: dict[str, Any]) -> None:
    """The yardstick measures nothing unless it concludes the same."""
    for program in result.programs:
        assert program.step.value == plain[program.id], (program.id, program.step.value, plain[program.id])
        if program.verdict == "first_match" and f"{program.id}.amount" in plain:
            assert program.amount == plain[f"{program.id}.amount"], program.id
    risk = None if result.risk.level == "unknown" else result.risk.level
    assert (result.tier.tier, risk) == (plain["tier"], plain["risk"])
    assert set(result.need_names()) == plain["needs"]
    for match in result.matches:
        if match.state != "has":
            assert match.step.value == plain["matches"][match.policy], (match.policy, match.step.value)


def one_household(count: int = 200) -> tuple[float, float]:
    """(assess, plain) in seconds per household, over the same families."""
    pack = settled_pack()
    sample = list(families(count))
    params = {key: step.value for key, step in pack.steps_on(ON).items()}
    plain = [plain_facts(facts) for facts in sample]
    for facts, told in zip(sample, plain, strict=True):
        check_same(assess(facts, pack, ON), policy_yardstick.conclude(*told, params, ON))

    def traced() -> None:
        for facts in sample:
            assess(facts, pack, ON)

    def bare() -> None:
        for told in plain:
            policy_yardstick.conclude(*told, params, ON)

    times = best(traced, bare)
    return times[0] / count, times[1] / count


def stream(count: int, parts: int = 10) -> tuple[list[float], list[float], list[int]]:
    """After each part of one pass: seconds per household, the same as a multiple of the plain functions on families
    of that part (a busy machine slows both), and resident kilobytes. At most ``HELD`` families are held at once."""
    pack = settled_pack()
    params = {key: step.value for key, step in pack.steps_on(ON).items()}
    source = families(count)
    seconds, multiples, memory = [], [], []
    for _ in range(parts):
        taken = bare = 0.0
        for _ in range(count // parts // HELD):
            held = list(itertools.islice(source, HELD))
            start = time.process_time()
            for facts in held:
                assess(facts, pack, ON)
            taken += time.process_time() - start
            told = [plain_facts(facts) for facts in held]
            start = time.process_time()
            for each in told:
                policy_yardstick.conclude(*each, params, ON)
            bare += time.process_time() - start
        seconds.append(taken / (count // parts))
        multiples.append(taken / bare)
        memory.append(_resident())
    return seconds, multiples, memory


def _resident() -> int:
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def slope(values: list[float]) -> float:
    """Change over the whole pass as a share of the mean (least squares)."""
    line = statistics.linear_regression(range(len(values)), values)
    return line.slope * (len(values) - 1) / statistics.fmean(values)


def run(full: bool) -> list[Row]:
    """One household beside its yardstick; the pass over many, with the slopes of time and memory."""
    traced, bare = one_household()
    count = 50_000 if full else 2_000
    seconds, multiples, memory = stream(count)
    growth = (memory[-1] - memory[0]) / 1024
    return [
        figure("one household, full trace", traced * 1000, "ms", yardstick=bare * 1000, most_ratio=BUDGET,
               note="plain functions that conclude the same, checked family by family"),
        figure(f"{count} households, each", statistics.fmean(seconds) * 1000, "ms"),
        figure("slope of time over the pass", slope(multiples), "of the mean", most=0.2,
               note="of the multiple of plain functions on the same families"),
        figure("slope of bare seconds over the pass", slope(seconds), "of the mean"),
        figure("growth of memory over the pass", growth, "MB", most=20),
    ]  # fmt: skip
