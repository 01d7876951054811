"""The rooms of the program: one module a screen. The order of this list is of no matter; the menu's is the pages' own."""

from __future__ import annotations


def open_rooms() -> None:
    """Import every room, so that its pages and tabs register themselves.

    The list is explicit, for readers and for the packager; it stands in a function so that the sign-in
    window appears before any record type is loaded. Add your room in alphabetical order.
    """
    import models  # noqa: F401 (every record type first)
    import views.admission  # noqa: F401
    import views.allowance_month  # noqa: F401
    import views.assessment  # noqa: F401
    import views.audit_trail  # noqa: F401
    import views.bin  # noqa: F401
    import views.care_tab  # noqa: F401
    import views.child_admission  # noqa: F401
    import views.child_facts  # noqa: F401
    import views.child_file  # noqa: F401
    import views.child_papers  # noqa: F401
    import views.children  # noqa: F401
    import views.class_attendance  # noqa: F401
    import views.department  # noqa: F401
    import views.documents  # noqa: F401
    import views.drills  # noqa: F401
    import views.education  # noqa: F401
    import views.entitlement  # noqa: F401
    import views.form_papers  # noqa: F401
    import views.growth  # noqa: F401
    import views.handover  # noqa: F401
    import views.hazards  # noqa: F401
    import views.home_settings  # noqa: F401
    import views.immunisation  # noqa: F401
    import views.import_children  # noqa: F401
    import views.incidents  # noqa: F401
    import views.institution  # noqa: F401
    import views.kept_papers  # noqa: F401
    import views.medication_round  # noqa: F401
    import views.my_day  # noqa: F401
    import views.nursing  # noqa: F401
    import views.outreach  # noqa: F401
    import views.paper_check  # noqa: F401
    import views.paper_copies  # noqa: F401
    import views.patrol_rounds  # noqa: F401
    import views.people  # noqa: F401
    import views.planner  # noqa: F401
    import views.records  # noqa: F401
    import views.registers  # noqa: F401
    import views.rehabilitation  # noqa: F401
    import views.rehabilitation_list  # noqa: F401
    import views.safekeeping  # noqa: F401
    import views.signing_page  # noqa: F401
    import views.social_work  # noqa: F401
    import views.therapy_attendance  # noqa: F401
    import views.therapy_calendar  # noqa: F401
    import views.therapy_prints  # noqa: F401
    import views.today  # noqa: F401
    import views.transition_timeline  # noqa: F401
    import views.treatment  # noqa: F401
    import views.waiting_lists  # noqa: F401
