"""The treatment tab of the child's file 医疗: allergies, diagnoses, medicines with today's doses, visits."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from models.core.errors import Refused
from models.medical import (
    DIAGNOSIS_STATUS,
    RISKS,
    SEVERITIES,
    SUBSTANCES,
    VISIT_KINDS,
    VISIT_STATUS,
    Allergy,
    Diagnosis,
    MedicalSheet,
    MedicalVisit,
    medical_sheet,
)
from models.medication import Dose, MedicationOrder
from models.medication_round import RoundLine, child_lines, orders_of, stop_order
from resources import N_, _
from ui.app import App
from ui.dialog import Dialog, Line
from ui.pages import ChildTab, child_tab
from ui.text import PlainLabel
from ui.widgets import Button, Chip, Flow, Scroll, Section, Segmented, clear, row
from views.chip_table import ChipRow, ChipTable
from views.round_table import state_of

_VISIT_TONES = {"planned": "info", "under_way": "warning", "done": "neutral", "cancelled": "neutral"}


@child_tab(
    "health", N_("Health and medicines"), area="treatment", needs=("Allergy", "read"), order=10, icon="stethoscope"
)
class TreatmentTab(ChildTab):
    """What a doctor or nurse asks first about the child on show."""

    reads: ClassVar[tuple[type, ...]] = (Diagnosis, Allergy, MedicalVisit, MedicationOrder, Dose)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.sheet: MedicalSheet | None = None
        self.orders: list[dict[str, Any]] = []
        self.doses: list[RoundLine] = []
        self.parts = Scroll(4)
        self.column(0).addWidget(self.parts)
        self._build()

    def _build(self) -> None:
        body = self.parts.body
        self.allergies = self._section(_("Allergies"), Allergy, _("New allergy"))
        self.allergy_line = QWidget()
        Flow(self.allergy_line)
        self.allergies.body.addWidget(self.allergy_line)
        body.addWidget(self.allergies)
        if self.app.may("read", MedicationOrder):
            self._build_medicines(body)
        if self.app.may("read", Diagnosis):
            part = self._section(_("Diagnoses"), Diagnosis, _("New diagnosis"))
            headings = (_("Diagnosis"), _("ICD code"), _("Status"), _("Diagnosed on"), _("Risks and what to do"))
            self.diagnoses = ChipTable(headings, 2, partial(self._open, Diagnosis), stretch=(0, 4), name=_("Diagnoses"))
            part.body.addWidget(self.diagnoses)
            body.addWidget(part)
        if self.app.may("read", MedicalVisit):
            part = self._section(_("Visits and stays"), MedicalVisit, _("New medical visit"))
            columns = (
                _("Date"),
                _("Kind"),
                _("Status"),
                _("Hospital or clinic"),
                _("Reason"),
                _("Diagnosis and advice"),
            )
            self.visits = ChipTable(
                columns, 2, partial(self._open, MedicalVisit), stretch=(4, 5), name=_("Medical visits")
            )
            part.body.addWidget(self.visits)
            body.addWidget(part)
        body.addStretch(1)

    def _build_medicines(self, body: Any) -> None:
        part = self._section(_("Medicines"), MedicationOrder, _("New medication order"))
        self.ended = Segmented(
            [(False, _("In use now")), (True, _("All"))],
            lambda _value: self.show_child(self.child_id),
            name=_("Which orders"),
        )
        part.tools.insertWidget(1, self.ended)
        if self.app.may("edit", MedicationOrder):
            part.tools.insertWidget(2, Button(_("Stop…"), "circle-x", "quiet", self.stop))
        headings = (
            _("Medicine"),
            _("State"),
            _("Single dose"),
            _("Frequency"),
            _("From"),
            _("Until"),
            _("Prescribed by"),
        )
        self.medicines = ChipTable(
            headings, 1, partial(self._open, MedicationOrder), stretch=(0, 2), name=_("Medication orders")
        )
        part.body.addWidget(self.medicines)
        self.today = QWidget()
        Flow(self.today)
        part.body.addWidget(self.today)
        body.addWidget(part)

    def _section(self, title: str, kind: type, words: str) -> Section:
        part = Section(title)
        if self.app.may("create", kind):
            part.tools.addWidget(Button(words, "plus", "quiet", partial(self._new, kind)))
        return part

    # --- what is shown ---

    def show_child(self, child_id: str) -> None:
        self.child_id = child_id
        start = datetime.combine(self.app.today(), time())
        with self.app.read() as work:
            self.sheet = medical_sheet(work, child_id)
            if self.app.may("read", MedicationOrder):
                self.orders = orders_of(work, child_id, ended=bool(self.ended.value()))
                self.doses = (
                    child_lines(work, child_id, start, start + timedelta(days=1)) if self.app.may("read", Dose) else []
                )
        self._show_allergies()
        if self.app.may("read", MedicationOrder):
            self._show_medicines()
        if self.app.may("read", Diagnosis):
            self._fill(self.diagnoses, [self._diagnosis(each) for each in self.sheet.diagnoses])
        if self.app.may("read", MedicalVisit):
            self._fill(self.visits, [self._visit(each) for each in self.sheet.visits])

    def _fill(self, table: ChipTable, rows: list[ChipRow]) -> None:
        blank = ChipRow((_("nothing noted"), *[""] * (len(table.rows.headings) - 1)))
        table.show_rows(rows or [blank])
        table.fit_height()

    def _show_allergies(self) -> None:
        assert self.sheet is not None
        flow = self.allergy_line.layout()
        assert flow is not None
        clear(flow)
        if not self.sheet.allergies:
            flow.addWidget(PlainLabel(_("No allergy is known."), tone="muted"))
        for each in self.sheet.allergies:
            words = f"{each['substance']} · {SUBSTANCES.label(each['kind'])} · {SEVERITIES.label(each['severity'])}"
            if each["reaction"]:
                words += f" · {each['reaction']}"
            button = Button(
                words,
                "circle-alert",
                "normal" if each["severity"] == "mild" else "danger",
                partial(self._open, Allergy, each["id"]),
            )
            flow.addWidget(button)

    def _diagnosis(self, each: dict[str, Any]) -> ChipRow:
        said = [RISKS.label(risk) for risk in each["risks"] or []] + (
            [each["instructions"]] if each["instructions"] else []
        )
        tone = "neutral" if not each["running"] else "warning" if each["risks"] else "info"
        texts = (
            each["name"],
            each["icd"] or "",
            DIAGNOSIS_STATUS.label(each["status"]),
            each["diagnosed_on"].isoformat(),
            _("; ").join(said),
        )
        return ChipRow(texts, tone, each["id"])

    def _visit(self, each: dict[str, Any]) -> ChipRow:
        when = each["starts_on"].isoformat()
        if each["stay_days"]:
            when += _(" ({n} days)").format(n=each["stay_days"])
        told = _("; ").join(words for words in (each["diagnosis"], each["treatment"]) if words)
        texts = (
            when,
            VISIT_KINDS.label(each["kind"]),
            VISIT_STATUS.label(each["status"]),
            each["hospital"] or "",
            each["reason"],
            told,
        )
        return ChipRow(texts, _VISIT_TONES[each["status"]], each["id"])

    def _show_medicines(self) -> None:
        rows = [
            ChipRow(
                (
                    f"{each['drug']} {each['strength']}".strip(), _("In use now") if each["running"] else _("No longer taken"), each["dose"],
                    each["frequency"], each["from"].date().isoformat(),
                    each["until"].strftime("%Y-%m-%d") if each["until"] else "", each["prescriber"],
                ), "good" if each["running"] else "neutral", each["id"],
            )
            for each in self.orders
        ]  # fmt: skip
        self._fill(self.medicines, rows)
        flow = self.today.layout()
        assert flow is not None
        clear(flow)
        now = self.app.now()
        for line in self.doses:
            if line.due_at is not None:
                words, tone = state_of(line, now)
                flow.addWidget(Chip(f"{line.due_at:%H:%M} {line.medicine}: {words}", tone))
        self.today.setVisible(any(line.due_at for line in self.doses))

    # --- acting ---

    def _open(self, kind: type, record_id: str | None) -> None:
        if record_id:
            self.app.open_record(kind, record_id)

    def _new(self, kind: type) -> None:
        defaults: dict[str, Any] = {"child_id": self.child_id}
        if kind is MedicationOrder:
            defaults["starts_at"] = self.app.now().replace(second=0, microsecond=0)
        if kind in (MedicalVisit, Diagnosis):
            defaults["starts_on" if kind is MedicalVisit else "diagnosed_on"] = self.app.today()
        self.app.new_record(kind, **defaults)

    def stop(self) -> None:
        """Stop the current order, with a reason."""
        order_id = self.medicines.current_key()
        order = next((each for each in self.orders if each["id"] == order_id and each["running"]), None)
        if order is None:
            self.app.notify(_("Choose a running order first."))
            return
        dialog = StopDialog(self.app, order, self.app.window_now())
        dialog.exec()
        dialog.deleteLater()


class StopDialog(Dialog):
    """Asks why an order is stopped, and stops it now."""

    def __init__(self, app: App, order: dict[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(_("Stop the medicine"), f"{order['drug']} {order['dose']} {order['frequency']}", parent)
        self.app, self.order = app, order
        self.reason = Line(_("Reason for stopping"), help_text=_("From now on nothing more is due."))
        self.body.addWidget(self.reason)
        line = row(None)
        self.body.addLayout(line)
        self.offer(_("Stop now"), self.stop, "danger", "circle-x")

    def stop(self) -> None:
        """Stop the order, or say beside the reason why not."""
        try:
            with self.app.work() as work:
                stop_order(work, self.order["id"], self.reason.text().strip())
        except Refused as refusal:
            self.reason.complain(str(refusal))
            return
        self.accept()
        self.app.notify(_("{medicine} is stopped.").format(medicine=self.order["drug"]))
