"""Focus 焦点: where the keys go, when what they went to is made anew or stands elsewhere than it was made.

Qt hands the focus on in the order in which widgets were made. Two things follow that a person at the keyboard
should never notice:

* What is made later, though it stands in the middle of a page, would be reached last: :func:`line_up` puts it
  where it stands.
* What is taken away hands the focus on from widget to widget as they go, and the page scrolls along to wherever
  that ends: :func:`hold` keeps the place until what is filled in instead has it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QScrollBar, QWidget


def line_up(before: QWidget, *parts: QWidget) -> None:
    """Let Tab go from one widget through these parts, in this order."""
    for part in parts:
        for each in (part, *part.findChildren(QWidget)):
            # The list that a box drops down is a window of its own.
            if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.window() is before.window():
                QWidget.setTabOrder(before, each)
                before = each


def hold(holder: QWidget) -> None:
    """Keep the place of the keys in a part that is about to be filled anew.

    What has the focus is found again by its kind and name among what is filled in instead, and the page stays
    where it was scrolled to.
    """
    focus = holder.window().focusWidget()
    if focus is None or focus is holder or not holder.isAncestorOf(focus):
        return
    place = _alike(holder, type(focus), _name(focus)).index(focus)
    holder.setFocus()
    bars = [(bar, bar.value()) for bar in _bars(holder)]
    QTimer.singleShot(0, holder, partial(_focus_again, holder, type(focus), _name(focus), place, bars))


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or str(getattr(widget, "text", str)())


def _alike(holder: QWidget, kind: type[QWidget], name: str) -> list[QWidget]:
    return [each for each in holder.findChildren(kind) if type(each) is kind and _name(each) == name]


def _bars(holder: QWidget) -> Iterator[QScrollBar]:
    above: QWidget | None = holder
    while above is not None:
        if isinstance(above, QScrollArea):
            yield above.verticalScrollBar()
        above = above.parentWidget()


def _focus_again(
    holder: QWidget, kind: type[QWidget], name: str, place: int, bars: Sequence[tuple[QScrollBar, int]]
) -> None:
    QCoreApplication.sendPostedEvents()  # what is new takes its room only now
    for bar, value in bars:
        bar.setValue(value)
    if holder.window().focusWidget() is holder and (alike := _alike(holder, kind, name)):
        alike[min(place, len(alike) - 1)].setFocus()
