"""The search for lost objects holds up no window: it rests while a solver computes, and comes back afterwards."""

from __future__ import annotations

import gc
import threading

from ui import memory


def test_the_search_rests_as_long_as_any_solver_computes() -> None:
    """Two computations overlap; the first to end does not let the search begin under the other."""
    inside, ended = threading.Event(), threading.Event()

    def other() -> None:
        with memory.unsearched():
            inside.set()
            ended.wait(5)

    beside = threading.Thread(target=other)
    beside.start()
    assert inside.wait(5)
    with memory.unsearched():
        assert not gc.isenabled()
    assert not gc.isenabled()
    ended.set()
    beside.join()
    assert gc.isenabled()


def test_what_the_program_stands_on_is_not_walked_through_again() -> None:
    before = gc.get_freeze_count()
    try:
        memory.settle()
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
