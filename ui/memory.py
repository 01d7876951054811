"""Memory 内存: what the program stands on is not counted again and again."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LOCK = threading.Lock()
_computing = 0


def settle() -> None:
    """Take everything made so far out of Python's search for lost objects.

    A full search walks through every module, class and mapped column of the program, a million objects that live as
    long as it does; it held up the window, whichever thread began it, for up to 300 ms. Afterwards it only walks
    through what was made since.
    """
    gc.freeze()


@contextmanager
def unsearched() -> Iterator[None]:
    """Let no search for lost objects begin while a solver computes.

    A solver makes millions of small objects, which set off one search after the other, and loses next to none: a minute
    of planning the largest week leaves some ten thousand behind, 20 MB.
    """
    global _computing
    with _LOCK:
        _computing += 1
        gc.disable()
    try:
        yield
    finally:
        with _LOCK:
            _computing -= 1
            if not _computing:
                gc.enable()
