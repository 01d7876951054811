"""Print jobs: names that every disk takes, documents as wished, a journal that survives, and an honest time left."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.home import Home
from models.month import ChildOfMonth, Month
from models.paper_jobs import ALL, CHILD, EACH, UNIT, Document, Entry, JobState, Pace, PaperJob, PrinterChoice
from models.paper_journal import KEPT, Journal, folder_of, kept_jobs
from models.paper_names import FIELDS, RULE, Names, meant, named, rule_problem, same, shown
from models.paper_plan import BY_CHILD, BY_UNIT, Plan, planned
from models.paper_scope import chosen_children, records_of, weeks_of
from resources import use_language
from tests.conftest import actor

FACTS = {"number": "2020-001", "name": "曾小乐", "form": "儿童月度综合记录", "period": "2026-10", "unit": "向日葵家庭"}
OCTOBER = Month(2026, 10)
KIND = SimpleNamespace(key="monthly", title="Monthly", through=False, period=lambda month: str(month))
FILE = SimpleNamespace(key="file", title="File", through=True, period=lambda month: "")
CHILDREN = [
    ChildOfMonth("b", "张三", "2020-002", "二班"),
    ChildOfMonth("a", "曾小乐", "2020-001", "一班"),
    ChildOfMonth("c", "单𠮷", "2020-003", ""),
]


# --- names ---


def test_a_rule_names_a_paper_and_leaves_no_gap_for_what_is_empty():
    assert named(RULE, FACTS) == "2020-001_曾小乐_儿童月度综合记录_2026-10.pdf"
    assert named(RULE, FACTS | {"period": "", "number": ""}) == "曾小乐_儿童月度综合记录.pdf"
    assert named("{unit} - {name}", FACTS | {"unit": ""}) == "曾小乐.pdf"


def test_a_rule_is_shown_and_typed_in_words():
    use_language("zh_CN")
    assert shown(RULE) == "{档案编号}_{姓名}_{表名}_{期间}"
    assert meant("{姓名}-{ 期间 }-{form}") == "{name}-{period}-{form}"
    use_language("en")
    assert meant(shown(RULE)) == RULE


@pytest.mark.parametrize(
    "rule", ["{colour}", "{}", "papers", "{form}_{period}", "{name", "{name}}", "{name}" + "x" * 200]
)
def test_a_rule_that_cannot_work_is_refused_in_words(rule: str):
    assert rule_problem(rule)


@given(st.dictionaries(st.sampled_from(list(FIELDS)), st.text(max_size=300)), st.integers(0, 260))
def test_whatever_the_data_every_name_is_safe_on_every_system(facts: dict[str, str], depth: int):
    names = Names(RULE, folder="x" * depth)
    made = [names.of(facts), names.of(facts), names.of({key: value.upper() for key, value in facts.items()})]
    for name in made:
        assert not set(name) & set('<>:"/\\|?*') and all(sign >= " " for sign in name)
        assert len(name.encode()) <= 255 - len(".12345678.part") and name.endswith(".pdf")
        assert name.split(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt1"}
        assert not name.startswith((" ", ".")) and not name[:-4].endswith((" ", "."))
    assert len({same(each) for each in made}) == 3


def test_what_is_taken_gets_a_counter_whatever_the_case():
    names = Names(RULE, ["2020-001_曾小乐_儿童月度综合记录_2026-10.PDF"])
    assert names.of(FACTS).endswith(" (2).pdf")
    assert names.of(FACTS).endswith(" (3).pdf")


def test_a_long_name_is_cut_where_it_is_long():
    name = named(RULE, FACTS | {"name": "很" * 300})
    assert name.startswith("2020-001_很") and name.endswith("_儿童月度综合记录_2026-10.pdf")


# --- documents ---


def files(plan: Plan) -> list[tuple[str, list[str]]]:
    return [(each.file, [entry.child_id for entry in each.entries]) for each in planned(CHILDREN, plan)]


def test_every_manner_makes_its_documents():
    assert [len(each) for _file, each in files(Plan(OCTOBER, [KIND], EACH))] == [1, 1, 1]
    assert [each for _file, each in files(Plan(OCTOBER, [KIND, KIND], CHILD))] == [["b", "b"], ["a", "a"], ["c", "c"]]
    assert [each for _file, each in files(Plan(OCTOBER, [KIND], ALL))] == [["a", "b", "c"]]
    by_unit = files(Plan(OCTOBER, [KIND], UNIT))
    assert [each for _file, each in by_unit] == [["a"], ["b"], ["c"]]
    assert [name for name, _each in by_unit][0] == "Monthly_2026-10_一班_bound.pdf"


def test_a_volume_of_its_own_is_never_bound_into_another():
    assert [len(each) for _file, each in files(Plan(OCTOBER, [KIND, FILE], ALL))] == [3, 1, 1, 1]


def test_files_may_lie_in_folders_of_their_own():
    assert files(Plan(OCTOBER, [KIND], places=BY_CHILD))[1][0].startswith("2020-001_曾小乐/2020-001_曾小乐_")
    assert files(Plan(OCTOBER, [KIND], places=BY_UNIT))[0][0].startswith("二班/")


def test_the_weeks_of_a_month_are_those_whose_middle_lies_in_it():
    found = [each.isoformat() for each in weeks_of(OCTOBER)]
    assert found == ["2026-09-28", "2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26"]


def test_children_are_narrowed_by_a_condition_and_records_by_the_month(home):
    with home.database.read(home.director) as work:
        assert len(chosen_children(work, OCTOBER)) == 2
        assert chosen_children(work, OCTOBER, condition="young") == []
        assert chosen_children(work, OCTOBER, condition="treated") == []
        assert records_of(work, "Incident", home.child, OCTOBER) == []


# --- what came of it ---


def job(count: int = 4, **more) -> PaperJob:
    documents = tuple(Document(f"{n}.pdf", (Entry(f"c{n}", f"child {n}", "monthly"),)) for n in range(count))
    return PaperJob("j" * 32, datetime(2026, 11, 1, 8), "2026-10", ("monthly",), documents, **more)


def test_a_job_goes_on_with_what_is_not_done_and_tries_only_the_failed_again():
    state = JobState(job())
    for event in (
        {"what": "begun", "n": 0, "file": "0.pdf"}, {"what": "done", "n": 0, "file": "0.pdf", "printed": 1},
        {"what": "failed", "n": 1, "entry": 0, "reason": "no"}, {"what": "at", "n": 2, "name": "child 2", "share": 0.5},
    ):  # fmt: skip
        state.hear(event)
    assert (state.remaining(), state.done(), state.share()) == ([2, 3], 2, 0.625)
    state.hear({"what": "retry"})
    assert state.remaining() == [1, 2, 3]
    assert state.printed == 1


def test_a_volume_with_a_failure_is_made_again_as_a_whole():
    entries = tuple(Entry(f"c{n}", f"child {n}", "monthly") for n in range(3))
    state = JobState(PaperJob("j", datetime(2026, 11, 1), "2026-10", ("monthly",), (Document("v.pdf", entries),)))
    state.hear({"what": "failed", "n": 0, "entry": 1, "reason": "no"})
    state.hear({"what": "done", "n": 0, "file": "v.pdf", "printed": 2})
    assert state.remaining() == []
    state.hear({"what": "retry"})
    assert (state.remaining(), state.printed) == ([0], 0)


def test_what_was_on_its_way_to_the_printer_is_named():
    state = JobState(job(target="printer", printer=PrinterChoice("HP")))
    for event in ({"what": "begun", "n": 0, "file": "HP"}, {"what": "done", "n": 0, "file": "HP", "printed": 1}):
        state.hear(event)
    state.hear({"what": "begun", "n": 1, "file": "HP"})
    assert state.unsure() == ["child 1"], "the first has come out"
    into_a_folder = JobState(job())
    into_a_folder.hear({"what": "begun", "n": 1, "file": "1.pdf"})
    assert into_a_folder.unsure() == [], "what lies in a folder can be looked at"


def test_the_time_left_is_the_middle_of_the_last_papers():
    pace = Pace()
    assert pace.left({"monthly": 5}) is None
    for seconds in (0.1, 0.1, 30.0, 0.1):
        pace.took("monthly", seconds)
    assert pace.left({"monthly": 10}) == pytest.approx(1.0)
    assert pace.left({"file": 10}) == pytest.approx(1.0)


# --- the journal ---


@pytest.fixture
def opened(home_folder: Path):
    from tests.slow.harness import unlocked

    return unlocked(home_folder)


def test_a_journal_gives_the_job_back_as_it_stood_whatever_was_cut_off(opened: Home):
    who = actor("director")
    journal = Journal(opened, who, "j" * 32)
    journal.begin(job(folder="/papers", printer=PrinterChoice("HP", 2, True)))
    journal.add({"what": "done", "n": 0, "file": "0.pdf", "printed": 1})
    whole = journal.file.read_bytes()
    journal.add({"what": "done", "n": 1, "file": "1.pdf", "printed": 1})
    journal.file.write_bytes(journal.file.read_bytes()[: len(whole) + 20])  # the power went
    journal.add({"what": "done", "n": 2, "file": "2.pdf", "printed": 1})
    (state,) = kept_jobs(opened, who)
    assert state.job == job(folder="/papers", printer=PrinterChoice("HP", 2, True))
    assert state.files == {0: "0.pdf", 2: "2.pdf"}
    assert "child" not in journal.file.read_text("ascii")


def test_a_job_that_is_not_done_is_never_forgotten_and_of_the_done_ones_the_newest_stay(opened: Home):
    who = actor("director")
    for number in range(KEPT + 3):
        journal = Journal(opened, who, f"{number:032d}")
        journal.begin(replace(job(), id=f"{number:032d}", made_at=datetime(2026, 11, 1, 8, number)))
        if number:
            journal.add({"what": "ended"})
    assert [int(each.job.id) for each in kept_jobs(opened, who)] == [0, *range(3, KEPT + 3)]


def test_everybody_has_jobs_of_their_own_and_old_ones_are_forgotten(opened: Home):
    who = actor("director")
    for number in range(KEPT + 3):
        journal = Journal(opened, who, f"{number:032d}")
        journal.begin(replace(job(), id=f"{number:032d}"))
        journal.add({"what": "ended"})
    assert len(kept_jobs(opened, who)) == KEPT
    assert len(list(folder_of(opened, who).glob("*.job"))) == KEPT
    assert kept_jobs(opened, actor("nurse")) == []
    damaged = folder_of(opened, who) / f"{5:032d}.job"
    damaged.write_bytes(b"not a journal")
    assert len(kept_jobs(opened, who)) == KEPT - 1
