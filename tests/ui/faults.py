"""What is wrong with a window as it stands: cut text, overlapping controls, faint text, small or nameless controls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QScrollBar,
    QTextEdit,
    QWidget,
)

from tests.ui.test_tokens import contrast
from ui.screens.stored_picture import Picture
from ui.widgets.button import BigAnswer, Button
from ui.widgets.chips import MemberChip, PickChip
from ui.widgets.notices import Trouble
from ui.widgets.sheet import Sheet, SheetArea
from ui.widgets.tag import Tag

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QTextEdit, QAbstractItemView)
FLOATING = ("toast", "panel")
HIT = 40
SHEET_AROUND = 48  # pixels that stay free above and below a sheet
COMBO_AROUND = 36  # pixels of arrow and padding in a combo box
READABLE = 4.5


def faults(window: QWidget) -> list[str]:
    """Everything wrong in what is visible now; of a window with a sheet over it, the sheet alone."""
    sheets = [each for each in window.findChildren(Sheet) if each.isVisible()]
    root = sheets[-1] if sheets else window
    seen = [widget for widget in root.findChildren(QWidget) if _visible(widget)]
    for cover in [widget for widget in seen if isinstance(widget, Trouble)]:  # an opaque word over a whole screen
        under = cover.parentWidget()
        seen = [w for w in seen if w is cover or cover.isAncestorOf(w) or not under.isAncestorOf(w)]
    over = [_place(widget) for widget in seen if widget.property("role") in FLOATING]
    seen = [w for w in seen if _floats(w) or not any(_place(w).intersects(place) for place in over)]
    picture = window.grab().toImage()
    found: list[str] = []
    for check in (_cut, _clipped, _small, nameless):
        found += [fault for widget in seen for fault in check(widget)]
    found += [fault for sheet in sheets[-1:] for fault in _needless_scroll(sheet)]
    found += list(_overlaps(seen))
    found += [fault for widget in seen for fault in _faint(widget, picture, window)]
    return found


def _visible(widget: QWidget) -> bool:
    return widget.isVisible() and not widget.visibleRegion().isEmpty() and not isinstance(widget, QScrollBar)


def _name(widget: QWidget) -> str:
    text = getattr(widget, "text", lambda: "")
    said = text() if callable(text) else ""
    return f"{type(widget).__name__} {widget.accessibleName() or said!r}"


def _cut(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel) and widget.text():
        if widget.wordWrap():
            needed = widget.heightForWidth(widget.width())
            if needed > widget.height() + 1:
                yield f"cut: {_name(widget)} needs {needed} px of height, has {widget.height()}"
        elif widget.sizeHint().width() > widget.width() + 1 or widget.sizeHint().height() > widget.height() + 4:
            yield f"cut: {_name(widget)} needs {widget.sizeHint().width()} px, has {widget.width()}"
    elif isinstance(widget, QComboBox):
        needed = widget.fontMetrics().horizontalAdvance(widget.currentText()) + COMBO_AROUND
        if needed > widget.width() and not widget.toolTip():
            yield f"cut: {_name(widget)} needs {needed} px, has {widget.width()}"
    elif isinstance(widget, Button | PickChip | Tag | BigAnswer):
        needed = widget.minimumSizeHint().width() if isinstance(widget, BigAnswer) else widget.sizeHint().width()
        if needed > widget.width() + 1:
            yield f"cut: {_name(widget)} needs {needed} px, has {widget.width()}"


def _clipped(widget: QWidget) -> Iterator[str]:
    """Hidden at its side by what it stands in: a scroll area scrolls downwards only."""
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit) and widget.width() > 0:
        shown = widget.visibleRegion().boundingRect().width()
        if shown < widget.width() - 1:
            yield f"clipped: {_name(widget)} shows {shown} of {widget.width()} px"


def _needless_scroll(sheet: Sheet) -> Iterator[str]:
    """A sheet that scrolls what it has although the window has room for more."""
    for area in sheet.findChildren(SheetArea):
        hidden = area.verticalScrollBar().maximum()
        room = sheet.height() - area.parentWidget().height() - SHEET_AROUND
        if area.isVisible() and hidden and room >= hidden:
            yield f"scrolls: {sheet.accessibleName()!r} hides {hidden} px with {room} px of room"


def _small(widget: QWidget) -> Iterator[str]:
    if not isinstance(widget, QAbstractButton | QLineEdit | QComboBox | QAbstractSpinBox) or not widget.isEnabled():
        return
    if isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox):
        return  # the field inside a spin box is part of it
    if isinstance(widget, QLineEdit) and widget.isReadOnly():
        return
    needs_width = not isinstance(widget, QCheckBox | QRadioButton)
    if widget.height() < HIT or (needs_width and widget.width() < HIT):
        yield f"small: {_name(widget)} is {widget.width()} × {widget.height()}"


def nameless(widget: QWidget) -> Iterator[str]:
    if not isinstance(widget, CONTROLS) or isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox):
        return
    if isinstance(widget, QHeaderView):
        return  # a screen reader hears its words as cells of the table
    text = getattr(widget, "text", None)
    if not widget.accessibleName() and not (isinstance(widget, QAbstractButton) and text and text()):
        yield f"nameless: {type(widget).__name__} {widget.objectName()}"


def _place(widget: QWidget) -> QRect:
    """What is visible of the widget, in the window's coordinates."""
    region = widget.visibleRegion().boundingRect()
    return QRect(widget.mapTo(widget.window(), region.topLeft()), region.size())


