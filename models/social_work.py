"""Social work 社工: the case, every contact, and counselling notes that only named people read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Date, DateTime, Integer, String, Text, func, or_, select
from sqlalchemy.orm import Mapped

from models.alerts import Alert, alert
from models.child import OfChild
from models.core import queries
from models.core.errors import Problem
from models.core.fields import field, reference
from models.core.record import Record
from models.core.sealing import Sealed
from models.core.words import Code, CodeList
from models.month import Grid, Month, Section, month_plan, month_section
from models.reminders import Due, reminder
from resources import N_, _

if TYPE_CHECKING:
    from models.core.database import Work

CASE_KINDS = CodeList(
    "case_kind",
    Code("admission", N_("After admission"), "入院适应"),
    Code("family", N_("Family and search for parents"), "家庭联系与寻亲"),
    Code("placement", N_("Foster care or adoption"), "寄养与收养"),
    Code("behaviour", N_("Behaviour and feelings"), "行为与情绪"),
    Code("school", N_("School and friends"), "学校与同伴"),
    Code("protection", N_("Protection"), "保护与危机干预"),
    Code("transition", N_("Transition to adulthood"), "成年安置"),
    Code("outreach", N_("Family in the community"), "社区家庭支持"),
    Code("other", N_("Other case"), "其他"),
)
CASE_STAGES = CodeList(
    "case_stage",
    Code("intake", N_("Intake"), "接案"),
    Code("assessment", N_("Assessment of needs"), "预估"),
    Code("planning", N_("Plan"), "计划"),
    Code("intervention", N_("Intervention"), "介入"),
    Code("evaluation", N_("Evaluation"), "评估"),
    Code("closed", N_("Closed"), "结案"),
    Code("follow_up", N_("Follow-up"), "跟进"),
)
PERMANENCE = CodeList(
    "permanence",
    Code("reunion", N_("Back to the family"), "回归家庭"),
    Code("adoption", N_("Adoption"), "收养"),
    Code("foster", N_("Foster family"), "家庭寄养"),
    Code("independence", N_("Independent life as an adult"), "成年后独立生活"),
    Code("adult_care", N_("Care as an adult"), "成年后集中供养"),
    Code("home", N_("Long-term care in the home"), "机构长期养育"),
)
"""The aim of the case; a family for good comes first (MZ/T 167—2021 永久安置优先)."""
RISKS = CodeList(
    "risk",
    Code("none", N_("No risk seen"), "未见风险"),
    Code("low", N_("Low"), "低"),
    Code("medium", N_("Medium"), "中"),
    Code("high", N_("High"), "高"),
)
WAYS = CodeList(
    "contact_way",
    Code("talk", N_("Talk in person"), "面谈"),
    Code("visit", N_("Home visit"), "家访"),
    Code("telephone", N_("Telephone"), "电话"),
    Code("video", N_("Video or message"), "视频或网络"),
    Code("family", N_("Visit by the family"), "亲属探视"),
    Code("activity", N_("Activity or outing"), "活动陪伴"),
    Code("school", N_("With the school"), "联系学校"),
    Code("meeting", N_("Case meeting"), "个案会议"),
    Code("authority", N_("With an authority"), "联系部门"),
)
CHILD_ASKED = CodeList(
    "child_asked",
    Code("talk", N_("Asked in a talk"), "交谈征询"),
    Code("pictures", N_("Asked with pictures or signs"), "借助图片或手势征询"),
    Code("observed", N_("Watched how the child responds"), "观察反应"),
    Code("not_yet", N_("Not asked yet"), "尚未征询"),
)

CASE = N_("Case")
NEEDS = N_("Needs and aims")
VOICE = N_("The child's own view")
RISK = N_("Risks")
END = N_("Closing")
CONTACT = N_("Contact")
WHAT = N_("What happened")
NEXT = N_("What comes next")
SESSION = N_("Session")


class SocialCase(OfChild, Record):
    """A social worker's case 个案 from intake to follow-up 接案→预估→计划→介入→评估→结案→跟进."""

    title: ClassVar[str] = N_("Social-work case")
    titles: ClassVar[str] = N_("Social-work cases")
    area: ClassVar[str] = "social_work"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "opened_on"
    title_field: ClassVar[str] = "subject"

    kind: Mapped[str] = field(N_("Kind"), codes=CASE_KINDS, section=CASE, required=True, listed=True)
    subject: Mapped[str] = field(N_("Subject"), String(120), section=CASE, required=True, listed=True, searched=True)
    stage: Mapped[str] = field(N_("Stage"), codes=CASE_STAGES, section=CASE, required=True, listed=True)
    opened_on: Mapped[date] = field(N_("Opened on"), Date, section=CASE, required=True, listed=True)
    worker_id: Mapped[str | None] = reference(N_("Social worker"), "staff", section=CASE, listed=True)
    source: Mapped[str | None] = field(N_("Who asked for it"), String(100), section=CASE)
    review_on: Mapped[date | None] = field(N_("Next review on"), Date, section=CASE, listed=True)
    needs: Mapped[str | None] = field(N_("Needs"), Text, section=NEEDS)
    strengths: Mapped[str | None] = field(N_("Strengths and people to rely on"), Text, section=NEEDS)
    permanence: Mapped[str | None] = field(
        N_("Long-term aim"), codes=PERMANENCE, section=NEEDS,
        help=N_("A family for good comes first; staying in the home comes last."),
    )  # fmt: skip
    aims: Mapped[str | None] = field(N_("Aims"), Text, section=NEEDS)
    plan: Mapped[str | None] = field(N_("Plan"), Text, section=NEEDS)
    asked: Mapped[str | None] = field(N_("Was the child asked?"), codes=CHILD_ASKED, section=VOICE)
    child_view: Mapped[str | None] = field(N_("What the child wants"), Text, section=VOICE)
    runaway: Mapped[str | None] = field(N_("Risk of running away"), codes=RISKS, section=RISK)
    self_harm: Mapped[str | None] = field(N_("Risk of self-harm"), codes=RISKS, section=RISK)
    harm_by_others: Mapped[str | None] = field(N_("Risk of harm by others"), codes=RISKS, section=RISK)
    risk_plan: Mapped[str | None] = field(N_("What is done about the risks"), Text, section=RISK)
    closed_on: Mapped[date | None] = field(N_("Case closed on"), Date, section=END)
    result: Mapped[str | None] = field(N_("Result"), Text, section=END)

    def before_save(self, work: Work) -> None:
        self.stage = self.stage or "intake"

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.opened_on > work.today:
            yield Problem("opened_on", _("This day lies in the future."))
        if self.stage == "closed" and not self.closed_on:
            yield Problem("closed_on", _("Please give the day of closing."))
        if self.stage == "closed" and not (self.result or "").strip():
            yield Problem("result", _("Please say what came of it."))
        if self.closed_on and self.closed_on < self.opened_on:
            yield Problem("closed_on", _("It cannot be closed before it was opened."))
        if "high" in (self.runaway, self.self_harm, self.harm_by_others) and not (self.risk_plan or "").strip():
            yield Problem("risk_plan", _("A high risk needs a plan."))

    def summary(self) -> str:
        return f"{self.subject} · {CASE_STAGES.label(self.stage)}"


