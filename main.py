"""Qinghe 青禾: opens the window, and everything that needs no window as a command.

    python main.py                                       open the window
    python main.py --home DIR demo                       make an invented home
    python main.py print monthly --month 2026-10 --out DIR
    python main.py print growth_sheet --month 2026-10 --out DIR
    python main.py print therapy department_week --day 2026-11-16 --out DIR
    python main.py schedule solve WEEK.json --seconds 60 --out PLAN.json
    python main.py --help

Exit codes: 0 done · 1 refused, or something was found that is not in order · 2 the command was not understood ·
3 nobody could be signed in · 4 the home, database or backup cannot be used · 130 interrupted.
"""

from __future__ import annotations

import argparse
import locale
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from resources import N_, _, use_language
from resources.language import LANGUAGES
from views import command_line as commands
from views import command_line_schedule as schedule
from views.command_line import DONE, INTERRUPTED, REFUSED, folder_of, say
from views.command_line_papers import print_paper, print_therapy


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    use_language(language_for(given))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = parser().parse_args(as_meant(given))
    try:
        return int(options.command(options))
    except KeyboardInterrupt:
        say(_("Interrupted."))
        return INTERRUPTED
    except Exception as error:
        code = commands.code_for(error)
        if code is None:
            raise
        say(str(error))
        return code


def as_meant(arguments: Sequence[str]) -> list[str]:
    """Let ``print growth_sheet`` stand for ``print paper growth_sheet``."""
    words = list(arguments)
    place = words.index("print") + 1 if "print" in words else len(words)
    if place < len(words) and words[place] not in {*PRINTED, "paper"} and not words[place].startswith("-"):
        words.insert(place, "paper")
    return words


# --- language ---


def language_for(arguments: Sequence[str]) -> str:
    """Return the language asked for by ``--language`` or QINGHE_LANGUAGE, else the system's; Chinese by default."""
    asked = asked_language(arguments)
    if asked in LANGUAGES:
        return asked
    variables = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    # Elsewhere than on Windows, Python calls a system without any locale American.
    system = next(filter(None, variables), (os.name == "nt" and locale.getlocale()[0]) or "")
    return "en" if system.lower().startswith(("en_", "english")) else "zh_CN"


def asked_language(arguments: Sequence[str]) -> str:
    """Return the language named on the command line or in the environment, if any."""
    for place, argument in enumerate(arguments):
        if argument == "--language" and place + 1 < len(arguments):
            return arguments[place + 1]
        if argument.startswith("--language="):
            return argument.partition("=")[2]
    return os.environ.get("QINGHE_LANGUAGE", "")


# --- the grammar ---

PRINTED = ("monthly", "therapy")
"""The words after ``print`` that have a grammar of their own; any other is a paper of the catalogue."""
EPILOG = N_(
    "QINGHE_USER and QINGHE_PASSWORD say who acts; without QINGHE_USER it is director, without a password you are asked.\n"
    "Exit codes: 0 done, 1 refused or something is not in order, 2 not understood, 3 not signed in, 4 the home cannot be used."
)


