"""The style sheet: the theme's tokens laid over Fusion.

``@name`` is a colour, ``$n`` a length in pixels at 100 %, so that no colour and no size is written twice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from resources import path
from ui.form_sheet import SHEET as FORMS

if TYPE_CHECKING:
    from ui.theme import Theme

_SHEET = """
* { outline: none; }
QWidget { color: @text; }
QToolTip { background: @raised; color: @text; border: 1px solid @edge; padding: $4px $8px; }
QDialog, QMainWindow, #window { background: @surface; }

QLabel[role="caption"] { font-size: $12px; color: @muted; }
QLabel[role="strong"] { font-weight: 700; }
QLabel[role="heading"] { font-size: $16px; font-weight: 700; }
QLabel[role="title"] { font-size: $20px; font-weight: 700; }
QLabel[role="display"] { font-size: $28px; font-weight: 700; }
QLabel[tone="muted"] { color: @muted; }
QLabel[tone="accent"] { color: @accent; }
QLabel[tone="info"] { color: @info; }
QLabel[tone="good"] { color: @good; }
QLabel[tone="warning"] { color: @warning; }
QLabel[tone="danger"] { color: @danger; }

QLabel[chip="true"] { font-size: $12px; border-radius: $4px; padding: $1px $6px; border: 1px solid transparent; }
QLabel[chip="true"][tone="neutral"] { color: @neutral; background: @neutral_soft; }
QLabel[chip="true"][tone="info"] { color: @info; background: @info_soft; }
QLabel[chip="true"][tone="good"] { color: @good; background: @good_soft; }
QLabel[chip="true"][tone="warning"] { color: @warning; background: @warning_soft; }
QLabel[chip="true"][tone="danger"] { color: @danger; background: @danger_soft; }
QLabel[chip="true"][bordered="true"] { border-color: @edge; }
QLabel[keys="true"] { font-size: $12px; color: @muted; background: @sunken; border: 1px solid @line;
    border-radius: $4px; padding: 0 $5px; }

QPushButton { background: @raised; border: 1px solid @line; border-bottom-color: @edge; border-radius: $6px;
    padding: $5px $12px; min-height: $20px; }
QPushButton:hover { background: @sunken; border-color: @edge; }
QPushButton:pressed { background: @line; }
QPushButton:focus { border: 2px solid @focus; padding: $4px $11px; }
QPushButton:disabled { color: @disabled; background: @surface; border-color: @line; }
QPushButton:checked { background: @selection; border-color: @accent; }
QPushButton[kind="primary"] { background: @accent; color: @on_accent; border-color: @accent; font-weight: 700; }
QPushButton[kind="primary"]:hover { background: @accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid @text; }
QPushButton[kind="primary"]:disabled { background: @sunken; color: @disabled; border-color: @line; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; padding: $5px $8px; }
QPushButton[kind="quiet"]:hover { background: @sunken; }
QPushButton[kind="quiet"]:pressed { background: @line; }
QPushButton[kind="quiet"]:focus { border: 2px solid @focus; padding: $4px $7px; }
QPushButton[kind="quiet"]:disabled { color: @disabled; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; color: @accent; padding: 0 $2px;
    text-align: left; }
QPushButton[kind="link"]:hover { color: @accent_hover; text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 2px solid @focus; border-radius: $4px; padding: 0 $1px; }
QPushButton[kind="danger"] { color: @danger; }
QPushButton[kind="danger"]:hover { background: @danger_soft; border-color: @danger; }
QPushButton[kind="danger"]:focus { border-color: @danger; }
QPushButton[square="true"] { padding: 0; min-width: $30px; max-width: $30px; min-height: $30px; max-height: $30px; }
QPushButton[square="true"]:focus { padding: 0; min-width: $28px; max-width: $28px; min-height: $28px;
    max-height: $28px; }
QPushButton::menu-indicator { image: none; width: 0; }

QPushButton[segment="true"] { border: 1px solid @line; border-radius: 0; margin-left: -1px; padding: $4px $12px;
    background: @raised; color: @muted; }
