"""The settings of the digital signature with a key: its driver, what lies on it, its PIN, and what each fault says where."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from resources import use_language
from tests.reports.certificates import SECRET, certificate, certificate_file
from tests.reports.tokens import LABEL, PIN, make_token, needs_token, plugged_in
from views import open_rooms
from views.signing import FILE, KEY, SigningDialog, desk, means
from views.signing_page import SigningPage

pytestmark = needs_token

open_rooms()


@pytest.fixture
def app(sign_in):
    app = sign_in("director")
    app.errors = []
    app.show_error = app.errors.append
    yield app
    assert app.errors == [], "everything was said beside its field"


@pytest.fixture
def page(app, qtbot):
    page = SigningPage(app)
    qtbot.addWidget(page)
    page.reload()
    page.kind.set_value(KEY)
    page.reload()
    return page


@pytest.fixture
def token(tmp_path):
    make_token(
        tmp_path / "token", certificate(days=30, holder="青禾儿童福利院（旧）"), certificate(days=3650), with_key=False
    )
    return tmp_path / "token"


@pytest.fixture
def good_token(tmp_path):
    make_token(tmp_path / "good", certificate(days=3650))
    return tmp_path / "good"


def rows(page) -> list[tuple[str, ...]]:
    return [tuple(each) for each in page.token.table.rows.rows]


def test_the_certificates_on_the_key_are_listed_and_one_is_chosen_with_the_keyboard(page, app, good_token):
    assert page.token.isVisibleTo(page) and not page.from_file.isVisibleTo(page) and not page.trial.isVisibleTo(page)
    with plugged_in(good_token) as driver:
        page.token.remember_driver(driver)
        assert rows(page) == [("青禾儿童福利院", "青禾儿童福利院", "2035-12-30", LABEL, "yes")]
        QTest.keyClick(page.token.table, Qt.Key.Key_Return)
        assert (
            means(app).key["holder"] == "青禾儿童福利院" and means(app).name == "青禾儿童福利院 (on the key “青禾院章”)"
        )
        assert "are signed with" in page.state.label.text() and LABEL in page.state.label.text()
        assert page.password.label.text() == "PIN of the key" and not page.token.list.isVisibleTo(page)
        page.password.edit.setText("1111")
        page.attempt()
        assert "locks itself" in page.password.note.text() and page.state.property("tone") == "good"
        page.password.edit.setText(PIN)
        QTest.keyClick(page.password.edit, Qt.Key.Key_Return)
        assert "It signs as 青禾儿童福利院" in page.found.label.text() and page.password.text() == ""
    assert PIN not in str(desk(app).get(KEY))


def test_what_is_wrong_is_said_beside_the_driver_and_the_way_on_stays_open(page, good_token, tmp_path):
    (tmp_path / "picture.so").write_bytes(b"\x89PNG")
    page.token.remember_driver(tmp_path / "picture.so")
    assert "no PKCS#11 driver" in page.token.driver.note.text()
    with plugged_in(tmp_path / "nothing") as driver:
        page.token.remember_driver(driver)
        assert "No key is plugged in" in page.token.driver.note.text() and rows(page) == []
    with plugged_in(good_token):
        page.token.look_button.click()
        assert "No key" not in page.token.driver.note.text() and len(rows(page)) == 1
        page.token.use_button.click()
    with plugged_in(tmp_path / "nothing"):
        page.password.edit.setText(PIN)
        page.attempt()
        assert "No key is plugged in" in page.token.driver.note.text()
        assert page.state.property("tone") == "good", "a key left at home says nothing against its certificate"


def test_a_certificate_that_cannot_sign_says_why_and_is_not_taken(page, app, token):
    with plugged_in(token) as driver:
        page.token.remember_driver(driver)
        assert [each[-1] for each in rows(page)] == ["yes", "no"], "those that can sign stand first"
        page.token.table.selectRow(1)
        assert "expired on 2026-01-31" in page.token.why.text() and not page.token.use_button.isEnabled()
        QTest.keyClick(page.token.table, Qt.Key.Key_Return)
        assert means(app) is None
        page.token.table.selectRow(0)
        assert not page.token.why.isVisibleTo(page)
        page.token.use_button.click()
        page.password.edit.setText(PIN)
        page.attempt()
        assert "private key" in page.token.certificate.note.text() and page.state.property("tone") == "warning"


def test_what_is_chosen_last_signs_and_looking_at_the_other_kind_changes_nothing(page, app, good_token, tmp_path):
    page.remember(certificate_file(tmp_path, days=3650))
    page.kind.set_value(KEY)
    page.reload()
    assert means(app).file and "are signed with" in page.state.label.text() and not page.trial.isVisibleTo(page)
    with plugged_in(good_token) as driver:
        page.token.remember_driver(driver)
        page.token.use_button.click()
    assert means(app).key and desk(app).get(FILE) == ""
    file = certificate_file(tmp_path, days=3650)
    page.remember(file)
    assert means(app).file == str(file) and not means(app).key and page.from_file.isVisibleTo(page)
    page.password.edit.setText(SECRET)
    page.attempt()
    assert "It signs as" in page.found.label.text()
    page.forget()
    assert means(app) is None


def test_the_question_at_signing_is_for_the_pin_and_is_repeated_after_a_wrong_one(
    app, page, good_token, qtbot, tmp_path
):
    with plugged_in(good_token) as driver:
        page.token.remember_driver(driver)
        page.token.use_button.click()
        dialog = SigningDialog(app)
        qtbot.addWidget(dialog)
        assert dialog.password.label.text() == "PIN of the key" and LABEL in dialog.certificate.text()
        dialog.open()
        assert dialog.password.note.text() == "Enter the PIN of the key."
        dialog.password.edit.setText("1111")
        dialog.open()
        assert "PIN is wrong" in dialog.password.note.text() and dialog.signer is None and dialog.button.isEnabled()
    with plugged_in(tmp_path / "nothing"):
        dialog.password.edit.setText(PIN)
        dialog.open()
        assert "No key is plugged in" in dialog.certificate.note.text()
    with plugged_in(good_token):
        dialog.open()
        assert dialog.signer is not None and dialog.signer.stamped


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_nothing_is_cut_off_in_a_small_window(app, qtbot, token, language):
    use_language(language)
    page = SigningPage(app)
    qtbot.addWidget(page)
    page.kind.set_value(KEY)
    page.resize(860, 480)
    page.show()
    page.reload()
    with plugged_in(token) as driver:
        page.token.remember_driver(driver)
    assert page.minimumSizeHint().width() <= 860 and len(rows(page)) == 2
