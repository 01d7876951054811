"""Keeping from the preview, printing again unchanged, checking a paper with the scanner, signing with a certificate."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.kept_list import Wanted, kept_lines
from models.month import Month
from models.paper_check import KNOWN, UNCHANGED, check_file
from models.papers import note_printed
from models.period import month_title
from models.rehabilitation import RehabilitationPlan
from models.social_work import ContactNote
from reports.digital_signature import signatures_in
from reports.signing_token import certificates_on
from resources import use_language
from tests.factories import make
from tests.reports import tokens
from tests.reports.certificates import SECRET, certificate_file
from tests.reports.certificates import certificate as certificate_of
from tests.reports.reading import faults, squeezed, text_of
from ui import papers
from ui.pages import child_tabs, pages
from ui.printing import PreviewDialog
from ui.widgets import Button, Menu
from views import open_rooms
from views.child_file import ChildFile
from views.keeping import KeepingPreview, KeptPreview
from views.kept_papers import KeptPapersPage, KeptTab, PrintLedger
from views.paper_check import CheckPaper
from views.signing import FILE, KEY, SigningDialog, desk
from views.signing_page import SigningPage

open_rooms()


@pytest.fixture
def app(sign_in, qtbot):
    """The director's window with one approved plan; every preview is kept in ``shown`` instead of waiting for a person."""
    app = sign_in("director")
    with app.database.work(SYSTEM) as work:
        work.confirmed = True
        app.child = make(work, Child, name="曾小乐", number="2020-001", born_on=date(2020, 1, 1))
        app.plan = make(work, RehabilitationPlan, child_id=app.child)
        for step in ("submit", "approve"):
            records.take_step(work, RehabilitationPlan, app.plan, step)
    app.shown = []

    def preview(title, pdf, filename):
        dialog = pdf.dialog(title, filename) if hasattr(pdf, "dialog") else PreviewDialog(app, title, pdf, filename)
        qtbot.addWidget(dialog)
        app.shown.append(dialog)

    app.preview = preview
    app.errors = []
    app.show_error = app.errors.append
    return app


def kept_plan(app) -> KeepingPreview:
    """The preview of the plan after it was kept."""
    papers.show_record_paper(app, RehabilitationPlan, app.plan)
    dialog = app.shown.pop()
    dialog.keep()
    return dialog


def lines_of(app):
    with app.read() as work:
        return kept_lines(work, Wanted())


# --- the preview ---


def test_a_final_paper_is_kept_from_its_preview_and_shown_with_its_number(app):
    papers.show_record_paper(app, RehabilitationPlan, app.plan)
    dialog = app.shown.pop()
    assert isinstance(dialog, KeepingPreview) and dialog.keep_button.text() == "Keep with a number"
    before = dialog.document.content
    assert "2026-000001" not in text_of(before)
    QTest.keyClick(dialog.keep_button, Qt.Key.Key_Space)
    (line,) = lines_of(app)
    number = line.kept.number
    assert number.endswith("-000001") and number in dialog.notice.label.text() and number in dialog.filename
    assert not dialog.keep_button.isVisibleTo(dialog)
    assert faults(dialog.document.content) == []
    assert number in text_of(dialog.document.content)
    assert line.kept.pages == len(dialog.document)


def test_it_is_printed_again_byte_for_byte_whatever_becomes_of_the_child(app):
    first = kept_plan(app).document.content
    with app.database.work(SYSTEM) as work:
        records.save(work, Child, {"name": "曾大乐"}, id=app.child, confirmed=True)
    papers.show_record_paper(app, RehabilitationPlan, app.plan)
    again = app.shown.pop()
    assert again.document.content == first and "Kept paper no." in again.notice.label.text()
    assert again.keep_button.text() == "Keep the newer version", "the child's name has changed since"
    again.keep()
    assert [each.kept.number[-1] for each in lines_of(app)] == ["2", "1"]
    assert lines_of(app)[1].newer and not lines_of(app)[0].newer


def test_a_month_is_printed_from_the_childs_file_as_it_is_kept(app, qtbot):
    page = ChildFile(app)
    qtbot.addWidget(page)
    page.open(child_id=app.child)
    today = app.today()

    def printed(month: Month) -> KeepingPreview:
        menu = Menu(page)
        page._print_menu(menu)
        (entry,) = [each for each in menu.actions() if each.text() == f"Monthly record {month_title(month.first)}"]
        entry.trigger()
        return app.shown.pop()

    last = Month(today.year - (today.month == 1), (today.month - 2) % 12 + 1)
    dialog = printed(last)
    dialog.keep()
    assert printed(last).document.content == dialog.document.content
    assert lines_of(app)[0].kept.period == str(last)
    assert not isinstance(printed(Month(today.year, today.month)), KeepingPreview), "a month that runs is a draft"


