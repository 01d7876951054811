#!/usr/bin/env python3
"""Set up and use the project; needs nothing but Python 3.11 or newer.

    python dev.py run --demo     set up everything and open the program on an invented home
    python dev.py run            set up everything and open the program
    python dev.py test           set up everything and pass the tests (lint and types included)
    python dev.py lint           ruff, formatting and types only
    python dev.py build          make the program for this system in dist/, and start it once
    python dev.py wheels         prove that every pinned dependency has a wheel for Windows
    python dev.py lock           resolve the pins of pyproject.toml into requirements.lock
    python dev.py bench          print the measured figures of tests/benchmarks
    python dev.py battery        the long runs: kills, power losses, thousands of weeks, every hostile text in every paper

Arguments after the command are handed on, e.g. ``python dev.py test tests/test_access.py``.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
WINDOWS = os.name == "nt"

QT_LIBRARIES = (
    "libgl1 libegl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon0 libxcb-cursor0 libxcb-icccm4 "
    "libxcb-keysyms1 libxkbcommon-x11-0 libxcb-image0 libxcb-randr0 libxcb-render-util0 libxcb-shape0 "
    "libxcb-xkb1 libxcb-xinerama0 libx11-xcb1 libcups2"
).split()
TEST_PROGRAMS = "poppler-utils qpdf strace binutils softhsm2".split()


def main() -> int:
    """Do what the first argument says."""
    commands = {
        "run": run, "test": test, "lint": lint, "build": build, "wheels": wheels, "lock": lock, "bench": bench,
        "battery": battery,
    }  # fmt: skip
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        print(__doc__)
        return 0 if sys.argv[1:] in ([], ["--help"], ["-h"]) else 2
    return commands[sys.argv[1]](sys.argv[2:])


def run(arguments: list[str]) -> int:
    """Set up and open the program; ``--demo`` makes an invented home first."""
    set_up()
    if "--demo" in arguments:
        arguments.remove("--demo")
        home = ROOT / ".cache" / "demo-home"
        if not (home / "home.json").exists():
            done = call(python(), "main.py", "--home", home, "demo", *demo_size(), check=False)
            if done:
                return done
        arguments = ["--home", str(home), *arguments]
    if (
        not WINDOWS
        and sys.platform != "darwin"
        and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    ):
        print(
            "\nThere is no display here, so the window cannot open. The command line needs none:\n"
            f"    {python()} main.py {' '.join(arguments)} --help\n"
        )
        return 0
    return call(python(), "main.py", *arguments, check=False)


def demo_size() -> list[str]:
    """The size of the demo home that ``run --demo`` makes."""
    return ["--children", "120", "--months", "12", "--seed", "1"]


def test(arguments: list[str]) -> int:
    """Set up and pass the tests; without arguments lint and types come first, and every processor helps."""
    set_up(testing=True)
    if not arguments and (failed := lint([])):
        return failed
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return call(python(), "-m", "pytest", *(arguments or ["-n", "auto", "--dist", "loadfile"]), check=False)


def lint(arguments: list[str]) -> int:
    """Check style, format and types."""
    set_up()
    steps = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",))
    return max(call(python(), "-m", *step, check=False) for step in steps)


def build(arguments: list[str]) -> int:
    """Make the program with PyInstaller and start the result once on a new invented home."""
    set_up(testing=True)
    call(python(), "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN", "pyinstaller.spec")
    program = ROOT / "dist" / "qinghe" / ("qinghe.exe" if WINDOWS else "qinghe")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ["QINGHE_USER"], os.environ["QINGHE_PASSWORD"] = "director", "Smoke-test-2026"
        call(program, "--home", home, "demo", "--children", "4", "--months", "1", "--seed", "1")
        call(program, "--home", home, "check")
        call(program, "--home", home, "smoke")
    print("The built program starts, makes a home, checks it and shows its window:", program)
    return 0


def wheels(arguments: list[str]) -> int:
    """Resolve the lock file for Windows, wheels only, without installing anything."""
    set_up()
    failed = 0
    for version in ("3.11", "3.12", "3.13"):
        with tempfile.TemporaryDirectory() as folder:
            found = call(
                python(), "-m", "uv", "pip", "install", "--quiet", "--dry-run", "--only-binary", ":all:", "--no-deps",
                "--python-platform", "x86_64-pc-windows-msvc", "--python-version", version, "--target", folder,
                "-r", LOCK, check=False,
            )  # fmt: skip
        print(f"win_amd64, Python {version}: {'every pin has a wheel' if found == 0 else 'FAILED'}")
        failed = max(failed, found)
    return failed


def lock(arguments: list[str]) -> int:
    """Resolve the dependencies of pyproject.toml for every system into one lock file with hashes."""
    set_up()
    return call(
        python(), "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes",
        "--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "python dev.py lock", "--all-extras",
        "pyproject.toml", "-o", LOCK, *arguments, check=False,
    )  # fmt: skip


def bench(arguments: list[str]) -> int:
    """Run the measuring scripts and print what they print."""
    set_up(testing=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    scripts = [ROOT / each for each in arguments] or sorted((ROOT / "tests" / "benchmarks").glob("[a-z]*.py"))
    return max(call(python(), "-m", "tests.benchmarks." + script.stem, check=False) for script in scripts)


def battery(arguments: list[str]) -> int:
    """Run the slow battery, or the part of it that is named."""
    set_up(testing=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    whole = [] if any("slow" in each for each in arguments) else ["tests/slow"]
    return call(python(), "-m", "pytest", *whole, *arguments, check=False)


def set_up(*, testing: bool = False) -> None:
    """Make the virtual environment from the lock file and, on Debian as root, install what Qt needs."""
    if sys.version_info < (3, 11):  # noqa: UP036 (an older Python must hear why it is not enough)
        sys.exit("Qinghe needs Python 3.11 or newer; this is " + platform.python_version())
    install_libraries(testing)
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest() if LOCK.exists() else ""
    stamp = VENV / "lock.sha256"
    if not stamp.exists() or stamp.read_text() != wanted:
        print("Setting up .venv from requirements.lock …", flush=True)
        if not python().exists():
            subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        if LOCK.exists():
            call(
                python(),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--require-hashes",
                "-r",
                LOCK,
            )
        else:
            call(python(), "-m", "pip", "install", "--quiet", *pins())
        stamp.write_text(wanted)


def pins() -> list[str]:
    """The pins of pyproject.toml, used only to make the first lock file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["dev"]]


def install_libraries(testing: bool) -> None:
    """On Debian as root, install the system libraries that are missing; elsewhere say which they are."""
    if not shutil.which("dpkg-query"):
        return
    wanted = [*QT_LIBRARIES, *(TEST_PROGRAMS if testing else [])]
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        wanted.append(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *wanted], capture_output=True, text=True
    )
    present = {line.split()[0] for line in shown.stdout.splitlines() if line.endswith(" installed")}
    missing = [name for name in wanted if name not in present]
    if not missing:
        return
    if os.geteuid() != 0:
        print("These system packages are missing; please install them:\n    apt-get install", *missing)
        return
    print("Installing system packages:", *missing, flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
        check=True,
        env=quiet,
        stdout=subprocess.DEVNULL,
    )


def python() -> Path:
    """The interpreter of the virtual environment."""
    return VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


def call(*command: object, check: bool = True) -> int:
    """Run a program in the project's folder and return its exit code."""
    done = subprocess.run([str(each) for each in command], cwd=ROOT, check=False).returncode
    if check and done:
        sys.exit(done)
    return done


if __name__ == "__main__":
    sys.exit(main())
