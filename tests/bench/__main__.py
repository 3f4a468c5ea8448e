"""``python -m tests.bench NAME [--json] [--full]``; without a name, lists what there is.

A benchmark is a module ``tests/bench/<name>.py`` with ``run(full: bool) -> list[Row]``. Exit code 1 when a budget
does not hold, 2 for an unknown name.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
from dataclasses import asdict

import tests.bench
from tests.bench.figures import Row

_OWN = frozenset(("__main__", "figures"))


def names() -> list[str]:
    found = (m.name for m in pkgutil.iter_modules(tests.bench.__path__))
    return sorted(n for n in found if n not in _OWN and not n.endswith(("_fixture", "_yardstick")))


def table(rows: list[Row]) -> str:
    lines = []
    for row in rows:
        value = f"{row.value:.4g} {row.unit}" if row.value is not None else "not measured"
        yardstick = f"yardstick {row.yardstick:.4g} {row.unit}" if row.yardstick is not None else ""
        ratio = f"{row.ratio:.2f} x" if row.ratio is not None else ""
        verdict = {True: "holds", False: "DOES NOT HOLD", None: ""}[row.holds]
        cells = (row.name.ljust(44), value, yardstick, ratio, row.budget, verdict, row.note)
        lines.append("  ".join(cell for cell in cells if cell))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", nargs="?")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--full", action="store_true", help="the sizes the budgets name; may take minutes")
    args = parser.parse_args()
    if args.name not in names():
        print("benchmarks:", " ".join(names()), file=sys.stderr)
        return 0 if args.name is None else 2
    rows = importlib.import_module(f"tests.bench.{args.name}").run(args.full)
    print(json.dumps([asdict(r) for r in rows], ensure_ascii=False, indent=1) if args.json else table(rows))
    return 1 if any(row.holds is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
