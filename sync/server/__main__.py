"""``python -m sync.server serve`` | ``admin``."""

from __future__ import annotations

import sys
from collections.abc import Callable

from fieldapp.errors import WorldError


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["serve"]:
        from sync.server.serving import serve

        return _spoken(lambda: serve(arguments[1:]))
    if arguments[:1] == ["admin"]:
        from sync.server.admin.command import run

        return _spoken(lambda: run(arguments[1:]))
    print("python -m sync.server serve|admin ...  (--help)", file=sys.stderr)
    return 2


def _spoken(work: Callable[[], int]) -> int:
    try:
        return work()
    except WorldError as failed:
        from fieldapp.workflows.intake.problems import refusal

        words = refusal(failed.code)
        print(f"error: {failed}{': ' + words if words else ''}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
