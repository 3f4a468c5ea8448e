"""``python -m resources.setup COMMAND``, run at the top of the checkout; the Makefile calls nothing else.

setup   virtual environment, locked packages, system libraries, test tools
demo    set up what the program needs, then open it on the demo county
test    set up everything, run the checks, then every test without a screen
check   ruff, mypy, the import rule and the tests that notice omissions
package the program as workers get it, in dist/ (own environment under build/)
run     a Python command inside the environment: run -m sync.server --help
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python starts this file too, and must hear why it ends
    sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0])

from . import debian, environment, libraries
from .failure import SetupFailure

CHECKS = (
    ["-m", "ruff", "check", "."],
    ["-m", "mypy"],
    ["-m", "pytest", "-q", "-m", "omission"],
)


def main() -> int:
    arguments = _parser().parse_args()
    os.chdir(environment.ROOT)
    folder = arguments.venv.absolute()
    try:
        return _carry_out(arguments.command, arguments.rest, folder)
    except SetupFailure as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m resources.setup", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--venv", type=Path, default=Path(".venv"), help="reuse this environment")
    parser.add_argument("command", choices=["setup", "demo", "test", "check", "package", "run"])
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="handed on: demo --who supervisor")
    return parser


def _carry_out(command: str, rest: list[str], folder: Path) -> int:
    if command == "package":
        return _package()
    develops = command in ("setup", "test", "check")
    environment.prepare(folder, environment.DEVELOPMENT_LOCK if develops else environment.RUNTIME_LOCK)
    _bring_system_parts(folder, libraries.TOOLS if develops else {})
    if command == "demo":
        return _python(folder, "-m", "resources.demo", *rest)
    if command == "run":
        return _python(folder, *rest)
    if command == "setup":
        print(f"Ready: {folder}")
        return 0
    # All of them, so that one run tells everything.
    failed = any([_python(folder, *check, headless=True) for check in CHECKS])
    if failed or command == "check":
        return int(failed)
    return _python(folder, "-m", "pytest", "-n", "2", "--timeout", "600", *rest, headless=True)


def _package() -> int:
    """Frozen from an environment of its own, so that no test tool slips in."""
    folder = environment.ROOT / "build" / "environment"
    environment.prepare(folder, environment.PACKAGING_LOCK)
    _bring_system_parts(folder, libraries.FREEZING_TOOLS)
    return _python(folder, "-m", "resources.packaging.build")


def _bring_system_parts(folder: Path, tools: dict[str, str]) -> None:
    """Qt's libraries are a must; a missing tool only makes what starts it skip or stop, saying so."""
    if sys.platform != "linux":
        return
    try:
        _bring(_missing(folder, tools), folder / "system")
    except SetupFailure as failure:
        print(failure, file=sys.stderr)
    still = _missing(folder, tools)
    if left := [name for name in still if name not in tools]:
        raise SetupFailure(
            "Qt cannot start: these shared libraries are missing. Install the packages that hold them.\n    "
            + "\n    ".join(left)
        )
    if still:
        print("Not on this machine; what starts them will say so: " + " ".join(still), flush=True)


def _bring(missing: list[str], unpacked: Path) -> None:
    if debian.can_install():
        if packages := libraries.packages_for(missing):
            debian.install(packages)
    elif debian.can_unpack():
        movable = [name for name in missing if name not in libraries.TIED_TO_USR]
        if packages := libraries.packages_for(movable):
            debian.unpack(packages, unpacked)


def _missing(folder: Path, tools: dict[str, str]) -> list[str]:
    variables = debian.variables(folder / "system")
    [site_packages] = folder.glob("lib/python3*/site-packages")
    missing = libraries.missing_libraries(site_packages, variables)
    return missing + libraries.missing_tools(tools, variables)


def _python(folder: Path, *command: str, headless: bool = False) -> int:
    """Run the environment's Python in the foreground; its exit status."""
    variables = debian.variables(folder / "system") if sys.platform == "linux" else {}
    if headless:
        variables["QT_QPA_PLATFORM"] = "offscreen"
    python = environment.python_of(folder)
    return subprocess.run([python, *command], check=False, env=os.environ | variables).returncode


if __name__ == "__main__":
    sys.exit(main())
