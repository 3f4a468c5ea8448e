"""Which passphrases are too weak, and why; an honest hint while one is typed."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from fieldapp.errors import VaultError

MIN_LENGTH = 8
MIN_BITS = 34.0
_RUNS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv")
_COMMON = (
    "password", "passw0rd", "iloveyou", "woaini", "admin", "welcome", "letmein", "tiejiaoban", "minzheng", "mima",
    "wangge", "shehui", "jiuzhu", "5201314", "1314520", "dragon", "monkey", "secret", "master", "login",
)  # fmt: skip


@dataclass(frozen=True)
class Strength:
    """``bits``: a cautious estimate of the guesses as a power of two. ``reason`` is empty when it is good enough,
    else ``short`` | ``common`` | ``digits`` | ``date`` | ``phone`` | ``repeats`` | ``sequence`` | ``guessable``."""

    bits: float
    reason: str


def strength(passphrase: str) -> Strength:
    """Judge a passphrase by length, kinds of characters, and the patterns people guess first."""
    text = unicodedata.normalize("NFKC", passphrase)
    reason = _pattern(text)
    bits = _bits(text)
    if not reason and bits < MIN_BITS:
        reason = "guessable"
    return Strength(min(bits, 20.0) if reason else bits, reason)


def demand_strength(passphrase: str) -> None:
    """Raises VaultError ``vault.weak`` with ``reason`` in its details."""
    reason = strength(passphrase).reason
    if reason:
        raise VaultError("vault.weak", reason=reason)


def _pattern(text: str) -> str:
    low = text.lower()
    if len(text) < MIN_LENGTH and not _han_phrase(text):
        return "short"
    if re.fullmatch(r"1[3-9]\d{9}", text):
        return "phone"
    if re.fullmatch(r"(19|20)\d{2}\W?\d{1,2}\W?\d{1,2}", text):
        return "date"
    if text.isdigit() and len(text) < 14:
        return "digits"
    if len(set(text)) < 5:
        return "repeats"
    rest = low
    for run in _RUNS:
        rest = _without_runs(rest, run)
    for word in _COMMON:
        rest = rest.replace(word, "")
    if len(rest) < 4 or (rest != low and rest.isdigit()):
        return "common" if any(word in low for word in _COMMON) else "sequence"
    return ""


def _han_phrase(text: str) -> bool:
    return sum(ch >= "\u3400" for ch in text) >= 5


def _without_runs(text: str, run: str) -> str:
    for way in (run, run[::-1]):
        for length in range(len(way), 3, -1):
            for start in range(len(way) - length + 1):
                text = text.replace(way[start : start + length], "")
    return text


def _bits(text: str) -> float:
    """Distinct characters count fully, repeated ones a quarter; the alphabet is what the text shows of itself."""
    alphabet = sum(
        size
        for size, found in (
            (10, any(ch.isdigit() for ch in text)),
            (26, any(ch.islower() and ch.isascii() for ch in text)),
            (26, any(ch.isupper() and ch.isascii() for ch in text)),
            (32, any(ch.isascii() and not ch.isalnum() for ch in text)),
            (1000, any(ord(ch) > 0x2E7F for ch in text)),
        )
        if found
    )
    distinct = len(set(text))
    return (distinct + (len(text) - distinct) / 4) * math.log2(max(alphabet, 2)) * 0.8
