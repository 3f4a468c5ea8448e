"""Save pictures of every screen in every state and look, and say what is wrong with them."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

LOOKS = {"light": (False, False), "dark": (True, False), "large": (False, True)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.gallery")
    parser.add_argument("out", type=Path)
    parser.add_argument("--scale", default="1", help="device pixels per pixel, e.g. 1.25")
    parser.add_argument("--only", default="", help="scenes whose name begins so")
    parser.add_argument("--look", choices=[*LOOKS, ""], default="")
    parser.add_argument("--state", choices=("empty", "ordinary", "full", "error", ""), default="")
    parser.add_argument("--size", default="1366x768", help="of the window in pixels, e.g. 1093x590")
    parser.add_argument("--quick", action="store_true", help="a village made in place instead of the demo county")
    parser.add_argument("--language", choices=("zh", "en"), default="zh")
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = asked.scale
    return take_pictures(asked)


def take_pictures(asked: argparse.Namespace) -> int:
    from tests.gallery.scenes import Laptops, scenes
    from tests.ui.faults import faults
    from tests.ui.hands import Hands
    from ui.app import make_application, speak
    from ui.theme import look

    app = make_application()
    speak(app, asked.language)
    wide, tall = (int(part) for part in asked.size.split("x"))
    asked.out.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        laptops = Laptops(Path(folder), demo=not asked.quick)
        for name, (dark, large) in LOOKS.items():
            if asked.look and name != asked.look:
                continue
            look.apply(app, dark=dark, large=large)
            for scene in scenes():
                if not scene.name.startswith(asked.only) or asked.state not in ("", scene.state):
                    continue
                hands = Hands(*laptops.of(scene), size=(wide, tall))
                scene.show(hands)
                picture = f"{scene.name}-{scene.state}-{name}.png"
                hands.frame.grab().save(str(asked.out / picture))
                found = faults(hands.frame)
                wrong += len(found)
                print(picture, *(f"\n    {fault}" for fault in found), flush=True)
                hands.close()
        laptops.close()
    print(f"{wrong} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # Qt's own teardown order is not what is looked at here
