"""A week in a file: read as it is meant, and what is wrong is said with its line."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import pytest

from models.scheduling import chw
from models.scheduling.problem import Placement
from resources import use_language
from tests.benchmarks.invented_weeks import Range, week
from tests.benchmarks.weeks import chw_verify

WEEKS = Path(__file__).parents[1] / "benchmarks" / "weeks"
SMALL = week(Range(children=12, therapists=3, load=0.3, groups=1, seed=5))


def text_of(content):
    return json.dumps(content, indent=1, ensure_ascii=False)


def changed(change):
    content = copy.deepcopy(SMALL)
    change(content)
    return text_of(content)


@pytest.mark.parametrize("file", sorted(WEEKS.glob("chw-*.json")), ids=lambda file: file.stem)
def test_every_week_is_read_as_the_verifier_reads_it(file):
    problem, judge = chw.read(file), chw_verify.Chw(str(file))
    assert set(problem.tasks) == set(judge.tasks)
    for name, task in problem.tasks.items():
        theirs = judge.tasks[name]
        assert (list(task.children), task.sessions, task.slots, task.weight) == (
            theirs["children"], theirs["n"], theirs["dur"], theirs["w"],
        )  # fmt: skip
        assert [list(problem.starts(task, each)) for each in problem.able(task)] == list(theirs["tstarts"].values())
    assert {each.id: each.available for each in problem.therapists.values()} == {
        name: each["avail"] for name, each in judge.T.items()
    }


def test_a_plan_is_written_in_the_format_s_words():
    written = json.loads(chw.written([Placement("R1", "T1", 2, 5)]))
    assert written == {"sessions": [{"task": "R1", "therapist": "T1", "day": 2, "start": 5}]}


@pytest.mark.parametrize(
    ("change", "place", "rule"),
    [
        (lambda week: week["prescriptions"][2].update(duration=0), "prescriptions[2].duration", "1"),
        (lambda week: week["prescriptions"][2].update(duration=True), "prescriptions[2].duration", "true"),
        (lambda week: week["prescriptions"][1].update(sessions="3"), "prescriptions[1].sessions", '"3"'),
        (lambda week: week["prescriptions"][1].update(child="nobody"), "prescriptions[1].child", "nobody"),
        (lambda week: week["prescriptions"][1].update(therapy="art"), "prescriptions[1].therapy", "art"),
        (lambda week: week["prescriptions"][1].update(preferred_half="noon"), "prescriptions[1].preferred_half", "noon"),
        (lambda week: week["prescriptions"][1].update(preferred_half=[]), "prescriptions[1].preferred_half", "[]"),
        (lambda week: week["prescriptions"][1].update(id="R0000"), "prescriptions[1].id", "R0000"),
        (lambda week: week["prescriptions"][1].pop("priority"), "prescriptions[1]", "priority"),
        (lambda week: week["children"][0]["unavailable"].append({"day": 9, "start": 0, "end": 1}), "children[0]", "9"),
        (lambda week: week["children"].append(7), "children[12]", ""),
        (lambda week: week["groups"][0].update(members=[]), "groups[0].members", ""),
        (lambda week: week["groups"][0].update(members=["C001", "C001"]), "groups[0].members", ""),
        (lambda week: week["calendar"].update(days=0), "calendar.days", "0"),
        (lambda week: week["calendar"].update(days=10**9), "calendar.days", "1000000000"),
        (lambda week: week["calendar"].update(closed=[[7]]), "calendar.closed[0]", ""),
        (lambda week: week["calendar"].update(day_start="9 o'clock"), "calendar.day_start", "09:00"),
        (lambda week: week.update(format="chw-2"), "format", "chw-1"),
        (lambda week: week.update(therapists={}), "therapists", ""),
        (lambda week: week["locked"].append({"task": "R0000", "therapist": "T00", "day": 0, "start": 6}), "locked[0]", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line_its_place_and_its_rule(change, place, rule):
    text = changed(change)
    with pytest.raises(chw.Malformed) as refused:
        chw.parse(text)
    message = str(refused.value)
    assert place in message and rule in message
    line = int("".join(letter for letter in message.split("：")[0].split(":")[0] if letter.isdigit()))
    last = place.rpartition(".")[2].partition("[")[0]
    assert line > 1
    assert last in "".join(text.splitlines()[:line])


def test_text_that_is_no_json_is_said_with_line_and_column():
    with pytest.raises(chw.Malformed, match="3"):
        chw.parse('{\n "a": 1,\n oops\n}')
    for text in ("[]", "", "[" * 100_000, '{"format": NaN}'):
        with pytest.raises(chw.Malformed):
            chw.parse(text)


def test_a_file_that_is_too_large_or_not_there_or_not_text_is_refused(tmp_path, monkeypatch):
    with pytest.raises(chw.Malformed):
        chw.read(tmp_path / "nothing.json")
    file = tmp_path / "week.json"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(chw.Malformed):
        chw.read(file)
    monkeypatch.setattr(chw, "LARGEST_FILE", 2)
    with pytest.raises(chw.Malformed):
        chw.read(file)


@pytest.mark.parametrize(
    "text", ['{"a": 1', '{"a" 1}', '{"a": }', "{} {}", "{a: 1}", '{"a": "b', '{"a": "\t"}', '{"a": 1,}', "[1,]"]
)
def test_what_is_no_json_is_said_in_chinese_without_the_reader_of_json_speaking_english(text):
    use_language("zh_CN")
    with pytest.raises(chw.Malformed) as refused:
        chw.parse(text)
    assert not re.search("[A-Za-z]{2,}", str(refused.value).replace("JSON", ""))
