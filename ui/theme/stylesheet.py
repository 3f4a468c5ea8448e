"""The one style sheet, generated from tokens. Widgets choose a rule by their ``role`` and ``tone`` properties."""

from __future__ import annotations

from ui.theme.tokens import TONES, Theme


def style_sheet(theme: Theme) -> str:
    return "\n".join(
        (_base(theme), _labels(theme), _surfaces(theme), _fields(theme), _lists(theme), _scrollbars(theme))
    )


def _base(theme: Theme) -> str:
    p, t = theme.palette, theme.type
    return f"""
QWidget {{ color: {p.ink}; font-size: {t.body}px; }}
QWidget[role="page"], QMainWindow, QDialog {{ background: {p.ground}; }}
QScrollArea, QScrollArea > QWidget > QWidget[role="scroll"] {{ background: transparent; border: none; }}
QStackedWidget {{ background: transparent; }}
QToolTip {{ background: {p.surface}; color: {p.ink}; border: 1px solid {p.line}; padding: 4px 8px; }}
"""


def _labels(theme: Theme) -> str:
    p, t = theme.palette, theme.type
    tones = "\n".join(f'QLabel[tone="{name}"] {{ color: {p.tone(name)[0]}; }}' for name in TONES)
    return f"""
QLabel {{ background: transparent; }}
QLabel[role="title"] {{ font-size: {t.title}px; font-weight: bold; }}
QLabel[role="section"] {{ font-size: {t.section}px; font-weight: bold; }}
QLabel[role="strong"] {{ font-weight: bold; }}
QLabel[role="second"] {{ font-size: {t.small}px; color: {p.second}; }}
QLabel[role="secondbody"] {{ color: {p.second}; }}
QLabel[role="brand"] {{ font-size: {t.body}px; font-weight: bold; color: {p.accent}; }}
QLabel[role="error"] {{ font-size: {t.small}px; color: {p.abnormal}; }}
{tones}
"""


def _surfaces(theme: Theme) -> str:
    p, m = theme.palette, theme.metrics
    return f"""
QFrame[role="card"] {{ background: {p.surface}; border: 1px solid {p.line}; border-radius: {m.radius}px; }}
QFrame[role="line"] {{ background: {p.line}; border: none; min-height: 1px; max-height: 1px; }}
QFrame[role="bar"] {{ background: {p.surface}; border: none; border-bottom: 1px solid {p.line}; }}
QFrame[role="rail"] {{ background: {p.surface}; border: none; border-right: 1px solid {p.line}; }}
QFrame[role="banner"][tone="abnormal"] {{ background: {p.abnormal_ground}; border: 1px solid {p.abnormal};
  border-radius: {m.radius}px; }}
QFrame[role="banner"][tone="changed"] {{ background: {p.changed_ground}; border: 1px solid {p.changed};
  border-radius: {m.radius}px; }}
QFrame[role="banner"][tone="accent"] {{ background: {p.accent_ground}; border: 1px solid {p.accent};
  border-radius: {m.radius}px; }}
QFrame[role="toast"], QFrame[role="panel"] {{ background: {p.surface}; border: 1px solid {p.control_line};
  border-radius: {m.radius}px; }}
"""


def _fields(theme: Theme) -> str:
    p, t, m = theme.palette, theme.type, theme.metrics
    inner = m.control - 2 * m.focus
    boxes = "QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit"
    focus = ", ".join(f"{name.strip()}:focus" for name in boxes.split(","))
    return f"""
{boxes} {{ background: {p.surface}; border: 1px solid {p.control_line}; border-radius: {m.radius}px;
  padding: 1px 11px; selection-background-color: {p.accent}; selection-color: {p.on_accent}; }}
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit {{ min-height: {inner}px; }}
QPlainTextEdit, QTextEdit {{ padding: 7px 7px; }}
{focus} {{ border: {m.focus}px solid {p.accent}; padding: 0px 10px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ padding: 6px 6px; }}
QLineEdit[wrong="true"] {{ border: 1px solid {p.abnormal}; }}
QLineEdit[wrong="true"]:focus {{ border: {m.focus}px solid {p.abnormal}; }}
QLineEdit:disabled, QComboBox:disabled {{ background: {p.ground}; color: {p.second}; }}
QLineEdit[role="search"] {{ background: {p.ground}; padding-left: 35px; }}
QLineEdit[role="search"]:focus {{ padding-left: 34px; background: {p.surface}; }}
QComboBox::drop-down {{ border: none; width: 28px; }}
QComboBox QAbstractItemView {{ background: {p.surface}; border: 1px solid {p.control_line}; outline: none;
  selection-background-color: {p.accent_ground}; selection-color: {p.ink}; }}
QCheckBox, QRadioButton {{ spacing: 8px; min-height: {m.control}px; font-size: {t.body}px; }}
QCheckBox:focus, QRadioButton:focus {{ color: {p.accent}; }}
QProgressBar {{ background: {p.todo_ground}; border: none; border-radius: 3px; max-height: 6px; }}
QProgressBar::chunk {{ background: {p.accent}; border-radius: 3px; }}
"""


def _lists(theme: Theme) -> str:
    p, t, m = theme.palette, theme.type, theme.metrics
    return f"""
QListView, QTableView, QTreeView {{ background: transparent; border: none; outline: none;
  selection-background-color: {p.accent_ground}; selection-color: {p.ink}; }}
QListView:focus, QTableView:focus, QTreeView:focus {{ outline: none; }}
QTableView {{ gridline-color: {p.line}; }}
QHeaderView::section {{ background: {p.surface}; color: {p.second}; font-size: {t.small}px; border: none;
  border-bottom: 1px solid {p.line}; padding: 8px 12px; }}
QCalendarWidget QWidget, QCalendarWidget QTableView {{ background: {p.surface}; }}
QCalendarWidget QTableView:enabled {{ color: {p.ink}; selection-background-color: {p.accent};
  selection-color: {p.on_accent}; }}
QCalendarWidget QTableView:disabled {{ color: {p.second}; }}
QCalendarWidget QToolButton {{ background: transparent; border: none; border-radius: {m.radius}px; padding: 0 12px; }}
QCalendarWidget QToolButton:hover {{ background: {p.hover}; }}
QCalendarWidget QToolButton:focus {{ border: 2px solid {p.accent}; }}
QCalendarWidget QToolButton::menu-indicator {{ image: none; }}
QMenu {{ background: {p.surface}; border: 1px solid {p.control_line}; border-radius: {m.radius}px; padding: 4px; }}
QMenu::item {{ padding: 8px 24px; border-radius: {m.tag_radius}px; }}
QMenu::item:selected {{ background: {p.accent_ground}; }}
"""


def _scrollbars(theme: Theme) -> str:
    p = theme.palette
    return f"""
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {p.control_line}; border-radius: 4px; margin: 1px; min-height: 32px;
  min-width: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
  border: none; height: 0; width: 0; }}
"""
