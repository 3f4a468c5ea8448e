"""What the processes of the tests import before they are forked. Nothing here may start a thread."""
# ruff: noqa: F401

import threading

import psycopg
import sqlalchemy.dialects.postgresql.psycopg
import sqlalchemy.dialects.sqlite
import uvicorn.lifespan.on
import uvicorn.loops.auto
import uvicorn.protocols.websockets.auto

import sync.server.serving
import tests.sync.chaos.client
from sync.server.admin.command import build_parser

build_parser()
assert threading.active_count() == 1, "a thread does not live through a fork, and what it held stays locked"
