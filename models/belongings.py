"""What belongs to a child: siblings, papers of one's own, and the things kept for later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import Boolean, Date, Integer, String, Text, select
from sqlalchemy.orm import Mapped

from models.alerts import Alert, alert
from models.child import Child, OfChild
from models.core.database import Work
from models.core.errors import Problem
from models.core.fields import Money, attachment, field, reference
from models.core.record import Record
from models.core.words import Code, CodeList
from models.person_name import normalised_name
from models.reminders import Due, reminder
from resources import N_, _

SIBLINGS = CodeList(
    "sibling",
    Code("elder_brother", N_("Elder brother"), "哥哥"),
    Code("elder_sister", N_("Elder sister"), "姐姐"),
    Code("younger_brother", N_("Younger brother"), "弟弟"),
    Code("younger_sister", N_("Younger sister"), "妹妹"),
    Code("twin", N_("Twin"), "双胞胎"),
    Code("half", N_("Half-sibling"), "同父异母或同母异父"),
)
PAPERS = CodeList(
    "child_paper",
    Code("birth", N_("Birth certificate"), "出生医学证明"),
    Code("household", N_("Page of the household register"), "户口簿（集体户口页）"),
    Code("id_card", N_("Identity card"), "居民身份证"),
    Code("disability", N_("Disability certificate"), "残疾人证"),
    Code("child_welfare", N_("Child welfare certificate"), "儿童福利证"),
    Code("insurance", N_("Medical insurance card"), "医疗保障凭证"),
    Code("social_card", N_("Social security card"), "社会保障卡"),
    Code("vaccination", N_("Vaccination certificate"), "预防接种证"),
    Code("bank", N_("Bank card or passbook"), "银行卡或存折"),
    Code("court", N_("Judgment or order"), "法律文书"),
    Code("school", N_("School certificate"), "学业证书"),
    Code("other", N_("Other paper"), "其他证件"),
)
KEEPSAKES = CodeList(
    "keepsake",
    Code("found", N_("Carried when found"), "入院时随身物品"),
    Code("note", N_("Note left with the child"), "留言字条"),
    Code("memory", N_("Keepsake"), "纪念物品"),
    Code("gift", N_("Gift"), "受赠物品"),
    Code("money", N_("Money"), "现金"),
    Code("passbook", N_("Savings"), "存折存款"),
    Code("inheritance", N_("Inheritance"), "继承财产"),
    Code("other", N_("Other thing"), "其他物品"),
)
KEPT_FOR_LIFE = frozenset({"found", "note", "memory"})
"""What identifies the child or has keepsake value is kept for the long term 长期保存."""
PROPERTY = frozenset({"money", "passbook", "inheritance"})
"""What two persons sign for (民法典 第35条)."""


class Sibling(OfChild, Record):
    """A brother or sister 兄弟姐妹, inside the home or elsewhere; siblings are not separated without a reason."""

    title: ClassVar[str] = N_("Sibling")
    titles: ClassVar[str] = N_("Siblings")
    area: ClassVar[str] = "child"
    first_state: ClassVar[str] = "current"

    relation: Mapped[str] = field(N_("Relation"), codes=SIBLINGS, required=True, listed=True)
    other_id: Mapped[str | None] = reference(N_("Child of the home"), "child", listed=True)
    name: Mapped[str | None] = field(N_("Name"), String(100), listed=True, searched=True)
    lives: Mapped[str | None] = field(N_("Lives where, with whom"), String(200), listed=True)
    together: Mapped[bool | None] = field(N_("To be kept together"), Boolean)
    contact: Mapped[str | None] = field(N_("Contact between them"), Text)

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """A sibling who lives elsewhere, for the tests of every record type."""
        return {"name": "曾小米"}

    def before_save(self, work: Work) -> None:
        self.name = normalised_name(self.name) or None
        if self.other_id and not self.name:
            self.name = work.scalar(select(Child.name).where(Child.id == self.other_id))

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.other_id == self.child_id:
            yield Problem("other_id", _("A child is no sibling of itself."))
        if not self.other_id and not self.name:
            yield Problem("name", _("Please choose the child or enter the name."))

    def summary(self) -> str:
        return f"{SIBLINGS.label(self.relation)} {self.name or ''}".strip()


class ChildPaper(OfChild, Record):
    """A paper of the child's own 证件: where it is, until when it is valid, and a scan of it."""

    title: ClassVar[str] = N_("Paper of the child")
    titles: ClassVar[str] = N_("Papers of the child")
    area: ClassVar[str] = "child"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "issued_on"
    title_field: ClassVar[str] = "holder"

    kind: Mapped[str] = field(N_("Paper"), codes=PAPERS, required=True, listed=True)
    number: Mapped[str | None] = field(N_("Number of the paper"), String(60), confidential=True)
    issuer: Mapped[str | None] = field(N_("Issued by"), String(100), listed=True)
    issued_on: Mapped[date | None] = field(N_("Issued on"), Date, listed=True)
    valid_to: Mapped[date | None] = field(N_("Valid to"), Date, listed=True)
    holder: Mapped[str | None] = field(N_("Kept by"), String(100), listed=True)
    scan: Mapped[str | None] = attachment(N_("Scan"))
    note: Mapped[str | None] = field(N_("Note"), Text)

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.issued_on and self.valid_to and self.valid_to < self.issued_on:
            yield Problem("valid_to", _("It cannot end before it was issued."))
        if self.issued_on and self.issued_on > work.today:
            yield Problem("issued_on", _("It cannot be issued in the future."))

    def summary(self) -> str:
        words = PAPERS.label(self.kind)
        return _("{paper}, valid to {day}").format(paper=words, day=self.valid_to) if self.valid_to else words


