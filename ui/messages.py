"""Errors into words: what happened, what was kept, what to do. Codes come from ``fieldapp.errors.WorldError``.

The words are in the glossary under ``error.CODE.what`` (and ``.kept``, ``.do``). A code without its own words takes
those of the longest part of it that has some (``envelope.keys`` → ``envelope``); tests hold that every code raised
anywhere in the tree finds words that way.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from fieldapp.errors import WorldError
from ui.words import has, t

log = logging.getLogger("ui.messages")


@dataclass(frozen=True)
class Words:
    """What to say about an error. ``kept`` and ``do`` may be empty."""

    what: str
    kept: str = ""
    do: str = ""

    def in_line(self) -> str:
        """All of it as sentences on one line."""
        parts = [part for part in (self.what, self.kept, self.do) if part]
        stop = t("common.stop")
        return "".join(part if part.rstrip()[-1] in "。．.!！?？…" else part + stop for part in parts).strip()


def words_for(error: BaseException) -> Words:
    """The words for any failure. What is not the world's fault is ours and says so."""
    if isinstance(error, WorldError):
        key = key_for(error.code) or "error.world"
        values = {"where": error.where, **error.details}
        return Words(*(_phrase(f"{key}.{part}", values) for part in ("what", "kept", "do")))
    log.error("fault: %s", type(error).__name__, exc_info=error)
    return Words(t("error.ours.what"), t("error.ours.kept"), t("error.ours.do"))


def key_for(code: str) -> str | None:
    """The glossary key of the words for ``code``; None when there are none."""
    parts = code.split(".")
    for length in range(len(parts), 0, -1):
        key = "error." + ".".join(parts[:length])
        if has(f"{key}.what"):
            return key
    return None


def _phrase(key: str, values: dict[str, object]) -> str:
    if not has(key):
        return ""
    try:
        return t(key, **values)
    except (KeyError, IndexError):
        # The raiser gave fewer details than the words use: say the rest rather than nothing.
        log.error("words for %s lack a value", key)
        return t(key).split("{")[0].rstrip("（( :：") or t("error.world.what")