class ContactNote(OfChild, Record):
    """One contact 个案服务记录: with whom, how long, what was said, what comes next."""

    title: ClassVar[str] = N_("Contact note")
    titles: ClassVar[str] = N_("Contact notes")
    area: ClassVar[str] = "social_work"
    first_state: ClassVar[str] = "submitted"
    routine: ClassVar[bool] = False
    event_field: ClassVar[str] = "at"
    title_field: ClassVar[str] = "purpose"

    case_id: Mapped[str | None] = reference(N_("Case"), "social_case", section=CONTACT)
    at: Mapped[datetime] = field(N_("When"), DateTime, section=CONTACT, required=True, listed=True, index=True)
    minutes: Mapped[int | None] = field(
        N_("Length"), Integer, section=CONTACT, unit=N_("min"), minimum=1, maximum=600, listed=True
    )
    way: Mapped[str] = field(N_("How"), codes=WAYS, section=CONTACT, required=True, listed=True)
    with_whom: Mapped[str | None] = field(N_("With whom"), String(120), section=CONTACT, listed=True, searched=True)
    worker_id: Mapped[str | None] = reference(N_("Social worker"), "staff", section=CONTACT)
    purpose: Mapped[str] = field(N_("Purpose"), String(160), section=CONTACT, required=True, listed=True, searched=True)
    course: Mapped[str | None] = field(N_("Course"), Text, section=WHAT)
    child_words: Mapped[str | None] = field(N_("In the child's own words or signs"), Text, section=WHAT)
    result: Mapped[str | None] = field(N_("Result"), Text, section=WHAT)
    next_step: Mapped[str | None] = field(N_("Next step"), String(200), section=NEXT)
    next_on: Mapped[date | None] = field(N_("Next contact on"), Date, section=NEXT, listed=True)

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.at > work.now + timedelta(minutes=5):
            yield Problem("at", _("This moment lies in the future."))
        if self.next_on and self.next_on < self.at.date():
            yield Problem("next_on", _("The next contact lies before this one."))

    def summary(self) -> str:
        return f"{WAYS.label(self.way)} · {self.purpose}"


