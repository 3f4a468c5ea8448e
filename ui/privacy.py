"""Ctrl+H: names, tiers and amounts hidden from whoever looks over the shoulder."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from fieldapp.domain.identity_number import mask_name

HIDDEN = "••••"


class Privacy(QObject):
    """Whether things are hidden. Screens draw again when ``changed`` fires."""

    changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.on = False

    def set(self, on: bool) -> None:
        if on != self.on:
            self.on = on
            self.changed.emit(on)


_privacy: Privacy | None = None


def privacy() -> Privacy:
    global _privacy
    if _privacy is None:
        _privacy = Privacy()
    return _privacy


def name(text: str | None) -> str:
    """A person's name as it may be seen now: ``邓**`` while hidden."""
    return mask_name(text or "") if privacy().on else text or ""


def secret(text: str | None) -> str:
    """A tier, an amount, what was said: dots while hidden."""
    return HIDDEN if privacy().on and text else text or ""
