"""A server restored from its backup: a new epoch, push first, and nothing of the lost day is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.errors import InputError, RefusedError
from sync.server.admin.backup import restored_service
from sync.server.admin.devices import revoke
from sync.server.backups import back_up, open_pulls
from sync.server.publishing import publish
from tests.sync.county import GRID_A, GRID_B, TOWN, County
from tests.sync.laptop import Laptop


def test_nothing_of_the_restored_day_is_lost(county: County, tmp_path: Path, second_database: str) -> None:
    for user, role, area in (
        ("li.qiu", "grid_worker", GRID_A),
        ("zhao.min", "grid_worker", GRID_B),
        ("sun.wei", "supervisor", TOWN),
    ):
        county.user(user, role, area)
    li, zhao, sun = (Laptop.enrol(county, user, tmp_path / user) for user in ("li.qiu", "zhao.min", "sun.wei"))
    before = li.household(GRID_A, address="备份之前")
    li.sync()
    back_up(county.service, tmp_path / "backup")
    # The day that the backup does not know: a home, an answer to it, a new user, a revoked laptop, a code.
    after = li.household(GRID_A, address="备份之后")
    li.write(before, phone="2")
    li.sync()
    county.user("wang.he", "collector", GRID_B)
    wang = Laptop.enrol(county, "wang.he", tmp_path / "wang")
    theirs = wang.household(GRID_B, address="新来的人写的")
    wang.sync()
    sun.sync()
    revoke(county.service, zhao.profile.device)
    li.sync()
    old_code = county.code("li.qiu")
    county.kill()

    restored = restored_service(
        second_database, tmp_path / "blobs2", county.folder / "keys/server.keys", tmp_path / "backup"
    )
    again = County(tmp_path / "county2", second_database, restored)
    again.folder.mkdir()
    (again.folder / "keys").symlink_to(county.folder / "keys")
    (again.folder / "blobs").symlink_to(tmp_path / "blobs2")
    again.serve(port=int(county.address.rsplit(":", 1)[1]))
    assert sun.sync().restoring, "pulls are shut, pushes are taken"
    result = li.sync()
    assert result.restoring
    open_pulls(restored)
    with pytest.raises(RefusedError, match=r"refused\.code"):
        _enrol_with(old_code, tmp_path / "late")
    with pytest.raises(RefusedError, match=r"refused\.revoked"):
        zhao.sync()
    for laptop in (li, wang, sun, li):
        laptop.sync()
    fresh = Laptop.enrol(again, "sun.wei", tmp_path / "fresh")
    fresh.sync()
    for laptop in (sun, fresh):
        assert laptop.state(before) == {"address": "备份之前", "phone": "2"}
        assert laptop.state(after) == {"address": "备份之后"}
        assert laptop.state(theirs) == {"address": "新来的人写的"}
    assert li.state(before) == fresh.state(before)
    assert li.store.read_now(lambda tx: tx.sync_state()).kept == 3
    for laptop in (li, zhao, sun, wang, fresh):
        laptop.close()
    again.close()


def test_what_is_granted_after_a_restore_is_above_what_was_granted_on_the_lost_day(
    office: County, tmp_path: Path, second_database: str
) -> None:
    """The laptop holds a version the restored county does not know of; the county's next word must still reach it."""
    office.user("li.qiu", "grid_worker", GRID_A)
    back_up(office.service, tmp_path / "backup")
    lost = office.user("li.qiu", "grid_worker", GRID_B)
    pack = publish_under(office, "holidays")
    keys = office.folder / "keys/server.keys"
    restored = restored_service(second_database, tmp_path / "blobs2", keys, tmp_path / "backup")
    again = County(tmp_path / "county2", second_database, restored)
    assert again.user("li.qiu", "grid_worker", GRID_A) > lost
    assert publish_under(again, "holidays") > pack
    first = again.user("li.qiu", "grid_worker", GRID_B)
    assert again.user("li.qiu", "grid_worker", GRID_A) == first + 1
    restored.close()


def test_a_scope_of_the_lost_day_comes_back_with_the_work_done_under_it(
    county: County, tmp_path: Path, second_database: str
) -> None:
    """Given and taken back on the lost day: the laptop acknowledged both, and nobody else has what they said."""
    county.user("li.qiu", "grid_worker", GRID_A)
    li = Laptop.enrol(county, "li.qiu", tmp_path / "li")
    li.sync()
    back_up(county.service, tmp_path / "backup")
    county.user("li.qiu", "grid_worker", GRID_B)
    li.sync()
    under = li.household(GRID_B, address="代管一天")
    county.user("li.qiu", "grid_worker", GRID_A)
    county.kill()
    li.store.write_now(lambda tx: tx.create("household", GRID_B, {"address": "还没送出"}))
    restored = restored_service(
        second_database, tmp_path / "blobs2", county.folder / "keys/server.keys", tmp_path / "backup"
    )
    again = County(tmp_path / "county2", second_database, restored)
    again.folder.mkdir()
    (again.folder / "keys").symlink_to(county.folder / "keys")
    (again.folder / "blobs").symlink_to(tmp_path / "blobs2")
    again.serve(port=int(county.address.rsplit(":", 1)[1]))
    open_pulls(restored)
    result = li.sync()
    assert (result.quarantined, result.left) == (0, 0)
    assert li.state(under) == {"address": "代管一天"}
    li.close()
    again.close()


def publish_under(county: County, name: str) -> int:
    """The version a control document gets."""
    content = {"days_off": [], "work_days": []}
    statement = county.service.write(lambda c: publish(county.service, c, name, content))
    return int(statement.body["version"])


def test_a_damaged_backup_is_refused(office: County, tmp_path: Path, second_database: str) -> None:
    back_up(office.service, tmp_path / "backup")
    data = bytearray((tmp_path / "backup").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "backup").write_bytes(data)
    with pytest.raises(InputError, match=r"stream\.damaged"):
        restored_service(second_database, tmp_path / "b2", office.folder / "keys/server.keys", tmp_path / "backup")


def _enrol_with(code: object, folder: Path) -> None:
    from sync.client.enrol import enrol
    from tests.sync.county import PASSPHRASE
    from tests.sync.laptop import PATIENCE

    enrol(code, PASSPHRASE, folder, patience=PATIENCE)  # type: ignore[arg-type]
