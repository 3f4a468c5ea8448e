"""``revision_own`` serves the queue of what is unsent too: one index less for every save to write."""

from __future__ import annotations

from fieldapp.store.connection import Connection


def upgrade(connection: Connection) -> None:
    connection.execute("DROP INDEX revision_unsent")
