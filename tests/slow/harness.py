"""What the kill and power-loss harnesses share: a home with its key in hand, and a process to be killed in mid-work."""

from __future__ import annotations

import os
import random
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path

from models.core.home import Home
from tests.homes import PASSWORD


def unlocked(folder: Path) -> Home:
    """A home with its key in hand, without the database having been opened."""
    home = Home.open(folder)
    home.hold(home.keys.unwrap("director", PASSWORD))
    return home


def killed_in_mid_work(
    work: Callable[[Callable[[str], None]], None], chance: random.Random, longest: float
) -> list[str]:
    """Run ``work(acknowledge)`` in a child process, kill it some time after its first word, return all its words.

    A word counts as acknowledged when ``acknowledge`` was called for it, that is after its commit.
    """
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        os.close(reading)
        _work_until_killed(work, writing)
    os.close(writing)
    words = bytearray()
    try:
        ready, _w, _x = select.select([reading], [], [], 30)
        assert ready, "the process said nothing for half a minute"
        time.sleep(chance.uniform(0, longest))
        os.kill(process, signal.SIGKILL)
        while piece := os.read(reading, 1 << 16):
            words += piece
    finally:
        os.close(reading)
        _pid, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status), f"the process ended by itself: {words.decode()[-2000:]}"
    # A word cut in two was still being written when the kill came.
    return words.decode().split("\n")[:-1]


def _work_until_killed(work: Callable[[Callable[[str], None]], None], writing: int) -> None:
    try:
        work(lambda word: os.write(writing, word.encode() + b"\n") and None)
    except BaseException as error:
        os.write(writing, f"FAILED {error!r}\n".encode())
    finally:
        os._exit(1)


def slim(home: Home, keep: frozenset[str]) -> None:
    """Drop the tables a harness does not use, so that looking at the whole file thousands of times stays quick."""
    from sqlalchemy import inspect

    from models.core.database import sqlcipher_engine

    engine = sqlcipher_engine(home.database_file, home.key.raw)
    names = [name for name in inspect(engine).get_table_names() if name not in keep]
    raw = engine.raw_connection()
    for statement in ("PRAGMA foreign_keys = OFF", *(f'DROP TABLE "{name}"' for name in names), "VACUUM"):
        raw.driver_connection.execute(statement)
    raw.close()
    engine.dispose()
