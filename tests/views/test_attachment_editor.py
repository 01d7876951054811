"""A photo or scan: chosen or dropped, kept encrypted in the home, shown small, refused in words."""

from __future__ import annotations

import io

import pytest

from models.core.errors import Invalid
from models.core.fields import Field
from ui.editors import AttachmentEdit


@pytest.fixture
def app(sign_in):
    return sign_in("director")


@pytest.fixture
def editor(qtbot, app):
    made = AttachmentEdit(app, Field("Photo", "attachment", name="photo"))
    qtbot.addWidget(made)
    made.show()
    return made


def picture(folder, name="child.png"):
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (640, 480), "#3a7").save(made, "PNG")
    (folder / name).write_bytes(made.getvalue())
    return folder / name


def test_a_photo_is_kept_encrypted_and_shown_small(qtbot, app, editor, tmp_path):
    with qtbot.waitSignal(editor.changed):
        editor.keep(picture(tmp_path))
    assert len(editor.value()) == 64
    assert editor.thumbnail._picture is not None and not editor.show_button.isHidden()
    kept = [file for file in (app.home.folder / "attachments").rglob("*") if file.is_file()]
    assert kept and all(b"PNG" not in file.read_bytes()[:64] for file in kept)


def test_what_was_attached_is_there_again_when_the_record_is_opened(qtbot, app, editor, tmp_path):
    editor.keep(picture(tmp_path))
    again = AttachmentEdit(app, editor.meaning)
    qtbot.addWidget(again)
    again.set_value(editor.value())
    assert again.thumbnail._picture is not None
    assert again.choose.text() == "Choose another…"


def test_it_can_be_taken_away(qtbot, editor, tmp_path):
    editor.keep(picture(tmp_path))
    with qtbot.waitSignal(editor.changed):
        editor.drop_button.click()
    assert editor.value() is None and editor.drop_button.isHidden()


def test_a_file_that_is_no_picture_is_refused_in_words_and_the_old_one_stays(app, editor, tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(type(app), "show_error", lambda self, error: told.append(error))
    app.tasks.show_error = told.append
    editor.keep(picture(tmp_path))
    before = editor.value()
    (tmp_path / "evil.png").write_bytes(b"MZ not a picture")
    editor.keep(tmp_path / "evil.png")
    assert isinstance(told[0], Invalid) and editor.value() == before
    assert editor.choose.isEnabled()


def test_a_file_that_is_missing_in_the_home_is_said_to_be(qtbot, editor):
    editor.set_value("0" * 64)
    assert editor.words.text() == "The file is not here." and editor.show_button.isHidden()
