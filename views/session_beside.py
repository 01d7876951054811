"""What stands beside a session's note 训练前提示: precautions first, then practice since the last session, then last time."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from models.rehabilitation_file import GoalLine
from models.session_notes import Beside, LastNote, goal_words
from models.therapies import CONTRAINDICATIONS, RESPONSES
from resources import _
from ui.text import PlainLabel
from ui.widgets import Banner, column


def warnings(risks: tuple[str, ...], precautions: str, beside: Beside) -> list[QWidget]:
    """Return the banners of what speaks against the therapy: what bars it today apart from what asks for care."""
    said = [
        (_("Barred: {what}") if bar.barred else _("Care: {what}")).format(
            what=_(", ").join(filter(None, (bar.words, bar.until)))
        )
        for bar in beside.bars
    ]
    banners: list[QWidget] = [Banner("\n".join(said), "danger")] if said else []
    general = [_(", ").join(CONTRAINDICATIONS.label(risk) for risk in risks), precautions, beside.precautions]
    words = "\n".join(dict.fromkeys(filter(None, general)))
    return [*banners, Banner(words, "warning")] if words else banners


def practice(beside: Beside) -> QWidget | None:
    """Return the lines of what was really done between the sessions."""
    if not beside.practised:
        return None
    head = _("Practised since {day}").format(day=f"{beside.since:%m-%d}")
    return _lines(head, [each.words() for each in beside.practised])


def last_time(note: LastNote | None, goals: tuple[GoalLine, ...]) -> QWidget | None:
    """Return what was noted last time, goal by goal, in few lines."""
    if note is None:
        return None
    names = {goal.id: goal.text for goal in goals}
    said = {key: goal_words(note.goal_notes.get(key) or {}) for key in note.goals if key in names}
    words = [_("{goal}: {note}").format(goal=names[key], note=noted) for key, noted in said.items() if noted]
    bare = _(", ").join(names[key] for key, noted in said.items() if not noted)
    words += [each for each in (bare, RESPONSES.label(note.response), note.result) if each]
    return _lines(_("Last time ({day})").format(day=f"{note.on:%m-%d}"), words)


def _lines(head: str, words: list[str]) -> QWidget:
    """Return a small heading with lines close below it."""
    holder = QWidget()
    lines = column(holder, 0)
    lines.addWidget(PlainLabel(head, "strong"))
    for each in words:
        lines.addWidget(PlainLabel(each, "caption", wrap=True))
    return holder
