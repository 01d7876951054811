"""Power losses, replayed: what the disk may hold after a failure at any moment of a traced session.

    python -m tests.slow.power_loss 2000 [SEED]       # 100,000 for the long run
    python -m tests.slow.power_loss 500 1 NORMAL      # shows that the harness finds losses: SQLite's NORMAL loses

``strace`` notes every write, fsync, truncation and removal of a session of saves. A state is a moment of that trace at
which the power fails: what was synced before is there; of everything later, each sector of 512 bytes is there
or not, as chance wants, and so is each truncation and removal. Each state is looked at and opened as the program does.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.core import cipher_file
from models.core.errors import Unusable
from tests.homes import make_home
from tests.slow.harness import slim

SECTOR, SAVES = 512, 400
CALLS = "openat,write,pwrite64,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,renameat,renameat2"
FILES = ("home.db", "home.db-wal", "home.db-journal")
KEPT = frozenset(
    ["child", "staff", "unit", "placement", "account", "setting", "audit_entry", "audit_head", "alembic_version"]
)
ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Act:
    """One call: ``write`` (with place and content), ``truncate``, ``remove``, ``sync`` or ``acknowledge``."""

    what: str
    name: str
    place: int = 0
    content: bytes = b""


@dataclass
class Kept:
    """One file on the disk: its synced content (None: not there) and what was done to it since."""

    content: bytearray | None = None
    waiting: list[Act] = field(default_factory=list)


def traced(folder: Path, saves: int, synchronous: str) -> list[Act]:
    """Run the session under strace and return what it did to the database's files."""
    log = folder.parent / "trace.txt"
    command = ["strace", "-f", "-y", "-xx", "-s", "100000", "-e", "trace=" + CALLS, "-e", "signal=none", "-o", str(log)]
    command += [sys.executable, "-m", "tests.slow.power_session", str(folder), str(saves), synchronous]
    subprocess.run(command, cwd=ROOT, check=True)
    with log.open("rb") as lines:
        return list(acts_in(lines))


CALL = re.compile(rb"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)", re.DOTALL)
NAMED = re.compile(rb'^\d+<([^>]*)>|^AT_FDCWD(?:<[^>]*>)?, "([^"]*)"|^"([^"]*)"')


def acts_in(lines: Any) -> Iterator[Act]:
    """Read a trace; descriptors carry their file's path, and all text is in hexadecimal."""
    places: dict[str, int] = {}
    for line in lines:
        match = CALL.match(line)
        if not match or int(match[3]) < 0:
            continue
        call, arguments = match[1].decode(), match[2]
        named = NAMED.match(arguments)
        name = (
            _plain(next(each for each in named.groups() if each is not None)).decode().rsplit("/", 1)[-1]
            if named
            else ""
        )
        if name == "acknowledged" and call == "write":
            yield Act("acknowledge", name, int(_text(arguments).split()[-1]))
        elif name in FILES:
            yield from _act(call, name, arguments, places)


def _act(call: str, name: str, arguments: bytes, places: dict[str, int]) -> Iterator[Act]:
    if call == "pwrite64":
        yield Act("write", name, int(arguments.rsplit(b", ", 1)[1]), _text(arguments))
    elif call == "ftruncate":
        yield Act("truncate", name, int(arguments.rsplit(b", ", 1)[1]))
    elif call in ("fsync", "fdatasync"):
        yield Act("sync", name)
    elif call.startswith("unlink"):
        yield Act("remove", name)
    elif call != "openat":
        raise AssertionError(f"a call the replay does not know: {call} of {name}")


def _text(arguments: bytes) -> bytes:
    start = arguments.index(b'"') + 1
    return _plain(arguments[start : arguments.rindex(b'"')])


def _plain(text: bytes) -> bytes:
    return bytes.fromhex(text.replace(b"\\x", b"").decode()) if text.startswith(b"\\x") else text


class Disk:
    """The files of a home on a disk whose power may fail."""

    def __init__(self, folder: Path) -> None:
        self.files = {name: Kept() for name in FILES}
        for name, kept in self.files.items():
            if (folder / name).exists():
                kept.content = bytearray((folder / name).read_bytes())

    def do(self, act: Act) -> None:
        """Do one call of the trace."""
        kept = self.files[act.name]
        kept.waiting.append(act)
        if act.what == "sync":
            kept.content = _done(kept.content, [each for each in kept.waiting if each.what != "sync"])
            kept.waiting.clear()

    def after_failure(self, chance: random.Random) -> dict[str, bytes]:
        """Return what the disk may hold when the power fails now."""
        share = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        found = {}
        for name, kept in self.files.items():
            content = _done(kept.content, list(_survivors(kept.waiting, share, chance)))
            if content is not None:
                found[name] = bytes(content)
        return found


