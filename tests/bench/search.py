"""The eight ways to find somebody, each beside LIKE over the same store.

Every query is asked three times and counts with its middle time: what the disk or another program did once is not ours.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from fieldapp.store.api import Store, find
from fieldapp.store.search.pinyin import ways
from tests.bench.figures import Row, figure, median, percentile
from tests.bench.store_fixture import big_store, grid

_PEOPLE = "SELECT p.document, p.full_name, h.address FROM person p JOIN household h ON h.document = p.household WHERE {} LIMIT 50"


def run(full: bool) -> list[Row]:
    count, queries = (100_000, 200) if full else (5_000, 60)
    with Store.open(big_store(count)) as store:
        found = kinds(store, queries)
        _ours(store, "王")  # the program loads its tables of readings when it is idle
        rows, worst, worst_like = [], 0.0, 0.0
        for name, pairs in found.items():
            ours = percentile([_ours(store, query) for query, _, _ in pairs], 0.95)
            likes = percentile(
                [_like(store, where, value) for _, where, value in pairs[: max(10, queries // 10)]], 0.95
            )
            worst, worst_like = max(worst, ours), max(worst_like, likes)
            rows.append(figure(f"search: {name}, p95", ours, "ms", yardstick=likes))
        note = f"{count} households, {3 * count} people"
        return [
            *rows,
            figure(
                "search: worst of the eight, p95", worst, "ms", yardstick=worst_like, most=16, most_ratio=0.2, note=note
            ),
        ]


def kinds(store: Store, count: int) -> dict[str, list[tuple[str, str, str]]]:
    """By kind: (what is typed, the LIKE clause, its value), drawn from people who are there."""
    sql = (
        "SELECT p.full_name, p.id_number, p.phone, h.address FROM person p JOIN household h ON h.document = p.household "
        "WHERE p.rowid % ? = 0 LIMIT ?"
    )
    total = store.read_now(lambda tx: tx.one("SELECT count(*) FROM person"))
    assert total
    people = store.read_now(lambda tx: tx.rows(sql, (max(total[0] // count, 1), count)))
    random.Random(3).shuffle(people)
    made: dict[str, list[tuple[str, str, str]]] = {name: [] for name in _CLAUSES}
    for name, number, phone, address in people:
        (way, *_) = ways(name) or (("x",),)
        typed = {
            "surname": name[0],
            "part of a name": name[1:],
            "initials": "".join(part[0] for part in way),
            "full pinyin": "".join(way),
            "last four of the ID": number[-4:],
            "phone": phone[-6:],
            "address": address,
            "surname and grid words": f"{name[0]} {address[:2]}",
        }
        for kind, text in typed.items():
            made[kind].append((text, *_CLAUSES[kind](text)))
    return made


def _like_on(column: str) -> Any:
    return lambda text: (f"{column} LIKE ?", f"%{text.split()[0]}%")


#: LIKE cannot spell: for letters it is given the Chinese text's column all the same, the cheapest it could be.
_CLAUSES = {
    "surname": lambda text: ("p.full_name LIKE ?", f"{text}%"),
    "part of a name": _like_on("p.full_name"),
    "initials": _like_on("p.full_name"),
    "full pinyin": _like_on("p.full_name"),
    "last four of the ID": lambda text: ("p.id_number LIKE ?", f"%{text}"),
    "phone": lambda text: ("p.phone LIKE ?", f"%{text}"),
    "address": _like_on("h.address"),
    "surname and grid words": lambda text: ("p.full_name LIKE ? AND h.address LIKE '%村%'", f"{text[0]}%"),
}


def _ours(store: Store, query: str) -> float:
    return _middle(lambda: store.read_now(lambda tx: find(tx, query, own_areas=[grid(17)])))


def _like(store: Store, where: str, value: str) -> float:
    return _middle(lambda: store.read_now(lambda tx: tx.rows(_PEOPLE.format(where), (value,))))


def _middle(ask: Callable[[], object]) -> float:
    """ms"""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        ask()
        times.append(time.perf_counter() - start)
    return median(times) * 1e3