def parser() -> argparse.ArgumentParser:
    """Return the grammar of the command line, in the language in use."""
    argparse._ = _  # type: ignore[attr-defined] # the module's own words come from our catalogue as well
    whole = argparse.ArgumentParser(
        prog="qinghe",
        description=_("Qinghe: the records of a children's welfare home. Without a command the window opens."),
        epilog=_(EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_common(whole, default=None)
    whole.set_defaults(command=window)
    kinds = whole.add_subparsers(title=_("commands"), metavar=_("COMMAND"))
    for fill in (
        add_demo,
        add_print,
        add_export,
        add_import,
        add_schedule,
        add_backup,
        add_restore,
        add_check,
        add_hidden,
    ):
        fill(kinds)
    return whole


def add(kinds: Any, name: str, command: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
    """Add a command with its help."""
    made: argparse.ArgumentParser = kinds.add_parser(name, help=text, description=text)
    add_common(made, default=argparse.SUPPRESS)
    made.set_defaults(command=command)
    return made


def add_group(kinds: Any, name: str, text: str, metavar: str) -> Any:
    """Add a word that is followed by what is meant, e.g. ``print monthly``."""
    return kinds.add_parser(name, help=text, description=text).add_subparsers(metavar=metavar, required=True)


def add_common(made: argparse.ArgumentParser, default: Any) -> None:
    """Which home, and which language: understood before and after the command."""
    place = _("folder of the home (default: {folder})").format(folder=str(commands.default_home()).replace("%", "%%"))
    made.add_argument("--home", type=Path, metavar=_("DIR"), default=default, help=place)
    spoken = _("language, instead of QINGHE_LANGUAGE and the system's")
    made.add_argument("--language", choices=tuple(LANGUAGES), default=default, help=spoken)


def add_demo(kinds: Any) -> None:
    """The demo home."""
    made = add(kinds, "demo", commands.demo, _("make an invented home with twelve accounts and print their password"))
    made.add_argument("--children", type=int, default=120, metavar="N", help=_("number of children (default: 120)"))
    made.add_argument("--months", type=int, default=12, metavar="N", help=_("months of records (default: 12)"))
    same = _("the same number makes the same home (default: 1)")
    made.add_argument("--seed", type=int, default=1, metavar="N", help=same)
    server = _("address of an empty PostgreSQL database instead of a file; its password may come from PGPASSWORD")
    made.add_argument("--server", metavar=_("ADDRESS"), help=server)
    last = _("the demo's last day, e.g. 2026-11-20 (default: today)")
    made.add_argument("--today", type=date.fromisoformat, metavar=_("DAY"), help=last)


def add_print(kinds: Any) -> None:
    """Papers."""
    papers = add_group(kinds, "print", _("print papers as PDF"), _("PAPER"))
    made = add(papers, "monthly", print_paper, _("monthly records, of all children of a month or of some"))
    add_month_of_papers(made)
    made.set_defaults(paper="monthly")
    made = add(papers, "paper", print_paper, _("any paper of a child, of all children of a month or of some"))
    made.add_argument("paper", metavar=_("PAPER"), help=_("e.g. growth_sheet; any other word shows all of them"))
    add_month_of_papers(made)
    made = add(papers, "therapy", print_therapy, _("a paper of the therapy department: week, door sheet, attendance …"))
    made.add_argument("paper", metavar=_("PAPER"), help=_("e.g. department_week; any other word shows all of them"))
    any_day = _("any day of the week or month meant, e.g. 2026-11-16 (default: today)")
    made.add_argument("--day", type=date.fromisoformat, metavar=_("DAY"), help=any_day)
    whom = _("therapist, room or child by name or file number; may be repeated")
    made.add_argument("--about", action="append", default=[], metavar=_("NAME"), help=whom)
    made.add_argument("--masked", action="store_true", help=_("mask the names of children"))
    made.add_argument("--named", action="store_true", help=_("whole names, also where they are masked by default"))
    made.add_argument("--out", type=Path, required=True, metavar=_("DIR"), help=_("folder for the documents"))


def add_month_of_papers(made: argparse.ArgumentParser) -> None:
    """Which month, whose papers, and where they go."""
    made.add_argument("--month", required=True, metavar=_("MONTH"), help=_("e.g. 2026-10"))
    one = _("file number of one child; may be repeated")
    made.add_argument("--child", action="append", default=[], metavar=_("NUMBER"), help=one)
    made.add_argument("--bound", action="store_true", help=_("one document for all, for printing on both sides"))
    made.add_argument("--out", type=Path, required=True, metavar=_("DIR"), help=_("folder for the documents"))


def add_export(kinds: Any) -> None:
    """Tables out."""
    made = add(kinds, "export", commands.export, _("write a list as an Excel or CSV file"))
    made.add_argument("type", metavar=_("TYPE"), help=_("record type, e.g. Child; any other word shows all of them"))
    made.add_argument("--out", type=Path, required=True, metavar=_("FILE"), help=_("file to write, .xlsx or .csv"))
    made.add_argument("--search", default="", metavar=_("WORDS"), help=_("only what is found by these words"))


def add_import(kinds: Any) -> None:
    """Tables in."""
    tables = add_group(kinds, "import", _("take records over from a file"), _("TYPE"))
    made = add(tables, "children", commands.import_children, _("children from an Excel roster: all rows or none"))
    made.add_argument("file", type=Path, metavar=_("FILE"), help=_("the roster, .xlsx"))
    made.add_argument("--dry-run", action="store_true", help=_("only look, write nothing"))
    partly = _("take over the rows that are in order and leave the others")
    made.add_argument("--valid-only", action="store_true", help=partly)
    made.add_argument("--marked", type=Path, metavar=_("FILE"), help=_("write the roster with every problem marked"))


def add_schedule(kinds: Any) -> None:
    """The planner on a file."""
    weeks = add_group(kinds, "schedule", _("plan a therapy week that is given as a file"), _("COMMAND"))
    made = add(
        weeks,
        "solve",
        schedule.solve_file,
        _("plan a week in the format chw-1; the best plan so far is always in the file"),
    )
    made.add_argument("problem", type=Path, metavar=_("FILE"), help=_("the week, .json"))
    made.add_argument("--seconds", type=float, default=60.0, metavar="N", help=_("seconds it may take (default: 60)"))
    made.add_argument("--out", type=Path, required=True, metavar=_("FILE"), help=_("the plan to write, .json"))
    other = _("another number searches elsewhere (default: 0)")
    made.add_argument("--seed", type=int, default=0, metavar="N", help=other)
    same = _("the same file and seed make the same plan, on any machine; seconds then count the solver's steps")
    made.add_argument("--deterministic", action="store_true", help=same)


def add_backup(kinds: Any) -> None:
    """Backups."""
    made = add(kinds, "backup", commands.back_up, _("make and verify a backup"))
    made.add_argument("--to", type=Path, metavar=_("DIR"), help=_("also copy it to a second place, e.g. a USB disk"))


def add_restore(kinds: Any) -> None:
    """Back from a backup."""
    text = _("make a home out of a backup, in a new folder; nothing is overwritten")
    made = add(kinds, "restore", commands.restore_backup, text)
    which = _("folder of the backup, or “latest”; left out: show all backups")
    made.add_argument("backup", nargs="?", metavar=_("BACKUP"), help=which)
    made.add_argument("--to", type=Path, metavar=_("DIR"), help=_("the new folder"))
    key = _("unlock it with the printed recovery key instead of a password")
    made.add_argument("--recovery-key", action="store_true", help=key)
    server = _("for the backup of a server: address of the empty database that takes it")
    made.add_argument("--server", metavar=_("ADDRESS"), help=server)


def add_check(kinds: Any) -> None:
    """The check."""
    add(kinds, "check", commands.check_home, _("check database, audit trail, schema, attachments and keys"))


def add_hidden(kinds: Any) -> None:
    """What builders and developers need; no help speaks of it."""
    for name, command in (("smoke", smoke), ("migration", migration)):
        made = kinds.add_parser(name)
        add_common(made, default=argparse.SUPPRESS)
        made.add_argument("words", nargs="*")
        made.set_defaults(command=command)


# --- the window ---


def window(options: argparse.Namespace) -> int:
    """Open the window."""
    if not has_display():
        say(_("There is no display here, so the window cannot open. The command line needs none; see --help."))
        return REFUSED
    from views.entrance import open_window

    asked = asked_language(sys.argv[1:])
    if asked in LANGUAGES:
        commands.remember_language(folder_of(options), asked)
    return open_window(folder_of(options))


def has_display() -> bool:
    """Whether a window could be shown at all."""
    if os.name == "nt" or sys.platform == "darwin":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def smoke(options: argparse.Namespace) -> int:
    """Open the window for a signed-in person, look at it for a moment and close it: is the built program whole?"""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from models.core.home import Home
    from ui.start import Entrance
    from views.entrance import EntranceRooms

    application = QApplication.instance() or QApplication(sys.argv[:1])
    entrance = Entrance(folder_of(options), EntranceRooms())
    entrance.rooms.open_rooms()  # here, not beside the window: a room that is missing must be heard
    entrance.wait_loaded()
    home = Home.open(folder_of(options))
    entrance.enter(home, *home.sign_in(commands.username(), commands.password("")))
    widths: list[int] = []
    QTimer.singleShot(2000, lambda: widths.append(entrance.window.grab().width() if entrance.window else 0))
    QTimer.singleShot(2500, application.quit)
    application.exec()
    entrance.finish()
    return DONE if widths and widths[0] > 100 else REFUSED


def migration(options: argparse.Namespace) -> int:
    """Write the next migration from what the record types have become (for developers)."""
    import models  # noqa: F401 (every record type)
    from models.core.migrations import generate

    print(generate(" ".join(options.words) or "initial"))
    return DONE


if __name__ == "__main__":
    multiprocessing.freeze_support()  # a built program starts itself again to make papers beside the window
    sys.exit(main())
