"""Large stores for benchmarks, built once by pulling a made-up county.

They are kept outside the checkout, in the user's cache folder or where ``TIEJIAOBAN_BENCH`` says. Children write, sign
and prepare the families of the next grids while this process takes those of the grid before, as a first pull does. A
making that was cut off goes on where it stopped: the county's keys follow from a word, and each grid has its cursor.
"""

from __future__ import annotations

import hashlib
import os
import random
import sys
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import platformdirs
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp.domain import feed
from fieldapp.domain.revision import FeedHead, SignedRevision
from fieldapp.store.api import Profile, Store
from fieldapp.store.exchange import Cursor, FeedRow
from fieldapp.store.preparing import Prepared, prepare_batch
from tests.bench.work_fixture import add_work
from tests.store.county import PASSPHRASE, Clock, County, Device, make_store

CACHE = Path(os.environ.get("TIEJIAOBAN_BENCH") or platformdirs.user_cache_dir("tiejiaoban-bench"))
LAYOUT = 6
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈范单仇"
GIVEN = "伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红春秋娥大山国建梅文辉斌宇浩凯鑫琴云莲金凤家成志福䶮㛃"
VILLAGES = "周岭柳河石桥东沟赵庄杨店王畈李湾黄泥岗桃园"
GRIDS = 400
FAMILY = 4  # revisions: the household and three people
CHILDREN = 2
TOLD_EVERY = 20_000 * FAMILY
#: A store that is thrown away when its making is cut off by the machine need not wait for the disk, and its indexes
#: have to stay in memory: their keys are random.
QUICKLY = ("synchronous = OFF", "cache_size = -3000000", "wal_autocheckpoint = 50000")


class Page(NamedTuple):
    """One page of a feed, verified and projected: what ``Preparer`` gives a sync run."""

    rows: list[FeedRow]
    cursor: Cursor
    prepared: dict[str, Prepared]


def grid(number: int) -> str:
    return f"3417991{number // 100:02d}{number // 20 % 5 + 201:03d}-{number % 20 + 1:03d}"


def families(device: Device, area: str, numbers: range) -> Iterator[SignedRevision]:
    """Households of three people each; addresses, numbers and phones invented, alike in every run."""
    for number in numbers:
        chance = random.Random(number)
        village = chance.choice(VILLAGES) + chance.choice(VILLAGES) + "村"
        state = {
            "address": f"{village}{chance.randrange(1, 12)}组{chance.randrange(1, 300)}号",
            "phone": f"13{chance.randrange(10**9):09d}",
            "doors": {"d": {"@row": True, "number": str(number % 300), "order": number}},
            "tier": chance.choice([None, None, None, 2, 3]),
        }
        home = device.write("household", {k: v for k, v in state.items() if v is not None}, area=area)
        yield home
        surname = chance.choice(SURNAMES)
        for relation in ("head", "spouse", "son"):
            born = f"{chance.randrange(1935, 2020)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
            person = {
                "full_name": surname + "".join(chance.sample(GIVEN, chance.choice([1, 2, 2]))),
                "sex": "female" if relation == "spouse" else "male",
                "birth_date": f"{born[:4]}-{born[4:6]}-{born[6:]}",
                "id_number": f"341799{born}{chance.randrange(10**4):04d}",
                "phone": f"15{chance.randrange(10**9):09d}",
                "membership": {"household": home.envelope.document, "relation": relation},
            }
            yield device.write("person", person, area=area)


