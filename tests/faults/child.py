"""A process to be killed: works on a profile and says on standard output what has been acknowledged.

python -m tests.faults.child FOLDER KIND SEED
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

from fieldapp.store import backup, migrations, rebuild, rotation
from fieldapp.store.api import Profile, Store
from fieldapp.store.schema import VERSION
from tests.store.county import GRID, PASSPHRASE

KINDS = ("write", "index", "migrate", "backup", "vacuum", "rotate")
JPEG = b"\xff\xd8\xff" + b"j" * 30_000 + b"\xff\xd9"


def say(*words: object) -> None:
    print(*words, flush=True)


def save_one(store: Store, chance: random.Random, number: int) -> None:
    name = chance.choice("赵钱孙李周吴") + chance.choice("大小秋春") + chance.choice("山娥英")

    def work(tx: Any) -> str:
        home = tx.create("household", GRID, {"address": f"周岭村{number}号"})
        tx.create("person", GRID, {"full_name": name, "membership": {"household": home, "relation": "head"}})
        if number % 5 == 0:
            blob = tx.put_blob(f"visit-{home}", JPEG)
            tx.create("visit", GRID, {"household": home, "answers": {"door": blob}}, document_id=f"visit-{home}")
        tx.save_draft("draft", "visit", home, {"answer": number})
        return str(home)

    say("kept", store.write_now(work), number)


def work_for_ever(store: Store, kind: str, chance: random.Random) -> None:
    number = 0
    while True:
        number += 1
        save_one(store, chance, number)
        if kind == "index" and number % 3 == 0:
            rebuild.rebuild(store)
        elif kind == "vacuum" and number % 3 == 0:
            store.compact().result()
        elif kind == "backup" and number % 3 == 0:
            backup.write_backup(store, store.profile.folder.parent / "stick.tjb-backup")
            say("backup")


def change_for_ever(folder: Path, kind: str, chance: random.Random) -> None:
    number = 0
    while True:
        number += 1
        profile = Profile.unlock(folder, PASSPHRASE)
        with Store.open(profile) as store:
            save_one(store, chance, number)
        if kind == "rotate":
            rotation.rotate(profile, PASSPHRASE, device_key=False)
        else:
            upgrade_and_back(folder / "records.db", profile.subkey("records"))


def upgrade_and_back(path: Path, key: bytes) -> None:
    """A real upgrade to a version that does not exist yet, and its version number taken back."""

    def step(connection: Any) -> None:
        connection.execute("CREATE TABLE IF NOT EXISTS later AS SELECT * FROM revision")
        connection.execute("DROP TABLE later")

    def back(connection: Any) -> None:
        connection.execute(f"PRAGMA user_version = {VERSION}")

    migrations.bring_up_to_date(path, key, steps={VERSION + 1: step}, version=VERSION + 1)
    from fieldapp.store.connection import open_database

    connection = open_database(path, key, writable=True)
    back(connection)
    connection.close()


def main() -> None:
    folder, kind, seed = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    chance = random.Random(seed)
    say("ready")
    if kind in ("rotate", "migrate"):
        change_for_ever(folder, kind, chance)
    with Store.open(Profile.unlock(folder, PASSPHRASE)) as store:
        work_for_ever(store, kind, chance)


if __name__ == "__main__":
    main()
