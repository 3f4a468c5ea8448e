"""``serve``: one server process; several may share one PostgreSQL, one blob folder and one key file."""

from __future__ import annotations

import argparse
import json
import os
import socket
from pathlib import Path

import uvicorn

from fieldapp.errors import InputError
from sync.server.app import build_app
from sync.server.doorkeeper import PatientProtocol, allow_many_connections
from sync.server.logs import log, start_logging
from sync.server.service import open_service

KEEP_ALIVE_SECONDS = 75
CONNECTIONS = 20_000
"""Connections, most of which wait; requests beyond what the workers take are shed one by one (``app.Desk``)."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(arguments: list[str]) -> int:
    """Serve until a signal ends it. Prints one JSON line with the port once connections are answered."""
    options = _parse(arguments)
    if options.tls is None and options.host not in LOOPBACK:
        raise InputError("tls.needed", where=options.host)
    start_logging(options.log)
    allow_many_connections(CONNECTIONS)
    service = open_service(options.db, options.blobs, options.key_file, children=options.children)
    door = socket.create_server((options.host, options.port), backlog=1024, reuse_port=False)
    port = door.getsockname()[1]
    tls = {"ssl_certfile": options.tls / "server.crt", "ssl_keyfile": options.tls / "server.key"} if options.tls else {}
    config = uvicorn.Config(
        build_app(service),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        limit_concurrency=CONNECTIONS,
        http=PatientProtocol,
        timeout_graceful_shutdown=10,
        **tls,
    )
    scheme = "https" if options.tls else "http"
    server = _Server(config, {"port": port, "url": f"{scheme}://{options.host}:{port}"})
    try:
        server.run(sockets=[door])
    finally:
        service.close()
        log("stopped")
    return 0


class _Server(uvicorn.Server):
    """Says that it is ready only when it is."""

    def __init__(self, config: uvicorn.Config, ready: dict[str, object]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        print(json.dumps(self._ready), flush=True)
        log("ready", port=self._ready["port"])


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sync.server serve")
    parser.add_argument("--db", required=True, help="sqlite:///path or postgresql://user@host/database")
    parser.add_argument("--blobs", required=True, type=Path, help="folder of the sealed photos and files")
    parser.add_argument("--key-file", required=True, type=Path, help="server.keys made by: admin county-init")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8443, help="0 takes a free one")
    parser.add_argument("--tls", type=Path, help="folder made by: admin tls; needed beyond this machine")
    processors = os.cpu_count() or 1
    parser.add_argument("--children", type=int, default=processors - 1, help="processes that check big batches")
    parser.add_argument("--log", default="info", choices=("debug", "info", "warning", "error"))
    return parser.parse_args(arguments)
