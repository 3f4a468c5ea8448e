"""``python -m forms``: the form engine without a window.

Exit codes: 0 done; 1 the form has faults, answers are missing or invalid, or cases failed; 2 the command or a
file given to it cannot be used.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable
from pathlib import Path

from forms import commands
from forms.problems import FormError, FormErrors


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m forms", description=__doc__)
    add = parser.add_subparsers(required=True).add_parser
    check = _action(add, "check", commands.check, "compile a workbook and name every fault with its cell")
    check.add_argument("form", type=Path)
    check.add_argument("--facts", type=Path, help="fact names the rules know (.json or one a line)")
    check.add_argument("--out", type=Path, help="write the compiled XForm")
    fill = _action(add, "fill", commands.fill, "fill a form from an answers file")
    fill.add_argument("form", type=Path, help="workbook or compiled XForm (.xml)")
    fill.add_argument("--answers", type=Path, required=True)
    fill.add_argument("--out", type=Path, required=True, help="the OpenRosa submission")
    fill.add_argument("--instances", type=Path, help="folder of CSV, XML, GeoJSON files; else the form's own")
    fill.add_argument("--now", help="the clock, ISO 8601")
    fill.add_argument("--zone", default="Asia/Shanghai")
    fill.add_argument("--seed", type=int)
    flatten = _action(add, "flatten", commands.flatten, "flat tables of submissions")
    flatten.add_argument("form", type=Path)
    flatten.add_argument("submissions", type=Path, nargs="+", help=".xml or answers .json")
    flatten.add_argument("--out", type=Path, required=True, help="a folder for CSV, or a name ending in .xlsx")
    cases = _action(add, "conformance", commands.conformance, "run recorded cases of other engines")
    cases.add_argument("cases", type=Path, nargs="+")
    cases.add_argument("--verbose", action="store_true", help="also name what is left out, and why")
    _action(add, "ship", commands.ship, "compile the bundled workbooks anew")
    return parser


def _action(
    add: Callable[..., argparse.ArgumentParser], name: str, run: Callable[[argparse.Namespace], int], words: str
) -> argparse.ArgumentParser:
    parser = add(name, help=words)
    parser.add_argument("--lang", default="zh", help="zh or en")
    parser.set_defaults(run=run)
    return parser


def main(arguments: list[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    args = build_parser().parse_args(arguments)
    try:
        code: int = args.run(args)
    except FormErrors as errors:
        return commands.report(errors, args.lang)
    except (commands.Unusable, FormError) as error:
        print(error, file=sys.stderr)
        return commands.UNUSABLE
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return commands.UNUSABLE
    return code


if __name__ == "__main__":
    sys.exit(main())
