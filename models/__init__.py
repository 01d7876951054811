"""What the home knows and allows. Importing an area registers its record types, rules and contributions.

The list is explicit so that a reader, and the packager, sees every area; its order is the order of the home.
"""

from models import (  # noqa: F401
    admission,
    admission_clocks,
    alerts,
    allowance_month,
    allowance_notices,
    allowances,
    belongings,
    child,
    demo,
    education,
    growth,
    hazards,
    holidays,
    incidents,
    leave,
    month,
    patrols,
    placement,
    rehabilitation,
    reminders,
    rooms,
    safety,
    social_work,
    staff,
    therapy,
    unit,
)
from models.scheduling import guard, occupancy  # noqa: F401
