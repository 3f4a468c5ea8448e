"""Every colour, size and distance on screen, by name. Nothing else in ui/ writes a colour or a pixel size of type."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Palette:
    """Colours as #RRGGBB. Every ink holds 4.5:1 against every ground it may stand on (tests/ui/test_tokens.py)."""

    ink: str
    second: str
    line: str
    control_line: str
    ground: str
    surface: str
    hover: str
    accent: str
    accent_ground: str
    on_accent: str
    done: str
    done_ground: str
    changed: str
    changed_ground: str
    abnormal: str
    abnormal_ground: str
    absent: str
    absent_ground: str
    todo: str
    todo_ground: str
    veil: str

    def tone(self, name: str) -> tuple[str, str]:
        """Ink and ground of a tone: accent | done | changed | abnormal | absent | todo."""
        return getattr(self, name), getattr(self, name + "_ground")


TONES = ("accent", "done", "changed", "abnormal", "absent", "todo")

LIGHT = Palette(
    ink="#1C2430", second="#556070", line="#E1E6EC", control_line="#C3CBD5", ground="#F5F7F9", surface="#FFFFFF",
    hover="#F0F4F8", accent="#1D5799", accent_ground="#E8F0F9", on_accent="#FFFFFF",
    done="#25703F", done_ground="#E6F3EA", changed="#8F5600", changed_ground="#FFF2D9",
    abnormal="#B3261E", abnormal_ground="#FCE8E6", absent="#5D4C9E", absent_ground="#EFECF8",
    todo="#5C6674", todo_ground="#EDF0F3", veil="#1C2430",
)  # fmt: skip

DARK = Palette(
    ink="#E9EDF2", second="#A9B4C2", line="#2D3742", control_line="#475463", ground="#12171D", surface="#1A2028",
    hover="#232B35", accent="#8ABBF2", accent_ground="#1B2F46", on_accent="#0E1A27",
    done="#84CF9A", done_ground="#16301F", changed="#EBBB6B", changed_ground="#372A10",
    abnormal="#F5A19A", abnormal_ground="#421D1B", absent="#BDB0F0", absent_ground="#2A2344",
    todo="#AAB5C3", todo_ground="#27303A", veil="#000000",
)  # fmt: skip


@dataclass(frozen=True)
class TypeScale:
    """Four sizes in pixels, one family. ``line`` is the height of a line as a multiple of its size."""

    title: int = 22
    section: int = 18
    body: int = 15
    small: int = 13
    line: float = 1.45

    def size(self, name: str) -> int:
        """Pixels of ``title`` | ``section`` | ``body`` | ``small``."""
        return {"title": self.title, "section": self.section, "body": self.body, "small": self.small}[name]


NORMAL_TYPE = TypeScale()
LARGE_TYPE = TypeScale(title=26, section=22, body=19, small=16)

FAMILIES = ("Noto Sans SC", "HanaMinB")


@dataclass(frozen=True)
class Metrics:
    """Distances on the 8-pixel grid."""

    margin: int = 24
    gap: int = 16
    radius: int = 8
    tag_radius: int = 4
    control: int = 40
    row: int = 64
    row_low: int = 48
    rail: int = 88
    top: int = 56
    focus: int = 2


NORMAL_METRICS = Metrics()
LARGE_METRICS = replace(NORMAL_METRICS, control=48, row=80, row_low=60, rail=104, top=64)


@dataclass(frozen=True)
class Theme:
    """One look: colours, type and distances."""

    palette: Palette
    type: TypeScale
    metrics: Metrics
    dark: bool
    large: bool


def make_theme(*, dark: bool = False, large: bool = False) -> Theme:
    return Theme(
        palette=DARK if dark else LIGHT,
        type=LARGE_TYPE if large else NORMAL_TYPE,
        metrics=LARGE_METRICS if large else NORMAL_METRICS,
        dark=dark,
        large=large,
    )
