"""Which shared libraries and tools this machine lacks, and which Debian package holds each.

The names come from running ``ldd`` on the wheels' Qt plugins; the wheels bring Qt itself, not these.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
TOOLS = {
    "initdb": "postgresql",
    "pdftotext": "poppler-utils",
    "qpdf": "qpdf",
    "xdotool": "xdotool",
    "Xvfb": "xvfb",
}
FREEZING_TOOLS = {"objcopy": "binutils"}
# Xvfb starts /usr/bin/xkbcomp by that very path, so a copy unpacked elsewhere does not run; xdotool is for it.
TIED_TO_USR = {"Xvfb", "xdotool"}

LOADED_BY_QT = (
    "Qt/plugins/platforms/libqxcb.so",
    "Qt/plugins/platforms/libqoffscreen.so",
    "Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
    "Qt/plugins/xcbglintegrations/*.so",
    "QtNetwork.abi3.so",
    "QtSvg.abi3.so",
    "QtWidgets.abi3.so",
)


def missing_libraries(site_packages: Path, variables: dict[str, str]) -> list[str]:
    """Sonames that Qt's parts in ``site_packages`` need and the loader does not find."""
    parts = [part for pattern in LOADED_BY_QT for part in (site_packages / "PySide6").glob(pattern)]
    if not parts or shutil.which("ldd") is None:
        return []
    listing = subprocess.run(
        ["ldd", *parts], check=False, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C", **variables}
    ).stdout
    return sorted(set(re.findall(r"^\s*(\S+) => not found", listing, re.MULTILINE)))


def missing_tools(tools: Iterable[str], variables: dict[str, str]) -> list[str]:
    """Those of ``tools`` that the path does not hold."""
    search = variables.get("PATH", os.environ.get("PATH", ""))
    return [tool for tool in tools if shutil.which(tool, path=search) is None]


def packages_for(names: list[str]) -> list[str]:
    """Debian packages for sonames and tools; a name not in the tables is left to the words shown."""
    known = LIBRARIES | TOOLS | FREEZING_TOOLS
    return sorted({known[name] for name in names if name in known})
