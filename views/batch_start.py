"""Batch start 开始打印: what is asked and checked once before many papers are made, and the job that is put in the queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from models.core.record import new_id
from models.month import ChildOfMonth, Month
from models.paper_jobs import CHECK, FOLDER, PRINTER, Document, JobState, PaperJob
from models.paper_plan import Plan, planned
from resources import _, current_language, ngettext
from ui.dialogs import Question, confirm
from views.batch_cards import details_of
from views.paper_queue import queue_of

if TYPE_CHECKING:
    from ui.app import App
    from views.batch_choices import Choices

KEEP_BOTH, REPLACE = 1, 2
_NAMED = 5


def begin(
    parent: QWidget, children: Sequence[ChildOfMonth], month: Month, choices: Choices, target: str = ""
) -> JobState | None:
    """Put a job into the queue, after the few questions it needs; None when the person thought better of it."""
    target = target or choices.target.value()
    keys = choices.papers.keys()
    if not children or not keys or not _ready(choices, target):
        return None
    if target != CHECK and not _signs_agreed(parent, children):
        return None
    if target == PRINTER:  # as they are handed out
        children = sorted(children, key=lambda each: (not each.unit, each.unit, each.number))
    plan = Plan(
        month, [choices.papers.kinds[key] for key in keys], choices.manner_now(), choices.rule,
        choices.places.currentData(), choices.folder if target == FOLDER else "",
    )  # fmt: skip
    documents, replacing = planned(children, plan), False
    if target == FOLDER and (there := existing(choices.folder, documents)):
        answer = ask_existing(parent, there)
        if answer == KEEP_BOTH:
            documents = planned(children, plan, files_beside(choices.folder, documents))
        elif answer != REPLACE:
            return None
        replacing = answer == REPLACE
    job = PaperJob(
        new_id(), choices.app.now(), str(month), tuple(keys), documents, target, plan.folder, replacing,
        choices.printer_for_job() if target == PRINTER else None, current_language(), target != CHECK and choices.keeps(),
    )  # fmt: skip
    if target != CHECK and choices.check.isChecked():
        return check_then_print(parent, choices.app, job)
    return queue_of(choices.app).add(job)


def check_then_print(parent: QWidget, app: App, job: PaperJob) -> JobState:
    """Gather and lay out everything first; print at once when all is well, else say what is not and ask."""
    queue = queue_of(app)
    checking = replace(job, id=new_id(), target=CHECK, keep=False, printer=None)

    def checked(state: JobState) -> None:
        if state.job.id != checking.id:
            return
        queue.over.disconnect(checked)
        if state.ended and agreed(parent, state):
            queue.forget(checking.id)
            queue.add(job)

    queue.over.connect(checked)
    return queue.add(checking)


def agreed(parent: QWidget, state: JobState) -> bool:
    """Whether nothing is amiss, or the person wants the papers all the same."""
    amiss = details_of(state)
    return not amiss or confirm(parent, _("Print all the same?"), "\n".join(amiss), _("Print all the same"))


def _ready(choices: Choices, target: str) -> bool:
    """Whether there is a place for the papers; asks for one where none was ever chosen."""
    if target == FOLDER:
        there = choices.folder and Path(choices.folder).is_dir()
        return bool(there or choices.choose_folder())
    if target == PRINTER:
        return choices.printer is not None or choices.choose_printer()
    return True


def _signs_agreed(parent: QWidget, children: Sequence[ChildOfMonth]) -> bool:
    """Name the children in whose name there is a character without a font, before anything is printed."""
    gaps = names_without_font(children)
    if not gaps:
        return True
    lines = [
        _("{name}: {signs}").format(name=name, signs=" ".join(signs)) for name, signs in list(gaps.items())[:_NAMED]
    ]
    text = _("These characters have no font and would be printed as marked gaps:") + "\n" + "\n".join(lines)
    return confirm(parent, _("Characters without a font"), text, _("Print all the same"))


def names_without_font(children: Iterable[ChildOfMonth]) -> dict[str, str]:
    """Return the characters of children's names and units that no font has, by child."""
    from reports.fonts import missing_glyphs

    found = {each.name: "".join(missing_glyphs(each.name + each.unit)) for each in children}
    return {name: signs for name, signs in found.items() if signs}


def existing(folder: str, documents: Iterable[Document]) -> list[str]:
    """Return the names that are in the folder already."""
    return [each.file for each in documents if (Path(folder) / each.file).exists()]


def files_beside(folder: str, documents: Iterable[Document]) -> list[str]:
    """Return what lies where the documents are to lie."""
    places = {(Path(folder) / each.file).parent for each in documents}
    return [file.relative_to(folder).as_posix() for place in places if place.is_dir() for file in place.iterdir()]


def ask_existing(parent: QWidget, there: Sequence[str]) -> int:
    """Ask once what becomes of files that are there already; 0 when nothing shall be printed."""
    count = len(there)
    text = ngettext(
        "{n} file of this name is in the folder already: {names}", "{n} files of these names are in the folder already: {names}",
        count,
    ).format(n=count, names=_(", ").join(there[:_NAMED]) + (" …" if count > _NAMED else ""))  # fmt: skip
    question = Question(parent, _("Replace what is there?"), text, "files", "warning")
    question.answer(_("Cancel"), 0)
    question.answer(_("Replace"), REPLACE)
    question.answer(_("Keep both"), KEEP_BOTH, "primary").setFocus()
    answer = question.exec()
    question.deleteLater()
    return answer
