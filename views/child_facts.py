"""The basic facts of a child 基本资料: the whole form to read; those who may, edit it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from models.child import Child
from models.core import queries
from models.core.fields import fields_of
from models.identity import masked
from resources import N_
from ui.app import App
from ui.pages import ChildTab, child_tab
from ui.record_form import RecordForm
from ui.widgets import Card, Scroll


@child_tab("facts", N_("Basic facts"), area="child", needs=("Child", "read"), order=10, icon="id-card")
class FactsTab(ChildTab):
    """Every field of the child's own record, in the sections of the paper form."""

    reads = (Child,)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.sheet = Scroll(3)
        self.column(0).addWidget(self.sheet)
        card = Card(margin=5)
        self.form = RecordForm(app, Child, read_only=True)
        card.body.addWidget(self.form)
        self.sheet.body.addWidget(card, 0, Qt.AlignmentFlag.AlignTop)
        self.sheet.body.addStretch(1)

    def show_child(self, child_id: str) -> None:
        with self.app.read() as work:
            values = queries.values(work, Child, child_id)
        self.form.load(values if self.app.may("edit", Child) else _masked(values))


def _masked(values: dict[str, Any]) -> dict[str, Any]:
    """Hide the middle of confidential numbers from those who read but do not keep the file."""
    hidden = {each.name for each in fields_of(Child) if each.confidential}
    return {
        name: (masked(str(value)) or "••••") if name in hidden and value else value for name, value in values.items()
    }
