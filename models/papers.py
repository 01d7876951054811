"""Papers 打印件: what stands on every paper of the home, beside its content.

``head`` gathers it; ``reports`` sets it. A paper of an invented home says so on every page, and a paper that is
not approved looks different from one that is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from models.core import settings
from models.core.database import Work
from resources import _


@dataclass(frozen=True)
class PaperHead:
    """The facts in the head and foot of a paper.

    Attributes:
        institution: the home's name.
        form_name: the official name of the form.
        period: what the paper covers, e.g. 2026年10月.
        file_number: the child's file number, or the record's.
        subject: whom or what it is about, for the running head.
        state: the workflow state; a draft is marked as one, a void paper as void.
        demo: the home is invented.
    """

    institution: str
    form_name: str
    printed_at: datetime
    printed_by: str
    period: str = ""
    file_number: str = ""
    subject: str = ""
    state: str = ""
    demo: bool = False
    confidential: bool = True

    def but(self, **changes: Any) -> PaperHead:
        """Return this head with something changed."""
        return replace(self, **changes)


def paper_head(work: Work, form_name: str, **more: Any) -> PaperHead:
    """Return the head of a paper that this person prints now."""
    known = settings.values(work)
    institution = known["home_name"] or _("Children's welfare home")
    return PaperHead(
        institution, form_name, work.now, work.actor.name or work.actor.username, demo=bool(known["invented"]), **more
    )
