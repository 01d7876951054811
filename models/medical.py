"""Medical 治: diagnoses, allergies and visits to the doctor, and what everyone must know of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Date, Integer, String, Text, Time, select
from sqlalchemy.orm import Mapped

from models.child import OfChild
from models.core.errors import Problem
from models.core.fields import Money, attachment, field, reference
from models.core.record import Record
from models.core.words import Code, CodeList
from resources import N_, _

if TYPE_CHECKING:
    from models.core.database import Work

FOUND = N_("Diagnosis")
DAILY = N_("What it means in daily life")
VISIT = N_("Medical visit")
RESULT = N_("Result")

DIAGNOSIS_KINDS = CodeList(
    "diagnosis_kind",
    Code("illness", "Illness", "疾病"),
    Code("defect", "Birth defect", "出生缺陷"),
    Code("disability", "Cause of disability", "致残原因"),
    Code("infection", "Infectious disease", "传染病"),
    Code("injury", "Injury", "损伤"),
    Code("operation", "After an operation", "术后"),
)
DIAGNOSIS_STATUS = CodeList(
    "diagnosis_status",
    Code("suspected", "Suspected", "疑似"),
    Code("confirmed", "Confirmed", "确诊"),
    Code("chronic", "Long-term", "长期"),
    Code("resolved", "Resolved", "已愈"),
)
RISKS = CodeList(
    "risk",
    Code("seizures", "Seizures", "癫痫发作"),
    Code("aspiration", "Choking or aspiration", "误吸窒息"),
    Code("infection", "Infectious: isolate", "传染，需隔离"),
    Code("fracture", "Bones break easily", "易骨折"),
    Code("bleeding", "Bleeds easily", "易出血"),
    Code("heart", "Heart: do not tire", "心脏病，勿劳累"),
    Code("pressure", "Pressure sores: turn", "压疮，需翻身"),
    Code("immune", "Weak immune system", "免疫功能低下"),
    Code("self_harm", "Hurts himself or herself", "自伤"),
    Code("runs_away", "Runs away", "走失"),
)
SUBSTANCES = CodeList(
    "allergy_kind",
    Code("medicine", "Medicine", "药物"),
    Code("food", "Food", "食物"),
    Code("contact", "Skin contact", "接触物"),
    Code("airborne", "Pollen, dust, animals", "花粉、尘螨、动物"),
    Code("vaccine", "Vaccine component", "疫苗成分"),
    Code("other", "Other", "其他"),
)
SEVERITIES = CodeList(
    "severity",
    Code("unknown", "Not known", "不详"),
    Code("mild", "Mild", "轻度"),
    Code("moderate", "Moderate", "中度"),
    Code("severe", "Severe", "重度"),
    Code("anaphylaxis", "Life-threatening", "危及生命（过敏性休克）"),
)
VISIT_KINDS = CodeList(
    "visit_kind",
    Code("outpatient", "Outpatient visit", "门诊"),
    Code("emergency", "Emergency visit", "急诊"),
    Code("inpatient", "Hospital stay", "住院"),
    Code("round", "Doctor's round in the home", "巡诊"),
    Code("remote", "Remote consultation", "远程会诊"),
    Code("check_up", "Health check", "健康体检"),
    Code("dental", "Dentist", "口腔科"),
)
VISIT_STATUS = CodeList(
    "visit_status",
    Code("planned", "Planned", "已预约"),
    Code("under_way", "Under way", "进行中"),
    Code("done", "Done", "已结束"),
    Code("cancelled", "Cancelled", "已取消"),
)


class Diagnosis(OfChild, Record):
    """A diagnosis 诊断: free words, with a code where the hospital gave one."""

    title: ClassVar[str] = N_("Diagnosis")
    titles: ClassVar[str] = N_("Diagnoses")
    area: ClassVar[str] = "treatment"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "diagnosed_on"

    name: Mapped[str] = field(N_("Diagnosis"), String(200), section=FOUND, required=True, listed=True, searched=True)
    icd: Mapped[str | None] = field(
        N_("ICD code"),
        String(20),
        section=FOUND,
        listed=True,
        searched=True,
        help=N_("As the hospital wrote it, e.g. G80.0."),
    )
    kind: Mapped[str | None] = field(N_("Kind"), codes=DIAGNOSIS_KINDS, section=FOUND)
    status: Mapped[str] = field(
        N_("Status"), codes=DIAGNOSIS_STATUS, section=FOUND, default="confirmed", nullable=False, listed=True
    )
    diagnosed_on: Mapped[date] = field(N_("Diagnosed on"), Date, section=FOUND, required=True, listed=True)
    diagnosed_by: Mapped[str | None] = field(N_("Hospital and doctor"), String(100), section=FOUND)
    resolved_on: Mapped[date | None] = field(N_("Resolved on"), Date, section=FOUND)
    paper: Mapped[str | None] = attachment(N_("Paper of the hospital"), section=FOUND)
    risks: Mapped[list[str] | None] = field(
        N_("Risks"), codes=RISKS, many=True, section=DAILY, help=N_("Shown to everyone who meets the child.")
    )
    isolation_until: Mapped[date | None] = field(N_("Isolate until"), Date, section=DAILY)
    instructions: Mapped[str | None] = field(
        N_("What to do"), Text, section=DAILY, help=N_("In one or two sentences, for the person on night duty.")
    )

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.diagnosed_on > work.today:
            yield Problem("diagnosed_on", _("This day lies in the future."))
        if self.resolved_on and self.resolved_on < self.diagnosed_on:
            yield Problem("resolved_on", _("It cannot be over before it was found."))
        if self.status == "resolved" and not self.resolved_on:
            yield Problem("resolved_on", _("Please enter since when it is resolved."))
        if "infection" in (self.risks or []) and not self.isolation_until and self.status != "resolved":
            yield Problem(
                "isolation_until",
                _("Until when is the child to be isolated? Please enter a day, or confirm."),
                warning=True,
            )

    def running(self, today: date) -> bool:
        """Whether the diagnosis still holds."""
        return self.status != "resolved" and not (self.resolved_on and self.resolved_on <= today)

    def summary(self) -> str:
        return f"{self.name} {self.icd or ''}".strip()


class Allergy(OfChild, Record):
    """An allergy or intolerance 过敏史."""

    title: ClassVar[str] = N_("Allergy")
    titles: ClassVar[str] = N_("Allergies")
    area: ClassVar[str] = "treatment"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "known_since"
    title_field: ClassVar[str] = "substance"

    substance: Mapped[str] = field(
        N_("Substance"),
        String(100),
        required=True,
        listed=True,
        searched=True,
        help=N_("One substance a record, e.g. 青霉素."),
    )
    kind: Mapped[str] = field(N_("Kind"), codes=SUBSTANCES, required=True, listed=True)
    severity: Mapped[str] = field(N_("Severity"), codes=SEVERITIES, required=True, listed=True)
    reaction: Mapped[str | None] = field(
        N_("Reaction"), String(200), listed=True, help=N_("What happened, e.g. rash, breathlessness.")
    )
    known_since: Mapped[date | None] = field(N_("Known since"), Date, listed=True)
    proof: Mapped[str | None] = field(N_("Known from"), String(200), help=N_("Test, doctor or own observation."))
    instructions: Mapped[str | None] = field(N_("What to do"), Text)
    ended_on: Mapped[date | None] = field(N_("No longer true since"), Date)

    def before_save(self, work: Work) -> None:
        self.substance = (self.substance or "").strip()

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.known_since and self.known_since > work.today:
            yield Problem("known_since", _("This day lies in the future."))
        same = select(Allergy.id).where(
            Allergy.child_id == self.child_id, Allergy.substance == self.substance, Allergy.id != self.id,
            Allergy.deleted_at.is_(None), Allergy.ended_on.is_(None), Allergy.state != "void",
        )  # fmt: skip
        if work.scalar(same) and not self.ended_on and not self.deleted_at:
            yield Problem("substance", _("This allergy is already noted."))

    def summary(self) -> str:
        return _("{substance} ({severity})").format(substance=self.substance, severity=SEVERITIES.label(self.severity))


class MedicalVisit(OfChild, Record):
    """A visit to or by a doctor, or a stay in hospital 就诊与住院记录."""

    title: ClassVar[str] = N_("Medical visit")
    titles: ClassVar[str] = N_("Medical visits")
    area: ClassVar[str] = "treatment"
    first_state: ClassVar[str] = "submitted"
    event_field: ClassVar[str] = "starts_on"
    title_field: ClassVar[str] = "reason"

    kind: Mapped[str] = field(N_("Kind"), codes=VISIT_KINDS, section=VISIT, required=True, listed=True)
    status: Mapped[str] = field(
        N_("Status"), codes=VISIT_STATUS, section=VISIT, default="done", nullable=False, listed=True
    )
    starts_on: Mapped[date] = field(N_("Date or admission"), Date, section=VISIT, required=True, listed=True)
    ends_on: Mapped[date | None] = field(N_("Discharge"), Date, section=VISIT, listed=True)
    leaves_at: Mapped[time | None] = field(
        N_("Leaves the home at"), Time, section=VISIT, help=N_("Left empty, the visit is taken to last all day.")
    )
    back_at: Mapped[time | None] = field(N_("Back at"), Time, section=VISIT)
    hospital: Mapped[str | None] = field(
        N_("Hospital or clinic"), String(100), section=VISIT, listed=True, searched=True
    )
    department: Mapped[str | None] = field(N_("Department and doctor"), String(100), section=VISIT)
    reason: Mapped[str] = field(N_("Reason"), String(200), section=VISIT, required=True, listed=True, searched=True)
    escort_id: Mapped[str | None] = reference(N_("Accompanied by"), "staff", section=VISIT)
    findings: Mapped[str | None] = field(N_("Medical findings"), Text, section=RESULT)
    diagnosis: Mapped[str | None] = field(N_("Diagnosis"), String(300), section=RESULT, searched=True)
    treatment: Mapped[str | None] = field(N_("Treatment and advice"), Text, section=RESULT)
    follow_up_on: Mapped[date | None] = field(N_("Next appointment"), Date, section=RESULT)
    cost: Mapped[Decimal | None] = field(N_("Cost"), Money, section=RESULT, unit=N_("yuan"), minimum=0)
    paper: Mapped[str | None] = attachment(N_("Paper of the hospital"), section=RESULT)
    stay_days: Mapped[int | None] = field(N_("Days in hospital"), Integer, section=VISIT, hidden=True)

    def before_save(self, work: Work) -> None:
        self.status = self.status or "done"
        stayed = self.kind == "inpatient" and self.starts_on and self.ends_on
        self.stay_days = max((self.ends_on - self.starts_on).days, 1) if stayed else None  # type: ignore[operator]

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.ends_on and self.ends_on < self.starts_on:
            yield Problem("ends_on", _("The discharge lies before the admission."))
        if self.status in ("done", "under_way") and self.starts_on > work.today:
            yield Problem("starts_on", _("This day lies in the future; choose “planned” instead."))
        if self.kind == "inpatient" and self.status == "done" and not self.ends_on:
            yield Problem("ends_on", _("Please enter the day of discharge, or choose “under way”."))
        if self.ends_on and self.kind != "inpatient":
            yield Problem("ends_on", _("Only a stay in hospital has a day of discharge."))
        if self.leaves_at and self.back_at and self.back_at <= self.leaves_at:
            yield Problem("back_at", _("The end lies before the beginning."))
        if self.follow_up_on and self.follow_up_on <= self.starts_on:
            yield Problem("follow_up_on", _("The next appointment lies before this visit."))

    def summary(self) -> str:
        return f"{VISIT_KINDS.label(self.kind)} · {self.reason}"


# --- the child's sheet --------------------------------------------------------------------------------


@dataclass(frozen=True)
class MedicalSheet:
    """What the treatment tab shows beside the medicines."""

    diagnoses: tuple[dict[str, Any], ...]
    allergies: tuple[dict[str, Any], ...]
    visits: tuple[dict[str, Any], ...]


def medical_sheet(work: Work, child_id: str, visits: int = 12) -> MedicalSheet:
    """Return a child's diagnoses (running first), allergies and latest visits as plain values."""
    return MedicalSheet(
        tuple(_values(each, running=each.running(work.today)) for each in living_records(work, Diagnosis, child_id)),
        tuple(
            _values(each)
            for each in living_records(work, Allergy, child_id)
            if not (each.ended_on and each.ended_on <= work.today)
        ),
        tuple(_values(each) for each in living_records(work, MedicalVisit, child_id)[:visits]),
    )


def living_records(work: Work, kind: Any, child_id: str) -> list[Any]:
    when = getattr(kind, kind.event_field)
    statement = select(kind).where(
        kind.child_id == child_id, kind.deleted_at.is_(None), kind.state.not_in(("void", "superseded"))
    )
    return list(work.scalars(statement.order_by(when.desc(), kind.id.desc())))


def _values(record: Any, **more: Any) -> dict[str, Any]:
    from models.core.fields import fields_of

    return {each.name: getattr(record, each.name) for each in fields_of(type(record))} | {
        "id": record.id,
        "state": record.state,
        **more,
    }