QPushButton[segment="true"]:hover { color: @text; background: @sunken; }
QPushButton[segment="true"]:checked { background: @selection; color: @text; font-weight: 700; border-color: @accent; }
QPushButton[segment="true"]:focus { border: 2px solid @focus; padding: $3px $11px; }
QPushButton[segment="true"][end="first"] { border-top-left-radius: $6px; border-bottom-left-radius: $6px;
    margin-left: 0; }
QPushButton[segment="true"][end="last"] { border-top-right-radius: $6px; border-bottom-right-radius: $6px; }
QPushButton[segment="true"][end="only"] { border-radius: $6px; margin-left: 0; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: $6px; padding: $4px; }
QToolButton:hover { background: @sunken; }
QToolButton:pressed, QToolButton:checked { background: @selection; }
QToolButton:focus { border: 2px solid @focus; padding: $3px; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox { background: @raised; color: @text;
    border: 1px solid @edge; border-radius: $6px; padding: $4px $8px; min-height: $22px;
    selection-background-color: @accent; selection-color: @on_accent; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QComboBox:hover, QAbstractSpinBox:hover {
    border-color: @muted; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {
    border: 2px solid @focus; padding: $3px $7px; }
QLineEdit:read-only, QPlainTextEdit:read-only, QTextEdit:read-only { background: transparent; border-color: @line; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {
    background: @sunken; color: @disabled; border-color: @line; }
*[wrong="true"] { border-color: @danger; background: @danger_soft; }
*[doubtful="true"] { border-color: @warning; }
QLineEdit[bare="true"], QLineEdit[bare="true"]:focus, QPlainTextEdit[bare="true"], QPlainTextEdit[bare="true"]:focus,
QTextBrowser[bare="true"], QTextBrowser[bare="true"]:focus { border: none; background: transparent; padding: 0; }
QComboBox { padding-right: $24px; }
QComboBox::drop-down { subcontrol-origin: padding; subcontrol-position: center right; width: $22px; border: none; }
QComboBox::down-arrow { image: url("@@chevron-down"); width: $14px; height: $14px; }
QComboBox QAbstractItemView { background: @raised; color: @text; border: 1px solid @edge; outline: none;
    selection-background-color: @selection; selection-color: @text; padding: $4px; }
QAbstractSpinBox { min-height: $18px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: none; }
QDateEdit::drop-down, QDateTimeEdit::drop-down { subcontrol-position: center right; width: $24px; border: none; }
QDateEdit::down-arrow, QDateTimeEdit::down-arrow { image: url("@@calendar"); width: $14px; height: $14px; }

QCheckBox, QRadioButton { spacing: $8px; padding: $3px; border: 2px solid transparent; border-radius: $4px; }
QCheckBox:focus, QRadioButton:focus { border-color: @focus; }
QCheckBox::indicator, QListView::indicator, QRadioButton::indicator { width: $16px; height: $16px;
    border: 1px solid @edge; background: @raised; }
QCheckBox::indicator, QListView::indicator { border-radius: $4px; }
QRadioButton::indicator { border-radius: $9px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: @accent; }
QCheckBox::indicator:checked, QListView::indicator:checked { background: @accent; border-color: @accent; image: url("@@check"); }
QCheckBox::indicator:indeterminate { background: @accent; border-color: @accent; image: url("@@minus"); }
QRadioButton::indicator:checked { background: @accent; border-color: @accent; image: url("@@dot"); }
QCheckBox::indicator:checked:disabled, QRadioButton::indicator:checked:disabled { background: @disabled; border-color: @disabled; }
QCheckBox::indicator:unchecked:disabled, QRadioButton::indicator:unchecked:disabled { background: @sunken; border-color: @line; }
QCheckBox:disabled, QRadioButton:disabled { color: @disabled; }

QAbstractItemView { background: @raised; alternate-background-color: @surface; color: @text;
    border: 1px solid @line; border-radius: $6px; gridline-color: @line; outline: none;
    selection-background-color: @selection; selection-color: @text; }
QAbstractItemView:focus { border: 1px solid @focus; }
QTableView::item, QTreeView::item { padding: 0 $8px; border: none; }
QListView::item { padding: $4px $8px; border-radius: $4px; }
QAbstractItemView::item:hover { background: @sunken; }
QAbstractItemView::item:selected { background: @selection; color: @text; }
QHeaderView { background: @raised; border: none; }
QHeaderView::section { background: @raised; color: @muted; border: none; border-bottom: 1px solid @line;
    padding: $5px $8px; font-size: $12px; font-weight: 400; }
QHeaderView::section:hover { color: @text; background: @sunken; }
QHeaderView::down-arrow, QHeaderView::up-arrow { width: $10px; height: $10px; }
QTableCornerButton::section { background: @raised; border: none; }

QTabWidget::pane { border: none; border-top: 1px solid @line; }
QTabBar { qproperty-drawBase: 0; background: transparent; }
QTabBar::tab { background: transparent; color: @muted; border: none; border-bottom: 2px solid transparent;
    padding: $6px $2px; margin-right: $16px; min-height: $20px; }
QTabBar::tab:hover { color: @text; border-bottom-color: @line; }
QTabBar::tab:selected { color: @text; font-weight: 700; border-bottom-color: @accent; }
QTabBar::tab:focus { color: @accent; border-bottom-color: @focus; }

QMenu { background: @raised; color: @text; border: 1px solid @edge; border-radius: $8px; padding: $4px; }
QMenu::item { padding: $6px $24px $6px $8px; border-radius: $4px; }
QMenu::item:selected { background: @selection; }
QMenu::item:disabled { color: @disabled; }
QMenu::icon { padding-left: $6px; }
QMenu::separator { height: 1px; background: @line; margin: $4px $8px; }
QMenu::indicator { width: $16px; height: $16px; margin-left: $6px; }
QMenu::indicator:checked { image: url("@@tick"); }

QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: $12px; margin: 0; border: none; }
QScrollBar:horizontal { background: transparent; height: $12px; margin: 0; border: none; }
QScrollBar::handle { background: @scroll; border: $3px solid transparent; border-radius: $6px; }
QScrollBar::handle:vertical { min-height: $32px; margin: 0 $3px; border: none; border-radius: $3px; }
QScrollBar::handle:horizontal { min-width: $32px; margin: $3px 0; border: none; border-radius: $3px; }
QScrollBar::handle:hover { background: @edge; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QSplitter::handle { background: @line; }
QSplitter::handle:hover { background: @accent; }
QProgressBar { background: @sunken; border: none; border-radius: $3px; min-height: $6px; max-height: $6px;
    text-align: center; color: transparent; }
QProgressBar::chunk { background: @accent; border-radius: $3px; }
QSlider::groove:horizontal { background: @line; height: $4px; border-radius: $2px; }
QSlider::handle:horizontal { background: @accent; width: $16px; margin: -$6px 0; border-radius: $8px; }
QSlider:focus { border: 2px solid @focus; border-radius: $4px; }
QGroupBox { border: none; margin-top: $20px; font-weight: 700; }
QGroupBox::title { subcontrol-origin: margin; left: 0; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: @raised; }
QCalendarWidget QToolButton { color: @text; min-width: $24px; }
QCalendarWidget QAbstractItemView { border: none; border-radius: 0; }

QFrame[card="true"] { background: @raised; border: 1px solid @line; border-radius: $8px; }
QFrame#clickable:hover { border: 1px solid @edge; }
QFrame#clickable:focus { border: 2px solid @focus; border-radius: $8px; }
QFrame[rule="true"] { background: @line; border: none; }
QFrame[banner="true"] { border: none; border-left: $3px solid @neutral; border-radius: $4px;
    background: @neutral_soft; }
QFrame[banner="true"][tone="info"] { border-left-color: @info; background: @info_soft; }
QFrame[banner="true"][tone="good"] { border-left-color: @good; background: @good_soft; }
QFrame[banner="true"][tone="warning"] { border-left-color: @warning; background: @warning_soft; }
QFrame[banner="true"][tone="danger"] { border-left-color: @danger; background: @danger_soft; }
QFrame#glass { border: 3px solid @danger; border-radius: 0; }

#demo_band { background: @demo_soft; border-bottom: 1px solid @demo; }
#demo_band QLabel { color: @demo; font-size: $12px; font-weight: 700; }
#topbar { background: @surface; border-bottom: 1px solid @line; }
#sidebar { background: @side; border-right: 1px solid @line; }
#sidebar QScrollArea { background: transparent; }
QPushButton[nav="area"] { background: transparent; border: 2px solid transparent; border-radius: $6px;
    padding: 0 $8px; min-height: $27px; text-align: left; color: @text; }
QPushButton[nav="area"][active="true"] { font-weight: 700; }
QPushButton[nav="page"] { background: transparent; border: 2px solid transparent; border-radius: $6px;
    padding: 0 $8px 0 $34px; min-height: $23px; text-align: left; color: @muted; }
QPushButton[nav="fold"] { background: transparent; border: 2px solid transparent; border-radius: $6px;
    padding: 0 $8px 0 $28px; min-height: $23px; text-align: left; color: @muted; font-size: $12px; }
QPushButton[nav]:hover { background: @line; }
QPushButton[nav]:checked { background: @selection; color: @text; font-weight: 700; border-color: transparent; }
QPushButton[nav]:focus { border-color: @focus; }
QPushButton[nav="area"][small="true"] { padding: 0; text-align: center; }
QPushButton#find { background: @raised; border: 1px solid @line; color: @muted; text-align: left; }
QPushButton#find:hover { border-color: @edge; }
QPushButton#find:focus { border: 2px solid @focus; }
#toast { background: @toast; border: 1px solid @toast_line; border-radius: $8px; }
#toast QLabel { color: @on_toast; }
#toast QPushButton { color: @toast_link; background: transparent; border: 1px solid transparent; font-weight: 700;
    padding: $2px $8px; min-height: $18px; }
#toast QPushButton:hover { border-color: @toast_link; }
#toast QPushButton:focus { border: 2px solid @toast_link; padding: $1px $7px; }
#finder { background: @raised; border: 1px solid @edge; border-radius: $12px; }
#finder QLineEdit { border: none; background: transparent; font-size: $16px; padding: $7px $4px; min-height: $26px; }
#finder QListView { border: none; background: transparent; }
#cover { background: @surface; }
"""
_TOAST = {
    "light": {"toast": "#1b2320", "toast_line": "#1b2320", "on_toast": "#ffffff", "toast_link": "#84dccb"},
    "dark": {"toast": "#e7ebe9", "toast_line": "#e7ebe9", "on_toast": "#151918", "toast_link": "#0c5a4b"},
    "contrast": {"toast": "#000000", "toast_line": "#ffffff", "on_toast": "#ffffff", "toast_link": "#6fe7ce"},
}
_SCROLL = {"light": "#b4bdb7", "dark": "#4a5550", "contrast": "#ffffff"}


def style_sheet(theme: Theme) -> str:
    """Return the style sheet of the theme in use."""
    extra = {**_TOAST[theme.name], "scroll": _SCROLL[theme.name]}

    def colour(found: re.Match[str]) -> str:
        name = found.group(1)
        return extra[name] if name in extra else theme.color(name).name()

    sheet = re.sub(r"@@([a-z-]+)", lambda found: _control_image(found.group(1), theme.name), _SHEET + FORMS)
    sheet = re.sub(r"@([a-z_]+)", colour, sheet)
    sheet = re.sub(r"\$(\d+)", lambda found: str(theme.size(int(found.group(1)))), sheet)
    return sheet.replace("-0px", "0px")


def _control_image(name: str, theme_name: str) -> str:
    shade = "light" if theme_name == "light" else "dark"
    return path("icons", "controls", f"{name}-{shade}.svg").as_posix()
