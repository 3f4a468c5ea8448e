"""What lies in the county's tables, counted for the metrics page; the same from every server process."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from sync.server.storage import damage
from sync.server.storage.schema import counties, devices, revisions


def counts(connection: Connection, county: str) -> dict[str, float]:
    """Gauges by name. What was put aside or waits stands in a small index of its own."""
    aside = select(revisions.c.state, func.count()).where(revisions.c.county == county, revisions.c.state != "accepted")
    by_state: dict[str, int] = dict(connection.execute(aside.group_by(revisions.c.state)).tuples().all())
    theirs = select(devices.c.state, func.count()).where(devices.c.county == county).group_by(devices.c.state)
    by_device: dict[str, int] = dict(connection.execute(theirs).tuples().all())
    row = connection.execute(select(counties).where(counties.c.county == county)).one()
    return {
        "revisions_quarantined": by_state.get("quarantined", 0),
        "revisions_waiting": by_state.get("waiting", 0),
        "devices_active": by_device.get("active", 0),
        "devices_stopped": by_device.get("stopped", 0),
        "damaged": damage.count(connection, county),
        "restoring": int(row.restoring),
        "epoch": row.epoch,
    }
