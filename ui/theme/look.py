"""The look in force: painted widgets ask here at every paint, so a change of theme needs no rebuild of them."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme import fonts, icons
from ui.theme.stylesheet import style_sheet
from ui.theme.tokens import FAMILIES, Metrics, Palette, Theme, TypeScale, make_theme

_theme = make_theme()


def theme() -> Theme:
    return _theme


def palette() -> Palette:
    return _theme.palette


def metrics() -> Metrics:
    return _theme.metrics


def scale() -> TypeScale:
    return _theme.type


def colour(name: str) -> QColor:
    """A colour token by name: ``ink``, ``done_ground`` ..."""
    return QColor(getattr(_theme.palette, name))


def font(size: str = "body", *, bold: bool = False) -> QFont:
    """The one family at one of its four sizes: ``title`` | ``section`` | ``body`` | ``small``."""
    made = QFont()
    made.setFamilies(list(FAMILIES))
    made.setPixelSize(_theme.type.size(size))
    made.setBold(bold)
    return made


def text_width(text: str, size: str = "body", *, bold: bool = False) -> int:
    return QFontMetrics(font(size, bold=bold)).horizontalAdvance(text)


def line_height(size: str = "body") -> int:
    """Pixels from one line of this size to the next."""
    return round(_theme.type.size(size) * _theme.type.line)


def apply(app: QApplication, *, dark: bool = False, large: bool = False) -> None:
    """Put a look in force: fonts, colours and the style sheet. Windows made before are to be rebuilt for type size."""
    global _theme
    fonts.load()
    _theme = make_theme(dark=dark, large=large)
    icons.forget()
    app.setStyle("Fusion")
    app.setFont(font())
    app.setPalette(_qt_palette(_theme.palette))
    app.setStyleSheet(style_sheet(_theme))


def _qt_palette(colours: Palette) -> QPalette:
    """What Qt draws by itself (menus of a text field, selections, place holders) in our colours."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, name in {
        role.Window: "ground", role.WindowText: "ink", role.Base: "surface", role.AlternateBase: "ground",
        role.Text: "ink", role.Button: "surface", role.ButtonText: "ink", role.PlaceholderText: "second",
        role.Highlight: "accent", role.HighlightedText: "on_accent", role.ToolTipBase: "surface",
        role.ToolTipText: "ink", role.Link: "accent",
    }.items():  # fmt: skip
        made.setColor(which, QColor(getattr(colours, name)))
    return made


def one_line(text: str) -> str:
    """``text`` for a place of one line: what people sent with line breaks inside stays readable there."""
    return " ".join(text.split()) if "\n" in text or "\r" in text else text
