"""Papers from the command line: into a folder, about all or some, masked where they hang in public."""

from __future__ import annotations

from tests.reports.reading import pages_in, text_of
from tests.test_cli import demo_template, run  # noqa: F401 (the same small home)

DAY = "2026-11-18"


def test_a_therapy_paper_is_written_into_a_folder(run, tmp_path):  # noqa: F811
    code, out, _err = run("print", "therapy", "department_week", "--day", DAY, "--out", tmp_path)
    assert code == 0
    (file,) = tmp_path.glob("*.pdf")
    assert str(file) in out and file.name == "Week of the therapy department_2026-11-16.pdf"
    assert "Wednesday 11-18" in text_of(file.read_bytes())


def test_one_paper_a_child_unless_one_is_named_and_a_mask_if_wished(run, tmp_path):  # noqa: F811
    assert run("print", "therapy", "child_week", "--day", DAY, "--out", tmp_path / "all")[0] == 0
    (file,) = (tmp_path / "all").glob("*.pdf")
    pages = pages_in(file.read_bytes())
    number = next(word for word in text_of(file.read_bytes()).split() if word.startswith("20") and len(word) == 8)
    assert (
        run("print", "therapy", "child_week", "--day", DAY, "--about", number, "--masked", "--out", tmp_path / "one")[0]
        == 0
    )
    (one,) = (tmp_path / "one").glob("*.pdf")
    assert pages > 1 == pages_in(one.read_bytes())
    assert "＊" in text_of(one.read_bytes()) and number not in text_of(one.read_bytes()) + one.name


def test_an_unknown_paper_or_person_is_told_with_what_there_is(run, tmp_path):  # noqa: F811
    code, _out, err = run("print", "therapy", "anything", "--out", tmp_path)
    assert code == 2 and "funded_sheet" in err and "Week of a therapist" in err
    code, _out, err = run("print", "therapy", "therapist_week", "--about", "nobody", "--out", tmp_path)
    assert code == 1 and "nobody" in err


def test_whoever_may_not_print_is_refused(run, tmp_path):  # noqa: F811
    assert run("print", "therapy", "department_week", "--out", tmp_path, user="caregiver")[0] == 1
    assert not list(tmp_path.glob("*.pdf"))


def test_any_paper_of_the_catalogue_is_printed_for_a_month(run, tmp_path):  # noqa: F811
    code, out, _err = run("print", "growth_sheet", "--month", "2026-11", "--out", tmp_path)
    files = list(tmp_path.glob("*.pdf"))
    assert code == 0 and files and f"Growth sheet: {len(files)} papers in {len(files)} files" in out
    assert all("Growth sheet" in file.name for file in files)
    assert all(file.read_bytes().startswith(b"%PDF") for file in files)
    code, _out, err = run("print", "anything", "--month", "2026-11", "--out", tmp_path)
    assert code == 2 and "growth_sheet" in err and "monthly" in err