class CounsellingNote(Sealed, OfChild, Record):
    """A counselling note 心理辅导记录: open to its author and to named people only, and never copied anywhere."""

    title: ClassVar[str] = N_("Counselling note")
    titles: ClassVar[str] = N_("Counselling notes")
    area: ClassVar[str] = "social_work"
    first_state: ClassVar[str] = "submitted"
    routine: ClassVar[bool] = False
    event_field: ClassVar[str] = "at"
    title_field: ClassVar[str] = "occasion"

    at: Mapped[datetime] = field(N_("When"), DateTime, section=SESSION, required=True, listed=True)
    minutes: Mapped[int | None] = field(
        N_("Length"), Integer, section=SESSION, unit=N_("min"), minimum=1, maximum=600, listed=True
    )
    occasion: Mapped[str] = field(
        N_("Occasion"), String(120), section=SESSION, required=True, listed=True, confidential=True
    )
    consent: Mapped[str | None] = field(
        N_("Consent"), String(120), section=SESSION, confidential=True,
        help=N_("Who agreed, and how; what the young person was told about secrecy and its limits."),
    )  # fmt: skip
    scale: Mapped[str | None] = field(N_("Scale and result"), String(120), section=WHAT, confidential=True)
    content: Mapped[str | None] = field(N_("Content"), Text, section=WHAT, required=True, confidential=True)
    judgement: Mapped[str | None] = field(N_("Judgement"), Text, section=WHAT, confidential=True)
    risk: Mapped[str] = field(
        N_("Risk level"), codes=RISKS, section=RISK, required=True, listed=True, confidential=True
    )
    crisis_plan: Mapped[str | None] = field(N_("Crisis plan"), Text, section=RISK, confidential=True)
    referral: Mapped[str | None] = field(N_("Referred to"), String(120), section=RISK, confidential=True)
    next_on: Mapped[date | None] = field(N_("Next session on"), Date, section=NEXT, listed=True)

    def before_save(self, work: Work) -> None:
        self.sealed = True

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.at > work.now + timedelta(minutes=5):
            yield Problem("at", _("This moment lies in the future."))
        if self.risk == "high" and not (self.crisis_plan or "").strip():
            yield Problem("crisis_plan", _("A high risk needs a crisis plan."))

    def summary(self) -> str:
        return _("Counselling session")


def _open_cases(work: Work, *conditions: object) -> list[SocialCase]:
    statement = select(SocialCase).where(
        SocialCase.deleted_at.is_(None),
        SocialCase.state != "void",
        SocialCase.stage != "closed",
        *conditions,  # type: ignore[arg-type]  # plain SQL conditions
    )
    return list(work.scalars(statement.order_by(SocialCase.opened_on)))


@alert
def risks_of_cases(work: Work, child_ids: Sequence[str]) -> Iterator[Alert]:
    """Tell the risks that a case names to those who may read cases; nothing comes from counselling notes."""
    names = (("runaway", N_("Risk of running away: {level}")), ("self_harm", N_("Risk of self-harm: {level}")),
             ("harm_by_others", N_("Risk of harm by others: {level}")))  # fmt: skip
    grave = ("medium", "high")
    risky = or_(SocialCase.runaway.in_(grave), SocialCase.self_harm.in_(grave), SocialCase.harm_by_others.in_(grave))
    for case in _open_cases(work, SocialCase.child_id.in_(child_ids), risky):
        for name, text in names:
            level = getattr(case, name)
            if level in grave:
                words = _(text).format(level=RISKS.label(level))
                yield Alert(case.child_id, words, "danger" if level == "high" else "warning", "shield-alert")


@reminder
def reviews_and_contacts(work: Work) -> Iterator[Due]:
    """Tell which cases are to be reviewed and which contacts were promised."""
    soon = work.today + timedelta(days=7)
    cases = _open_cases(work, SocialCase.review_on <= soon)
    notes = promised(work, soon)
    names = queries.titles(work, "child", [*(case.child_id for case in cases), *(note.child_id for note in notes)])
    for case in cases:
        yield Due(
            _("Review the case: {subject}").format(subject=case.subject), "social_work", case.review_on,
            child_id=case.child_id, child_name=names.get(case.child_id, ""), needs=("SocialCase", "edit"),
            page="social_work", target={"child_id": case.child_id, "case_id": case.id},
        )  # fmt: skip
    for note in notes:
        step = note.next_step or note.purpose
        yield Due(
            _("Contact: {step}").format(step=step), "social_work", note.next_on, child_id=note.child_id,
            child_name=names.get(note.child_id, ""), needs=("ContactNote", "edit"), page="social_work",
            target={"child_id": note.child_id},
        )  # fmt: skip


