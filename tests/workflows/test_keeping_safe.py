"""Reminders of old syncs and backups; the access log as desk and worker read it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from fieldapp.store.backup import write_backup
from fieldapp.workflows import access_log, keeping_safe
from fieldapp.workflows.actor import Actor
from tests.store.county import COUNTY, GRID, START, TOWN, County, make_store
from tests.store.test_exchange import pull

WORKER = Actor("li.qiu", "李秋", "grid_worker", COUNTY, (GRID,), today=lambda: date(2026, 11, 21))
DESK = Actor("wang.min", "王敏", "supervisor", COUNTY, (TOWN,), today=lambda: date(2026, 11, 21))


def after(days: int) -> Actor:
    return Actor("li.qiu", "李秋", "grid_worker", COUNTY, (GRID,), now=lambda: START + timedelta(days=days))


def test_reminded_only_while_something_lies_here_alone(tmp_path: Path) -> None:
    store, _ = make_store(tmp_path / "p")
    with store:
        assert not keeping_safe.at_risk(store, after(30)).result().backup_due
        store.write_now(lambda tx: tx.create("household", GRID, {"address": "周岭村三组12号"}))
        young = keeping_safe.at_risk(store, after(2)).result()
        assert (young.unsent, young.sync_due, young.backup_due) == (1, False, False)
        old = keeping_safe.at_risk(store, after(keeping_safe.BACKUP_OLD)).result()
        assert (old.sync_due, old.backup_due, old.sync_days, old.backup_days) == (True, True, None, None)
        write_backup(store, tmp_path / "stick.tjbackup")
        safe = keeping_safe.at_risk(store, after(keeping_safe.BACKUP_OLD - 1)).result()
        assert (safe.backup_days, safe.backup_due, safe.sync_due) == (6, False, True)


def test_the_desk_reads_everybodys_log_and_a_worker_the_own(tmp_path: Path) -> None:
    county = County()
    worker, _ = make_store(tmp_path / "w", county)
    with worker:
        home = worker.write_now(lambda tx: tx.create("household", GRID, {"head_name": "范秋娥"}))
        member = {"full_name": "范秋娥", "membership": {"household": home, "relation": "head"}}
        person = worker.write_now(lambda tx: tx.create("person", GRID, member))
        worker.write_now(lambda tx: tx.log_access("reveal", person))
        worker.write_now(lambda tx: tx.log_access("export"))
        own = access_log.lines(worker, WORKER).result()
        assert [(line.kind, line.about, line.household) for line in own] == [
            ("export", "", None),
            ("reveal", "范秋娥", home),
        ]
        sent = [item.revision for item in worker.read_now(lambda tx: tx.unsent())]
        certificate = worker.profile.require_identity().device_certificate
    county.publish(*sent, area=GRID)
    desk, _ = make_store(tmp_path / "d", county, user="wang.min", role="supervisor", areas=[TOWN])
    with desk:
        scope = county.scope("li.qiu", "grid_worker", [GRID], name="李秋")
        desk.write_now(lambda tx: tx.apply_statements([certificate, scope]))
        pull(desk, county, GRID)
        seen = access_log.lines(desk, DESK).result()
        told = [(line.user, line.kind, line.about) for line in seen]
        assert told == [("李秋", "export", ""), ("李秋", "reveal", "范秋娥")]
        assert access_log.lines(desk, WORKER).result() == seen
        nobody = Actor("chen.fang", "陈芳", "grid_worker", COUNTY, (GRID,))
        assert access_log.lines(desk, nobody).result() == []