def _overlaps(seen: list[QWidget]) -> Iterator[str]:
    solid = [w for w in seen if isinstance(w, QAbstractButton | QLineEdit | QComboBox | QLabel | Tag | MemberChip)]
    solid = [w for w in solid if not (isinstance(w, QLabel) and not w.text()) and not _floats(w)]
    places = [(widget, _place(widget)) for widget in solid]
    for index, (one, here) in enumerate(places):
        for other, there in places[index + 1 :]:
            both = here.intersected(there)
            if both.width() > 2 and both.height() > 2 and not one.isAncestorOf(other) and not other.isAncestorOf(one):
                yield f"overlap: {_name(one)} and {_name(other)}"


def _floats(widget: QWidget) -> bool:
    """Whether it stands on a note that is meant to lie over the screen for a moment."""
    above = widget.parentWidget()
    return above is not None and (above.property("role") in FLOATING or _floats(above))


def _faint(widget: QWidget, picture: QImage, window: QWidget) -> Iterator[str]:
    """Ink against ground as painted: the commonest colour is the ground, the farthest from it the ink."""
    if not isinstance(widget, QLabel | QAbstractButton | Tag) or not widget.isEnabled():
        return
    if isinstance(widget, Picture) or (isinstance(widget, QLabel) and not widget.text()):
        return  # a photo has the colours it has
    area = _place(widget)
    if area.height() < widget.height() - 2:
        return  # half scrolled away: what shows may be its edge alone
    corner = widget.window().mapTo(window, QPoint(0, 0)) if widget.window() is not window else QPoint(0, 0)
    ratio = picture.devicePixelRatio()
    colours = _colours(picture, area.translated(corner), ratio)
    if len(colours) < 2:
        return
    ground = colours.most_common(1)[0][0]
    best = max(contrast(ground, colour) for colour in colours)
    if best < READABLE:
        yield f"faint: {_name(widget)} reaches {best:.1f}:1"


def _colours(picture: QImage, area: QRect, ratio: float) -> Counter[str]:
    found: Counter[str] = Counter()
    image = picture.copy(
        round(area.x() * ratio), round(area.y() * ratio), round(area.width() * ratio), round(area.height() * ratio)
    ).convertToFormat(QImage.Format.Format_RGB32)
    if image.isNull():
        return found
    pixels = Counter(memoryview(image.constBits()).cast("B").cast("I"))
    for pixel, count in pixels.items():
        found[f"#{pixel & 0xFFFFFF:06X}"] += count
    return found
