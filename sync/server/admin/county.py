"""``county-init``, ``areas``, ``tls``: making a county and its map of areas."""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert

from fieldapp.domain.areas import is_area, level
from fieldapp.errors import InputError
from sync.server.admin.command import add_command, ask_passphrase
from sync.server.keys import IMPORTER, certify_device, make_county_keys, read_root_key, read_server_keys
from sync.server.publishing import publish
from sync.server.scopes import grant
from sync.server.service import Service, open_service
from sync.server.storage import people
from sync.server.storage.engine import create_tables, open_engine
from sync.server.storage.schema import SCHEMA_VERSION, areas, counties


def register(commands: Any) -> None:
    init = commands.add_parser("county-init", help="make a county: keys, database, importing device")
    init.set_defaults(handler=None, alone=_init)
    init.add_argument("--db", required=True)
    init.add_argument("--blobs", required=True, type=Path)
    init.add_argument("--keys", required=True, type=Path, help="folder for root.key, server.keys, custodian-*.key")
    init.add_argument("--county", required=True, help="six digits; the storage key for ever")
    init.add_argument("--name", required=True)
    init.add_argument("--areas", type=Path, help=".csv (code,name) or .geojson")
    init.add_argument("--passphrase-file", type=Path, help="of the root and custodian keys; asked for otherwise")
    map_ = add_command(commands, "areas", _areas, "replace the map of areas and publish it")
    map_.add_argument("file", type=Path)
    tls = commands.add_parser("tls", help="make a TLS certificate under the county root")
    tls.set_defaults(handler=None, alone=_tls)
    tls.add_argument("--keys", required=True, type=Path)
    tls.add_argument("--out", required=True, type=Path)
    tls.add_argument("--host", required=True, action="append", help="name or address; may be repeated")
    tls.add_argument("--passphrase-file", type=Path)


def init_county(
    url: str, blobs: Path, keys: Path, *, county: str, name: str, passphrase: str, areas_file: Path | None = None
) -> Service:
    """Make keys, tables, the county's row, its importing device; the service over it.

    Raises InputError ``county.code`` | ``keys.exist`` | ``areas.*``.
    """
    if not is_area(county) or level(county) != "county":
        raise InputError("county.code")
    content = read_areas(areas_file, county) if areas_file else None
    made = make_county_keys(county, name, keys, passphrase)
    engine = open_engine(url)
    create_tables(engine)
    with engine.begin() as connection:
        connection.execute(
            insert(counties).values(county=county, name=name, epoch=1, restoring=False, schema_version=SCHEMA_VERSION)
        )
    engine.dispose()
    service = open_service(url, blobs, keys / "server.keys")
    service.write(lambda c: _make_importer(service, c))
    if content:
        service.write(lambda c: keep_areas(service, c, content))
    assert made.county == service.keys.county
    return service


def read_areas(path: Path, county: str) -> dict[str, Any]:
    """A GeoJSON FeatureCollection whose features have ``code`` and ``name``; from CSV (code,name) without outlines.

    Raises InputError ``areas.unreadable`` | ``areas.code`` (``where`` names the row).
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() in (".geojson", ".json"):
            collection = json.loads(text)
        else:
            rows = csv.DictReader(text.splitlines())
            collection = {"type": "FeatureCollection", "features": [_feature(r["code"], r["name"]) for r in rows]}
        pairs = [(f["properties"]["code"], f["properties"]["name"]) for f in collection["features"]]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError("areas.unreadable", where=path.name) from None
    for number, (area, _) in enumerate(pairs, 1):
        if not is_area(area) or not area.startswith(county):
            raise InputError("areas.code", where=f"{path.name}:{number}")
    return dict(collection)


def _feature(code: str, name: str) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": None}


def keep_areas(service: Service, connection: Connection, content: Mapping[str, Any]) -> None:
    """Replace the names and publish them, with their outlines, as the control document ``areas``."""
    county = service.keys.county
    connection.execute(delete(areas).where(areas.c.county == county))
    about = [feature["properties"] for feature in content["features"]]
    rows = [{"county": county, "area": place["code"], "name": place["name"]} for place in about]
    if rows:
        connection.execute(insert(areas), rows)
    publish(service, connection, "areas", dict(content))


def _make_importer(service: Service, connection: Connection) -> None:
    key = service.keys.importer.public_key().public_bytes_raw()
    grant(service, connection, IMPORTER, "县级导入", "county", (service.keys.county,))
    transport = service.keys.transport.public_key().public_bytes_raw()
    certificate = certify_device(service.keys, IMPORTER, key, transport, scope_version=1)
    people.keep_device(connection, service.keys.county, certificate)


def _init(options: argparse.Namespace) -> dict[str, str]:
    passphrase = ask_passphrase(options.passphrase_file, "passphrase of the county root")
    service = init_county(
        options.db,
        options.blobs,
        options.keys,
        county=options.county,
        name=options.name,
        passphrase=passphrase,
        areas_file=options.areas,
    )
    try:
        return {"county": options.county, "root": service.keys.trust.fingerprint, "keys": str(options.keys)}
    finally:
        service.close()


def _areas(service: Service, options: argparse.Namespace) -> dict[str, int]:
    content = read_areas(options.file, service.keys.county)
    service.write(lambda c: keep_areas(service, c, content))
    return {"areas": len(content["features"])}


def _tls(options: argparse.Namespace) -> dict[str, str]:
    from sync.server.tls import make_certificate

    root = read_root_key(
        options.keys / "root.key", ask_passphrase(options.passphrase_file, "passphrase of the county root")
    )
    keys = read_server_keys(options.keys / "server.keys")
    make_certificate(root, keys.county_name, options.host, options.out)
    return {"tls": str(options.out)}
