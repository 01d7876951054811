"""A home that keeps papers, for their tests."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from models.core import records
from models.core.access import SYSTEM
from models.core.keys import DataKey
from models.kept_papers import MONTHLY, keep
from models.rehabilitation import RehabilitationPlan
from tests.conftest import actor
from tests.factories import make

ARCHIVE = actor("archive", name="档案员")
OCTOBER = "2026-10"


def pdf(number: str, check: str) -> bytes:
    """The smallest document that says its number."""
    return f"%PDF-1.7\n% {number} {check}\n%%EOF\n".encode()


@pytest.fixture
def papers(home, tmp_path):
    """The home with a folder for files, and a way to keep a paper of October."""
    home.files = SimpleNamespace(folder=tmp_path / "files", key=DataKey(bytes(range(32))))

    def keep_month(said="十月", who=None, child="", period=OCTOBER, make_pdf=pdf, **more):
        with home.database.work(who or home.director) as work:
            return keep(
                work, home.files, MONTHLY, title="儿童月度综合记录", said=said, make=make_pdf,
                child_id=child or home.child, period=period, **more,
            )  # fmt: skip

    home.keep = keep_month
    return home


def approved(home) -> str:
    """An approved rehabilitation plan."""
    with home.database.work(SYSTEM) as work:
        plan = make(work, RehabilitationPlan, child_id=home.child)
        for step in ("submit", "approve"):
            records.take_step(work, RehabilitationPlan, plan, step)
    return plan


def keep_plan(home, plan, who=None, said="计划", **more):
    with home.database.work(who or home.director) as work:
        return keep(
            work, home.files, "RehabilitationPlan", title="康复计划", said=said, make=pdf, child_id=home.child,
            record_id=plan, **more,
        )  # fmt: skip