def _survivors(waiting: list[Act], share: float, chance: random.Random) -> Iterator[Act]:
    """Yield what reached the disk of what was not yet synced: whole calls, or single sectors of a write."""
    for act in waiting:
        if act.what != "write":
            if chance.random() < share:
                yield act
            continue
        for start in range(0, len(act.content), SECTOR):
            if chance.random() < share:
                yield Act("write", act.name, act.place + start, act.content[start : start + SECTOR])


def _done(content: bytearray | None, acts: list[Act]) -> bytearray | None:
    made = None if content is None else bytearray(content)
    for act in acts:
        if act.what == "remove":
            made = None
            continue
        made = bytearray() if made is None else made
        if act.what == "truncate":
            del made[act.place :]
            made.extend(bytes(act.place - len(made)))
        else:
            made.extend(bytes(max(0, act.place - len(made))))
            made[act.place : act.place + len(act.content)] = act.content
    return made


def judged(folder: Path, key: bytes, acknowledged: int) -> str:
    """Open a state as the program does and say what is wrong with it, or nothing."""
    import sqlcipher3.dbapi2 as driver

    file = folder / "home.db"
    try:
        cipher_file.examine(file, key)
        connection = driver.connect(str(file), isolation_level=None)
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA synchronous = OFF")  # the judge may be quick
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # what the log still has, heals the file
        # Every page in use is decrypted and authenticated by this; it raises where one does not fit.
        whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
        count, highest = connection.execute("SELECT count(*), max(CAST(number AS INTEGER)) FROM child").fetchone()
        staff = connection.execute("SELECT count(*) FROM staff").fetchone()[0]
        unnoted = connection.execute(UNNOTED).fetchone()[0]
        connection.close()
    except (Unusable, driver.Error) as error:
        return f"corrupt: {error}"
    if whole != "ok":
        return f"corrupt: {whole}"
    if count != (highest or 0) or staff != count or unnoted:
        return f"half: {count} children, {staff} staff, {unnoted} without audit"
    return "" if count >= acknowledged else f"lost: {acknowledged - count} acknowledged saves"


UNNOTED = "SELECT count(*) FROM child c LEFT JOIN audit_entry a ON a.record_id = c.id AND a.event = 'created' WHERE a.sequence IS NULL"


@contextmanager
def fast_folder() -> Iterator[Path]:
    """A folder in memory where there is one: the states themselves need not survive anything."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def main(states: int, seed: int = 1, synchronous: str = "FULL", saves: int = SAVES) -> Counter[str]:
    """Replay ``states`` power losses and print what was found."""
    chance, started, found = random.Random(seed), time.monotonic(), Counter[str]()
    with ExitStack() as stack:
        place = stack.enter_context(tempfile.TemporaryDirectory())
        home = make_home(Path(place) / "home").home
        slim(home, KEPT)
        disk = Disk(home.folder)
        acts = traced(home.folder, saves, synchronous)
        moments = sorted(chance.randrange(len(acts)) for _state in range(states))
        acknowledged = done = 0
        state = stack.enter_context(fast_folder())
        for moment in moments:
            for act in acts[done : moment + 1]:
                if act.what == "acknowledge":
                    acknowledged = act.place
                else:
                    disk.do(act)
            done = max(done, moment + 1)
            for rest in state.iterdir():
                rest.unlink()
            for name, content in disk.after_failure(chance).items():
                (state / name).write_bytes(content)
            wrong = judged(state, home.key.raw, acknowledged)
            found[wrong.split(":")[0] or "whole"] += 1
            if wrong and synchronous == "FULL":
                print(f"call {moment}: {wrong}")
    calls = Counter(act.what for act in acts)
    print(
        f"{states} power losses in {saves} saves ({dict(calls)}) replayed in {time.monotonic() - started:.0f} s: {dict(found)}"
    )
    return found


if __name__ == "__main__":
    states, seed, mode, saves = (*sys.argv[1:], *("2000", "1", "FULL", str(SAVES))[len(sys.argv) - 1 :])[:4]
    outcome = main(int(states), int(seed), mode, int(saves))
    sys.exit(1 if set(outcome) - {"whole"} and mode == "FULL" else 0)