class KeepsakeItem(OfChild, Record):
    """A thing kept for the child 随身物品与个人财产, handed over with a signed list when the child leaves."""

    title: ClassVar[str] = N_("Kept thing")
    titles: ClassVar[str] = N_("Kept things")
    area: ClassVar[str] = "child"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "received_on"

    kind: Mapped[str] = field(N_("Kind"), codes=KEEPSAKES, required=True, listed=True)
    name: Mapped[str] = field(N_("Thing"), String(100), required=True, listed=True, searched=True)
    description: Mapped[str | None] = field(N_("Description"), Text)
    quantity: Mapped[int | None] = field(N_("Quantity"), Integer, minimum=1, maximum=10000)
    amount: Mapped[Decimal | None] = field(N_("Value"), Money(), unit=N_("yuan"), minimum=0, listed=True)
    photo: Mapped[str | None] = attachment(N_("Photo"))
    received_on: Mapped[date] = field(N_("Received on"), Date, required=True, listed=True)
    place: Mapped[str | None] = field(N_("Kept where"), String(100), listed=True)
    keeper_id: Mapped[str | None] = reference(N_("Kept by"), "staff", listed=True)
    witness_id: Mapped[str | None] = reference(N_("Witness"), "staff")
    returned_on: Mapped[date | None] = field(N_("Handed over on"), Date, listed=True)
    returned_to: Mapped[str | None] = field(N_("Handed over to"), String(100))

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.kind in PROPERTY and not (self.keeper_id and self.witness_id):
            yield Problem("witness_id", _("Property is signed for by two persons: keeper and witness."))
        elif self.keeper_id and self.keeper_id == self.witness_id:
            yield Problem("witness_id", _("Keeper and witness are two different persons."))
        if self.returned_on and self.returned_on < self.received_on:
            yield Problem("returned_on", _("It cannot be handed over before it was received."))
        if self.returned_on and not self.returned_to:
            yield Problem("returned_to", _("Please note who received it."))
        if self.returned_on and self.kind in KEPT_FOR_LIFE and self._child_lives_here(work):
            yield Problem("returned_on", _("Such things are kept as long as the child lives here."), warning=True)

    def _child_lives_here(self, work: Work) -> bool:
        return work.scalar(select(Child.id).where(Child.id == self.child_id, Child.left_on.is_(None))) is not None

    def summary(self) -> str:
        return f"{KEEPSAKES.label(self.kind)}: {self.name}"


def siblings_of(work: Work, child_id: str) -> list[tuple[str, str, str, str]]:
    """Return (relation in words, name, id of the child in the home or "", where) of all siblings, both ways round."""
    own = select(Sibling.relation, Sibling.name, Sibling.other_id, Sibling.lives).where(
        Sibling.child_id == child_id, Sibling.deleted_at.is_(None)
    )
    found = [(SIBLINGS.label(each[0]), each[1] or "", each[2] or "", each[3] or "") for each in work.execute(own)]
    named = {each[2] for each in found}
    back = (
        select(Child.name, Child.id)
        .join(Sibling, Sibling.child_id == Child.id)
        .where(Sibling.other_id == child_id, Sibling.deleted_at.is_(None))
    )
    found += [(_("Sibling"), name, other, "") for name, other in work.execute(back) if other not in named]
    return found


@reminder
def expiring_papers(work: Work) -> Iterator[Due]:
    """Papers of children, and disability certificates, that expire within 60 days or have expired."""
    soon = work.today + timedelta(days=60)
    paper = (
        select(ChildPaper.id, ChildPaper.kind, ChildPaper.valid_to, Child.id, Child.name)
        .join(Child, Child.id == ChildPaper.child_id)
        .where(ChildPaper.deleted_at.is_(None), ChildPaper.valid_to <= soon, Child.left_on.is_(None))
    )
    for _paper_id, kind, valid_to, child_id, name in work.execute(paper):
        yield _expiry(_("{paper} expires").format(paper=PAPERS.label(kind)), valid_to, child_id, name, "ChildPaper")
    certificate = select(Child.id, Child.name, Child.disability_valid_to).where(
        Child.deleted_at.is_(None), Child.disability_valid_to <= soon, Child.left_on.is_(None)
    )
    for child_id, name, valid_to in work.execute(certificate):
        yield _expiry(_("Disability certificate expires"), valid_to, child_id, name, "Child")


def _expiry(text: str, day: date | None, child_id: str, name: str, type_name: str) -> Due:
    return Due(
        text=text, area="child", due=day, child_id=child_id, child_name=name, needs=(type_name, "edit"),
        page="child", target={"child_id": child_id, "tab": "papers"},
    )  # fmt: skip


@alert
def everyone_must_know(work: Work, child_ids: Sequence[str]) -> Iterator[Alert]:
    """The note that stands in red on every screen of the child 紧急提示."""
    asked = select(Child.id, Child.emergency_note).where(Child.id.in_(child_ids), Child.emergency_note.is_not(None))
    for child_id, note in work.execute(asked):
        if (note or "").strip():
            yield Alert(child_id, str(note).strip(), "danger")