def test_the_whole_file_is_kept_with_its_number_and_known_again_by_number_and_bytes(app, qtbot):
    page = ChildFile(app)
    qtbot.addWidget(page)
    page.open(child_id=app.child)

    def printed() -> KeepingPreview:
        menu = Menu(page)
        page._print_menu(menu)
        next(each for each in menu.actions() if each.text() == "Whole file…").trigger()
        return app.shown.pop()

    dialog = printed()
    assert dialog.keep_button.text() == "Keep with a number"
    dialog.keep()
    content, (line,) = dialog.document.content, lines_of(app)
    assert (line.kept.kind, line.kept.paper, line.kept.subject) == ("file", "File of a child", "曾小乐")
    assert line.kept.period == app.today().isoformat(), "a file lives: it is kept as known on a day"
    assert faults(content) == [] and line.kept.pages == len(dialog.document)
    assert all(line.kept.number in text for text in text_of(content).split("\f") if text.strip()), "on every page"
    assert f"Page 1 of {line.kept.pages}" in text_of(content), "numbered through, as ever"
    again = printed()
    assert again.document.content == content and not again.keep_button
    check = CheckPaper(app)
    qtbot.addWidget(check)
    check.open(text=line.kept.check)
    assert (check.verdict.outcome, check.verdict.kept) == (KNOWN, line.kept)
    with app.read() as work:
        assert check_file(work, content).outcome == UNCHANGED
    with app.database.work(SYSTEM) as work:
        make(work, ContactNote, child_id=app.child, at=app.now())
    assert printed().keep_button.text() == "Keep the newer version", "something was written since"


def test_a_draft_is_shown_without_the_offer(app):
    with app.database.work(SYSTEM) as work:
        draft = make(work, RehabilitationPlan, child_id=app.child)
    papers.show_record_paper(app, RehabilitationPlan, draft)
    dialog = app.shown.pop()
    assert dialog.notice is None and dialog.findChild(Button, "keep") is None
    assert "DRAFT" in squeezed(text_of(dialog.document.content))


def test_what_goes_wrong_is_told_and_can_be_tried_again(app):
    papers.show_record_paper(app, RehabilitationPlan, app.plan)
    dialog = app.shown.pop()
    with app.database.work(SYSTEM) as work:
        work.get_one(RehabilitationPlan, app.plan).state = "superseded"
    dialog.keep()
    assert app.errors and "not kept" in dialog.notice.label.text() and dialog.keep_button.isVisibleTo(dialog)
    assert lines_of(app) == []


# --- the list ---


def test_the_list_shows_finds_and_opens_what_is_kept(app, qtbot):
    page = KeptPapersPage(app)
    qtbot.addWidget(page)
    page.reload()
    assert page.list.empty.isVisibleTo(page) and not page.list.table.isVisibleTo(page)
    content = kept_plan(app).document.content
    page.reload()
    assert page.list.table.isVisibleTo(page) and page.list.number.text() == "1 of 1 papers"
    page.list.search.setText("zengxiaole")
    page.reload()
    assert len(page.list.lines) == 1
    page.list.search.setText("niemand")
    page.reload()
    assert page.list.lines == [] and page.list.none_fits.isVisibleTo(page) and not page.print_button.isEnabled()
    page.list.none_fits.findChild(Button).click()
    assert page.list.search.text() == "" and page.list.table.isVisibleTo(page), "what narrows the list is taken back"
    assert page.print_button.isEnabled() and page.list.marked() == page.list.lines[0], (
        "the newest can be opened at once"
    )
    QTest.keyClick(page.list.table, Qt.Key.Key_Return)
    dialog = app.shown.pop()
    assert isinstance(dialog, KeptPreview) and dialog.document.content == content


def test_a_corrected_record_marks_its_paper(app, qtbot):
    kept_plan(app)
    with app.database.work(app.actor) as work:
        new = records.correct(work, RehabilitationPlan, app.plan, "目标写错")
    with app.database.work(SYSTEM) as work:
        for step in ("submit", "approve"):
            records.take_step(work, RehabilitationPlan, new, step)
    page = KeptPapersPage(app)
    qtbot.addWidget(page)
    page.reload()
    page.list.table.selectRow(0)
    assert page.list.table.rows.rows[0].texts[-1] == "newer exists"
    assert "corrected since" in page.list.why.text()
    page.list.open_marked()
    assert "a newer version exists" in app.shown.pop().notice.label.text()


