"""First pull, push and a small delta over 300 ms and 1 Mbit/s, beside the line's own time for the same bytes; with
``--full`` also beside PouchDB and its express server over the same line."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path

import zstandard

from tests.bench.figures import Row
from tests.bench.link_yardstick import LATENCY, RATE, Link
from tests.bench.pouchdb_yardstick import Figures, measure
from tests.sync.county import COUNTY, GRID_A, County
from tests.sync.laptop import Laptop

DELTA = 40


def run(full: bool) -> list[Row]:
    from sync.server.importing import Document, import_documents

    count = 5000 if full else 1500
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        county = County.make(folder / "county", f"sqlite:///{folder / 'county.db'}")
        host, port = county.serve().removeprefix("http://").split(":")
        county.user("li.qiu", "grid_worker", GRID_A)
        import_documents(county.service, (Document("person", GRID_A, "", person(n)) for n in range(count)))
        with Link(host, int(port)) as link:
            reader, writer = (_enrol(county, link, folder / who) for who in ("reader", "writer"))
            pulled = timed(reader.sync)
            own = _own_time(reader, "")
            writer.sync()
            _write(writer, range(count))
            mine = _own_time(writer, "WHERE own = 1")
            pushed = timed(writer.sync)
            named = timed(writer.sync)
            reader.sync()
            _write(writer, range(DELTA))
            delta_push, delta_pull = timed(writer.sync), timed(reader.sync)
        for laptop in (reader, writer):
            laptop.close()
        county.close()
    beside = _pouchdb(count) if full else "PouchDB beside it: --full"
    return [
        Row(f"first pull of {count:,}", pulled, "s", own, pulled / own, "<= 1.15 x", pulled <= 1.15 * own),
        Row(f"push of {count:,}", pushed, "s", mine, pushed / mine, "", None, "the line's own time for the same bytes"),
        Row("its own rows by name, next run", named, "s", None, None, "", None),
        *_beside("first pull", pulled, beside, "first_pull", 1.0),
        *_beside("push", pushed, beside, "push", 3.0),
        *_beside(f"delta of {DELTA}, push", delta_push, beside, "delta_push", 3.0),
        *_beside(f"delta of {DELTA}, pull", delta_pull, beside, "delta_pull", 3.0),
    ]


def _pouchdb(count: int) -> Figures | str:
    return measure([person(n) for n in range(count)], [person(n) for n in range(DELTA)])


def _beside(name: str, seconds: float, beside: Figures | str, what: str, times: float) -> list[Row]:
    if isinstance(beside, str):
        return [Row(f"{name} beside PouchDB", seconds, "s", note=beside)]
    theirs: float = getattr(beside, what)
    budget = f"<= {1 / times:.2f} x" if times > 1 else ""
    holds = theirs >= times * seconds if times > 1 else None
    return [Row(f"{name} beside PouchDB", seconds, "s", theirs, seconds / theirs, budget, holds)]


def _write(laptop: Laptop, numbers: range) -> None:
    for n in numbers:
        laptop.store.write_now(lambda tx, n=n: tx.create("person", GRID_A, person(n)))  # type: ignore[misc]


def person(n: int) -> dict[str, object]:
    """A person as a ledger leaves one, every one different where people differ."""
    return {
        "full_name": f"{'赵钱孙李周吴郑王'[n % 8]}{chr(0x4E00 + n * 7 % 20000)}{chr(0x4E00 + n * 13 % 20000)}",
        "sex": "female" if n % 2 else "male",
        "birth_date": f"{1935 + n % 80}-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
        "id_kind": "resident",
        "id_number": f"{COUNTY}{1935 + n % 80}{n % 12 + 1:02d}{n % 28 + 1:02d}{n % 1000:03d}X",
        "phone": f"139{n * 7919 % 10**8:08d}",
        "membership": {"household": f"{n // 3:032x}", "relation": "son", "lives_with_family": True},
        "register": {"kind": "rural", "place": f"周岭村{n % 40}组{n % 90}号"},
        "whereabouts": "home",
    }


def timed(work) -> float:  # type: ignore[no-untyped-def]
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _enrol(county: County, link: Link, folder: Path) -> Laptop:
    laptop = Laptop.enrol(county, "li.qiu", folder)
    laptop.profile.set_identity(replace(laptop.profile.require_identity(), server=f"http://127.0.0.1:{link.port}"))
    laptop.keep_line()
    return laptop


def _own_time(laptop: Laptop, where: str) -> float:
    """Seconds the line needs for zstd of envelope, signature, salt and payload, and one way there and back."""
    from fieldapp.store.codec import unpack

    rows = laptop.store.read_now(
        lambda tx: tx.rows(f"SELECT envelope, signature, salt, payload FROM revision {where} ORDER BY num")
    )
    whole = b"".join(part for e, s, salt, p in rows for part in (e, s, salt, unpack(p)))
    return len(zstandard.compress(whole, 6)) / RATE + 2 * LATENCY
