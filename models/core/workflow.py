"""Workflow 流程: the states a record passes through and who may move it, as data.

草稿 → 已提交 → 已审核 → 已批准 → 已归档, with 退回 and 作废. An approved record is never edited: a
correction is a new version with a reason that names its predecessor (see ``records.correct``).
"""

from __future__ import annotations

from dataclasses import dataclass

from models.core.words import Code, CodeList
from resources import N_

STATES = CodeList(
    "state",
    Code("draft", N_("Draft"), "草稿"),
    Code("submitted", N_("Submitted"), "已提交"),
    Code("reviewed", N_("Reviewed"), "已审核"),
    Code("approved", N_("Approved"), "已批准"),
    Code("archived", N_("Archived"), "已归档"),
    Code("returned", N_("Returned"), "退回修改"),
    Code("void", N_("Void"), "作废"),
    Code("superseded", N_("Replaced by a correction"), "已更正"),
    Code("current", N_("In use"), "在用"),
)

EDITABLE = frozenset({"draft", "returned", "submitted", "current"})
"""States in which the values may still be changed in place."""


@dataclass(frozen=True)
class Step:
    """One move: its name, where it starts and ends, the permission it needs, whether it needs a reason."""

    name: str
    label: str
    sources: frozenset[str]
    target: str
    action: str
    reason: bool = False


STEPS = (
    Step("submit", N_("Submit"), frozenset({"draft", "returned"}), "submitted", "edit"),
    Step("review", N_("Review"), frozenset({"submitted"}), "reviewed", "review"),
    Step("approve", N_("Approve"), frozenset({"reviewed", "submitted"}), "approved", "approve"),
    Step("archive", N_("Archive"), frozenset({"approved"}), "archived", "archive"),
    Step("return", N_("Return"), frozenset({"submitted", "reviewed"}), "returned", "review", reason=True),
    Step("void", N_("Void"), frozenset({"draft", "returned", "submitted", "current"}), "void", "edit", reason=True),
    Step("withdraw", N_("Void"), frozenset({"reviewed", "approved"}), "void", "approve", reason=True),
)


def step_named(name: str) -> Step:
    """Return a step by its name."""
    return next(step for step in STEPS if step.name == name)
