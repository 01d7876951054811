"""Papers, kept things and siblings of a child, and the copies that left the home 证件、保管物品、亲属与对外提供."""

from __future__ import annotations

from models.belongings import ChildPaper, KeepsakeItem, Sibling
from models.copies import PaperCopy
from resources import N_
from ui.app import App
from ui.pages import child_tab
from views.child_records import AreaRecords


@child_tab("papers", N_("Papers and things"), area="child", needs=("ChildPaper", "read"), order=30, icon="files")
class PapersTab(AreaRecords):
    """What belongs to the child, in four lists."""

    reads = (ChildPaper, KeepsakeItem, Sibling, PaperCopy)

    def __init__(self, app: App) -> None:
        super().__init__(app, [kind for kind in self.reads if app.may("read", kind)])
