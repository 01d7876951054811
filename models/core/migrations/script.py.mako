"""${message}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None

STATEMENTS: tuple[tuple[str, str], ...] = (
% for dialect, statement in statements:
    (${repr(dialect)}, ${repr(statement)}),
% endfor
)
"""Triggers and constraints beside the tables: the back end and what it is told."""


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
    for dialect, statement in STATEMENTS:
        if op.get_bind().dialect.name == dialect:
            op.get_bind().exec_driver_sql(statement)
