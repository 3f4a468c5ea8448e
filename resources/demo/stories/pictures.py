"""Drawn photos and signatures for the demo's visits: nobody's home, nobody's hand."""

from __future__ import annotations

import io
import json
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

SIZE = (640, 480)
QUALITY = 72
WALLS = ("#C9B79C", "#B8C0C8", "#D6CBB4", "#A9B39A")
WOOD, DARK, SKY, GROUND, CLOTH = "#7A5230", "#3B3F45", "#CFE0EE", "#8B8272", "#B4534B"


def photo(what: str, seed: str) -> bytes:
    """A JPEG of a ``door``, a ``room`` or a ``kitchen``, the same for one seed."""
    from PIL import Image, ImageDraw

    chance = Random(f"{what}/{seed}")
    image = Image.new("RGB", SIZE, chance.choice(WALLS))
    _DRAWN.get(what, _door)(ImageDraw.Draw(image), chance)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _door(draw: ImageDraw, chance: Random) -> None:
    draw.rectangle((0, 0, 640, 150), fill=SKY)
    draw.polygon([(0, 150), (320, 40 + chance.randrange(30)), (640, 150)], fill="#6B6F76")
    draw.rectangle((0, 400, 640, 480), fill=GROUND)
    left = chance.randrange(180, 300)
    draw.rectangle((left, 200, left + 130, 410), fill=WOOD)
    draw.rectangle((left + 62, 200, left + 68, 410), fill=DARK)
    draw.rectangle((60, 210, 150, 300), fill="#6F8FA8", outline=DARK, width=6)
    draw.rectangle((480, 210, 580, 300), fill="#6F8FA8", outline=DARK, width=6)


def _room(draw: ImageDraw, chance: Random) -> None:
    draw.rectangle((0, 360, 640, 480), fill=GROUND)
    draw.rectangle((60, 280, 360, 400), fill=CLOTH)
    draw.rectangle((60, 250, 120, 300), fill="#E8E4DA")
    draw.rectangle((430, 120, 560, 380), fill=WOOD)
    top = chance.randrange(60, 110)
    draw.rectangle((170, top, 290, top + 100), fill="#9DB9CF", outline=DARK, width=6)


def _kitchen(draw: ImageDraw, chance: Random) -> None:
    draw.rectangle((0, 300, 640, 480), fill="#6E6A63")
    for number in range(2 + chance.randrange(2)):
        draw.ellipse((90 + number * 170, 270, 220 + number * 170, 330), fill=DARK)
    draw.rectangle((60, 60, 300, 150), fill=WOOD)
    draw.rectangle((420, 70, 560, 200), fill="#9DB9CF", outline=DARK, width=6)


_DRAWN = {"door": _door, "room": _room, "kitchen": _kitchen}


def signature(name: str) -> bytes:
    """Strokes as the signing sheet keeps them (``strokes/1``), different for every name."""
    chance = Random(f"signature/{name}")
    strokes = []
    for place in range(max(2, len(name))):
        left = 0.12 + place * 0.24
        for _stroke in range(4):
            x, y = left + chance.random() * 0.12, 0.25 + chance.random() * 0.4
            line = [[round(x, 4), round(y, 4)]]
            for _point in range(6):
                x, y = x + chance.uniform(-0.01, 0.035), y + chance.uniform(-0.05, 0.06)
                line.append([round(min(max(x, 0.02), 0.98), 4), round(min(max(y, 0.05), 0.95), 4)])
            strokes.append(line)
    return json.dumps({"schema": "strokes/1", "shape": 0.32, "strokes": strokes}, separators=(",", ":")).encode()
