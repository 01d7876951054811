"""Printing from the command line 命令行打印: the same papers as in the Papers room, into a folder."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from resources import _, current_language
from views.command_line import DONE, REFUSED, USAGE, progress, say, signed_in


def print_paper(options: argparse.Namespace) -> int:
    """Print one paper of the catalogue for the children of a month, or for some of them."""
    import models  # noqa: F401 (every record type)
    from models.month import Month
    from reports.catalogue import catalogue

    kinds = {each.key: each for each in catalogue()}
    if options.paper not in kinds:
        say(_("There is no such paper: {name}. There are:").format(name=options.paper))
        for each in kinds.values():
            say(f"  {each.key:26} {_(each.title)}")
        return USAGE
    try:
        month = Month.parse(options.month)
    except ValueError:
        say(_("This is not a month: {text}. Write it as 2026-10.").format(text=options.month))
        return USAGE
    with signed_in(options) as (home, database, actor):
        children = _children(options, database, actor, month)
        if not children:
            say(_("Nothing was printed for {month}.").format(month=month))
            return REFUSED
        state = _carried_out(home, database, actor, children, month, kinds[options.paper], options)
    return _told(state, kinds[options.paper], options.out)


def _children(options: argparse.Namespace, database: Any, actor: Any, month: Any) -> list[Any]:
    """Return those who were asked for; nobody when one of them was not there."""
    from models.month import children_of

    with database.read(actor) as work:
        there = {each.number: each for each in children_of(work, month)}
    strangers = [number for number in options.child if number not in there]
    if strangers:
        say(_("No such child in this month: {numbers}").format(numbers=" ".join(strangers)))
        return []
    return [there[number] for number in options.child or there]


def _carried_out(home: Any, database: Any, actor: Any, children: Any, month: Any, kind: Any, options: Any) -> Any:
    from models.core import settings
    from models.core.record import new_id
    from models.month import photos_in
    from models.paper_jobs import ALL, EACH, JobState, PaperJob
    from models.paper_plan import Plan, planned
    from reports.paper_batch import Folder, Stage, carry_out

    out = str(options.out)
    with database.read(actor) as work:
        rule = str(settings.value(work, "paper_names"))
    documents = planned(children, Plan(month, [kind], ALL if options.bound else EACH, rule, folder=out))
    # A script that runs every month says where its files go; those of an earlier run are replaced.
    job = PaperJob(
        new_id(), database.clock(), str(month), (kind.key,), documents, folder=out, replace=True,
        language=current_language(),
    )  # fmt: skip
    state = JobState(job)
    with progress() as show:
        tell = lambda event: show(state.share(), event.get("name", ""))  # noqa: E731
        carry_out(state, Stage(database, actor, Folder(out), photos_in(home), tell))
    return state


def _told(state: Any, kind: Any, out: Path) -> int:
    from models.core.errors import Unusable

    if state.problem:
        raise Unusable(state.problem)
    for failure in state.failures.values():
        say(f"{failure.name}: {failure.reason}")
    for name, letters in state.gaps.items():
        say(_("{name}: no typeface has {letters}").format(name=name, letters=letters))
    files = [name for name in state.files.values() if name]
    if kind.key == "monthly":
        words = _("{n} monthly records in {m} files: {folder}")
    else:
        words = _("{title}: {n} papers in {m} files: {folder}")
    print(words.format(title=_(kind.title), n=state.printed, m=len(files), folder=out))
    return REFUSED if state.failures else DONE


def print_therapy(options: argparse.Namespace) -> int:
    """Print one therapy paper of a day, week or month, about all or about some."""
    import models  # noqa: F401 (every record type)
    from models.core.files import write_whole
    from models.papers import file_name
    from models.therapy_papers import THERAPY_PAPERS, period_of
    from models.therapy_timetables import Asked
    from reports.therapy_papers import therapy_document

    kind = THERAPY_PAPERS.get(options.paper)
    if kind is None:
        say(_("There is no such paper: {name}. There are:").format(name=options.paper))
        for each in THERAPY_PAPERS.values():
            say(f"  {each.key:16} {_(each.title)}")
        return USAGE
    with signed_in(options) as (_home, database, actor):
        with database.read(actor) as work:
            day = options.day or work.today
            ids, strangers = _chosen(work, kind, day, options.about)
        if strangers:
            say(_("Not found for this paper: {names}").format(names=" ".join(strangers)))
            return REFUSED
        masked = kind.maskable and (kind.masked or options.masked) and not options.named
        with progress() as show:
            pdf = therapy_document(
                database, actor, kind, Asked(day, tuple(ids), masked), lambda at, count: show(at / count, _(kind.title))
            )
    named = "" if masked and kind.subject == "child" else "_".join(options.about)
    file = options.out / file_name(_(kind.title), named, period_of(kind, day))
    write_whole(file, pdf)
    print(file)
    return DONE


def _chosen(work: Any, kind: Any, day: date, about: list[str]) -> tuple[list[str], list[str]]:
    """Return the ids of those named by name or number, and the names that belong to nobody."""
    from models.therapy_timetables import subjects

    known = subjects(work, kind.subject, day) if about else []
    ids = [key for key, name, more in known if name in about or more in about]
    strangers = [each for each in about if not any(each in (name, more) for _key, name, more in known)]
    return ids, strangers
