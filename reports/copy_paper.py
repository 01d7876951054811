"""Copies for recipients on paper 对外提供副本: whatever a copy is of, with its number across every page."""

from __future__ import annotations

from models.copies import Copied, Extract
from models.file_papers import WholeFile
from models.month import MonthlyRecord
from models.papers import PaperHead
from reports.child_file import entry_paper, volume
from reports.form_paper import form_paper
from reports.monthly_record import monthly_paper
from reports.page import Paper, pages_of, render


def render_copy(content: Copied, head: PaperHead) -> tuple[bytes, int]:
    """Return a copy as one PDF document, and how many pages it has; ``head.copy`` is the mark on its pages."""
    papers = copy_sheets(content, head)
    return render(papers, through=True), sum(len(pages_of(each)) for each in papers)


def copy_sheets(content: Copied, head: PaperHead) -> list[Paper]:
    """Lay a copy out: a file as one volume, records of a single kind without cover and contents."""
    if isinstance(content, MonthlyRecord):
        return [monthly_paper(content, head)]
    if not isinstance(content, WholeFile):
        return [form_paper(each, head) for each in content]
    if not isinstance(content, Extract) or not content.entries:
        return volume(content, head)
    about = head.but(subject=content.name, file_number=content.number)
    return [entry_paper(each, about, content.photo) for each in content.entries]
