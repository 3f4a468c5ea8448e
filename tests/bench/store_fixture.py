"""Large stores for benchmarks, built once by pulling a made-up county, kept in ``.cache/``."""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from fieldapp.domain import feed
from fieldapp.domain.revision import SignedRevision
from fieldapp.store.api import Profile, Store
from fieldapp.store.exchange import Cursor, FeedRow
from fieldapp.store.preparing import Preparer
from tests.store.county import PASSPHRASE, County, Device, make_store

CACHE = Path(__file__).resolve().parents[2] / ".cache"
LAYOUT = 3
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈范单仇"
GIVEN = "伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红春秋娥大山国建梅文辉斌宇浩凯鑫琴云莲金凤家成志福䶮㛃"
VILLAGES = "周岭柳河石桥东沟赵庄杨店王畈李湾黄泥岗桃园"
GRIDS = 400


def grid(number: int) -> str:
    return f"3417991{number // 100:02d}{number // 20 % 5 + 201:03d}-{number % 20 + 1:03d}"


def families(device: Device, count: int, seed: int = 7) -> Iterator[SignedRevision]:
    """``count`` households of three people each, spread over the grids; addresses, numbers and phones invented."""
    chance = random.Random(seed)
    for number in range(count):
        area = grid(number * GRIDS // count)
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


def pages(
    county: County, area: str, revisions: list[SignedRevision], size: int = 200
) -> Iterator[tuple[list[FeedRow], Cursor]]:
    head = feed.start(county.code, county.epoch, area)
    for start in range(0, len(revisions), size):
        rows = []
        for revision in revisions[start : start + size]:
            rows.append(FeedRow(area, county.epoch, head.seq + 1, feed.REVISION, revision.id, revision=revision))
            head = feed.extend(head, feed.REVISION, revision.id)
        yield rows, Cursor(area, head)


def pull_all(store: Store, county: County, device: Device, count: int) -> int:
    """Pull ``count`` families through one feed, prepared in a child; how many revisions."""
    store.write_now(lambda tx: tx.apply_statements([device.certificate, device.scope]))
    keys = store.read_now(lambda tx: tx.device_keys())
    revisions = list(families(device, count))
    by_area: dict[str, list[SignedRevision]] = {}
    for revision in revisions:
        by_area.setdefault(revision.envelope.area, []).append(revision)
    with Preparer(1) as preparer:
        work = [page for area, found in by_area.items() for page in pages(county, area, found)]
        ahead = [
            preparer.submit([row.revision for row in rows if row.revision], keys, cursor.area) for rows, cursor in work
        ]
        for (rows, cursor), future in zip(work, ahead, strict=True):
            prepared = future.result()
            store.write_now(lambda tx, r=rows, c=cursor, p=prepared: tx.apply_feed(r, c, prepared=p))
    return len(revisions)


def big_store(count: int) -> Profile:
    """An unlocked profile whose store holds ``count`` households and three times as many people."""
    folder = CACHE / f"store-{LAYOUT}-{count}"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        print(f"building a store of {count} households in {folder.name}, once", file=sys.stderr)
        county = County()
        store, _ = make_store(folder / "profile", county, role="county", areas=["341799"])
        with store:
            pull_all(store, county, county.device("wang.min", role="county", areas=["341799"]), count)
        (folder / "done").touch()
    return Profile.unlock(folder / "profile", PASSPHRASE)
