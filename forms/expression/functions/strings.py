"""Functions of text."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
from typing import Any

from forms.expression.context import Context
from forms.expression.patterns import matches
from forms.expression.registry import MANY, function
from forms.expression.values import Value, XPathTypeError, spread, to_number, to_string

_SPACE = " \t\r\n"


def _own(c: Context, a: list[Value]) -> str:
    return to_string(a[0]) if a else c.node.string()


@function("string", args=(0, 1))
def string(c: Context, a: list[Value]) -> Value:
    return _own(c, a)


@function("concat", args=(0, MANY))
def concat(c: Context, a: list[Value]) -> Value:
    return "".join(map(to_string, spread(a)))


@function("join", args=(1, MANY))
def join(c: Context, a: list[Value]) -> Value:
    return to_string(a[0]).join(map(to_string, spread(a[1:])))


@function("starts-with", args=(2, 2))
def starts_with(c: Context, a: list[Value]) -> Value:
    return to_string(a[0]).startswith(to_string(a[1]))


@function("ends-with", args=(2, 2))
def ends_with(c: Context, a: list[Value]) -> Value:
    return to_string(a[0]).endswith(to_string(a[1]))


@function("contains", args=(2, 2))
def contains(c: Context, a: list[Value]) -> Value:
    return to_string(a[1]) in to_string(a[0])


@function("substring-before", args=(2, 2))
def substring_before(c: Context, a: list[Value]) -> Value:
    before, found, _ = _partition(a)
    return before if found else ""


@function("substring-after", args=(2, 2))
def substring_after(c: Context, a: list[Value]) -> Value:
    _, found, after = _partition(a)
    return after if found else ""


def _partition(a: list[Value]) -> tuple[str, bool, str]:
    text, part = to_string(a[0]), to_string(a[1])
    place = text.find(part)
    return (text[:place], True, text[place + len(part) :]) if place >= 0 else ("", False, "")


@function("substring", args=(2, 3))
def substring(c: Context, a: list[Value]) -> Value:
    """XPath's: counted from 1, both numbers rounded."""
    text = to_string(a[0])
    start = _round(to_number(a[1]))
    end = start + _round(to_number(a[2])) if len(a) == 3 else math.inf
    return "".join(ch for i, ch in enumerate(text, 1) if start <= i < end)


def _round(number: float) -> float:
    return number if number != number or math.isinf(number) else math.floor(number + 0.5)


@function("substr", args=(2, 3))
def substr(c: Context, a: list[Value]) -> Value:
    """Counted from 0; negative numbers count from the end."""
    text = to_string(a[0])
    length = len(text)
    start = _index(to_number(a[1]), 0)
    end = _index(to_number(a[2]), length) if len(a) == 3 else length
    start = start + length if start < 0 else start
    end = end + length if end < 0 else end
    start, end = min(max(0, start), length), min(max(0, end), length)
    return text[start:end] if start <= end else ""


def _index(number: float, infinite: int) -> int:
    if number != number:
        return 0
    return infinite if math.isinf(number) else int(number)


@function("string-length", args=(0, 1))
def string_length(c: Context, a: list[Value]) -> Value:
    return float(len(_own(c, a)))


@function("normalize-space", args=(0, 1))
def normalize_space(c: Context, a: list[Value]) -> Value:
    text = _own(c, a)
    for ch in _SPACE[1:]:
        text = text.replace(ch, " ")
    return " ".join(part for part in text.split(" ") if part)


@function("translate", args=(3, 3))
def translate(c: Context, a: list[Value]) -> Value:
    text, old, new = (to_string(v) for v in a)
    table: dict[int, Any] = {}
    for place, ch in enumerate(old):
        table.setdefault(ord(ch), new[place] if place < len(new) else None)
    return text.translate(table)


@function("regex", args=(2, 2))
def regex(c: Context, a: list[Value]) -> Value:
    return matches(to_string(a[1]), to_string(a[0]), whole=c.world.as_collect)


_DIGESTS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


@function("digest", args=(2, 3))
def digest(c: Context, a: list[Value]) -> Value:
    algorithm = _DIGESTS.get(to_string(a[1]).upper())
    if algorithm is None:
        raise XPathTypeError("digest() knows MD5, SHA-1, SHA-256, SHA-384 and SHA-512")
    encoding = to_string(a[2]).lower() if len(a) == 3 else "base64"
    found = hashlib.new(algorithm, to_string(a[0]).encode(), usedforsecurity=False).digest()
    if encoding == "hex":
        return found.hex()
    if encoding == "base64":
        return base64.b64encode(found).decode()
    raise XPathTypeError("digest() writes hex or base64")


@function("base64-decode", args=(1, 1))
def base64_decode(c: Context, a: list[Value]) -> Value:
    text = to_string(a[0]).strip()
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
