"""The command line needs no display, says what it does, and its exit codes can be relied on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

import main as program
from models.child import Child
from models.core import queries
from models.core.home import Home
from tests.homes import PASSWORD

ROOT = Path(__file__).parent.parent
DAY = "2026-11-20"


@pytest.fixture(scope="module")
def demo_template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QINGHE_PASSWORD", PASSWORD)
        patch.setenv("QINGHE_LANGUAGE", "en")
        arguments = ["demo", "--children", "6", "--months", "1", "--seed", "7", "--today", DAY]
        assert program.main(["--home", str(folder), *arguments]) == 0
    return folder


@pytest.fixture
def run(demo_template, tmp_path, monkeypatch, capsys):
    """Run a command on a copy of the demo home; return exit code, output and what was told beside it."""
    home = Path(shutil.copytree(demo_template, tmp_path / "home"))
    monkeypatch.setenv("QINGHE_PASSWORD", PASSWORD)
    monkeypatch.setenv("QINGHE_LANGUAGE", "en")
    monkeypatch.delenv("QINGHE_USER", raising=False)

    def command(*words, user=None):
        if user:
            monkeypatch.setenv("QINGHE_USER", user)
        capsys.readouterr()
        try:
            code = program.main(["--home", str(home), *map(str, words)])
        except SystemExit as stop:
            code = stop.code
        told = capsys.readouterr()
        return code, told.out, told.err

    command.home = home
    return command


def children_in(folder):
    home = Home.open(folder)
    database, actor = home.sign_in("director", PASSWORD)
    with database.read(actor) as work:
        found = queries.rows(work, Child, order="number", descending=False)
    home.sign_out(database, actor)
    return [row.values[:2] for row in found]


def test_a_demo_home_has_all_accounts_and_children(run):
    from models.demo_making import USERNAMES

    assert len(children_in(run.home)) >= 6
    for username in USERNAMES:
        database, actor = Home.open(run.home).sign_in(username, PASSWORD)
        assert actor.roles == {username}
        database.close()


def test_the_same_seed_makes_the_same_children(run, tmp_path, monkeypatch):
    other = ["--home", str(tmp_path / "other"), "demo", "--children", "6", "--months", "1", "--today", DAY]
    assert program.main([*other, "--seed", "7"]) == 0
    assert children_in(tmp_path / "other") == children_in(run.home)


def test_a_demo_without_password_makes_one_and_prints_it(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("QINGHE_PASSWORD", raising=False)
    monkeypatch.setenv("QINGHE_LANGUAGE", "en")
    words = ["--home", str(tmp_path / "home"), "demo", "--children", "2", "--months", "1", "--today", DAY]
    assert program.main(words) == 0
    told = capsys.readouterr().out.strip().splitlines()[-1].removeprefix("Password of all: ")
    Home.open(tmp_path / "home").sign_in("auditor", told)[0].close()


def test_a_demo_is_never_made_over_a_home(run):
    code, _out, err = run("demo", "--children", "2")
    assert code == 4 and "not empty" in err


def test_monthly_records_are_printed_for_all_or_for_some(run, tmp_path):
    code, out, _err = run("print", "monthly", "--month", "2026-11", "--out", tmp_path / "all")
    files = list((tmp_path / "all").glob("*.pdf"))
    assert code == 0 and len(files) == len(children_in(run.home)) and f"{len(files)} monthly records" in out
    assert all(file.read_bytes().startswith(b"%PDF") for file in files)
    number = children_in(run.home)[0][1]
    number = next(each for each in children_in(run.home)[0] if each and each[:2] in {"19", "20"})
    code, out, _err = run(
        "print", "monthly", "--month", "2026-11", "--child", number, "--bound", "--out", tmp_path / "one"
    )
    assert code == 0 and "1 monthly records in 1 files" in out


def test_a_month_or_child_that_is_not_there_is_said(run, tmp_path):
    assert run("print", "monthly", "--month", "2026-13", "--out", tmp_path)[0] == 2
    assert run("print", "monthly", "--month", "yesterday", "--out", tmp_path)[0] == 2
    code, _out, err = run("print", "monthly", "--month", "2026-11", "--child", "nobody", "--out", tmp_path)
    assert code == 1 and "nobody" in err


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
@pytest.mark.parametrize("name", ["Child", "child", "Children"])
def test_a_list_is_exported_by_any_of_its_names(run, tmp_path, suffix, name):
    file = tmp_path / f"children.{suffix}"
    code, out, _err = run("export", name, "--out", file)
    assert code == 0 and file.exists() and str(len(children_in(run.home))) in out
    if suffix == "xlsx":
        assert load_workbook(file).active.max_row >= len(children_in(run.home))


def test_an_unknown_list_names_all_of_them(run, tmp_path):
    code, _out, err = run("export", "Horses", "--out", tmp_path / "x.xlsx")
    assert code == 2 and "MedicationOrder" in err
    assert run("export", "Child", "--out", tmp_path / "x.doc")[0] == 2


def test_who_may_not_export_is_refused(run, tmp_path):
    code, _out, err = run("export", "Child", "--out", tmp_path / "x.xlsx", user="caregiver")
    assert code == 1 and "roles" in err and not (tmp_path / "x.xlsx").exists()


def roster(file, *rows):
    book = Workbook()
    for row in (["姓名", "性别", "出生日期", "民族"], *rows):
        book.active.append(row)
    book.save(file)
    return file


def test_a_roster_is_tried_and_then_taken_over(run, tmp_path):
    file = roster(
        tmp_path / "roster.xlsx",
        ["林小满", "女", "2021-05-20", "汉族"],
        ["阿依古丽·买买提", "女", "2019-03-01", "维吾尔族"],
    )
    before = len(children_in(run.home))
    code, out, err = run("import", "children", file, "--dry-run")
    assert (code, len(children_in(run.home))) == (0, before), err
    assert "2 rows read, 2 in order, 0 taken over" in out
    code, out, err = run("import", "children", file)
    assert code == 0 and len(children_in(run.home)) == before + 2, err


def test_a_roster_with_errors_is_taken_over_not_at_all_and_comes_back_marked(run, tmp_path):
    file = roster(tmp_path / "roster.xlsx", ["林小满", "女", "2021-05-20", "汉族"], ["", "？", "31.2.2021", "火星族"])
    before = len(children_in(run.home))
    code, _out, err = run("import", "children", file, "--marked", tmp_path / "marked.xlsx")
    assert code == 1 and "Row 3" in err and len(children_in(run.home)) == before
    assert load_workbook(tmp_path / "marked.xlsx").active.max_row >= 3
    assert run("import", "children", tmp_path / "gone.xlsx")[0] == 4


def test_a_backup_is_restored_beside_the_home(run, tmp_path):
    code, out, _err = run("backup", "--to", tmp_path / "usb")
    first, second = map(Path, out.split())
    assert code == 0 and first.parent == run.home / "backups" and second.parent == tmp_path / "usb"
    run("import", "children", roster(tmp_path / "roster.xlsx", ["林小满", "女", "2021-05-20", "汉族"]))
    code, out, _err = run("restore")
    assert code == 0 and str(first) in out
    code, out, err = run("restore", "latest", "--to", tmp_path / "again")
    assert code == 0 and str(tmp_path / "again") in out
    assert "would lose" in err and "Children: 1" in err
    assert len(children_in(tmp_path / "again")) == len(children_in(run.home)) - 1
    assert run("restore", second, "--to", tmp_path / "again")[0] == 4, "never into a folder that is in use"


def test_a_home_in_order_and_one_that_is_not_have_their_exit_codes(run):
    code, out, _err = run("check")
    assert code == 0 and "in order" in out
    home = Home.open(run.home)
    database, _actor = home.sign_in("director", PASSWORD)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE audit_entry SET username = 'nobody' WHERE sequence = 3")
        connection.commit()
    database.close()
    code, out, _err = run("check")
    assert code == 1 and "Audit trail, entry 3" in out
    content = bytearray((run.home / "home.db").read_bytes())
    content[500] ^= 1
    (run.home / "home.db").write_bytes(content)
    code, _out, err = run("check")
    assert code == 4 and "damaged" in err


@pytest.mark.parametrize(
    ("user", "code"), [("director", 0), ("sysadmin", 0), ("auditor", 0), ("caregiver", 1), ("nobody", 3)]
)
def test_the_check_is_for_those_who_keep_the_home_safe(run, user, code):
    assert run("check", user=user)[0] == code


def test_a_wrong_password_and_a_missing_home_are_told_apart(run, tmp_path, monkeypatch):
    monkeypatch.setenv("QINGHE_PASSWORD", "wrong")
    code, _out, err = run("check")
    assert code == 3 and "not right" in err
    assert program.main(["--home", str(tmp_path / "nowhere"), "check"]) == 4


def test_what_was_done_by_command_stands_in_the_trail(run, tmp_path):
    from tests.models.core.test_home import events

    run("export", "Child", "--out", tmp_path / "c.csv")
    database, _actor = Home.open(run.home).sign_in("auditor", PASSWORD)
    kinds = [(kind, who) for kind, who, _details in events(database, "signed_in", "exported", "signed_out")]
    database.close()
    assert kinds[-4:-1] == [("signed_in", "director"), ("exported", "director"), ("signed_out", "director")]


COMMANDS = (
    [],
    ["demo"],
    ["print"],
    ["print", "monthly"],
    ["export"],
    ["import"],
    ["import", "children"],
    ["backup"],
    ["restore"],
    ["check"],
)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_its_help_in_both_languages(words, language, capsys, monkeypatch):
    monkeypatch.setenv("HOME", "/root")
    with pytest.raises(SystemExit) as stop:
        program.main([*words, "--help", "--language", language] if words != [] else ["--language", language, "--help"])
    text = capsys.readouterr().out
    assert stop.value.code == 0
    english = [word for word in ("show this", "options", "usage", "folder", "default") if word in text]
    assert bool(english) == (language == "en")
    assert "smoke" not in text and "migration" not in text


@pytest.mark.parametrize(
    "words", [["fly"], ["export"], ["print", "monthly"], ["demo", "--children", "many"], ["--language", "fr"]]
)
def test_what_is_not_understood_ends_with_two(words):
    with pytest.raises(SystemExit) as stop:
        program.main(words)
    assert stop.value.code == 2


@pytest.mark.parametrize(
    ("variables", "language"),
    [({}, "zh_CN"), ({"LANG": "C.UTF-8"}, "zh_CN"), ({"LANG": "zh_CN.UTF-8"}, "zh_CN"), ({"LANG": "en_GB.UTF-8"}, "en"),
     ({"LANG": "en_GB.UTF-8", "QINGHE_LANGUAGE": "zh_CN"}, "zh_CN"), ({"LANG": "zh_CN.UTF-8", "QINGHE_LANGUAGE": "en"}, "en")],
)  # fmt: skip
def test_it_speaks_chinese_unless_asked_otherwise(variables, language, monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "QINGHE_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert program.language_for([]) == language
    assert program.language_for(["--language", "en"]) == "en"
    assert program.language_for(["--language=zh_CN", "check"]) == "zh_CN"


def bare(*words, **variables):
    """Run the program as a newcomer without a display would."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "SYSTEMROOT")}
    command = [sys.executable, "main.py", *map(str, words)]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**kept, **variables},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_without_a_display_it_says_so_plainly(tmp_path):
    done = bare("--home", tmp_path / "home", QINGHE_LANGUAGE="en")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no display" in done.stderr and "--help" in done.stderr and "Traceback" not in done.stderr


def test_without_password_and_terminal_nobody_is_signed_in(demo_template):
    done = bare("--home", demo_template, "check", QINGHE_LANGUAGE="en")
    assert done.returncode == 3 and "QINGHE_PASSWORD" in done.stderr and "Traceback" not in done.stderr


def test_the_command_line_loads_no_window(demo_template):
    script = f"import main, sys; main.main(['--home', {str(demo_template)!r}, 'check']); assert not [m for m in sys.modules if 'PySide6' in m]"
    variables = {**os.environ, "QINGHE_PASSWORD": PASSWORD, "QINGHE_USER": "director", "QINGHE_LANGUAGE": "en"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_window_of_a_built_program_shows_itself(demo_template):
    done = bare(
        "--home", demo_template, "smoke", QINGHE_USER="director", QINGHE_PASSWORD=PASSWORD, QT_QPA_PLATFORM="offscreen"
    )
    assert done.returncode == 0, done.stderr


def test_the_program_and_its_papers_name_the_same_version():
    import tomllib

    from models.core.version import VERSION

    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"] == VERSION
