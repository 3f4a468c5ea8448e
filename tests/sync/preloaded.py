"""What the processes of the tests import before they are forked. Nothing here may start a thread."""

import psycopg  # noqa: F401

import tests.sync.chaos.client  # noqa: F401
from sync.server.admin.command import build_parser

build_parser()
