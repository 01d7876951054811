"""Admission 入院: the register and approval form, its papers, and the search for the family.

:func:`admit` records a whole admission at once: child, form, placement and checklist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import Boolean, Date, DateTime, Integer, String, Text, select
from sqlalchemy.orm import Mapped

from models import placement
from models.admission_rules import custody_fits, notice_ends, notice_rule_for, papers_wanted
from models.age import years_on
from models.child import Caseload, Child, OfChild
from models.child_words import CATEGORIES, CUSTODY, TEMPORARY_GROUNDS
from models.core import records
from models.core.access import SYSTEM
from models.core.database import Work
from models.core.errors import Forbidden, Problem
from models.core.fields import attachment, field, reference
from models.core.record import Record
from models.core.words import Code, CodeList, TableCodes
from resources import N_, _, table

SITUATIONS = CodeList(
    "situation",
    Code("abandoned", N_("Foundling"), "弃婴（儿）"),
    Code("trafficked", N_("Rescued from trafficking"), "打拐解救"),
    Code("vagrant", N_("Vagrant, identity unknown"), "流浪乞讨、身份不明"),
    Code("other", N_("Other"), "其他"),
)
SENDERS = CodeList(
    "sender",
    Code("police", N_("Police"), "公安机关"),
    Code("civil_affairs", N_("Civil-affairs department"), "民政部门"),
    Code("township", N_("Township or street office"), "乡镇（街道）"),
    Code("rescue", N_("Rescue station"), "救助管理机构"),
    Code("protection", N_("Minors' protection centre"), "未成年人救助保护机构"),
    Code("hospital", N_("Hospital"), "医疗机构"),
    Code("home", N_("Another children's home"), "其他儿童福利机构"),
    Code("court", N_("Court"), "人民法院"),
    Code("family", N_("Family"), "监护人或亲属"),
    Code("other", N_("Other"), "其他"),
)
MEDIA = CodeList(
    "notice_medium",
    Code("newspaper", N_("Newspaper"), "报纸"),
    Code("platform", N_("National platform for rescued children"), "全国打拐解救儿童寻亲公告平台"),
    Code("website", N_("Website of the department"), "民政部门网站"),
    Code("other", N_("Other"), "其他"),
)
NOTICE_RESULTS = CodeList(
    "notice_result",
    Code("running", N_("Running"), "公告中"),
    Code("claimed", N_("Claimed, being verified"), "有人认领，核实中"),
    Code("returned", N_("Family found"), "已认领"),
    Code("unclaimed", N_("Nobody claimed"), "无人认领"),
)
NOTICE_RULES: CodeList = TableCodes(
    "notice_rule", "notice_rules.csv", code="code", chinese="rule_zh", english="rule_en"
)
ADMISSION_PAPERS = CodeList(
    "admission_paper",
    # Where a paper is called differently by situation, the first wording of the table stands for all.
    *{
        row["code"]: Code(row["code"], row["paper_en"], row["paper_zh"])
        for row in reversed(table("admission_papers.csv"))
    }.values(),
    Code("other", N_("Other paper"), "其他材料"),
)
COMING = N_("Coming")
FINDING = N_("Finding")
RECEIVING = N_("Receiving")


class Admission(OfChild, Record):
    """The register and approval form of one admission 儿童入院登记审批表."""

    title: ClassVar[str] = N_("Admission")
    titles: ClassVar[str] = N_("Admissions")
    area: ClassVar[str] = "child"
    event_field: ClassVar[str] = "arrived_at"
    title_field: ClassVar[str] = "sender_detail"

    arrived_at: Mapped[datetime] = field(N_("Arrived at"), DateTime, section=COMING, required=True, listed=True)
    category: Mapped[str] = field(
        N_("Category of the child"), codes=CATEGORIES, section=COMING, required=True, listed=True
    )
    situation: Mapped[str | None] = field(N_("Situation"), codes=SITUATIONS, section=COMING, listed=True)
    custody: Mapped[str] = field(N_("Guardianship basis"), codes=CUSTODY, section=COMING, required=True, listed=True)
    temporary_ground: Mapped[str | None] = field(
        N_("Ground of temporary guardianship"), codes=TEMPORARY_GROUNDS, section=COMING
    )
    sender: Mapped[str] = field(N_("Sent by"), codes=SENDERS, section=COMING, required=True, listed=True)
    sender_detail: Mapped[str | None] = field(
        N_("Office and officers"), String(200), section=COMING, searched=True,
        help=N_("Name of the office, the escorting officers and their telephone."),
    )  # fmt: skip

    found_at: Mapped[datetime | None] = field(N_("Found at"), DateTime, section=FINDING)
    found_place: Mapped[str | None] = field(N_("Place found"), String(200), section=FINDING)
    finder: Mapped[str | None] = field(N_("Finder"), String(100), section=FINDING, confidential=True)
    finder_contact: Mapped[str | None] = field(
        N_("Finder's telephone and identity number"), String(100), section=FINDING, confidential=True
    )
    clothing: Mapped[str | None] = field(N_("Clothing"), Text, section=FINDING)
    carried: Mapped[str | None] = field(
        N_("Notes and things carried"), Text, section=FINDING,
        help=N_("Enter each thing under “Kept things” as well: it is kept for the long term."),
    )  # fmt: skip
    body_marks: Mapped[str | None] = field(N_("Marks on the body"), Text, section=FINDING)

    initial_health: Mapped[str | None] = field(N_("Health at admission"), Text, section=RECEIVING)
    received_medical_id: Mapped[str | None] = reference(N_("Received by (medical)"), "staff", section=RECEIVING)
    received_office_id: Mapped[str | None] = reference(N_("Received by (office)"), "staff", section=RECEIVING)
    observation_until: Mapped[date | None] = field(N_("Observation until"), Date, section=RECEIVING)
    dna_number: Mapped[str | None] = field(N_("DNA sample number"), String(40), section=RECEIVING)
    dna_on: Mapped[date | None] = field(N_("DNA sampled on"), Date, section=RECEIVING)
    note: Mapped[str | None] = field(N_("Note"), Text, section=RECEIVING)

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """An ordinary admission, for the tests of every record type."""
        return {"category": "B"}

    def problems(self, work: Work) -> Iterator[Problem]:
        yield from self._time_problems(work)
        yield from self._kind_problems()
        if self.received_medical_id and self.received_medical_id == self.received_office_id:
            yield Problem("received_office_id", _("Medical room and office receive the child together: two persons."))

    def _time_problems(self, work: Work) -> Iterator[Problem]:
        if self.arrived_at > work.now:
            yield Problem("arrived_at", _("The arrival lies in the future."))
        if self.found_at and self.found_at > self.arrived_at:
            yield Problem("found_at", _("The child cannot be found after having arrived."))
        born_on = work.scalar(select(Child.born_on).where(Child.id == self.child_id))
        if born_on is None:
            return
        if self.arrived_at.date() < born_on:
            yield Problem("arrived_at", _("The admission lies before the birth."))
        elif self.custody != "S1" and years_on(born_on, self.arrived_at.date()) >= 18:
            yield Problem("arrived_at", _("Only persons under 18 are admitted; this one was {n}.").format(
                n=years_on(born_on, self.arrived_at.date())))  # fmt: skip

    def _kind_problems(self) -> Iterator[Problem]:
        if self.category == "A" and not self.situation:
            yield Problem("situation", _("Please choose: the papers and the notice depend on it."))
        if not custody_fits(self.category, self.custody):
            yield Problem("custody", _("This basis does not usually go with this category."), warning=True)
        if self.temporary_ground and not self.custody.startswith("T"):
            yield Problem("temporary_ground", _("A ground of temporary guardianship does not go with this basis."))

    def summary(self) -> str:
        return f"{CATEGORIES.label(self.category)} · {SENDERS.label(self.sender)}"


class AdmissionPaper(OfChild, Record):
    """One paper that the admission needs 入院材料: received, or missing with a day by which it is due."""

    title: ClassVar[str] = N_("Admission paper")
    titles: ClassVar[str] = N_("Admission papers")
    area: ClassVar[str] = "child"
    by_hand: ClassVar[bool] = False
    first_state: ClassVar[str] = "current"
    newest_first: ClassVar[bool] = False
    event_field: ClassVar[str] = "received_on"
    title_field: ClassVar[str] = "name"

    admission_id: Mapped[str] = reference(N_("Admission"), "admission", required=True, hidden=True)
    paper: Mapped[str] = field(N_("Paper"), codes=ADMISSION_PAPERS, required=True, listed=True)
    name: Mapped[str | None] = field(N_("Which paper"), String(100), listed=True)
    needed: Mapped[bool | None] = field(N_("Paper required"), Boolean, listed=True)
    due_on: Mapped[date | None] = field(N_("Due on"), Date, listed=True)
    received_on: Mapped[date | None] = field(N_("Received on"), Date, listed=True)
    number: Mapped[str | None] = field(N_("Document number"), String(60), listed=True)
    pages: Mapped[int | None] = field(N_("Pages"), Integer, minimum=1, maximum=1000)
    scan: Mapped[str | None] = attachment(N_("Scan"))
    note: Mapped[str | None] = field(N_("Note"), Text)

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.received_on and self.received_on > work.today:
            yield Problem("received_on", _("This lies in the future."))
        if self.paper == "other" and not (self.name or "").strip():
            yield Problem("name", _("Please say which paper."))

    def summary(self) -> str:
        words = self.name or ADMISSION_PAPERS.label(self.paper)
        return words if self.received_on else _("{paper} (missing)").format(paper=words)


class FamilySearchNotice(OfChild, Record):
    """A notice by which the family is sought 寻亲公告; it runs for the days of its rule."""

    title: ClassVar[str] = N_("Family-search notice")
    titles: ClassVar[str] = N_("Family-search notices")
    area: ClassVar[str] = "child"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "published_on"
    title_field: ClassVar[str] = "medium_detail"

    rule: Mapped[str] = field(N_("Rule"), codes=NOTICE_RULES, required=True, listed=True)
    media: Mapped[list[str]] = field(N_("Published in"), codes=MEDIA, many=True, required=True, listed=True)
    medium_detail: Mapped[str | None] = field(N_("Newspaper and issue, or address"), String(200), searched=True)
    published_on: Mapped[date] = field(N_("Published on"), Date, required=True, listed=True)
    ends_on: Mapped[date | None] = field(N_("Runs until"), Date, listed=True, hidden=True)
    text: Mapped[str | None] = field(N_("Text of the notice"), Text)
    scan: Mapped[str | None] = attachment(N_("Copy of the notice"))
    result: Mapped[str | None] = field(N_("Result"), codes=NOTICE_RESULTS, listed=True)
    result_on: Mapped[date | None] = field(N_("Result of"), Date)
    note: Mapped[str | None] = field(N_("Note"), Text)

    def before_save(self, work: Work) -> None:
        self.result = self.result or "running"
        if self.rule in NOTICE_RULES and self.published_on:
            self.ends_on = notice_ends(self.rule, self.published_on)

    def problems(self, work: Work) -> Iterator[Problem]:
        arrived = work.scalar(
            select(Admission.arrived_at).where(Admission.child_id == self.child_id).order_by(Admission.arrived_at)
        )
        if arrived and self.published_on < arrived.date() - timedelta(days=365):
            yield Problem("published_on", _("This lies more than a year before the admission."), warning=True)
        if self.published_on > work.today:
            yield Problem("published_on", _("This lies in the future."))
        if self.result == "unclaimed" and self.ends_on and work.today < self.ends_on:
            yield Problem("result", _("The notice still runs until {day}.").format(day=self.ends_on))
        if self.rule == "trafficked30" and not {"newspaper", "platform"} <= set(self.media):
            yield Problem("media", _("For a rescued child: newspaper and national platform."), warning=True)

    def summary(self) -> str:
        return _("{result}, until {day}").format(result=NOTICE_RESULTS.label(self.result), day=self.ends_on)


@dataclass(frozen=True)
class Admitted:
    """The records that one admission made."""

    child_id: str
    admission_id: str
    placement_id: str


def admit(
    work: Work,
    child: Mapping[str, Any],
    admission: Mapping[str, Any],
    *,
    kind: str = "temporary",
    child_id: str | None = None,
    received: Mapping[str, Mapping[str, Any]] | None = None,
    submit: bool = False,
) -> Admitted:
    """Record an admission: the child (or one who comes back), the form, the placement, the checklist.

    Args:
        kind: the placement with which the stay begins.
        child_id: the child who is admitted again, or an outreach client who now moves in; None for a new one.
        received: what is known of papers already there, by their code.
        submit: also hand the form in for review; else it stays a draft.
    """
    arrived_on = admission["arrived_at"].date()
    told = {name: admission.get(name) for name in ("category", "custody", "temporary_ground")}
    told |= _from_outside(work, child_id, arrived_on, child.get("number") or "")
    child_id = records.save(work, Child, {**child, **told, "admitted_on": arrived_on}, id=child_id)
    entrust(work, child_id, arrived_on)
    admission_id = records.save(work, Admission, {**admission, "child_id": child_id})
    unit = {"unit_id": child.get("unit_id"), "bed": child.get("bed")}
    placement_id = placement.move(work, child_id, kind, arrived_on, **unit)
    make_checklist(work, admission_id, received)
    if submit:
        records.take_step(work, Admission, admission_id, "submit")
    return Admitted(child_id, admission_id, placement_id)


def _from_outside(work: Work, child_id: str | None, day: date, number: str) -> dict[str, Any]:
    """What changes in the file of an outreach client who moves into the home; nothing for anybody else."""
    from models.outreach import is_client
    from models.outreach_clients import become_resident

    return become_resident(work, child_id, day, number) if child_id and is_client(work, child_id) else {}


def entrust(work: Work, child_id: str, day: date) -> None:
    """Put the child on the caseload of the person who admits it, who would else not see what was just written.

    Nobody may give out a caseload for this, so the program itself writes it; the trail names the person.
    """
    if work.actor.sees_whole_home(Child) or work.scalar(select(Child.id).where(Child.id == child_id)):
        return
    person = work.actor
    if not person.staff_id:
        raise Forbidden(_("Your account is linked to no member of staff, so no child can be entrusted to you."))
    case = Caseload(
        child_id=child_id, staff_id=person.staff_id, starts_on=min(day, work.today), recorded_by_id=person.account_id,
        recorded_by=person.name,
    )  # fmt: skip
    work.actor = SYSTEM
    try:
        work.add(case)
        work.flush()
    finally:
        work.actor = person


def make_checklist(work: Work, admission_id: str, received: Mapping[str, Mapping[str, Any]] | None = None) -> list[str]:
    """Make the rows of the checklist that the admission's category asks for and that are not there; return their ids.

    Rows that a changed category no longer asks for go to the bin, unless the paper was received.
    """
    form: Admission = records.load(work, Admission, admission_id)
    arrived_on = form.arrived_at.date()
    wanted = {rule.code: rule for rule in papers_wanted(form.category, form.situation, arrived_on)}
    rows = select(AdmissionPaper).where(
        AdmissionPaper.admission_id == admission_id, AdmissionPaper.deleted_at.is_(None)
    )
    there = {row.paper: row for row in work.scalars(rows)}
    for code, row in there.items():
        if code not in wanted and row.needed is not None and not row.received_on:
            row.deleted_at, row.deleted_by = work.now, work.actor.name
    made = []
    for code, rule in wanted.items():
        known = dict((received or {}).get(code, {}))
        if code not in there:
            values = {"child_id": form.child_id, "admission_id": admission_id, "paper": code, "needed": rule.required,
                      "due_on": arrived_on + timedelta(days=rule.due_days), **known}  # fmt: skip
            made.append(records.save(work, AdmissionPaper, values))
        elif known:
            records.save(work, AdmissionPaper, known, id=there[code].id)
    work.flush()
    return made


def suggested_notice(work: Work, child_id: str) -> dict[str, Any]:
    """Return what a new notice for this child begins with: the rule and media of the latest admission."""
    asked = select(Admission.situation, Admission.arrived_at).where(
        Admission.child_id == child_id, Admission.deleted_at.is_(None)
    )
    latest = work.execute(asked.order_by(Admission.arrived_at.desc())).first()
    rule = notice_rule_for(latest.situation, work.today) if latest else None
    media = next((row["media"].split(";") for row in table("notice_rules.csv") if row["code"] == rule), [])
    return {"child_id": child_id, "rule": rule, "media": media, "published_on": work.today}