def test_the_childs_file_shows_its_kept_papers(app, qtbot):
    kept_plan(app)
    with app.database.work(SYSTEM) as work:
        other = make(work, Child, number="2020-002")
    tab = KeptTab(app)
    qtbot.addWidget(tab)
    tab.show_child(app.child)
    assert len(tab.list.lines) == 1 and tab.list.table.rows.columnCount() == 6
    tab.show_child(other)
    assert tab.list.lines == [] and tab.list.empty.isVisibleTo(tab)


def test_pages_stand_in_the_menu_of_those_for_whom_they_are(sign_in):
    def keys(username):
        return {each.key for each in pages(sign_in(username).actor)}

    assert {"kept_papers", "check_paper", "print_ledger", "signing"} <= keys("director")
    assert {"kept_papers", "check_paper"} <= keys("caregiver")
    assert not {"print_ledger", "signing"} & keys("caregiver")
    assert not {"kept_papers", "check_paper", "print_ledger", "signing"} & keys("auditor")
    assert "kept_papers" in {each.key for each in child_tabs(sign_in("director").actor)}


# --- checking ---


@pytest.fixture
def check(app, qtbot):
    page = CheckPaper(app)
    qtbot.addWidget(page)
    page.show()
    return page


def words(page) -> str:
    from ui.text import PlainLabel

    return "\n".join(each.text() for each in page.answer.findChildren(PlainLabel) if not each.isHidden())


def test_a_scanner_types_the_code_and_presses_enter(app, check):
    kept_plan(app)
    (line,) = lines_of(app)
    QTest.keyClicks(check.entry, line.kept.check)
    QTest.keyClick(check.entry, Qt.Key.Key_Return)
    assert check.banner.property("tone") == "good" and "belong together" in check.banner.label.text()
    assert "曾小乐" in words(check) and line.kept.number in words(check)
    QTest.keyClicks(check.entry, "2026-999999")
    QTest.keyClick(check.entry, Qt.Key.Key_Return)
    assert check.banner.property("tone") == "danger" and "Not a paper of this home" in check.banner.label.text()
    assert "曾小乐" not in words(check), "nothing of the paper before stays"


def test_a_file_is_checked_and_the_kept_one_opened(app, check, tmp_path):
    content = kept_plan(app).document.content
    file = tmp_path / "scan.pdf"
    file.write_bytes(content)
    check.entry.setText("2026-999999")
    check.check_file(file)
    assert "unchanged" in check.banner.label.text()
    assert "scan.pdf" in words(check) and not check.entry.text(), "the answer says to what it belongs"
    check.answer.findChild(Button).click()
    assert app.shown.pop().document.content == content
    file.write_bytes(content.replace(b"%%EOF", b"%%EOF\n%"))
    check.check_file(file)
    assert "Altered" in check.banner.label.text() and check.banner.property("tone") == "danger"
    file.write_bytes(b"%PDF-1.7\nnothing\n%%EOF")
    check.check_file(file)
    assert "Not a paper of this home" in check.banner.label.text()
    check.check_file(tmp_path / "nowhere.pdf")
    assert "cannot be read" in str(app.errors.pop())


def test_what_is_no_number_is_told_how_one_reads(app, check):
    check.open(text="hello")
    assert "2026-000123" in check.banner.label.text() and check.banner.property("tone") == "warning"
    assert check.answer.isHidden()
    check.open(text="2026-999999")
    assert "typed as it stands" in check.banner.label.text(), "a number may be mistyped"


def test_a_file_may_be_dropped_on_the_page(app, check, tmp_path):
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF-1.7\n%%EOF")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    check.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))
    assert "Not a paper of this home" in check.banner.label.text()


def test_who_may_not_see_the_child_learns_only_that_it_is_ours(app, check, sign_in, qtbot):
    kept_plan(app)
    (line,) = lines_of(app)
    other = CheckPaper(sign_in("caregiver"))
    qtbot.addWidget(other)
    other.open(text=line.kept.check)
    assert "A paper of this home" in other.banner.label.text() and "not open to you" in words(other)
    assert "Ask the director or the archivist" in words(other), "and one is told who can say more"
    assert "曾小乐" not in words(other) and other.answer.findChild(Button) is None


# --- the ledger ---


