"""Whether an input method will answer: without one nobody can type a Chinese name, and nothing else would say why."""

from __future__ import annotations

import sys

from PySide6.QtGui import QGuiApplication

SERVICES = (
    "org.freedesktop.IBus", "org.freedesktop.portal.IBus", "org.fcitx.Fcitx5", "org.fcitx.Fcitx", "org.fcitx.Fcitx-0",
)  # fmt: skip
DESKTOPS = ("xcb", "wayland")


def is_missing() -> bool:
    """True only where one is needed and none is on the session bus: a Linux desktop. Windows brings its own."""
    if not sys.platform.startswith("linux") or QGuiApplication.platformName() not in DESKTOPS:
        return False
    from PySide6.QtDBus import QDBusConnection

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return True
    names = bus.interface()
    return not any(names.isServiceRegistered(service).value() for service in SERVICES)
