"""Nothing that was acknowledged is ever lost: 300 kills in mid-save and 2,000 power losses, every time.

The long run has bigger numbers: ``python dev.py battery``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 and strace are of Linux")


def run(module: str, *arguments: object) -> str:
    """Run a harness in a process of its own (it forks) and return what it printed."""
    command = [sys.executable, "-m", f"tests.slow.{module}", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_300_kills_in_mid_save_lose_nothing():
    assert "300 kills" in run("kill_saves", 300)


def test_kills_while_files_are_written_leave_the_old_or_the_new():
    assert "40 kills" in run("kill_files", 40)


needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed (dev.py installs it)")


@needs_strace
def test_2000_power_losses_lose_nothing():
    assert run("power_loss", 2000).endswith("{'whole': 2000}\n")


@needs_strace
def test_the_power_loss_harness_finds_losses_where_there_are_some():
    """SQLite's NORMAL acknowledges before the log is on the disk; a harness that saw no loss there would see none anywhere."""
    assert "'lost'" in run("power_loss", 150, 1, "NORMAL", 60)
