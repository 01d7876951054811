"""The hand-over on screen: filled, counted, signed by two people, one of them beside the other."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from models.core.access import SYSTEM
from models.core.accounts import Account
from models.core.errors import SignInRefused
from models.handover import hand_overs
from models.nursing import save_row
from models.shifts import shift_at
from tests.conftest import NOW
from tests.views.care_house import House, apps, house  # noqa: F401
from views.handover import HandOverPage
from views.handover_sign import SignDialog

SHIFT = shift_at(NOW)


@pytest.fixture
def page(house: House, apps, qtbot) -> HandOverPage:  # noqa: F811
    with house.database.work(house.second) as work:
        save_row(work, house.children[1], SHIFT, {"temperature": 38.7, "note": "已服退热药"})
    made = HandOverPage(apps(house.second))
    qtbot.addWidget(made)
    made.show()
    made.reload()
    return made


def lines(house: House):  # noqa: F811
    with house.database.read(house.director) as work:
        return hand_overs(work, house.unit)


def test_it_is_filled_from_the_shift_and_the_register(page: HandOverPage) -> None:
    assert [page.editors[name].value() for name in ("expected", "present", "out", "hospital")] == [4, 4, 0, 0]
    assert "38.7" in page.editors["unusual"].value() and "青霉素" in page.editors["special"].value()
    assert page.balance.text() == "The count agrees"


def test_a_count_that_does_not_agree_is_said_at_once_and_refused(page: HandOverPage, house: House) -> None:  # noqa: F811
    page.editors["present"].set_value(3)
    page._typed()
    assert page.balance.text() == "1 children missing"
    page.hand_over()
    assert lines(house) == [] and not page.trouble.isHidden()
    page.editors["out"].set_value(1)
    page.hand_over()
    assert lines(house)[0].handed_by == "李霞"


def test_the_colleague_signs_later_on_the_own_account(page: HandOverPage, house: House, apps, qtbot) -> None:  # noqa: F811
    page.hand_over()
    other = HandOverPage(apps(house.carer))
    qtbot.addWidget(other)
    other.reload()
    other.take_over()
    line = lines(house)[0]
    assert (line.handed_by, line.received_by) == ("李霞", "单雄")
    other.reload()
    assert not other.editors["unusual"].isEnabled()


def test_the_colleague_signs_beside_with_name_and_password(page: HandOverPage, house: House, monkeypatch) -> None:  # noqa: F811
    def confirm(username: str, password: str) -> None:
        if password != "right":
            raise SignInRefused("no")

    with house.database.work(SYSTEM) as work:
        staff_id = house.carer.staff_id
        work.add(Account(id="a1", username="shan", name="单雄", roles=["caregiver"], staff_id=staff_id, created_at=NOW,
                         must_change_password=False))  # fmt: skip
    page.app.home = SimpleNamespace(confirm_password=confirm)
    page.hand_over()
    dialog = SignDialog(page.app, page.record_id)
    dialog.user.edit.setText("shan")
    dialog.password.edit.setText("wrong")
    dialog.sign()
    assert lines(house)[0].received_by == "" and dialog.password.note.text() == "no"
    dialog.password.edit.setText("right")
    dialog.sign()
    assert lines(house)[0].received_by == "单雄" and dialog.signed_by == "单雄"


def test_unsaved_words_come_back(page: HandOverPage, house: House) -> None:  # noqa: F811
    page.editors["to_do"].set_value("夜里每两小时测体温")
    page._typed()
    page._day_moved(-1)
    assert page.editors["to_do"].value() is None
    page.go_now()
    assert page.editors["to_do"].value() == "夜里每两小时测体温"
    assert page.save() and lines(house)[0].present == 4
    assert page.app.drafts.look(page._draft_key()) is None


def test_filling_anew_brings_what_happened_since(page: HandOverPage, house: House) -> None:  # noqa: F811
    with house.database.work(house.second) as work:
        save_row(work, house.children[2], SHIFT, {"vomiting": 2})
    page.fill_anew()
    assert "Vomited: 2 times" in page.editors["unusual"].value()


def test_earlier_hand_overs_are_listed_and_opened(page: HandOverPage) -> None:
    page.hand_over()
    assert page.earlier.model().rowCount() == 1
    page._day_moved(-1)
    page._open_earlier(0)
    assert page.shift == SHIFT