def promised(work: Work, until: date, child_id: str = "") -> list[ContactNote]:
    """Return the latest contact of each child, or of one, whose promised next contact is near and not yet made."""
    kept = [ContactNote.deleted_at.is_(None), ContactNote.state != "void"]
    if child_id:
        kept.append(ContactNote.child_id == child_id)
    latest = (
        select(ContactNote.child_id.label("child_id"), func.max(ContactNote.at).label("at"))
        .where(*kept)
        .group_by(ContactNote.child_id)
        .subquery()
    )
    statement = (
        select(ContactNote)
        .join(latest, (latest.c.child_id == ContactNote.child_id) & (latest.c.at == ContactNote.at))
        .where(*kept, ContactNote.next_on <= until)
    )
    return list(work.scalars(statement.order_by(ContactNote.next_on)))


@reminder
def sessions(work: Work) -> Iterator[Due]:
    """Tell the promised counselling sessions to those who may know of them at all."""
    statement = select(CounsellingNote).where(
        CounsellingNote.deleted_at.is_(None),
        CounsellingNote.state != "void",
        CounsellingNote.next_on.between(work.today - timedelta(days=14), work.today + timedelta(days=7)),
    )
    found = list(work.scalars(statement.order_by(CounsellingNote.at)))
    held = {each.child_id: each.at.date() for each in found}
    names = queries.titles(work, "child", [each.child_id for each in found])
    for note in found:
        if note.next_on and held[note.child_id] < note.next_on:
            yield Due(
                _("Counselling session"), "social_work", note.next_on, child_id=note.child_id,
                child_name=names.get(note.child_id, ""), needs=("CounsellingNote", "edit"), page="social_work",
                target={"child_id": note.child_id},
            )  # fmt: skip


@month_section("social_work", N_("Social work"), order=70)
def social_work_of_the_month(work: Work, child_id: str, month: Month) -> Section:
    """Tell the month's contacts and the running cases; counselling stands on no paper."""
    first = datetime.combine(month.first, datetime.min.time())
    last = datetime.combine(month.last, datetime.max.time())
    statement = select(ContactNote).where(
        ContactNote.child_id == child_id, ContactNote.deleted_at.is_(None), ContactNote.state != "void",
        ContactNote.at.between(first, last),
    )  # fmt: skip
    notes = list(work.scalars(statement.order_by(ContactNote.at)))
    cases = _open_cases(work, SocialCase.child_id == child_id, SocialCase.opened_on <= month.last)
    minutes = sum(note.minutes or 0 for note in notes)
    facts = (
        (_("Contacts"), str(len(notes))),
        (_("Minutes in all"), str(minutes)),
        (_("Running cases"), str(len(cases))),
    )
    texts = tuple(
        (f"{note.at:%m-%d} {WAYS.label(note.way)}", note.child_words or "")
        for note in notes
        if (note.child_words or "").strip()
    )
    return Section(_("Social work"), facts=facts, grids=_grids(notes, cases), texts=texts, area="social_work")


@month_plan(order=70)
def social_work_next_month(work: Work, child_id: str, month: Month) -> Iterator[str]:
    """Say which reviews and promised contacts fall into the month."""
    for case in _open_cases(
        work, SocialCase.child_id == child_id, SocialCase.review_on.between(month.first, month.last)
    ):
        yield _("Review the case: {subject}").format(subject=case.subject)
    for note in promised(work, month.last, child_id):
        if note.next_on and note.next_on >= month.first:
            yield _("Contact: {step}").format(step=note.next_step or note.purpose)


def _grids(notes: list[ContactNote], cases: list[SocialCase]) -> tuple[Grid, ...]:
    grids = []
    if cases:
        rows = tuple(
            (
                each.subject,
                CASE_KINDS.label(each.kind),
                CASE_STAGES.label(each.stage),
                PERMANENCE.label(each.permanence),
            )
            for each in cases
        )
        grids.append(Grid((_("Case"), _("Kind"), _("Stage"), _("Long-term aim")), rows, widths=(3, 1.6, 1.2, 2)))
    if notes:
        lines = tuple(
            (f"{each.at:%m-%d}", WAYS.label(each.way), each.with_whom or "", each.purpose, each.result or "")
            for each in notes
        )
        headings = (_("Day"), _("How"), _("With whom"), _("Purpose"), _("Result"))
        grids.append(Grid(headings, lines, widths=(0.8, 1.2, 1.6, 2.4, 3)))
    return tuple(grids)
