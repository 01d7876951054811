"""The environment in which Alembic runs a migration: always on a connection whose transaction we hold."""

from alembic import context

from models.core.migrations.comparing import OPTIONS
from models.core.record import Base

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    target_metadata=Base.metadata,
    template_args={"statements": attributes.get("statements", [])},
    **OPTIONS,
)
with context.begin_transaction():
    context.run_migrations()
