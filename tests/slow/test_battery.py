"""The long run of kills and power losses, in the numbers of a release: about an hour on two cores.

``QINGHE_BATTERY=0.1 python dev.py battery`` runs a tenth of it.
"""

from __future__ import annotations

import os
import shutil
import sys
import time

import pytest

from tests.test_crashes import needs_strace, run
from tests.test_migrations import add_version, make_old_home, shipped, versions  # noqa: F401 (fixtures)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 and strace are of Linux")
SCALE = float(os.environ.get("QINGHE_BATTERY", "1"))


def number(whole: int) -> int:
    """The share of a number that this run does."""
    return max(1, int(whole * SCALE))


def test_10000_kills_in_mid_save_lose_nothing():
    assert f"{number(10_000)} kills" in run("kill_saves", number(10_000), int(time.time()))


def test_2000_kills_while_files_are_written_leave_the_old_or_the_new():
    assert f"{number(2_000)} kills" in run("kill_files", number(2_000), int(time.time()))


@needs_strace
def test_100000_power_losses_lose_nothing():
    assert run("power_loss", number(100_000), int(time.time())).endswith(f"{{'whole': {number(100_000)}}}\n")


def test_1000_kills_while_migrating_open_as_old_or_as_new(versions, tmp_path):  # noqa: F811 (a fixture)
    old = make_old_home(tmp_path / "old").folder
    add_version(versions)
    assert f"{number(1_000)} kills" in run("kill_migrations", old, versions.parent, number(1_000))
    shutil.rmtree(tmp_path / "old")
