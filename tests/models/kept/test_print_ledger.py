"""The print ledger: who printed what, for those who may know it."""

from __future__ import annotations

from datetime import date

import pytest

from models.child import Child
from models.core.access import SYSTEM
from models.core.errors import Forbidden
from models.core.record import new_id
from models.kept_papers import KeptPaper
from models.papers import note_printed, recent_prints
from models.print_ledger import ledger
from models.safety import Incident
from tests.conftest import NOW, actor
from tests.factories import make
from tests.models.kept.conftest import ARCHIVE


def test_a_kept_paper_printed_again_is_named_as_the_paper_it_is(papers):
    with papers.database.work(papers.director) as work:
        note_printed(
            work, "", KeptPaper, new_id(), papers.child, period="2026-10", paper="儿童月度综合记录", number="2026-000001",
            again=True,
        )  # fmt: skip
    with papers.database.read(papers.director) as work:
        (printed,) = recent_prints(work)
    assert (printed.form, printed.period) == ("儿童月度综合记录", "October 2026")


def test_the_director_sees_who_printed_what_and_nobody_else_does(papers):
    with papers.database.work(papers.care) as work:
        note_printed(work, "Child", Child, papers.child, papers.child, period="2026年10月")
    batch = new_id()
    with papers.database.work(papers.director) as work:
        for child in (papers.child, papers.other):
            note_printed(work, "Monthly record of a child", Child, child, child, batch=batch, place="/papers")
    with papers.database.read(papers.director) as work:
        together, single = ledger(work, NOW.date(), NOW.date())
        assert (together.papers, together.about, together.place) == (2, "", "/papers")
        assert (single.who, single.about, single.period) == (papers.care.name, "曾小乐", "2026年10月")
        assert ledger(work, NOW.date(), NOW.date(), "曾小乐") == [single]
        assert ledger(work, date(2026, 11, 1), date(2026, 11, 19)) == []
    for who in (papers.care, ARCHIVE):
        with pytest.raises(Forbidden), papers.database.read(who) as work:
            ledger(work, NOW.date(), NOW.date())


def test_the_ledger_tells_nothing_of_what_is_sealed(papers):
    with papers.database.work(SYSTEM) as work:
        incident = make(work, Incident, child_id=papers.child)
        work.get_one(Incident, incident).sealed = True
        note_printed(work, "Incident", Incident, incident, papers.child)
    with papers.database.read(actor("director", name="another")) as work:
        assert ledger(work, NOW.date(), NOW.date()) == []
