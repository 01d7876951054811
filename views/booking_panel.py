"""Booking beside the week 预约: whom, what, with whom, where, when, how often — every conflict said before it is booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton, QWidget

from models.core.errors import Invalid, Refused
from models.core.fields import Field, field_of
from models.department import measure_of
from models.rehabilitation_file import plan_on, plan_sheet
from models.scheduling import booking
from models.scheduling.booking import Wish
from models.scheduling.conflicts import Conflict
from models.scheduling.occupancy import conflicts
from models.scheduling.recurrence import week_of
from models.scheduling.series import Planned, Series, book_planned, plan_series
from models.scheduling.week import Need, needs_of
from models.staff import Staff
from models.therapies import SKILL_OF, THERAPIES, short_name
from models.therapy import TherapySession
from resources import N_, _, ngettext
from ui.app import App
from ui.editors import ChildPicker, ChoiceBar, CodeBox, DateEdit, NumberEdit, TimeEdit, wrong_with
from ui.editors.choices import choices_of
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Button, Flow, IconButton, Scroll, Symbol, clear, column, row, rule
from views.therapy_look import WEEKDAYS

if TYPE_CHECKING:
    from models.scheduling.change import Change
    from ui.tasks import Task
    from views.therapy_hands import WeekHands

_ANY_WIDTH = 16_777_215
REPEATS = (("once", N_("Once")), ("weekly", N_("Weekly")))


@dataclass(frozen=True)
class Draft:
    """What the calendar knows of a booking when it begins."""

    starts_at: datetime
    ends_at: datetime
    therapist_id: str = ""
    room_id: str = ""
    child_ids: tuple[str, ...] = ()
    therapy: str = ""
    makes_up_id: str = ""


class BookingPanel(QWidget):
    """Books one sitting, or a weekly series of it."""

    def __init__(self, app: App, calendar: WeekHands) -> None:
        super().__init__()
        self.app, self.calendar = app, calendar
        self.children_ids: list[str] = []
        self.names: dict[str, str] = {}
        self.makes_up_id = ""
        self.planned: list[Planned] = []
        self._asking: Task | None = None
        self.setAccessibleName(_("Book a session"))
        self._soon = QTimer(self, singleShot=True, interval=150)
        self._soon.timeout.connect(self.judge)
        self._build()

    # --- building -----------------------------------------------------------------------------------

    def _build(self) -> None:
        lines = column(self, 2)
        head = row(None, 1)
        head.addWidget(PlainLabel(_("Book a session"), "heading"), 1)
        head.addWidget(IconButton("x", _("Close"), self.calendar.close_side))
        lines.addLayout(head)
        scroll = Scroll(1)
        lines.addWidget(scroll, 1)
        self._fields(scroll.body)
        scroll.body.addStretch(1)
        lines.addWidget(rule())
        self.verdict = column(None, 1)
        lines.addLayout(self.verdict)
        foot = row(None, 2)
        self.button = Button(_("Book"), "check", "primary", self.save, keys="Ctrl+Return")
        foot.addStretch(1)
        foot.addWidget(self.button)
        lines.addLayout(foot)

    def _fields(self, body: Any) -> None:
        week = self.calendar.week
        assert week is not None
        self.child = ChildPicker(self.app)
        self.chips = QWidget()
        self.flow = Flow(self.chips, 1)
        self.needs = PlainLabel("", "caption", wrap=True)
        self.therapy = CodeBox(choices_of(THERAPIES), required=True)
        self.therapist = CodeBox([(key, name, (name,)) for key, name in week.therapists], required=True)
        self.room = CodeBox([(key, name, (name,)) for key, name in week.rooms])
        self.equipment = CodeBox([(key, name, (name,)) for key, name in week.equipment])
        self.day = DateEdit(Field(N_("Day"), "date", required=True), self.app.now)
        self.start = TimeEdit(Field(N_("Starts at"), "time", required=True), self.app.now)
        self.length = NumberEdit(Field(N_("Length"), "integer", unit=N_("min"), minimum=5, maximum=240), self.app.now)
        self.repeat = ChoiceBar([(code, _(words), ()) for code, words in REPEATS], required=True)
        self._row(body, _("Child"), self.child)
        for each in (self.chips, self.needs):
            body.addWidget(each)
            each.hide()
        for label, editor in (
            (field_of(TherapySession, "therapy").title, self.therapy),
            (field_of(TherapySession, "therapist_id").title, self.therapist),
            (field_of(TherapySession, "room_id").title, self.room),
            (field_of(TherapySession, "equipment_id").title, self.equipment),
        ):
            self._row(body, label, editor)
        self._row(body, self.day.meaning.title, self.day)
        self._row(body, self.start.meaning.title, self.start)
        self._row(body, self.length.meaning.title, self.length)
        self._row(body, _("Repeat"), self.repeat)
        body.addWidget(self._repeating())
        self._listen()

    def _row(self, body: Any, label: str, editor: Any) -> None:
        editor.name(label)
        line = row(None, 2)
        words = PlainLabel(label, "caption")
        words.setFixedWidth(theme.size(64))
        words.setWordWrap(True)
        line.addWidget(words)
        editor.setMaximumWidth(_ANY_WIDTH)
        line.addWidget(editor, 1)
        body.addLayout(line)

    def _repeating(self) -> QWidget:
        self.repeating = QWidget()
        lines = column(self.repeating, 1)
        days = row(None, 0)
        self.weekdays: list[QPushButton] = []
        for index, words in enumerate(WEEKDAYS[:6]):
            button = QPushButton(_(words)[-1:] if _(words).startswith("周") else _(words)[:2])
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setProperty("segment", True)
            button.setProperty("end", "first" if index == 0 else "last" if index == 5 else "middle")
            button.setAccessibleName(_(words))
            button.setMinimumWidth(theme.size(36))
            button.toggled.connect(lambda _on: self._soon.start())
            self.weekdays.append(button)
            days.addWidget(button)
        days.addStretch(1)
        self.until = DateEdit(Field(N_("Until"), "date"), self.app.now)
        self._row(lines, _("Until"), self.until)
        lines.addLayout(days)
        self.repeating.hide()
        return self.repeating

    def _listen(self) -> None:
        self.child.changed.connect(self._child_chosen)
        for editor in (self.room, self.equipment, self.day, self.start, self.length, self.therapist, self.until):
            editor.changed.connect(self._soon.start)
        self.therapy.changed.connect(self._therapy_chosen)
        self.repeat.changed.connect(self._repeat_chosen)

    # --- filling ------------------------------------------------------------------------------------

    def begin(self, draft: Draft) -> None:
        """Begin a booking with what the place in the calendar says already."""
        self.makes_up_id = draft.makes_up_id
        self.day.set_value(draft.starts_at.date())
        self.start.set_value(draft.starts_at.time())
        self.length.set_value(int((draft.ends_at - draft.starts_at).total_seconds() // 60))
        self.therapist.set_value(draft.therapist_id or None)
        self.room.set_value(draft.room_id or None)
        self.therapy.set_value(draft.therapy or self._therapy_of(draft.therapist_id))
        self.repeat.set_value("once")
        self.repeat.setEnabled(not draft.makes_up_id)
        for child_id in draft.child_ids:
            self._add_child(child_id)
        self._therapy_chosen()
        self.judge()
        QTimer.singleShot(0, self, lambda: (self.therapy if self.children_ids else self.child).setFocus())

    def _therapy_of(self, staff_id: str) -> str | None:
        """Return the therapy a person gives before all others."""
        if not staff_id:
            return None
        with self.app.read() as work:
            from models.core.queries import values

            skills = values(work, Staff, staff_id)["skills"] or ()
        return next((therapy for therapy, skill in SKILL_OF.items() if skill in skills[:1]), None)

    def _child_chosen(self) -> None:
        child_id = self.child.value()
        if child_id:
            self._add_child(child_id)
            self.child.set_value(None)
            self._soon.start()

    def _add_child(self, child_id: str) -> None:
        if child_id in self.children_ids:
            return
        known = {child.id: child.name for child in self.calendar.entrusted}
        self.children_ids.append(child_id)
        self.names[child_id] = known.get(child_id, _("not visible for you"))
        self._show_children()
        if len(self.children_ids) == 1:
            self._show_needs(child_id)

    def _remove_child(self, child_id: str) -> None:
        self.children_ids.remove(child_id)
        self._show_children()
        self._soon.start()

    def _show_children(self) -> None:
        clear(self.flow)
        for child_id in self.children_ids:
            name = self.names[child_id]
            chip = Button(
                name, "x", on_click=partial(self._remove_child, child_id), tip=_("Remove {name}").format(name=name)
            )
            self.flow.addWidget(chip)
        self.chips.setVisible(bool(self.children_ids))
        self.chips.updateGeometry()

    def _show_needs(self, child_id: str) -> None:
        """Say what the plan prescribes and what of it this week still lacks, and propose the first of that."""
        monday = week_of(self.day.value() or self.app.today())[0]
        with self.app.read() as work:
            needs = needs_of(work, child_id, monday)
        said = [
            _("{therapy} {booked} of {wanted}").format(
                therapy=short_name(need.therapy), booked=need.booked, wanted=need.wanted
            )
            for need in needs
        ]
        self.needs.setText(_("Prescribed, booked this week: {needs}").format(needs=_(", ").join(said)) if said else "")
        self.needs.setVisible(bool(said))
        self._propose(needs)

    def _propose(self, needs: list[Need]) -> None:
        given = self.therapy.value()
        fitting = [need for need in needs if need.missing and (not given or need.therapy == given)]
        if fitting and not given:
            self.therapy.set_value(fitting[0].therapy)
        chosen = next((need for need in needs if need.therapy == self.therapy.value()), None)
        if chosen:
            self.length.set_value(chosen.minutes)
            if not self.therapist.value():
                self.therapist.set_value(chosen.therapist_id)

    def _therapy_chosen(self) -> None:
        """Put the room first that fits the therapy, where none is chosen."""
        skill = SKILL_OF.get(self.therapy.value() or "", "")
        if skill and not self.room.value():
            self.room.set_value(self._fitting_room(skill))
        self._soon.start()

    def _fitting_room(self, skill: str) -> str | None:
        from models.core.queries import rows
        from models.rooms import Room

        with self.app.read() as work:
            found = rows(work, Room, fields=(field_of(Room, "skills"),), where=[Room.closed.is_not(True)])
        return next((each.id for each in found if skill in (each.values[0] or ())), None)

    def _repeat_chosen(self) -> None:
        weekly = self.repeat.value() == "weekly"
        self.repeating.setVisible(weekly)
        if weekly and not any(button.isChecked() for button in self.weekdays):
            day = self.day.value() or self.app.today()
            self.weekdays[min(day.weekday(), 5)].setChecked(True)
            self.until.set_value(self._end_of_plan(day))
        self._soon.start()

    def _end_of_plan(self, day: Any) -> Any:
        """Propose the end of the child's plan, at most three months on."""
        latest = day + timedelta(weeks=12)
        if not self.children_ids:
            return latest
        with self.app.read() as work:
            plan_id = plan_on(work, self.children_ids[0], day)
            return min(latest, plan_sheet(work, plan_id).ends_on) if plan_id else latest

    # --- judging and booking ------------------------------------------------------------------------

    def wish(self) -> Wish | None:
        """Return what is wanted, None while something needed is missing."""
        day, start, length = self.day.value(), self.start.value(), self.length.value()
        needed = (self.children_ids, self.therapy.value(), self.therapist.value(), day, start, length)
        if not all(needed):
            return None
        begin = datetime.combine(day, start)
        return Wish(
            tuple(self.children_ids), self.therapy.value(), self.therapist.value(), begin, begin + timedelta(minutes=length),
            self.room.value(), self.equipment.value(), self.makes_up_id or None,
        )  # fmt: skip

    def judge(self) -> None:
        """Say what speaks against the booking; each day of a series is judged beside the window."""
        self._drop()
        clear(self.verdict)
        self.planned = []
        wish = self.wish()
        self.button.setEnabled(wish is not None)
        self.button.setText(_("Book"))
        wrong = self._wrong_entries()
        for words in wrong:
            self._line("octagon-alert", words, "danger")
        if wish is None and not wrong:
            self._line("info", _("Choose a child, therapy, therapist and time."), "muted")
        if wish is None or wrong:
            self.button.setEnabled(False)
            return
        if self.repeat.value() == "weekly":
            self._judge_series(wish)
            return
        with self.app.read() as work:
            found = conflicts(work, *wish.bookings())
            most = measure_of(work, "group_most", self.app.today())
        if not found:
            self._line("circle-check", _("Free"), "good")
        self._say(found)
        if len(wish.child_ids) > most:
            self._line("triangle-alert", _("A group of {n} is large.").format(n=len(wish.child_ids)), "warning")
        self.button.setEnabled(all(conflict.warning for conflict in found))

    def _wrong_entries(self) -> list[str]:
        """Say and mark what is no day, time or length; what is only missing yet is another matter."""
        said = []
        for editor in (self.day, self.start, self.length, self.until):
            words = wrong_with(editor.meaning, editor)
            editor.mark("danger" if words else "")
            said += [_("{field}: {message}").format(field=editor.meaning.title, message=words)] if words else []
        return said

    def _say(self, found: list[Conflict]) -> None:
        for conflict in found:
            self._line(*(("triangle-alert", conflict.words, "warning") if conflict.warning else
                         ("octagon-alert", conflict.words, "danger")))  # fmt: skip

    def _line(self, symbol: str, words: str, tone: str) -> None:
        line = row(None, 1)
        line.addWidget(Symbol(symbol, tone, 16), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(PlainLabel(words, tone=tone if tone != "muted" else "muted", wrap=True), 1)
        self.verdict.addLayout(line)

    def series(self, wish: Wish) -> Series:
        """Return the weekly series that is wanted."""
        chosen = frozenset(index for index, button in enumerate(self.weekdays) if button.isChecked())
        return Series(wish, self.until.value() or wish.starts_at.date(), chosen)

    def _judge_series(self, wish: Wish) -> None:
        self.button.setEnabled(False)
        self._line("hourglass", _("Checking every day of the series…"), "muted")
        app, wanted = self.app, self.series(wish)

        def ask(_progress: object, _cancelled: object) -> list[Planned]:
            with app.read() as work:
                return plan_series(work, wanted)

        self._asking = self.app.tasks.run(ask, self._judged, self._wrong)

    def _drop(self) -> None:
        """Forget what is asked: it was asked of another booking."""
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _wrong(self, error: Exception) -> None:
        clear(self.verdict)
        if isinstance(error, Invalid):
            self._line("octagon-alert", str(error), "danger")
        else:
            self.app.show_error(error)

    def _judged(self, planned: list[Planned]) -> None:
        """Show what became of every day of a series."""
        clear(self.verdict)
        self.planned = planned
        good = [each for each in self.planned if each.bookable]
        rests = [each for each in self.planned if each.skipped]
        bad = [each for each in self.planned if each.impossible]
        free = ngettext("{n} session is free", "{n} sessions are free", len(good)).format(n=len(good))
        self._line(*(("circle-check", free, "good") if good else ("info", free, "muted")))
        for each in rests[:3]:
            self._line("info", f"{each.day:%m-%d} {each.skipped}", "muted")
        for each in bad[:4]:
            self._line("octagon-alert", f"{each.day:%m-%d} {each.impossible[0].words}", "danger")
        warned = [each for each in good if each.conflicts]
        for each in warned[:3]:
            self._line("triangle-alert", f"{each.day:%m-%d} {each.conflicts[0].words}", "warning")
        if self.planned:
            self.verdict.addWidget(
                Button(_("All {n} days…").format(n=len(self.planned)), kind="link", on_click=self._list)
            )
        self.button.setEnabled(bool(good))
        self.button.setText(ngettext("Book {n} session", "Book {n} sessions", len(good)).format(n=len(good)))

    def _list(self) -> None:
        from views.planned_dialog import PlannedDialog

        dialog = PlannedDialog(_("Series"), self.planned, self.names, self)
        dialog.exec()
        dialog.deleteLater()

    def save(self) -> None:
        """Book; a series beside the window, and only if every day still stands as it is shown."""
        if self._soon.isActive() or not self.planned:
            self._soon.stop()
            self.judge()
        wish = self.wish()
        if wish is None or not self.button.isEnabled():
            return
        if self.planned:
            self._book_series(self.series(wish))
            return
        try:
            with self.app.work() as work:
                change = booking.book(work, wish, confirmed=True)
        except Refused as refusal:
            self.app.show_error(refusal)
            self.judge()
            return
        words = _("{child}: {therapy} booked {day} {time}").format(
            child=_(", ").join(self.names[each] for each in wish.child_ids), therapy=short_name(wish.therapy),
            day=f"{wish.starts_at:%m-%d}", time=f"{wish.starts_at:%H:%M}",
        )  # fmt: skip
        self.calendar.booked(change, words)

    def _book_series(self, wanted: Series) -> None:
        app, shown = self.app, self.planned

        def work(_progress: object, _cancelled: object) -> tuple[list[Planned], Change | None]:
            with app.work() as writing:
                now = plan_series(writing, wanted)
                return now, book_planned(writing, now) if now == shown else None

        self.setEnabled(False)
        self.button.setText(_("Booking…"))
        self._asking = self.app.tasks.run(work, self._booked, self._refused)

    def _booked(self, done: tuple[list[Planned], Change | None]) -> None:
        planned, change = done
        self.setEnabled(True)
        if change is None:
            self._judged(planned)
            self.app.notify(_("Somebody has changed the weeks meanwhile; please look at the series again."))
            return
        count = len(change.created)
        self.calendar.booked(change, ngettext("{n} session booked", "{n} sessions booked", count).format(n=count))

    def _refused(self, error: Exception) -> None:
        self.setEnabled(True)
        self.app.show_error(error)
        self.judge()
