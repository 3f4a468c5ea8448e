"""Structured logs: one JSON object per line on standard error, without personal data.

Only the fields named by the caller are written, and callers name kinds, codes, counts and times; a record's message
is a fixed word. Tracebacks come without the values of locals (Python's default) and without exception texts.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback

from sync.server.clock import now_text

_log = logging.getLogger("tjb.server")


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        body: dict[str, object] = {"at": now_text(), "level": record.levelname.lower(), "what": record.getMessage()}
        body.update(getattr(record, "named", {}))
        if record.exc_info and record.exc_info[0]:
            body["fault"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            body["where"] = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames[-6:]]
        return json.dumps(body, ensure_ascii=False)


def start_logging(level: str = "info") -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    _log.handlers, _log.propagate = [handler], False
    _log.setLevel(level.upper())


def log(what: str, **named: object) -> None:
    _log.info(what, extra={"named": named})


def log_fault(what: str, failed: BaseException, **named: object) -> None:
    _log.error(what, exc_info=(type(failed), failed, failed.__traceback__), extra={"named": named})
