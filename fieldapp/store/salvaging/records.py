"""Rows read straight from b-tree leaves (the SQLite file format, "Record Format"), wherever their tables hang."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from fieldapp.store.salvaging.pages import USABLE, Pages

_TABLE_LEAF, _INDEX_LEAF, _INDEX_INNER = 0x0D, 0x0A, 0x02
_MAX_CHAIN = 4096
Record = tuple[Any, ...]


def records(pages: Pages) -> Iterator[Record]:
    """Every record whose leaf and overflow pages can be read; with several versions of a page in the log, each."""
    for number, versions in pages.versions.items():
        for page in versions:
            yield from _leaf(pages, page, 100 if number == 1 else 0)


def _leaf(pages: Pages, page: bytes, header: int) -> Iterator[Record]:
    kind = page[header]
    if kind not in (_TABLE_LEAF, _INDEX_LEAF, _INDEX_INNER):
        return
    cells = int.from_bytes(page[header + 3 : header + 5], "big")
    pointers = header + (12 if kind == _INDEX_INNER else 8)
    for index in range(cells):
        at = int.from_bytes(page[pointers + 2 * index : pointers + 2 * index + 2], "big")
        if kind == _INDEX_INNER:
            at += 4
        try:
            yield from _cell(pages, page, at, kind)
        except (IndexError, ValueError, UnicodeDecodeError):
            continue  # a torn cell; what it held is counted as missing by whoever knows what should be there


def _cell(pages: Pages, page: bytes, at: int, kind: int) -> Iterator[Record]:
    size, at = _varint(page, at)
    if kind == _TABLE_LEAF:
        _, at = _varint(page, at)
    local = _local(size, kind)
    if local == size:
        yield _record(page[at : at + size])
        return
    first = int.from_bytes(page[at + local : at + local + 4], "big")
    for rest in _overflow(pages, first, size - local):
        yield _record(page[at : at + local] + rest)


def _local(size: int, kind: int) -> int:
    """How many bytes of a payload lie in the cell itself."""
    most = USABLE - 35 if kind == _TABLE_LEAF else (USABLE - 12) * 64 // 255 - 23
    if size <= most:
        return size
    least = (USABLE - 12) * 32 // 255 - 23
    local = least + (size - least) % (USABLE - 4)
    return local if local <= most else least


def _overflow(pages: Pages, number: int, size: int) -> Iterator[bytes]:
    """The rest of a payload along its chain; by the newest versions first, then by the older ones of the log."""
    depth = max((len(versions) for versions in pages.versions.values()), default=1)
    for age in range(min(depth, 4)):
        made, here, left = bytearray(), number, size
        for _ in itertools.repeat(None, _MAX_CHAIN):
            versions = pages.versions.get(here)
            if left <= 0 or not versions:
                break
            page = versions[min(age, len(versions) - 1)]
            part = page[4 : 4 + min(left, USABLE - 4)]
            made += part
            left -= len(part)
            here = int.from_bytes(page[:4], "big")
        if left <= 0:
            yield bytes(made)


def _record(data: bytes) -> Record:
    length, at = _varint(data, 0)
    kinds = []
    while at < length:
        kind, at = _varint(data, at)
        kinds.append(kind)
    values: list[Any] = []
    for kind in kinds:
        size = _size(kind)
        part = data[at : at + size]
        if len(part) != size:
            raise ValueError("short record")
        values.append(_value(kind, part))
        at += size
    return tuple(values)


def _size(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    return (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)[kind]


def _value(kind: int, data: bytes) -> Any:
    if kind == 0:
        return None
    if kind in (8, 9):
        return kind - 8
    if kind >= 12:
        return data.decode("utf-8") if kind % 2 else data
    return int.from_bytes(data, "big", signed=True) if kind != 7 else data


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index in range(8):
        byte = data[at + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    return value << 8 | data[at + 8], at + 9
