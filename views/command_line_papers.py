"""Printing of therapy papers from the command line 命令行打印: the same papers as in the Papers room, into a folder."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from resources import _
from views.command_line import DONE, REFUSED, USAGE, progress, say, signed_in


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
