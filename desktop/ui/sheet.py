"""The one style sheet of the program, as a template over the tokens (`$key`).

What a sheet cannot do is in ui.md section 13; the focus ring of buttons is drawn by `theme.RingStyle`.
Rules that depend on a state repeat it together with `:focus`, because `[state="err"]` beats plain `:focus`.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

_TEXT = """
QWidget { color: $ink; font-size: ${body}pt; }
QLabel { background: transparent; }
QLabel[role="figure"] { font-size: ${figure}pt; font-weight: 600; }
QLabel[role="title"] { font-size: ${title}pt; font-weight: 600; }
QLabel[role="section"] { font-size: ${section}pt; font-weight: 600; }
QLabel[role="table"] { font-size: ${table}pt; }
QLabel[role="caption"] { font-size: ${caption}pt; color: $ink3; }
QLabel[weight="400"] { font-weight: 400; }
QLabel[weight="500"] { font-weight: 500; }
QLabel[weight="600"] { font-weight: 600; }
QLabel[part="code"] { font-size: ${caption}pt; color: $ink2; background: transparent; border: 1px solid $line2;
  border-radius: 3px; padding: 0 5px; }
QLabel[part="counter"] { font-size: ${caption}pt; font-weight: 600; color: $ink2; background: $sunken;
  border-radius: 10px; padding: 0 7px; min-height: 20px; max-height: 20px; }
QLabel[part="counter"][urgent="true"] { color: $conflict; background: $conflictTint; }
QLabel[part="counter"][current="true"] { background: $surface; }
QLabel[part="initials"] { font-size: ${caption}pt; font-weight: 600; color: $ink2; background: $sunken;
  border-radius: 14px; min-width: 28px; max-width: 28px; min-height: 28px; max-height: 28px; }
