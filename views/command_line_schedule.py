"""Planning on the command line 命令行排课: a week from a file, a plan into a file, progress beside it."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING

from resources import _
from views.command_line import DONE, REFUSED, USAGE, say

if TYPE_CHECKING:
    from models.scheduling.engine import Progress


def solve_file(options: argparse.Namespace) -> int:
    """Plan the week of a file, writing every better plan at once, so that stopping loses nothing."""
    if not (math.isfinite(options.seconds) and options.seconds > 0):
        say(_("The seconds must be more than 0."))
        return USAGE
    if not options.out.absolute().parent.is_dir():
        say(_("There is no folder {folder}").format(folder=options.out.absolute().parent))
        return REFUSED
    with models_alone():
        return _solve(options)


def _solve(options: argparse.Namespace) -> int:
    from models.core.files import write_whole
    from models.scheduling import chw, engine

    try:
        problem = chw.read(options.problem)
    except chw.Malformed as error:
        say(f"{options.problem}: {error}")
        return REFUSED

    def show(progress: Progress) -> None:
        write_whole(options.out, chw.written(progress.placements).encode())
        say(line_of(progress))

    plan = engine.solve(
        problem, seconds=options.seconds, seed=options.seed, deterministic=options.deterministic, on_better=show
    )
    print(line_of(plan))
    return DONE


@contextmanager
def models_alone() -> Iterator[None]:
    """Let a module of models be loaded without the package's list of every record type.

    A week in a file knows no records; loading them takes longer than planning a small week.
    """
    spec = find_spec("models") if "models" not in sys.modules else None
    if spec is None:
        yield
        return
    sys.modules["models"] = module_from_spec(spec)
    try:
        yield
    finally:
        del sys.modules["models"]


def line_of(progress: Progress) -> str:
    """Say a plan's figures in a line: each with what it is at least, and a mark on those that are proven."""
    names = (_("waiting"), _("therapists"), _("wishes"), _("spread"), _("peak"), _("changes"))
    words = []
    for number, (name, figure) in enumerate(zip(names, progress.levels, strict=True)):
        if number < progress.proven:
            words.append(_("{name} {n} (proven)").format(name=name, n=figure))
        else:
            least = progress.bounds[number] if progress.bounds else 0
            words.append(_("{name} {n} (at least {least})").format(name=name, n=figure, least=least))
    return f"{progress.seconds:7.2f} s  " + "  ".join(words)
