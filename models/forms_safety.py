"""Forms of safety 安全表单: the report of an incident with what followed from it."""

from __future__ import annotations

from dataclasses import replace

from models.child import Child
from models.core.database import Work
from models.core.queries import load
from models.form_words import Words, about, with_state
from models.forms import Asked, Form, form
from models.month import Section
from models.safety import Incident
from resources import N_, _

_EVENT = ("kind", "noticed_at", "happened_at", "place", "unit_id")
_INJURY = ("injury", "injury_text", "hospital", "hospital_at", "outcome")
_REPORT = ("decision", "situations", "decision_reason", "reported_at", "reported_to", "reported_name", "receipt")
_TOLD = ("leader_told_at", "director_told_at", "department_told_at", "others_told")
_FOLLOW = ("measures_due", "precaution", "precaution_until", "closed_on")


@form("incident_report", N_("Incident report"), of="Incident", needs="Incident")
def incident_report(work: Work, asked: Asked) -> list[Form]:
    """Return the report 意外事件报告 and its follow-up; one of a sealed incident only for those who may see it."""
    record: Incident = load(work, Incident, asked.record_id)
    words = Words(work, Incident, record)
    sheet = Form(_("Incident report"), subject=record.summary())
    if record.child_id:
        child: Child = load(work, Child, record.child_id)
        sheet = about(work, child, _("Incident report"), day=record.noticed_at.date())
    sections = (
        Section(_("What happened"), facts=words.pairs(*_EVENT), texts=words.pairs("what", "persons", "course")),
        Section(_("Injury and first aid"), facts=words.pairs(*_INJURY), texts=words.pairs("first_aid")),
        Section(_("Mandatory report"), facts=words.pairs(*_REPORT)),
        Section(_("Who was told"), facts=words.pairs(*_TOLD)),
        Section(_("Evidence"), facts=words.pairs("cctv", "cctv_note")),
        Section(
            _("Investigation, measures, closing"), facts=words.pairs(*_FOLLOW),
            texts=words.pairs("investigation", "measures", "conclusion"),
        ),
    )  # fmt: skip
    closed = record.closed_on is not None
    sheet = replace(
        sheet, sections=sections, sealed=True, opinions=(_("Opinion of the home"),),
        period=_("Noticed {at}").format(at=record.noticed_at.strftime("%Y-%m-%d %H:%M")),
        notes=(_("Sealed: only named people may read this paper."),) if record.sealed else (),
    )  # fmt: skip
    stands = with_state(work, sheet, record, (_("Filled in by"), _("Safety officer"), _("Director")))
    state = "" if stands.state == "submitted" else stands.state  # signed as it was saved, like every daily entry
    return [replace(stands, final=stands.final or closed, state=state)]