def grid_pages(
    raw_key: bytes, user: str, area: str, numbers: range, size: int = 200, head: FeedHead | None = None
) -> list[Page]:
    """In a child: families of one grid after ``head``, on the chain of a device of their own, page by page."""
    county = County()
    device = county.device(user, areas=[area], key=Ed25519PrivateKey.from_private_bytes(raw_key))
    keys = {device.id: device.key.public_key().public_bytes_raw()}
    head = head or feed.start(county.code, county.epoch, area)
    revisions, made = list(families(device, area, numbers)), []
    for start in range(0, len(revisions), size):
        rows = []
        for revision in revisions[start : start + size]:
            rows.append(FeedRow(area, county.epoch, head.seq + 1, feed.REVISION, revision.id, revision=revision))
            head = feed.extend(head, feed.REVISION, revision.id)
        made.append(Page(rows, Cursor(area, head), prepare_batch(revisions[start : start + size], keys, area)))
    return made


def pull_all(store: Store, county: County, count: int) -> int:
    """Pull ``count`` families, prepared in children; how many revisions. What is here already is not asked for."""
    taken, begun = 0, time.monotonic()
    for pages in _grids(store, county, count):
        for page in pages:
            store.write_now(lambda tx, p=page: tx.apply_feed(p.rows, p.cursor, prepared=p.prepared))
            taken += len(page.rows)
        if taken // TOLD_EVERY > (taken - sum(len(page.rows) for page in pages)) // TOLD_EVERY:
            print(f"  {taken // FAMILY} households, {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return taken


def _grids(store: Store, county: County, count: int) -> Iterator[list[Page]]:
    """Grid by grid, some ahead; with every grid its device is made known."""
    ahead: deque[Future[list[Page]]] = deque()
    grids = min(GRIDS, count)
    cursors = store.read_now(lambda tx: tx.cursors())
    with ProcessPoolExecutor(CHILDREN, mp_context=get_context("spawn")) as pool:
        for number in range(grids):
            user, area, key = f"worker.{number}", grid(number), Ed25519PrivateKey.generate()
            head = cursors.get(area)
            here = head.seq // FAMILY if head else 0
            numbers = range(number * count // grids + here, (number + 1) * count // grids)
            if not numbers:
                continue
            device = county.device(user, areas=[area], key=key)
            store.write_now(lambda tx, d=device: tx.apply_statements([d.certificate, d.scope]))
            ahead.append(pool.submit(grid_pages, key.private_bytes_raw(), user, area, numbers, head=head))
            if len(ahead) > CHILDREN + 1:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def big_store(count: int) -> Profile:
    """An unlocked profile whose store holds ``count`` households and three times as many people."""
    folder = CACHE / f"store-{LAYOUT}-{count}"
    if not (folder / "done").exists():
        print(f"building a store of {count} households in {folder}, once", file=sys.stderr)
        county = _bench_county()
        with _begun(folder, county) as store:
            for setting in QUICKLY:
                store.maintain(lambda connection, s=setting: connection.execute(f"PRAGMA {s}")).result()
            pull_all(store, county, count)
        (folder / "done").touch()
    if not (folder / "begun").exists():
        with opened(Profile.unlock(folder / "profile", PASSPHRASE)) as store:
            add_work(store, _bench_county())
        (folder / "begun").touch()
    return Profile.unlock(folder / "profile", PASSPHRASE)


def opened(profile: Profile) -> Store:
    """The store, its lists first put in order where another program made them: of a big one that takes its time."""
    told = [-1]

    def tell(done: int, total: int) -> None:
        if done * 20 // total > told[0]:
            told[0] = done * 20 // total
            print(f"  lists are put in order first: {done / total:.0%}", file=sys.stderr)

    return Store.open(profile, progress=tell)


def _begun(folder: Path, county: County) -> Store:
    if (folder / "profile" / "vault.json").exists():
        return Store.open(Profile.unlock(folder / "profile", PASSPHRASE), now=Clock())
    folder.mkdir(parents=True, exist_ok=True)
    return make_store(folder / "profile", county, role="county", areas=["341799"])[0]


def _bench_county() -> County:
    """The same keys every time, so that a making goes on and a later bench may certify another device."""

    def key(role: str) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"bench county {role}".encode()).digest())

    county = County(root=key("root"))
    county.keys = {role: key(role) for role in county.keys}
    return county
