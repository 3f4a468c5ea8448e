"""What the published description (``/openapi.json``) says of each operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Response

from sync.protocol.framing import MEDIA_TYPE

_SAID = {
    400: "the message is not one of ours",
    401: "unknown; nothing else is said",
    403: "revoked or not allowed",
    404: "not here, or not for this caller",
    408: "the body did not come in time",
    409: "another offset is recorded",
    413: "too large",
    422: "the piece does not fit",
    426: "the client is too old",
    503: "come back after Retry-After seconds",
}
_CODE = {"application/json": {"schema": {"type": "object", "properties": {"code": {"type": "string"}}}}}
_OBJECT = {"schema": {"type": "object"}}
_BYTES = {"schema": {"type": "string", "format": "binary"}}


def described(media_type: str, *, sent: str = "", parameters: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """What the published description says of an operation: what it is sent and answers, and which statuses."""
    extra: dict[str, Any] = {"parameters": list(parameters)} if parameters else {}
    if sent:
        extra["requestBody"] = {"required": True, "content": {sent: _BYTES}}
    answers: dict[int | str, dict[str, Any]] = {
        status: {"description": words, "content": _CODE} for status, words in _SAID.items()
    }
    shape = _OBJECT if media_type == "application/json" else _BYTES
    answers[200] = {"description": "done", "content": {media_type: shape}}
    return {"response_class": Response, "responses": answers, "openapi_extra": extra}


def _parameter(name: str, place: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "required": False, "schema": {"type": kind, **more}}


OCTETS = "application/octet-stream"
OFFSET = _parameter("offset", "query", "integer", minimum=0)
PIECE = (
    OFFSET,
    _parameter("size", "query", "integer", minimum=1),
    *(_parameter(name, "query", "string") for name in ("document", "kind", "media_type")),
    _parameter("x-salt", "header", "string", pattern="^[0-9a-f]{64}$"),
)
MESSAGE = described(MEDIA_TYPE, sent=MEDIA_TYPE)
