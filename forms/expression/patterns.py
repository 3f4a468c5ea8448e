"""Java's regular expressions by Python's, within bounds."""

from __future__ import annotations

import re
from functools import lru_cache

MAX_TEXT = 20_000
_POSIX = {
    "Alpha": "a-zA-Z", "Digit": "0-9", "Alnum": "a-zA-Z0-9", "Upper": "A-Z", "Lower": "a-z", "Space": r"\s",
    "Punct": r"!-/:-@\[-`{-~", "XDigit": "0-9a-fA-F", "L": r"^\W\d_", "Lu": "A-ZÀ-ÖØ-Þ", "Ll": "a-zß-öø-ÿ",
    "N": r"\d", "Nd": r"\d", "P": r"!-/:-@\[-`{-~", "IsHan": "㐀-䶿一-鿿豈-﫿𠀀-𲎯", "IsLetter": r"^\W\d_",
    "IsAlphabetic": r"^\W\d_", "IsDigit": r"\d", "Z": r"\s", "Zs": r"\s", "S": "$+<=>^`|~",
}  # fmt: skip
_PROPERTY = re.compile(r"\\([pP])(?:\{(\w+)\}|(\w))")


@lru_cache(maxsize=512)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """A Java pattern as Python's. Raises re.error when it cannot be one."""
    inside = [False] * (len(pattern) + 1)
    depth = 0
    for place, ch in enumerate(pattern):
        escaped = place > 0 and pattern[place - 1] == "\\"
        if ch == "[" and not escaped:
            depth += 1
        elif ch == "]" and not escaped and depth:
            depth -= 1
        inside[place] = depth > 0

    def translate(match: re.Match[str]) -> str:
        name = match[2] or match[3]
        members = _POSIX.get(name, _POSIX.get(name.removeprefix("Is")))
        if members is None:
            raise re.error(f"unknown property {name}", pattern, match.start())
        negative = (match[1] == "P") != members.startswith("^")
        members = members.removeprefix("^")
        if inside[match.start()]:
            if negative:
                raise re.error(f"property {name} inside brackets", pattern, match.start())
            return members
        return f"[{'^' if negative else ''}{members}]"

    return re.compile(_PROPERTY.sub(translate, pattern))


def matches(pattern: str, text: str, *, whole: bool) -> bool:
    """Whether the text, or with ``whole`` False a part of it, matches; a broken pattern matches nothing."""
    if len(text) > MAX_TEXT:
        return False
    try:
        compiled = compile_pattern(pattern)
        return (compiled.fullmatch(text) if whole else compiled.search(text)) is not None
    except re.error:
        return False
