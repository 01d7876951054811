"""The care tab of the child's file 养育: what was observed day by day, the unusual first seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from models.care import NursingRecord
from models.care_words import threshold
from models.nursing import day_lines, unusual
from models.shifts import SHIFTS
from resources import N_, _
from ui.app import App
from ui.pages import ChildTab, child_tab
from ui.text import PlainLabel
from ui.widgets import Button, EmptyState, Segmented, row
from views.chip_table import ChipRow, ChipTable
from views.nursing_columns import COLUMNS, cell_words

SPANS = ((14, N_("14 days")), (30, N_("30 days")), (90, N_("90 days")))


@child_tab("care_days", N_("Nursing days"), area="care", needs=("NursingRecord", "read"), order=10, icon="heart-pulse")
class CareDaysTab(ChildTab):
    """The nursing records of the child on show."""

    reads: ClassVar[tuple[type, ...]] = (NursingRecord,)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.records: list[dict[str, Any]] = []
        lines = self.column(2)
        head = row(None, 2)
        self.count = PlainLabel("", tone="muted", wrap=True)
        head.addWidget(self.count, 1)
        self.which = Segmented(
            [("all", _("All")), ("odd", _("Unusual only"))], lambda _value: self._show(), name=_("What to show")
        )
        self.span = Segmented(
            [(days, _(words)) for days, words in SPANS],
            lambda _value: self.show_child(self.child_id),
            name=_("How far back"),
        )
        head.addWidget(self.which)
        head.addWidget(self.span)
        if app.may("create", NursingRecord):
            head.addWidget(Button(_("Write"), "pencil", on_click=lambda: app.go("nursing", child_id=self.child_id)))
        lines.addLayout(head)
        headings = (_("Date"), _("Shift"), _("State"), _("Temperature"), _("Observed"), _("Cared for by"))
        self.table = ChipTable(headings, 2, self._open, numeric=(3,), stretch=(4,), name=_("Nursing records"))
        self.empty = EmptyState("heart-pulse", _("Nothing was written in this time"))
        lines.addWidget(self.table, 1)
        lines.addWidget(self.empty, 1)

    def show_child(self, child_id: str) -> None:
        self.child_id = child_id
        today = self.app.today()
        with self.app.read() as work:
            self.records = day_lines(work, child_id, today - timedelta(days=self.span.value()), today)
        self._show()

    def _show(self) -> None:
        rows = [self._row(each) for each in self.records]
        if self.which.value() == "odd":
            rows = [each for each in rows if each.tone in ("warning", "danger", "info")]
        self.table.show_rows(rows)
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self.count.setText(" · ".join(self._counts()))

    def _row(self, record: dict[str, Any]) -> ChipRow:
        found = unusual(record, record["day"])
        state = _("Unusual") if found else _("As usual") if record["usual"] else _("Written")
        degrees = record["temperature"]
        seen = [each.text for each in found] or [
            words for column in COLUMNS if column.key not in "TN" and (words := cell_words(column, record))
        ]
        if record["note"]:
            seen.append(record["note"])
        texts = (
            record["day"].isoformat(), SHIFTS.label(record["shift"]) + (f" {record['at']:%H:%M}" if record["extra"] else ""), state,
            f"{degrees:.1f} °C" if degrees is not None else "", _(", ").join(seen), record["recorded_by"],
        )  # fmt: skip
        return ChipRow(texts, found[0].level if found else "good", record["id"])

    def _counts(self) -> list[str]:
        fever = {
            each["day"] for each in self.records if (each["temperature"] or 0) >= threshold("fever_from", each["day"])
        }
        said = [_("{n} days written").format(n=len({each["day"] for each in self.records}))]
        for words, number in (
            (_("{n} days with fever"), len(fever)), (_("vomited {n} times"), sum(each["vomiting"] or 0 for each in self.records)),
            (_("{n} seizures"), sum(each["seizures"] or 0 for each in self.records)),
        ):  # fmt: skip
            if number:
                said.append(words.format(n=number))
        return said

    def _open(self, record_id: str) -> None:
        self.app.open_record(NursingRecord, record_id)