QLabel:disabled { color: $disabledInk; }
"""

_GROUND = """
QMainWindow, QDialog { background: $canvas; }
QScrollArea, QScrollArea > QWidget > QWidget[part="scrolled"] { background: transparent; border: none; }
QFrame[part="rail"] { background: $canvas; border: none; border-right: 1px solid $line; }
QFrame[part="steps"] { background: $sunken; border: none; border-right: 1px solid $line; }
QFrame[part="strip"] { background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame[part="bar"] { background: $surface; border: none; border-top: 1px solid $line2; }
QFrame[part="panel"] { background: $surface; border: none; }
QFrame[part="side"] { background: $canvas; border: none; border-left: 1px solid $line; }
QFrame[part="practice"] { background: $sendingTint; border: none; border-top: 1px solid $sending; }
QFrame[part="line"] { background: $line; border: none; min-height: 1px; max-height: 1px; }
QFrame[part="line2"] { background: $line2; border: none; min-height: 1px; max-height: 1px; }
QFrame[card="plain"] { background: $surface; border: 1px solid $line; border-radius: ${radiusCard}px; }
QFrame[card="money"] { background: $moneyBg; border: 1px solid $line; border-radius: ${radiusCard}px; }
QFrame[card="choice"] { background: $surface; border: 1px solid $control; border-radius: ${radiusCard}px; padding: 1px; }
QFrame[card="chosen"] { background: $accentSoft; border: 2px solid $accent; border-radius: ${radiusCard}px; }
QFrame[card="error"] { background: $surface; border: 1px solid $refused; border-radius: ${radiusCard}px; }
QFrame[card="note"] { background: $surface; border: 1px solid $line2; border-radius: ${radiusCard}px; }
QFrame[part="toast"] { background: $raised; border: 1px solid $line2; border-radius: ${radiusCard}px; }
QFrame[part="popover"] { background: $raised; border: 1px solid $line2; border-radius: ${radiusCard}px; }
"""

_BUTTONS = """
QPushButton { background: $surface; color: $ink; border: 1px solid $control; border-radius: ${radius}px;
  font-size: ${table}pt; font-weight: 600; padding: 0 12px; min-height: ${fieldIn}px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $sunken; }
QPushButton:checked { background: $accentSoft; border-color: $accent; }
QPushButton:disabled { color: $disabledInk; border-color: $line2; background: $surface; }
QPushButton[small="true"] { min-height: ${smallIn}px; padding: 0 10px; }
QPushButton::menu-indicator { image: url("$urls/chevron-down.svg"); subcontrol-origin: padding;
  subcontrol-position: center right; right: 8px; width: 14px; height: 14px; }
QPushButton[hasMenu="true"] { padding-right: 28px; }
QPushButton[kind="primary"] { background: $accent; color: $onAccent; border-color: $accent; }
QPushButton[kind="primary"]:hover { background: $accentHover; border-color: $accentHover; }
QPushButton[kind="primary"]:pressed { background: $accentDown; border-color: $accentDown; }
QPushButton[kind="primary"]:disabled { background: $sunken; color: $disabledInk; border-color: $line2; }
QPushButton[kind="danger"] { color: $refused; border-color: $refused; }
QPushButton[kind="danger"]:hover { background: $refusedTint; }
QPushButton[kind="quiet"] { background: transparent; color: $link; border-color: transparent; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:pressed { background: $sunken; }
QPushButton[kind="quiet"]:disabled { color: $disabledInk; }
QPushButton[kind="link"] { background: transparent; color: $link; border: none; padding: 0 4px; min-height: 24px; min-width: 16px;
  font-size: ${body}pt; font-weight: 500; text-align: left; }
QPushButton[kind="link"]:hover, QPushButton[kind="link"]:pressed { text-decoration: underline; }
QPushButton[kind="link"]:disabled { color: $disabledInk; }
QPushButton[kind="row"] { background: transparent; border: none; padding: 0; min-height: 0; font-weight: 400;
  text-align: left; }
QPushButton[kind="row"]:hover { background: $hover; }
QFrame[card="money"] QPushButton[kind="row"]:hover { background: $accentSoft; }
QPushButton[kind="icon"] { background: transparent; border-color: transparent; padding: 0; min-width: ${fieldIn}px; }
QPushButton[kind="icon"]:hover { background: $hover; }
QPushButton[kind="square"] { padding: 0; min-width: ${fieldIn}px; max-width: ${fieldIn}px; }
QPushButton[kind="choice"] { text-align: left; }
QPushButton[rail="true"] { background: transparent; border: none; border-left: 3px solid transparent;
  border-radius: ${radius}px; padding: 0 0 0 9px; text-align: left; color: $ink2; font-size: ${body}pt; font-weight: 500;
  min-height: ${railItem}px; max-height: ${railItem}px; }
QPushButton[rail="true"]:hover { background: $hover; }
QPushButton[rail="true"]:checked { background: $accentSoft; border-left-color: $accent; color: $ink; font-weight: 600; }
QPushButton[chip="true"] { font-weight: 500; padding: 0 10px; min-height: ${chipIn}px; border-color: $line2; }
QPushButton[chip="true"]:checked { border-color: $accent; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: ${radius}px; padding: 2px; }
QToolButton:hover { background: $hover; }
"""

_FIELDS = """
QLineEdit, QComboBox, QDateEdit, QTimeEdit, QSpinBox { background: $surface; color: $ink; border: 1px solid $control;
  border-radius: ${radius}px; padding: 0 10px; min-height: ${fieldIn}px; selection-background-color: $accent;
  selection-color: $onAccent; }
QLineEdit { padding: 0 8px; placeholder-text-color: $ink3; }
QPlainTextEdit, QTextEdit { background: $surface; color: $ink; border: 1px solid $control; border-radius: ${radius}px;
  padding: 5px 7px; selection-background-color: $accent; selection-color: $onAccent; }
QLineEdit:focus, QComboBox:focus, QDateEdit:focus, QTimeEdit:focus, QSpinBox:focus { border: 2px solid $focus; padding: 0 9px;
  min-height: ${fieldFocus}px; }
QLineEdit:focus, QLineEdit[state="err"] { padding: 0 7px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $focus; padding: 4px 6px; }
QLineEdit[state="err"], QComboBox[state="err"], QDateEdit[state="err"], QSpinBox[state="err"] {
  border: 2px solid $refused; padding: 0 9px; min-height: ${fieldFocus}px; }
QLineEdit[state="err"] { padding: 0 7px; }
QPlainTextEdit[state="err"], QTextEdit[state="err"] { border: 2px solid $refused; padding: 4px 6px; }
QLineEdit[state="err"]:focus, QComboBox[state="err"]:focus, QDateEdit[state="err"]:focus,
QSpinBox[state="err"]:focus, QPlainTextEdit[state="err"]:focus, QTextEdit[state="err"]:focus {
  border: 2px solid $focus; }
QLineEdit:read-only, QPlainTextEdit:read-only, QTextEdit:read-only { background: $sunken; color: $ink2;
  border-color: $line2; }
QTextBrowser:read-only { background: $surface; color: $ink; border: 1px solid $line; border-radius: ${radiusCard}px;
  padding: 5px 7px; }
QTextBrowser:read-only:focus { border: 2px solid $focus; padding: 4px 6px; }
QLineEdit:disabled, QComboBox:disabled, QTimeEdit:disabled, QSpinBox:disabled, QPlainTextEdit:disabled, QTextEdit:disabled { background: $sunken;
  color: $disabledInk; border-color: $line2; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: url("$urls/chevron-down.svg"); width: 16px; height: 16px; }
QComboBox::down-arrow:disabled { image: url("$urls/chevron-down-off.svg"); }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line2; padding: 4px; outline: none; }
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 8px; border-radius: ${radius}px; }
QComboBox QAbstractItemView::item:selected { background: $accentSoft; color: $ink; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; min-height: 24px; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator, QGroupBox::indicator { width: 16px;
  height: 16px; border: 1px solid $control; background: $surface; }
QCheckBox::indicator, QAbstractItemView::indicator, QGroupBox::indicator { border-radius: 3px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked, QGroupBox::indicator:checked {
  background: $accent; border-color: $accent; image: url("$urls/check.svg"); }
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate { background: $accent;
  border-color: $accent; image: url("$urls/minus.svg"); }
QRadioButton::indicator:checked { border-color: $accent; image: url("$urls/dot.svg"); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line2; background: $sunken; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabledInk; }
"""

_VIEWS = """
QAbstractItemView { background: $surface; color: $ink; border: none; outline: none; font-size: ${table}pt;
  selection-background-color: $select; selection-color: $ink; }
QListView[ring="true"]:focus { border: 2px solid $focus; }
QListView[part="plain"], QTreeView[part="plain"], QTableView[part="plain"] { background: transparent; }
QTableView[framed="true"], QTreeView[framed="true"], QListView[framed="true"] { border: 1px solid $line;
  border-radius: ${radiusCard}px; }
QListWidget[part="menu"] { background: $surface; padding: 4px; }
QListWidget[part="menu"]::item { padding: 6px 8px; border-radius: ${radius}px; }
QListWidget[part="menu"]::item:selected { background: $accentSoft; color: $ink; }
QHeaderView { background: $surface; border: none; border-top-left-radius: ${radiusCard}px; }
QHeaderView::section { background: $surface; color: $ink2; border: none; border-bottom: 1px solid $line2;
  padding: 0 10px; font-size: ${table}pt; font-weight: 500; }
QHeaderView::section:hover { background: $hover; }
QTableCornerButton::section { background: $surface; border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $line2; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 36px; }
QScrollBar::handle:horizontal { min-width: 36px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $control; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $ink2; border: none; border-bottom: 2px solid transparent;
  padding: 6px 12px; font-size: ${table}pt; font-weight: 500; }
QTabBar::tab:selected { color: $ink; border-bottom-color: $accent; font-weight: 600; }
QTabBar::tab:focus { border: 2px solid $focus; border-radius: ${radius}px; padding: 4px 10px 6px 10px; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QMenu { background: $raised; border: 1px solid $line2; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: ${radius}px; background: transparent;
  font-size: ${table}pt; }
QMenu::item:selected { background: $accentSoft; color: $ink; }
QMenu::item:disabled { color: $disabledInk; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::indicator { width: 16px; height: 16px; margin-left: 6px; }
QMenu::indicator:checked { image: url("$urls/tick.svg"); }
QMenu::icon { margin-left: 8px; }
QToolTip { background: $raised; color: $ink; border: 1px solid $line2; padding: 4px 8px; font-size: ${caption}pt; }
QProgressBar { background: $sunken; border: 1px solid $line; border-radius: 4px; min-height: 6px; max-height: 6px;
  text-align: center; }
QProgressBar::chunk { background: $barWait; border-radius: 3px; }
"""

_TONES = "\n".join(
    f'QLabel[tone="{key}"] {{ color: ${key}; }}'
    for key in (
        *("ink", "ink2", "ink3", "link", "accent", "disabledInk", "onAccent"),
        *("saved", "waiting", "sending", "unknown", "confirmed", "refused", "conflict", "draft", "check"),
    )
)


def style_sheet(values: Mapping[str, str | int | float]) -> str:
    """The sheet with every `$key` filled in. Raises KeyError for a key that no token has."""
    return Template(_TEXT + _TONES + _GROUND + _BUTTONS + _FIELDS + _VIEWS).substitute(values)
