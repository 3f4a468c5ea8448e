"""The tokens themselves: every ink readable on every ground it may stand on, in both palettes."""

from __future__ import annotations

import pytest

from ui.theme.tokens import DARK, LIGHT, TONES, Palette


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_ink_reads_on_every_ground(palette: Palette) -> None:
    grounds = [palette.ground, palette.surface, palette.hover]
    pairs = [(ink, ground) for ink in (palette.ink, palette.second) for ground in grounds]
    for tone in TONES:
        ink, ground = palette.tone(tone)
        pairs += [(ink, ground), (ink, palette.surface), (ink, palette.ground), (palette.ink, ground)]
    pairs += [(palette.second, palette.accent_ground), (palette.on_accent, palette.accent)]
    bad = [(a, b, round(contrast(a, b), 2)) for a, b in pairs if contrast(a, b) < 4.5]
    assert bad == []


def test_the_light_tokens_are_the_agreed_ones() -> None:
    assert (LIGHT.ink, LIGHT.second, LIGHT.line, LIGHT.ground, LIGHT.surface) == (
        "#1C2430", "#556070", "#E1E6EC", "#F5F7F9", "#FFFFFF",
    )  # fmt: skip
    assert LIGHT.tone("accent") == ("#1D5799", "#E8F0F9")
    assert LIGHT.tone("done") == ("#25703F", "#E6F3EA")
    assert LIGHT.tone("changed") == ("#8F5600", "#FFF2D9")
    assert LIGHT.tone("abnormal") == ("#B3261E", "#FCE8E6")
    assert LIGHT.tone("absent") == ("#5D4C9E", "#EFECF8")
    assert LIGHT.tone("todo") == ("#5C6674", "#EDF0F3")