def test_the_ledger_shows_what_was_printed(app, qtbot):
    with app.work() as work:
        note_printed(work, "Child", Child, app.child, app.child, place="/papers")
    page = PrintLedger(app)
    qtbot.addWidget(page)
    page.reload()
    assert [each.about for each in page.lines] == ["曾小乐"] and page.number.text() == "1 printing"
    page.search.setText("niemand")
    page.reload()
    assert page.none_fits.isVisibleTo(page) and not page.empty.isVisibleTo(page)
    page.none_fits.findChild(Button).click()
    assert len(page.lines) == 1 and page.table.isVisibleTo(page)


def test_the_ledger_says_the_period_in_the_language_in_use(app, qtbot):
    with app.work() as work:
        note_printed(work, "Quarterly report of the home", Child, period="2026-Q3")
    use_language("zh_CN")
    page = PrintLedger(app)
    qtbot.addWidget(page)
    page.reload()
    assert [each.period for each in page.lines] == ["2026年第3季度"]


# --- signing ---


@pytest.fixture
def certificate(app, tmp_path) -> Path:
    file = certificate_file(tmp_path, days=3650)
    desk(app).set(FILE, str(file))
    return file


def test_a_paper_is_signed_when_it_is_kept(app, certificate, monkeypatch):
    def typed(dialog):
        dialog.password.edit.setText("falsch")
        dialog.open()
        assert "does not open" in dialog.password.note.text() and dialog.signer is None
        dialog.password.edit.setText(SECRET)
        dialog.open()
        return dialog.result()

    monkeypatch.setattr(SigningDialog, "exec", typed)
    content = kept_plan(app).document.content
    (line,) = lines_of(app)
    (signature,) = signatures_in(content)
    assert signature.intact and signature.whole and line.kept.signed_by == signature.holder == "青禾儿童福利院"
    for file in Path(app.home.folder).rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), "the password is written nowhere"


@tokens.needs_token
def test_a_paper_is_signed_with_the_key_that_is_plugged_in(app, tmp_path, monkeypatch):
    def typed(dialog):
        dialog.password.edit.setText(tokens.PIN)
        dialog.open()
        return dialog.result()

    monkeypatch.setattr(SigningDialog, "exec", typed)
    tokens.make_token(tmp_path / "token", certificate_of(days=3650))
    with tokens.plugged_in(tmp_path / "token") as driver:
        (found,) = certificates_on(driver, app.now())
        desk(app).set(KEY, asdict(found.key))
        content = kept_plan(app).document.content
    (line,) = lines_of(app)
    (signature,) = signatures_in(content)
    assert signature.intact and signature.whole and line.kept.signed_by == signature.holder == "青禾儿童福利院"
    for file in Path(app.home.folder).rglob("*"):
        assert not file.is_file() or tokens.PIN.encode() not in file.read_bytes(), "the PIN is written nowhere"


def test_giving_up_the_password_keeps_nothing(app, certificate, monkeypatch):
    monkeypatch.setattr(SigningDialog, "exec", lambda dialog: 0)
    dialog = kept_plan(app)
    assert lines_of(app) == [] and dialog.keep_button.isVisibleTo(dialog)


def test_the_settings_page_tries_a_certificate_and_says_whose_it_is(app, qtbot, tmp_path):
    page = SigningPage(app)
    qtbot.addWidget(page)
    page.reload()
    assert "without a signature" in page.state.label.text() and not page.trial.isVisibleTo(page)
    page.remember(certificate_file(tmp_path, days=3650))
    assert page.trial.isVisibleTo(page) and "are signed" in page.state.label.text()
    page.password.edit.setText("falsch")
    page.attempt()
    assert "does not open" in page.password.note.text()
    page.password.edit.setText(SECRET)
    QTest.keyClick(page.password.edit, Qt.Key.Key_Return)
    assert "青禾儿童福利院" in page.found.label.text() and page.password.text() == ""
    assert page.state.property("tone") == "good"
    page.remember(certificate_file(tmp_path, days=30))
    page.password.edit.setText(SECRET)
    page.attempt()
    assert "expired" in page.file.note.text()
    assert page.state.property("tone") == "warning" and "Choose another" in page.state.label.text()
    page.remember(tmp_path / "taken away.p12")
    assert page.state.property("tone") == "warning", "it is seen without a password that the file is gone"
    page.forget()
    assert desk(app).get(FILE) == ""


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_nothing_is_cut_off_in_a_small_window(app, qtbot, language):
    use_language(language)
    kept_plan(app)
    for made in (KeptPapersPage(app), CheckPaper(app), PrintLedger(app), SigningPage(app)):
        qtbot.addWidget(made)
        made.resize(860, 480)
        made.show()
        made.reload()
        assert made.minimumSizeHint().width() <= 860, type(made).__name__
