"""The page of monthly papers: the right children and papers, the very bytes, and what came of printing them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from models.child import Child
from models.core import records, settings
from models.core.access import SYSTEM
from models.month import Month
from models.paper_jobs import ALL, CHILD, EACH, PRINTER, Failure, JobState, PaperJob, PrinterChoice
from models.unit import Unit
from tests.reports.reading import faults, pages_in
from ui.pages import pages
from ui.speech import speak
from views import batch_start, open_rooms
from views.batch_cards import details_of, status_of, time_words, title_of
from views.documents import Documents

open_rooms()


@pytest.fixture
def page(sign_in, tmp_path):
    app = sign_in("director")
    with app.database.work(SYSTEM) as work:
        unit = records.save(work, Unit, {"name": "向日葵家庭", "kind": "household"})
        for number, name in (("2020-001", "曾小乐"), ("2020-002", "阿依古丽·买买提"), ("2020-003", "单𠮷")):
            values = {"name": name, "number": number, "sex": "1", "born_on": date(2020, 1, 1)}
            records.save(work, Child, {**values, "unit_id": unit if number != "2020-003" else None}, confirmed=True)
    app.settings.set("papers.folder", str(tmp_path / "papers"))
    (tmp_path / "papers").mkdir()
    moment = app.now()
    app.database.clock = lambda: moment
    made = Documents(app)
    made.reload()
    made.shown_papers = []
    app.preview = lambda title, pdf, filename: made.shown_papers.append((title, pdf, filename))
    yield made
    made.deleteLater()


def names(page: Documents) -> list[str]:
    return [each.name for each in page.shown]


def files(page: Documents) -> list[Path]:
    folder = Path(page.choices.folder)
    return sorted(each for each in folder.rglob("*") if each.is_file())


def fronts(file: Path) -> list[int]:
    """The pages of a document, from 0, on which its bookmarks stand."""
    import pikepdf

    with pikepdf.open(file) as document, document.open_outline() as outline:
        pages = [each.obj.objgen for each in document.pages]
        places = [each.destination or each.action.D for each in outline.root]
        return [pages.index(place[0].objgen) for place in places]


def choose(box, key: str) -> None:
    box.setCurrentIndex(box.findData(key))


def test_it_is_in_the_menu_of_those_who_may_print(sign_in):
    assert any(entry.key == "documents" and entry.area == "papers" for entry in pages(sign_in("director").actor))
    assert not any(entry.key == "documents" for entry in pages(sign_in("auditor").actor))


def test_it_begins_with_the_last_month_that_is_over_and_goes_no_further_than_this_one(page):
    today = page.app.today()
    assert page.choice.month.next() == Month(today.year, today.month)
    page.choice.step(1)
    assert "draft" in page.choice.note.text()
    page.choice.step(1)
    assert page.choice.month == Month(today.year, today.month)


def test_children_are_found_by_unit_condition_and_any_way_of_typing(page):
    assert names(page) == ["曾小乐", "阿依古丽·买买提", "单𠮷"]
    page.unit.setCurrentIndex(1)
    assert names(page) == ["曾小乐", "阿依古丽·买买提"]
    page.search.setText("zxl")
    page.reload()
    assert names(page) == ["曾小乐"]
    assert page.print_button.text() == "Print 1 paper"
    choose(page.condition, "grown")
    assert names(page) == []
    assert page.nobody.isVisibleTo(page) and not page.empty.isVisibleTo(page)
    assert not page.print_button.isEnabled()
    page.widen()
    assert len(names(page)) == 3
    page.choice.show_month(Month(2018, 1))
    assert page.empty.isVisibleTo(page)


def test_marked_children_alone_are_printed_else_all_with_every_ticked_paper(page):
    assert page.print_button.text() == "Print 3 papers"
    page.table.selectRow(1)
    assert [each.name for each in page.chosen()] == ["阿依古丽·买买提"]
    page.choices.papers.tick(["monthly", "file"])
    assert page.print_button.text() == "Print 2 papers"
    page.choices.papers.tick([])
    assert not page.print_button.isEnabled()


def test_preview_print_and_file_are_the_very_bytes(page):
    page.table.selectRow(0)
    compared = 0
    for key in page.choices.papers.kinds:
        page.choices.papers.tick([key])
        page.shown_papers.clear()
        page.preview()
        ((_title, make, filename),) = page.shown_papers
        before = set(files(page))
        page.print_all()
        made = set(files(page)) - before
        state = page.queue.states[-1]
        assert not state.failures, (key, state.failures)
        if not made:  # a paper for which this child has nothing
            assert state.empty
            continue
        (file,) = made
        assert file.name == filename
        assert make() == file.read_bytes(), key
        assert faults(file.read_bytes()) == []
        compared += 1
    assert compared >= 2


def test_printing_all_says_where_and_is_remembered(page):
    page.print_all()
    assert len(files(page)) == 3
    (card,) = page.cards.cards.values()
    assert "3 papers printed into" in card.text.text()
    assert card.buttons["folder"].isVisibleTo(page)
    assert page.recent[0].papers == 3
    assert page.queue.running == ""


def test_whoever_has_printed_nothing_is_told_so_instead_of_an_empty_list(page):
    assert page.prints.isHidden()
    assert not page.no_prints.isHidden()
    page.print_all()
    assert not page.prints.isHidden()
    assert page.no_prints.isHidden()


def test_a_bound_volume_begins_every_child_on_a_front_page_and_can_be_shown(page):
    choose(page.choices.manner, ALL)
    page.print_all()
    (file,) = files(page)
    assert len(fronts(file)) == 3 and all(number % 2 == 0 for number in fronts(file))
    (card,) = page.cards.cards.values()
    card.show_file()
    ((_title, pdf, _filename),) = page.shown_papers
    assert pdf == file.read_bytes()


def test_a_folder_for_every_child_and_a_file_for_all_papers_of_a_child(page):
    choose(page.choices.places, "by_child")
    page.print_all()
    assert {each.parent.name for each in files(page)} == {
        "2020-001_曾小乐",
        "2020-002_阿依古丽·买买提",
        "2020-003_单𠮷",
    }
    choose(page.choices.places, "flat")
    choose(page.choices.manner, CHILD)
    page.choices.papers.tick(["monthly", "file"])
    page.print_all()
    assert (
        len([each for each in files(page) if each.parent.name == "papers"]) == 6
    )  # the whole file is a volume of its own


def test_files_that_are_there_are_never_replaced_unasked(page, monkeypatch):
    page.table.selectRow(0)
    asked = []
    answers = iter([0, batch_start.KEEP_BOTH, batch_start.REPLACE])
    monkeypatch.setattr(batch_start, "ask_existing", lambda parent, there: asked.append(list(there)) or next(answers))
    page.print_all()
    (first,) = files(page)
    first.write_bytes(b"mine")
    page.print_all()
    assert first.read_bytes() == b"mine" and len(files(page)) == 1
    page.print_all()
    assert first.read_bytes() == b"mine"
    assert any(each.stem.endswith(" (2)") for each in files(page))
    page.print_all()
    assert first.read_bytes().startswith(b"%PDF") and len(files(page)) == 2
    assert asked == [[first.name]] * 3


def test_the_home_names_its_files_with_a_live_example(page):
    line = page.choices.names
    line.setText("{Unit}-{Name}-{period}")
    line.textEdited.emit(line.text())
    assert "Sunflower-曾小乐-" in page.choices.name_line.note.text()
    line.editingFinished.emit()
    with page.app.read() as work:
        assert settings.value(work, "paper_names") == "{unit}-{name}-{period}"
    line.setText("{colour}")
    line.textEdited.emit(line.text())
    assert "colour" in page.choices.name_line.note.text()
    assert "{File number} {Name} {form} {period} {Unit}" in page.choices.name_line.note.text()
    line.editingFinished.emit()
    assert page.choices.rule == "{unit}-{name}-{period}"
    page.print_all()
    assert f"向日葵家庭-曾小乐-{page.choice.month}.pdf" in [each.name for each in files(page)]


def test_what_was_chosen_last_is_chosen_again(page):
    page.choices.papers.tick(["file"])
    choose(page.choices.manner, CHILD)
    again = Documents(page.app)
    assert again.choices.papers.keys() == ["file"]
    assert again.choices.manner.currentData() == CHILD
    again.deleteLater()


def test_the_printer_gets_the_pages_of_the_very_document(page, tmp_path, monkeypatch):
    out = tmp_path / "printer"
    out.mkdir()
    sent = []
    from views import paper_queue

    real = paper_queue.send
    monkeypatch.setattr(paper_queue, "send", lambda pdf, choice, title: sent.append(pdf) or real(pdf, choice, title))
    page.choices.printer = PrinterChoice("", file=str(out))
    page.choices.target.set_value(PRINTER)
    page.choices._tell()
    page.print_all()
    assert len(sent) == 3
    assert not files(page)
    assert sorted(map(pages_in, sent)) == sorted(pages_in(each.read_bytes()) for each in out.glob("*.pdf"))
    assert "3 papers sent to" in next(iter(page.cards.cards.values())).text.text()
    page.choices.target.set_value("folder")
    page.print_all()
    assert sent == [each.read_bytes() for each in sorted(files(page))]


def test_checking_first_prints_nothing_and_names_who_has_no_entries(page):
    page.choices.papers.tick(["monthly", "growth_sheet"])
    page.check_first()
    assert not files(page)
    (card,) = page.cards.cards.values()
    assert "6 papers checked" in card.text.text()
    assert sorted(page.queue.states[-1].empty.values()) == sorted((each.name, "growth_sheet") for each in page.shown)


def test_everything_may_be_checked_before_it_is_printed(page, monkeypatch):
    page.choices.check.setChecked(True)
    page.print_all()
    assert len(files(page)) == 3  # nothing was amiss: nobody was asked
    told = []
    monkeypatch.setattr(batch_start, "confirm", lambda parent, title, text, yes: told.append(text) or False)
    page.choices.papers.tick(["growth_sheet"])
    page.print_all()
    assert "Nothing recorded: 曾小乐" in told[0] and len(files(page)) == 3


def test_a_name_without_a_font_is_told_before_anything_is_printed(page, monkeypatch):
    with page.app.database.work(SYSTEM) as work:
        values = {"name": "王😀", "number": "2020-009", "sex": "1", "born_on": date(2020, 1, 1)}
        records.save(work, Child, values, confirmed=True)
    page.reload()
    told = []
    monkeypatch.setattr(batch_start, "confirm", lambda parent, title, text, yes: told.append(text) or False)
    page.print_all()
    assert "😀" in told[0] and not files(page)


def test_a_link_leads_to_a_child_in_a_month(page):
    child = page.shown[2]
    page.open(month="2026-09", child_id=child.id)
    assert page.choice.month == Month(2026, 9)
    assert [each.id for each in page.chosen()] == [child.id]


def test_a_job_that_was_broken_off_is_there_again_and_goes_on(page):
    choose(page.choices.manner, EACH)
    documents = batch_start.planned(
        page.shown, batch_start.Plan(page.choice.month, [page.choices.papers.kinds["monthly"]])
    )
    job = PaperJob(
        "a" * 32, page.app.now(), str(page.choice.month), ("monthly",), documents, folder=page.choices.folder
    )
    journal = page.queue._journal(job.id)
    journal.begin(job)
    journal.add({"what": "run"})
    journal.add({"what": "begun", "n": 0, "file": documents[0].file})
    journal.add({"what": "done", "n": 0, "file": documents[0].file, "printed": 1})
    with journal.file.open("ab") as stream:
        stream.write(b"cut off in the mid")
    page.queue.setParent(None)
    again = Documents(page.app)
    assert again.queue is not page.queue
    (card,) = again.cards.cards.values()
    assert "1 of 3 are done" in card.text.text()
    again.queue.resume(job.id)
    assert [each.name for each in files(again)] == sorted(each.file for each in documents[1:])
    assert again.queue.state(job.id).ended
    again.deleteLater()


def state(**more) -> JobState:
    made = JobState(PaperJob("x", datetime(2026, 11, 1, 8), "2026-10", ("monthly",), ()))
    for name, value in more.items():
        setattr(made, name, value)
    return made


def test_what_failed_is_named_and_gaps_are_told():
    failures = {(0, 0): Failure("x", "王小明", "no photo"), (1, 0): Failure("y", "李雷", "no photo")}
    made = state(ended=True, failures=failures, gaps={"单𠮷": "😀"})
    text, tone = status_of(made, running=False, waiting=False)
    assert tone == "warning"
    assert "王小明, 李雷. no photo" in text
    assert "😀" in text
    assert len(details_of(made)) == 2


def test_of_several_papers_it_is_said_which_has_nothing_in_it():
    one = state(ended=True, empty={(0, 0): ("王小明", "monthly")})
    assert details_of(one) == ["Nothing recorded: 王小明"]
    job = PaperJob("x", datetime(2026, 11, 1, 8), "2026-10", ("monthly", "file"), ())
    empty = {(0, 0): ("王小明", "monthly"), (1, 0): ("李雷", "file"), (2, 0): ("韩梅", "file")}
    assert details_of(JobState(job, ended=True, empty=empty)) == [
        "Nothing recorded for “Monthly record of a child”: 王小明", "Nothing recorded for “File of a child”: 李雷, 韩梅",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(4, "a few seconds left"), (33, "about 35 s left"), (70, "about 1 minute left"), (400, "about 7 minutes left")],
)
def test_the_time_left_is_said_no_more_exactly_than_it_is_known(seconds, words):
    assert time_words(seconds) == words


def test_it_speaks_chinese(page):
    speak("zh_CN")
    again = Documents(page.app)
    again.reload()
    assert again.print_button.text() == "打印3份"
    assert status_of(state(stopped=True), running=False, waiting=False)[0].startswith("已停止。已完成")
    assert title_of(state()) == "儿童月度综合记录 · 2026年10月 · 0份"
    assert again.choices.names.text() == "{档案编号}_{姓名}_{表名}_{期间}"
    again.deleteLater()
    speak("en")
