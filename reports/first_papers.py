"""The first papers of a home: the recovery key to be put away, and a slip with the first password for each person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.papers import PaperHead
from reports.blocks import Part, facts, prose
from reports.page import Paper, render
from resources import N_, _

KEEP = N_(
    "Whoever has this key and the home's folder can open everything. Put it into a sealed envelope, signed by two "
    "people, and keep it in a safe away from the computer. It is needed only when nobody can sign in any more. "
    "It exists on this paper alone: the program cannot show it again."
)
SLIP = N_(
    "This password is good for the first signing in; the program then asks for one of your own. "
    "Destroy this slip afterwards. Never tell your password to anyone, also not to the administrator."
)


@dataclass(frozen=True)
class Slip:
    """The first password of one person."""

    name: str
    role: str
    username: str
    password: str


def first_papers(head: PaperHead, recovery_key: str, slips: Sequence[Slip]) -> bytes:
    """Return one PDF: the recovery sheet, then one slip a person."""
    key_rows = facts([(_("Recovery key"), recovery_key)], slots=1)
    sheet = Paper(
        head,
        (
            Part(_("Recovery key"), key_rows),
            Part(_("How to keep it"), (prose(_("To do"), _(KEEP)),)),
            Part(_("Put away"), facts([(_("Place"), " "), (_("Date"), " "), (_("First person"), " "), (_("Second person"), " ")], slots=2)),
        ),
        bookmark=_("Recovery key"),
    )  # fmt: skip
    return render([sheet, *[_slip(head, each) for each in slips]])


def _slip(head: PaperHead, slip: Slip) -> Paper:
    pairs = [
        (_("Name"), slip.name),
        (_("Role"), slip.role),
        (_("User name"), slip.username),
        (_("First password"), slip.password),
    ]
    rows = (*facts(pairs, slots=2), prose(_("To note"), _(SLIP)))
    return Paper(head.but(form_name=_("First sign-in")), (Part(_("First sign-in"), rows),), bookmark=slip.name)
