"""What the documents tell a newcomer to do works, step by step, as it is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "adding-a-record.md").read_text(encoding="utf-8")

STORY = '''
"""Carry out the steps of docs/adding-a-record.md in a program of its own."""
import csv, sys
from pathlib import Path

import models                                   # step 2: the home's own types first
from models.core import access

words, permissions, folder = (Path(each) for each in sys.argv[1:4])
heads = list(csv.DictReader((Path(access.__file__).parents[2] / "resources/reference/permissions.csv").open(encoding="utf-8")))
row = dict(zip(heads[0], next(csv.reader(permissions.open(encoding="utf-8"))), strict=True))
access._permissions()[row["type"]] = row        # step 3

from babel.messages.pofile import read_po
with words.open("rb") as file:                  # step 4
    chinese = read_po(file, locale="zh_CN")

import toys                                     # step 1

from datetime import datetime
from models.core.database import Database, sqlcipher_engine
from tests import test_record_types as proof
database = Database(sqlcipher_engine(folder / "home.db", bytes(32), create=True), clock=lambda: datetime(2026, 11, 20, 9, 30))
database.create_schema()
proof.test_a_type_says_what_it_is_called_and_how_it_is_kept(toys.ToyLoan)
proof.test_a_record_lives_from_its_first_line_to_its_paper(database, toys.ToyLoan, folder)   # step 7

from models.core.fields import fields_of
said = {message.id for message in chinese if message.id and message.string}
wanted = {toys.ToyLoan.title, toys.ToyLoan.titles}
for meaning in fields_of(toys.ToyLoan):
    wanted |= {each for each in (meaning.label, meaning.section, meaning.help) if each}
assert wanted - {"Child"} <= said, wanted - said

from views import open_rooms                    # step 6
open_rooms()
from ui.pages import page_named
assert page_named("records.ToyLoan").made_by.kind is toys.ToyLoan
print("done")
'''


def step(name: str) -> str:
    """Return the block of code that follows a step's mark in the guide."""
    found = re.search(rf"<!-- step: {name} -->\n```\w+\n(.*?)```", GUIDE, re.DOTALL)
    assert found, f"the guide has no step {name}"
    return found[1]


def test_the_steps_for_adding_a_record_work_as_they_are_written(tmp_path):
    (tmp_path / "toys.py").write_text(step("class"), encoding="utf-8")
    (tmp_path / "permissions.csv").write_text(step("permissions"), encoding="utf-8")
    (tmp_path / "toys.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n' + step("words"), encoding="utf-8"
    )
    story = tmp_path / "story.py"
    story.write_text(STORY, encoding="utf-8")
    known = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}",
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [sys.executable, story, tmp_path / "toys.po", tmp_path / "permissions.csv", tmp_path],
        cwd=ROOT, env=known, capture_output=True, text=True, encoding="utf-8", timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip().endswith("done")


def test_the_example_keeps_the_house_style(tmp_path):
    file = tmp_path / "toys.py"
    file.write_text(step("class"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--config", ROOT / "pyproject.toml", file],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_every_place_the_guide_names_is_there():
    for place in re.findall(r"`((?:models|resources|views|tests|docs|ui)/[\w./-]+)`", GUIDE):
        assert (ROOT / place).exists(), place
