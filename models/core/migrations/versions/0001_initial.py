"""initial."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    ('sqlite', "CREATE TRIGGER trg_therapy_session_guard_insert AFTER INSERT ON therapy_session WHEN NEW.deleted_at IS NULL AND NEW.status IN ('booked', 'done', 'late', 'made_up') AND NEW.state NOT IN ('void', 'superseded')\nBEGIN\n  SELECT RAISE(ABORT, 'booking:child') WHERE EXISTS (SELECT 1 FROM therapy_session o WHERE o.child_id = NEW.child_id AND o.id <> NEW.id AND o.deleted_at IS NULL AND o.status IN ('booked', 'done', 'late', 'made_up') AND o.state NOT IN ('void', 'superseded') AND o.starts_at >= date(NEW.starts_at) AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at AND coalesce(o.supersedes_id, '') <> NEW.id AND coalesce(NEW.supersedes_id, '') <> o.id);\n  SELECT RAISE(ABORT, 'booking:therapist') WHERE EXISTS (SELECT 1 FROM therapy_session o WHERE o.therapist_id = NEW.therapist_id AND o.id <> NEW.id AND o.deleted_at IS NULL AND o.status IN ('booked', 'done', 'late', 'made_up') AND o.state NOT IN ('void', 'superseded') AND o.starts_at >= date(NEW.starts_at) AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at AND o.sitting_id <> NEW.sitting_id);\n  SELECT RAISE(ABORT, 'booking:room') WHERE EXISTS (SELECT 1 FROM therapy_session m WHERE m.room_id = NEW.room_id AND m.deleted_at IS NULL AND m.status IN ('booked', 'done', 'late', 'made_up') AND m.state NOT IN ('void', 'superseded') AND m.starts_at >= date(NEW.starts_at) AND m.starts_at < NEW.ends_at AND m.ends_at > NEW.starts_at AND (SELECT count(DISTINCT o.child_id) FROM therapy_session o WHERE o.room_id = NEW.room_id AND o.deleted_at IS NULL AND o.status IN ('booked', 'done', 'late', 'made_up') AND o.state NOT IN ('void', 'superseded') AND o.starts_at >= date(NEW.starts_at) AND o.starts_at <= CASE WHEN m.starts_at > NEW.starts_at THEN m.starts_at ELSE NEW.starts_at END AND o.ends_at > CASE WHEN m.starts_at > NEW.starts_at THEN m.starts_at ELSE NEW.starts_at END) > coalesce((SELECT r.capacity FROM room r WHERE r.id = NEW.room_id), 1));\n  SELECT RAISE(ABORT, 'booking:equipment') WHERE EXISTS (SELECT 1 FROM therapy_session m WHERE m.equipment_id = NEW.equipment_id AND m.deleted_at IS NULL AND m.status IN ('booked', 'done', 'late', 'made_up') AND m.state NOT IN ('void', 'superseded') AND m.starts_at >= date(NEW.starts_at) AND m.starts_at < NEW.ends_at AND m.ends_at > NEW.starts_at AND (SELECT count(DISTINCT o.child_id) FROM therapy_session o WHERE o.equipment_id = NEW.equipment_id AND o.deleted_at IS NULL AND o.status IN ('booked', 'done', 'late', 'made_up') AND o.state NOT IN ('void', 'superseded') AND o.starts_at >= date(NEW.starts_at) AND o.starts_at <= CASE WHEN m.starts_at > NEW.starts_at THEN m.starts_at ELSE NEW.starts_at END AND o.ends_at > CASE WHEN m.starts_at > NEW.starts_at THEN m.starts_at ELSE NEW.starts_at END) > coalesce((SELECT r.quantity FROM equipment r WHERE r.id = NEW.equipment_id), 1));\nEND"),
    ('sqlite', "CREATE TRIGGER trg_therapy_session_guard_update AFTER UPDATE OF child_id, therapist_id, room_id, equipment_id, starts_at, ends_at, sitting_id, supersedes_id, status, state, deleted_at ON therapy_session WHEN NEW.deleted_at IS NULL AND NEW.status IN ('booked', 'done', 'late', 'made_up') AND NEW.state NOT IN ('void', 'superseded')\nBEGIN\n  SELECT RAISE(ABORT, 'booking:child') WHERE EXISTS (SELECT 1 FROM therapy_session o WHERE o.child_id = NEW.child_id AND o.id <> NEW.id AND o.deleted_at IS NULL AND o.status IN ('booked', 'done', 'late', 'made_up') AND o.state NOT IN ('void', 'superseded') AND o.starts_at >= date(NEW.starts_at) AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at AND coalesce(o.supersedes_id, '') <> NEW.id AND coalesce(NEW.supersedes_id, '') <> o.id);\n  SELECT RAISE(ABORT, 'booking:therapist') WHERE EXISTS (SELECT 1 FROM therapy_session o WHERE o.therapist_id = NEW.therapist_id AND o.id <> NEW.id AND o.deleted_at IS NULL AND o.status IN ('booked', 'done', 'late', 'made_up') AND o.state NOT IN ('void', 'superseded') AND o.starts_at >= date(NEW.starts_at) AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at AND o.sitting_id <> NEW.sitting_id);\n  SELECT RAISE(ABORT, 'booking:room') WHERE EXISTS (SELECT 1 FROM therapy_session m WHERE m.room_id = NEW.room_id AND m.deleted_at IS NULL AND m.status IN ('booked', 'done', 'late', 'made_up') AND m.state NOT IN ('void', 'superseded') AND m.starts_at >= date(NEW.starts_at) AND m.starts_at < NEW.ends_at AND m.ends_at > NEW.starts_at AND (SELECT count(DISTINCT o.child_id) FROM therapy_session o WHERE o.room_id = NEW.room_id AND o.deleted_at IS NULL AND o.status IN ('booked', 'done', 'late', 'made_up') AND o.state NOT IN ('void', 'superseded') AND o.starts_at >= date(NEW.starts_at) AND o.starts_at <= CASE WHEN m.starts_at > NEW.starts_at THEN m.starts_at ELSE NEW.starts_at END AND o.ends_at > CASE WHEN m.starts_at > NEW.starts_at THEN m.starts_at ELSE NEW.starts_at END) > coalesce((SELECT r.capacity FROM room r WHERE r.id = NEW.room_id), 1));\n  SELECT RAISE(ABORT, 'booking:equipment') WHERE EXISTS (SELECT 1 FROM therapy_session m WHERE m.equipment_id = NEW.equipment_id AND m.deleted_at IS NULL AND m.status IN ('booked', 'done', 'late', 'made_up') AND m.state NOT IN ('void', 'superseded') AND m.starts_at >= date(NEW.starts_at) AND m.starts_at < NEW.ends_at AND m.ends_at > NEW.starts_at AND (SELECT count(DISTINCT o.child_id) FROM therapy_session o WHERE o.equipment_id = NEW.equipment_id AND o.deleted_at IS NULL AND o.status IN ('booked', 'done', 'late', 'made_up') AND o.state NOT IN ('void', 'superseded') AND o.starts_at >= date(NEW.starts_at) AND o.starts_at <= CASE WHEN m.starts_at > NEW.starts_at THEN m.starts_at ELSE NEW.starts_at END AND o.ends_at > CASE WHEN m.starts_at > NEW.starts_at THEN m.starts_at ELSE NEW.starts_at END) > coalesce((SELECT r.quantity FROM equipment r WHERE r.id = NEW.equipment_id), 1));\nEND"),
    ('postgresql', "CREATE OR REPLACE FUNCTION therapy_session_lock() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $lock$\nBEGIN\n  IF current_setting('transaction_isolation') <> 'read committed' THEN\n    RAISE EXCEPTION 'booking:isolation' USING ERRCODE = 'exclusion_violation';\n  END IF;\n  PERFORM pg_advisory_xact_lock(1902734951);\n  RETURN NULL;\nEND\n$lock$"),
    ('postgresql', "CREATE OR REPLACE FUNCTION therapy_session_guard() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $guard$\nBEGIN\n  IF EXISTS (SELECT 1 FROM therapy_session o WHERE o.child_id = NEW.child_id AND o.id <> NEW.id AND o.deleted_at IS NULL AND o.status IN ('booked', 'done', 'late', 'made_up') AND o.state NOT IN ('void', 'superseded') AND o.starts_at >= date(NEW.starts_at) AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at AND coalesce(o.supersedes_id, '') <> NEW.id AND coalesce(NEW.supersedes_id, '') <> o.id) THEN RAISE EXCEPTION 'booking:child' USING ERRCODE = 'exclusion_violation'; END IF;\n  IF EXISTS (SELECT 1 FROM therapy_session o WHERE o.therapist_id = NEW.therapist_id AND o.id <> NEW.id AND o.deleted_at IS NULL AND o.status IN ('booked', 'done', 'late', 'made_up') AND o.state NOT IN ('void', 'superseded') AND o.starts_at >= date(NEW.starts_at) AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at AND o.sitting_id <> NEW.sitting_id) THEN RAISE EXCEPTION 'booking:therapist' USING ERRCODE = 'exclusion_violation'; END IF;\n  IF EXISTS (SELECT 1 FROM therapy_session m WHERE m.room_id = NEW.room_id AND m.deleted_at IS NULL AND m.status IN ('booked', 'done', 'late', 'made_up') AND m.state NOT IN ('void', 'superseded') AND m.starts_at >= date(NEW.starts_at) AND m.starts_at < NEW.ends_at AND m.ends_at > NEW.starts_at AND (SELECT count(DISTINCT o.child_id) FROM therapy_session o WHERE o.room_id = NEW.room_id AND o.deleted_at IS NULL AND o.status IN ('booked', 'done', 'late', 'made_up') AND o.state NOT IN ('void', 'superseded') AND o.starts_at >= date(NEW.starts_at) AND o.starts_at <= CASE WHEN m.starts_at > NEW.starts_at THEN m.starts_at ELSE NEW.starts_at END AND o.ends_at > CASE WHEN m.starts_at > NEW.starts_at THEN m.starts_at ELSE NEW.starts_at END) > coalesce((SELECT r.capacity FROM room r WHERE r.id = NEW.room_id), 1)) THEN RAISE EXCEPTION 'booking:room' USING ERRCODE = 'exclusion_violation'; END IF;\n  IF EXISTS (SELECT 1 FROM therapy_session m WHERE m.equipment_id = NEW.equipment_id AND m.deleted_at IS NULL AND m.status IN ('booked', 'done', 'late', 'made_up') AND m.state NOT IN ('void', 'superseded') AND m.starts_at >= date(NEW.starts_at) AND m.starts_at < NEW.ends_at AND m.ends_at > NEW.starts_at AND (SELECT count(DISTINCT o.child_id) FROM therapy_session o WHERE o.equipment_id = NEW.equipment_id AND o.deleted_at IS NULL AND o.status IN ('booked', 'done', 'late', 'made_up') AND o.state NOT IN ('void', 'superseded') AND o.starts_at >= date(NEW.starts_at) AND o.starts_at <= CASE WHEN m.starts_at > NEW.starts_at THEN m.starts_at ELSE NEW.starts_at END AND o.ends_at > CASE WHEN m.starts_at > NEW.starts_at THEN m.starts_at ELSE NEW.starts_at END) > coalesce((SELECT r.quantity FROM equipment r WHERE r.id = NEW.equipment_id), 1)) THEN RAISE EXCEPTION 'booking:equipment' USING ERRCODE = 'exclusion_violation'; END IF;\n  RETURN NULL;\nEND\n$guard$"),
    ('postgresql', 'CREATE TRIGGER trg_therapy_session_lock_insert BEFORE INSERT ON therapy_session FOR EACH STATEMENT EXECUTE FUNCTION therapy_session_lock()'),
    ('postgresql', "CREATE TRIGGER trg_therapy_session_guard_insert AFTER INSERT ON therapy_session FOR EACH ROW WHEN (NEW.deleted_at IS NULL AND NEW.status IN ('booked', 'done', 'late', 'made_up') AND NEW.state NOT IN ('void', 'superseded')) EXECUTE FUNCTION therapy_session_guard()"),
    ('postgresql', 'CREATE TRIGGER trg_therapy_session_lock_update BEFORE UPDATE OF child_id, therapist_id, room_id, equipment_id, starts_at, ends_at, sitting_id, supersedes_id, status, state, deleted_at ON therapy_session FOR EACH STATEMENT EXECUTE FUNCTION therapy_session_lock()'),
    ('postgresql', "CREATE TRIGGER trg_therapy_session_guard_update AFTER UPDATE OF child_id, therapist_id, room_id, equipment_id, starts_at, ends_at, sitting_id, supersedes_id, status, state, deleted_at ON therapy_session FOR EACH ROW WHEN (NEW.deleted_at IS NULL AND NEW.status IN ('booked', 'done', 'late', 'made_up') AND NEW.state NOT IN ('void', 'superseded')) EXECUTE FUNCTION therapy_session_guard()"),
)
"""Triggers and constraints beside the tables: the back end and what it is told."""


def upgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table('account',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('username', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('staff_id', sa.String(length=32), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('must_change_password', sa.Boolean(), nullable=False),
    sa.Column('awaiting_confirmation', sa.Boolean(), nullable=False),
    sa.Column('password_changed_at', sa.DateTime(), nullable=True),
    sa.Column('signed_in_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('username', name=op.f('uq_account_username'))
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_staff_id'), ['staff_id'], unique=False)

    op.create_table('allowance_rate',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=True),
    sa.Column('mode', sa.String(length=40), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('effective_from', sa.Date(), nullable=True),
    sa.Column('effective_to', sa.Date(), nullable=True),
    sa.Column('region', sa.String(length=40), nullable=True),
    sa.Column('source', sa.String(length=200), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allowance_rate'))
    )
    with op.batch_alter_table('allowance_rate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_allowance_rate_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('audit_entry',
    sa.Column('sequence', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('username', sa.String(length=100), nullable=False),
    sa.Column('event', sa.String(length=20), nullable=False),
    sa.Column('type_name', sa.String(length=40), nullable=False),
    sa.Column('record_id', sa.String(length=32), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=False),
    sa.Column('details', sa.Text(), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('sequence', name=op.f('pk_audit_entry'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entry_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_event'), ['event'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_record_id'), ['record_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_type_name'), ['type_name'], unique=False)

    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('calendar_day',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('reason', sa.String(length=100), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_day'))
    )
    with op.batch_alter_table('calendar_day', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calendar_day_day'), ['day'], unique=False)
        batch_op.create_index(batch_op.f('ix_calendar_day_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('room',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('place', sa.String(length=60), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('skills', sa.JSON(), nullable=True),
    sa.Column('closed', sa.Boolean(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room')),
    sa.UniqueConstraint('name', name=op.f('uq_room_name'))
    )
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_room_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('seal_holder',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('record_id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('named_by_id', sa.String(length=32), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seal_holder')),
    sa.UniqueConstraint('record_id', 'account_id', name=op.f('uq_seal_holder_record_id'))
    )
    with op.batch_alter_table('seal_holder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seal_holder_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_seal_holder_named_by_id'), ['named_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_seal_holder_record_id'), ['record_id'], unique=False)

    op.create_table('setting',
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('value', sa.JSON(), nullable=True),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('changed_by', sa.String(length=100), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_setting'))
    )
    op.create_table('staff',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=True),
    sa.Column('number', sa.String(length=20), nullable=True),
    sa.Column('sex', sa.String(length=40), nullable=True),
    sa.Column('post', sa.String(length=40), nullable=True),
    sa.Column('telephone', sa.String(length=40), nullable=True),
    sa.Column('joined_on', sa.Date(), nullable=True),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('skills', sa.JSON(), nullable=True),
    sa.Column('licence', sa.String(length=60), nullable=True),
    sa.Column('licence_valid_to', sa.Date(), nullable=True),
    sa.Column('entry_checked_on', sa.Date(), nullable=True),
    sa.Column('entry_result', sa.String(length=40), nullable=True),
    sa.Column('yearly_checked_on', sa.Date(), nullable=True),
    sa.Column('yearly_result', sa.String(length=40), nullable=True),
    sa.Column('health_valid_to', sa.Date(), nullable=True),
    sa.Column('work_days', sa.JSON(), nullable=True),
    sa.Column('works_from', sa.Time(), nullable=True),
    sa.Column('works_until', sa.Time(), nullable=True),
    sa.Column('break_from', sa.Time(), nullable=True),
    sa.Column('break_until', sa.Time(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('number', name=op.f('uq_staff_number'))
    )
    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('stored_file',
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('stored_at', sa.DateTime(), nullable=False),
    sa.Column('stored_by', sa.String(length=100), nullable=False),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_stored_file'))
    )
    op.create_table('equipment',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=True),
    sa.Column('number', sa.String(length=40), nullable=True),
    sa.Column('room_id', sa.String(length=32), nullable=True),
    sa.Column('quantity', sa.Integer(), nullable=True),
    sa.Column('inspected_on', sa.Date(), nullable=True),
    sa.Column('inspection_months', sa.Integer(), nullable=True),
    sa.Column('out_of_use', sa.Boolean(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_equipment_room_id_room')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_equipment'))
    )
    with op.batch_alter_table('equipment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_equipment_room_id'), ['room_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_equipment_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('patrol_round',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('started_at', sa.DateTime(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('route', sa.String(length=120), nullable=True),
    sa.Column('leader_id', sa.String(length=32), nullable=True),
    sa.Column('second_id', sa.String(length=32), nullable=True),
    sa.Column('passed', sa.JSON(), nullable=True),
    sa.Column('failed', sa.JSON(), nullable=True),
    sa.Column('findings', sa.Text(), nullable=True),
    sa.Column('action', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['leader_id'], ['staff.id'], name=op.f('fk_patrol_round_leader_id_staff')),
    sa.ForeignKeyConstraint(['second_id'], ['staff.id'], name=op.f('fk_patrol_round_second_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_patrol_round'))
    )
    with op.batch_alter_table('patrol_round', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_patrol_round_leader_id'), ['leader_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_patrol_round_second_id'), ['second_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_patrol_round_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('staff_leave',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('staff_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('part', sa.String(length=40), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_leave_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_leave'))
    )
    with op.batch_alter_table('staff_leave', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_leave_staff_id'), ['staff_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_staff_leave_starts_on'), ['starts_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_staff_leave_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('unit',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('leader_id', sa.String(length=32), nullable=True),
    sa.Column('telephone', sa.String(length=40), nullable=True),
    sa.Column('place', sa.String(length=60), nullable=True),
    sa.Column('beds', sa.Integer(), nullable=True),
    sa.Column('lives', sa.String(length=40), nullable=True),
    sa.Column('age_from', sa.Integer(), nullable=True),
    sa.Column('age_to', sa.Integer(), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['leader_id'], ['staff.id'], name=op.f('fk_unit_leader_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit')),
    sa.UniqueConstraint('name', name=op.f('uq_unit_name'))
    )
    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unit_leader_id'), ['leader_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_unit_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('child',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=True),
    sa.Column('number', sa.String(length=20), nullable=True),
    sa.Column('former_name', sa.String(length=100), nullable=True),
    sa.Column('sex', sa.String(length=40), nullable=True),
    sa.Column('born_on', sa.Date(), nullable=True),
    sa.Column('birth_basis', sa.String(length=40), nullable=True),
    sa.Column('birth_margin_months', sa.Integer(), nullable=True),
    sa.Column('birth_note', sa.String(length=300), nullable=True),
    sa.Column('ethnic_group', sa.String(length=40), nullable=True),
    sa.Column('ethnic_presumed', sa.Boolean(), nullable=True),
    sa.Column('blood_group', sa.String(length=40), nullable=True),
    sa.Column('rhesus', sa.String(length=40), nullable=True),
    sa.Column('photo', sa.String(length=64), nullable=True),
    sa.Column('identity_status', sa.String(length=40), nullable=True),
    sa.Column('identity_number', sa.String(length=30), nullable=True),
    sa.Column('identity_note', sa.String(length=300), nullable=True),
    sa.Column('registration_status', sa.String(length=40), nullable=True),
    sa.Column('registration_place', sa.String(length=200), nullable=True),
    sa.Column('registered_on', sa.Date(), nullable=True),
    sa.Column('native_place', sa.String(length=200), nullable=True),
    sa.Column('category', sa.String(length=40), nullable=True),
    sa.Column('custody', sa.String(length=40), nullable=True),
    sa.Column('temporary_ground', sa.String(length=40), nullable=True),
    sa.Column('guardian', sa.String(length=100), nullable=True),
    sa.Column('admitted_on', sa.Date(), nullable=True),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('unit_id', sa.String(length=32), nullable=True),
    sa.Column('bed', sa.String(length=20), nullable=True),
    sa.Column('placement', sa.String(length=40), nullable=True),
    sa.Column('disabilities', sa.JSON(), nullable=True),
    sa.Column('disability_grade', sa.String(length=40), nullable=True),
    sa.Column('disability_certificate', sa.String(length=30), nullable=True),
    sa.Column('disability_valid_to', sa.Date(), nullable=True),
    sa.Column('disability_note', sa.String(length=300), nullable=True),
    sa.Column('gestation_weeks', sa.Integer(), nullable=True),
    sa.Column('birth_weight', sa.Integer(), nullable=True),
    sa.Column('languages', sa.String(length=100), nullable=True),
    sa.Column('communication', sa.JSON(), nullable=True),
    sa.Column('emergency_note', sa.Text(), nullable=True),
    sa.Column('comfort_note', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_child_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_child')),
    sa.UniqueConstraint('number', name=op.f('uq_child_number'))
    )
    with op.batch_alter_table('child', schema=None) as batch_op:
        batch_op.create_index('ix_child_found', ['search_text', 'deleted_at', 'number', 'name', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_child_name'), ['name'], unique=False)
        batch_op.create_index(batch_op.f('ix_child_placement'), ['placement'], unique=False)
        batch_op.create_index(batch_op.f('ix_child_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_child_unit_id'), ['unit_id'], unique=False)

    op.create_table('hand_over',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('unit_id', sa.String(length=32), nullable=True),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('shift', sa.String(length=40), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=True),
    sa.Column('expected', sa.Integer(), nullable=True),
    sa.Column('present', sa.Integer(), nullable=True),
    sa.Column('out', sa.Integer(), nullable=True),
    sa.Column('hospital', sa.Integer(), nullable=True),
    sa.Column('special', sa.Text(), nullable=True),
    sa.Column('unusual', sa.Text(), nullable=True),
    sa.Column('away', sa.Text(), nullable=True),
    sa.Column('treatment', sa.Text(), nullable=True),
    sa.Column('incidents', sa.Text(), nullable=True),
    sa.Column('equipment', sa.Text(), nullable=True),
    sa.Column('to_do', sa.Text(), nullable=True),
    sa.Column('handed_by_id', sa.String(length=32), nullable=True),
    sa.Column('handed_at', sa.DateTime(), nullable=True),
    sa.Column('received_by_id', sa.String(length=32), nullable=True),
    sa.Column('received_at', sa.DateTime(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['handed_by_id'], ['staff.id'], name=op.f('fk_hand_over_handed_by_id_staff')),
    sa.ForeignKeyConstraint(['received_by_id'], ['staff.id'], name=op.f('fk_hand_over_received_by_id_staff')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_hand_over_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_over'))
    )
    with op.batch_alter_table('hand_over', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hand_over_handed_by_id'), ['handed_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hand_over_received_by_id'), ['received_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hand_over_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hand_over_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index('uq_hand_over_shift', ['unit_id', 'day', 'shift'], unique=True, sqlite_where=sa.text("deleted_at IS NULL AND state <> 'void' AND supersedes_id IS NULL"), postgresql_where=sa.text("deleted_at IS NULL AND state <> 'void' AND supersedes_id IS NULL"))

    op.create_table('hazard',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('stage', sa.String(length=40), nullable=False),
    sa.Column('what', sa.String(length=200), nullable=True),
    sa.Column('place', sa.String(length=80), nullable=True),
    sa.Column('found_on', sa.Date(), nullable=True),
    sa.Column('found_by_id', sa.String(length=32), nullable=True),
    sa.Column('round_id', sa.String(length=32), nullable=True),
    sa.Column('unit_id', sa.String(length=32), nullable=True),
    sa.Column('group', sa.String(length=40), nullable=True),
    sa.Column('grade', sa.String(length=40), nullable=True),
    sa.Column('situation', sa.String(length=40), nullable=True),
    sa.Column('photo', sa.String(length=64), nullable=True),
    sa.Column('responsible_id', sa.String(length=32), nullable=True),
    sa.Column('deadline', sa.Date(), nullable=True),
    sa.Column('interim', sa.String(length=200), nullable=True),
    sa.Column('told_department_on', sa.Date(), nullable=True),
    sa.Column('rectified_on', sa.Date(), nullable=True),
    sa.Column('rectified_how', sa.Text(), nullable=True),
    sa.Column('photo_after', sa.String(length=64), nullable=True),
    sa.Column('verified_on', sa.Date(), nullable=True),
    sa.Column('verified_by_id', sa.String(length=32), nullable=True),
    sa.Column('verified_result', sa.String(length=200), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['found_by_id'], ['staff.id'], name=op.f('fk_hazard_found_by_id_staff')),
    sa.ForeignKeyConstraint(['responsible_id'], ['staff.id'], name=op.f('fk_hazard_responsible_id_staff')),
    sa.ForeignKeyConstraint(['round_id'], ['patrol_round.id'], name=op.f('fk_hazard_round_id_patrol_round')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_hazard_unit_id_unit')),
    sa.ForeignKeyConstraint(['verified_by_id'], ['staff.id'], name=op.f('fk_hazard_verified_by_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hazard'))
    )
    with op.batch_alter_table('hazard', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hazard_found_by_id'), ['found_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hazard_responsible_id'), ['responsible_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hazard_round_id'), ['round_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hazard_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hazard_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hazard_verified_by_id'), ['verified_by_id'], unique=False)

    op.create_table('unit_staff',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('staff_id', sa.String(length=32), nullable=True),
    sa.Column('unit_id', sa.String(length=32), nullable=True),
    sa.Column('role', sa.String(length=60), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_unit_staff_staff_id_staff')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_unit_staff_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_staff'))
    )
    with op.batch_alter_table('unit_staff', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unit_staff_staff_id'), ['staff_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_unit_staff_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_unit_staff_unit_id'), ['unit_id'], unique=False)

    op.create_table('admission',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('arrived_at', sa.DateTime(), nullable=True),
    sa.Column('category', sa.String(length=40), nullable=True),
    sa.Column('situation', sa.String(length=40), nullable=True),
    sa.Column('custody', sa.String(length=40), nullable=True),
    sa.Column('temporary_ground', sa.String(length=40), nullable=True),
    sa.Column('sender', sa.String(length=40), nullable=True),
    sa.Column('sender_detail', sa.String(length=200), nullable=True),
    sa.Column('found_at', sa.DateTime(), nullable=True),
    sa.Column('found_place', sa.String(length=200), nullable=True),
    sa.Column('finder', sa.String(length=100), nullable=True),
    sa.Column('finder_contact', sa.String(length=100), nullable=True),
    sa.Column('clothing', sa.Text(), nullable=True),
    sa.Column('carried', sa.Text(), nullable=True),
    sa.Column('body_marks', sa.Text(), nullable=True),
    sa.Column('initial_health', sa.Text(), nullable=True),
    sa.Column('received_medical_id', sa.String(length=32), nullable=True),
    sa.Column('received_office_id', sa.String(length=32), nullable=True),
    sa.Column('observation_until', sa.Date(), nullable=True),
    sa.Column('dna_number', sa.String(length=40), nullable=True),
    sa.Column('dna_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_admission_child_id_child')),
    sa.ForeignKeyConstraint(['received_medical_id'], ['staff.id'], name=op.f('fk_admission_received_medical_id_staff')),
    sa.ForeignKeyConstraint(['received_office_id'], ['staff.id'], name=op.f('fk_admission_received_office_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_admission'))
    )
    with op.batch_alter_table('admission', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_admission_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_admission_received_medical_id'), ['received_medical_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_admission_received_office_id'), ['received_office_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_admission_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('after_care_contact',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('step', sa.String(length=40), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=True),
    sa.Column('reached', sa.String(length=40), nullable=True),
    sa.Column('worker_id', sa.String(length=32), nullable=True),
    sa.Column('situation', sa.String(length=40), nullable=True),
    sa.Column('outcomes', sa.JSON(), nullable=True),
    sa.Column('housing', sa.String(length=200), nullable=True),
    sa.Column('occupation', sa.String(length=200), nullable=True),
    sa.Column('money', sa.String(length=200), nullable=True),
    sa.Column('health', sa.String(length=200), nullable=True),
    sa.Column('relations', sa.String(length=200), nullable=True),
    sa.Column('troubles', sa.Text(), nullable=True),
    sa.Column('action', sa.Text(), nullable=True),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_after_care_contact_child_id_child')),
    sa.ForeignKeyConstraint(['worker_id'], ['staff.id'], name=op.f('fk_after_care_contact_worker_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_after_care_contact'))
    )
    with op.batch_alter_table('after_care_contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_after_care_contact_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_after_care_contact_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_after_care_contact_worker_id'), ['worker_id'], unique=False)

    op.create_table('allergy',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('substance', sa.String(length=100), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('severity', sa.String(length=40), nullable=True),
    sa.Column('reaction', sa.String(length=200), nullable=True),
    sa.Column('known_since', sa.Date(), nullable=True),
    sa.Column('proof', sa.String(length=200), nullable=True),
    sa.Column('instructions', sa.Text(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_allergy_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allergy'))
    )
    with op.batch_alter_table('allergy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_allergy_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_allergy_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('allowance_entitlement',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('month', sa.String(length=7), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('category', sa.String(length=40), nullable=True),
    sa.Column('mode', sa.String(length=40), nullable=True),
    sa.Column('standard', sa.BigInteger(), nullable=True),
    sa.Column('days', sa.Integer(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('for_month', sa.String(length=7), nullable=True),
    sa.Column('account', sa.String(length=40), nullable=True),
    sa.Column('batch', sa.String(length=40), nullable=True),
    sa.Column('paid_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=True),
    sa.Column('slot', sa.String(length=50), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_allowance_entitlement_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allowance_entitlement')),
    sa.UniqueConstraint('slot', name=op.f('uq_allowance_entitlement_slot'))
    )
    with op.batch_alter_table('allowance_entitlement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_allowance_entitlement_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_allowance_entitlement_month'), ['month'], unique=False)
        batch_op.create_index(batch_op.f('ix_allowance_entitlement_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('assessment',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('scale', sa.String(length=40), nullable=True),
    sa.Column('scale_version', sa.String(length=40), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('assessed_on', sa.Date(), nullable=True),
    sa.Column('assessor_id', sa.String(length=32), nullable=True),
    sa.Column('aids', sa.String(length=40), nullable=True),
    sa.Column('scores', sa.JSON(), nullable=True),
    sa.Column('goal_areas', sa.JSON(), nullable=True),
    sa.Column('derived', sa.JSON(), nullable=True),
    sa.Column('total', sa.Float(), nullable=True),
    sa.Column('level', sa.String(length=40), nullable=True),
    sa.Column('conclusion', sa.Text(), nullable=True),
    sa.Column('advice', sa.Text(), nullable=True),
    sa.Column('heard', sa.Text(), nullable=True),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('paper', sa.String(length=64), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['assessor_id'], ['staff.id'], name=op.f('fk_assessment_assessor_id_staff')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_assessment_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment'))
    )
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_assessed_on'), ['assessed_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_assessor_id'), ['assessor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_scale'), ['scale'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('break_glass',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=True),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('reason_text', sa.String(length=300), nullable=True),
    sa.Column('starts_at', sa.DateTime(), nullable=True),
    sa.Column('ends_at', sa.DateTime(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_break_glass_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_break_glass'))
    )
    with op.batch_alter_table('break_glass', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_break_glass_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_break_glass_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_break_glass_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('caseload',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('staff_id', sa.String(length=32), nullable=True),
    sa.Column('task', sa.String(length=60), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_caseload_child_id_child')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_caseload_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_caseload'))
    )
    with op.batch_alter_table('caseload', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_caseload_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_caseload_staff_id'), ['staff_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_caseload_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('child_paper',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('number', sa.String(length=60), nullable=True),
    sa.Column('issuer', sa.String(length=100), nullable=True),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('holder', sa.String(length=100), nullable=True),
    sa.Column('scan', sa.String(length=64), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_child_paper_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_child_paper'))
    )
    with op.batch_alter_table('child_paper', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_child_paper_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_child_paper_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('class_attendance',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('month', sa.Date(), nullable=True),
    sa.Column('school_days', sa.Integer(), nullable=True),
    sa.Column('present_days', sa.Integer(), nullable=True),
    sa.Column('ill_days', sa.Integer(), nullable=True),
    sa.Column('therapy_days', sa.Integer(), nullable=True),
    sa.Column('other_days', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_class_attendance_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_class_attendance'))
    )
    with op.batch_alter_table('class_attendance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_class_attendance_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_class_attendance_month'), ['month'], unique=False)
        batch_op.create_index(batch_op.f('ix_class_attendance_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('counselling_note',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('occasion', sa.String(length=120), nullable=True),
    sa.Column('consent', sa.String(length=120), nullable=True),
    sa.Column('scale', sa.String(length=120), nullable=True),
    sa.Column('content', sa.Text(), nullable=True),
    sa.Column('judgement', sa.Text(), nullable=True),
    sa.Column('risk', sa.String(length=40), nullable=True),
    sa.Column('crisis_plan', sa.Text(), nullable=True),
    sa.Column('referral', sa.String(length=120), nullable=True),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('sealed', sa.Boolean(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_counselling_note_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_counselling_note'))
    )
    with op.batch_alter_table('counselling_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_counselling_note_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_counselling_note_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('diagnosis',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=True),
    sa.Column('icd', sa.String(length=20), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('diagnosed_on', sa.Date(), nullable=True),
    sa.Column('diagnosed_by', sa.String(length=100), nullable=True),
    sa.Column('resolved_on', sa.Date(), nullable=True),
    sa.Column('paper', sa.String(length=64), nullable=True),
    sa.Column('risks', sa.JSON(), nullable=True),
    sa.Column('isolation_until', sa.Date(), nullable=True),
    sa.Column('instructions', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_diagnosis_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_diagnosis'))
    )
    with op.batch_alter_table('diagnosis', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_diagnosis_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_diagnosis_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('family_search_notice',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('rule', sa.String(length=40), nullable=True),
    sa.Column('media', sa.JSON(), nullable=True),
    sa.Column('medium_detail', sa.String(length=200), nullable=True),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('scan', sa.String(length=64), nullable=True),
    sa.Column('result', sa.String(length=40), nullable=True),
    sa.Column('result_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_family_search_notice_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_family_search_notice'))
    )
    with op.batch_alter_table('family_search_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_family_search_notice_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_family_search_notice_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('growth_measurement',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('measured_on', sa.Date(), nullable=True),
    sa.Column('weight', sa.Float(), nullable=True),
    sa.Column('stature', sa.Float(), nullable=True),
    sa.Column('position', sa.String(length=40), nullable=True),
    sa.Column('head', sa.Float(), nullable=True),
    sa.Column('bmi', sa.Float(), nullable=True),
    sa.Column('not_assessable', sa.String(length=40), nullable=True),
    sa.Column('measured_by_id', sa.String(length=32), nullable=True),
    sa.Column('teeth', sa.Integer(), nullable=True),
    sa.Column('vision_left', sa.Float(), nullable=True),
    sa.Column('vision_right', sa.Float(), nullable=True),
    sa.Column('haemoglobin', sa.Float(), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_growth_measurement_child_id_child')),
    sa.ForeignKeyConstraint(['measured_by_id'], ['staff.id'], name=op.f('fk_growth_measurement_measured_by_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_growth_measurement'))
    )
    with op.batch_alter_table('growth_measurement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_growth_measurement_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_growth_measurement_measured_by_id'), ['measured_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_growth_measurement_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('hand_over_item',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('detail', sa.String(length=200), nullable=True),
    sa.Column('quantity', sa.Integer(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('ready_on', sa.Date(), nullable=True),
    sa.Column('not_needed', sa.Boolean(), nullable=True),
    sa.Column('given_on', sa.Date(), nullable=True),
    sa.Column('giver_id', sa.String(length=32), nullable=True),
    sa.Column('receiver', sa.String(length=100), nullable=True),
    sa.Column('witness_id', sa.String(length=32), nullable=True),
    sa.Column('receipt', sa.String(length=64), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_hand_over_item_child_id_child')),
    sa.ForeignKeyConstraint(['giver_id'], ['staff.id'], name=op.f('fk_hand_over_item_giver_id_staff')),
    sa.ForeignKeyConstraint(['witness_id'], ['staff.id'], name=op.f('fk_hand_over_item_witness_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_over_item'))
    )
    with op.batch_alter_table('hand_over_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hand_over_item_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hand_over_item_giver_id'), ['giver_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hand_over_item_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hand_over_item_witness_id'), ['witness_id'], unique=False)

    op.create_table('iep_goal',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('domain', sa.String(length=40), nullable=True),
    sa.Column('term', sa.String(length=40), nullable=True),
    sa.Column('parent_id', sa.String(length=32), nullable=True),
    sa.Column('text', sa.String(length=300), nullable=True),
    sa.Column('present_level', sa.String(length=300), nullable=True),
    sa.Column('criterion', sa.String(length=300), nullable=True),
    sa.Column('steps', sa.Text(), nullable=True),
    sa.Column('services', sa.String(length=300), nullable=True),
    sa.Column('responsible_id', sa.String(length=32), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('progress', sa.Integer(), nullable=True),
    sa.Column('status', sa.String(length=40), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_iep_goal_child_id_child')),
    sa.ForeignKeyConstraint(['parent_id'], ['iep_goal.id'], name=op.f('fk_iep_goal_parent_id_iep_goal')),
    sa.ForeignKeyConstraint(['responsible_id'], ['staff.id'], name=op.f('fk_iep_goal_responsible_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_iep_goal'))
    )
    with op.batch_alter_table('iep_goal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_iep_goal_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_iep_goal_due_on'), ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_iep_goal_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_iep_goal_responsible_id'), ['responsible_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_iep_goal_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('incident',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('sealed', sa.Boolean(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('what', sa.String(length=200), nullable=True),
    sa.Column('noticed_at', sa.DateTime(), nullable=True),
    sa.Column('happened_at', sa.DateTime(), nullable=True),
    sa.Column('place', sa.String(length=80), nullable=True),
    sa.Column('unit_id', sa.String(length=32), nullable=True),
    sa.Column('persons', sa.String(length=300), nullable=True),
    sa.Column('course', sa.Text(), nullable=True),
    sa.Column('injury', sa.String(length=40), nullable=True),
    sa.Column('injury_text', sa.String(length=300), nullable=True),
    sa.Column('first_aid', sa.Text(), nullable=True),
    sa.Column('hospital', sa.String(length=100), nullable=True),
    sa.Column('hospital_at', sa.DateTime(), nullable=True),
    sa.Column('outcome', sa.String(length=300), nullable=True),
    sa.Column('decision', sa.String(length=40), nullable=False),
    sa.Column('situations', sa.JSON(), nullable=True),
    sa.Column('decision_reason', sa.String(length=300), nullable=True),
    sa.Column('reported_at', sa.DateTime(), nullable=True),
    sa.Column('reported_to', sa.JSON(), nullable=True),
    sa.Column('reported_name', sa.String(length=100), nullable=True),
    sa.Column('receipt', sa.String(length=60), nullable=True),
    sa.Column('receipt_scan', sa.String(length=64), nullable=True),
    sa.Column('leader_told_at', sa.DateTime(), nullable=True),
    sa.Column('director_told_at', sa.DateTime(), nullable=True),
    sa.Column('department_told_at', sa.DateTime(), nullable=True),
    sa.Column('others_told', sa.String(length=300), nullable=True),
    sa.Column('cctv', sa.String(length=40), nullable=True),
    sa.Column('cctv_note', sa.String(length=200), nullable=True),
    sa.Column('photo', sa.String(length=64), nullable=True),
    sa.Column('investigation', sa.Text(), nullable=True),
    sa.Column('measures', sa.Text(), nullable=True),
    sa.Column('measures_due', sa.Date(), nullable=True),
    sa.Column('precaution', sa.String(length=120), nullable=True),
    sa.Column('precaution_until', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('conclusion', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_incident_child_id_child')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_incident_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident'))
    )
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incident_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_incident_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_incident_unit_id'), ['unit_id'], unique=False)

    op.create_table('keepsake_item',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('name', sa.String(length=100), nullable=True),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('quantity', sa.Integer(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('photo', sa.String(length=64), nullable=True),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('place', sa.String(length=100), nullable=True),
    sa.Column('keeper_id', sa.String(length=32), nullable=True),
    sa.Column('witness_id', sa.String(length=32), nullable=True),
    sa.Column('returned_on', sa.Date(), nullable=True),
    sa.Column('returned_to', sa.String(length=100), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_keepsake_item_child_id_child')),
    sa.ForeignKeyConstraint(['keeper_id'], ['staff.id'], name=op.f('fk_keepsake_item_keeper_id_staff')),
    sa.ForeignKeyConstraint(['witness_id'], ['staff.id'], name=op.f('fk_keepsake_item_witness_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_keepsake_item'))
    )
    with op.batch_alter_table('keepsake_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_keepsake_item_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_keepsake_item_keeper_id'), ['keeper_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_keepsake_item_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_keepsake_item_witness_id'), ['witness_id'], unique=False)

    op.create_table('medical_visit',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('hospital', sa.String(length=100), nullable=True),
    sa.Column('department', sa.String(length=100), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('escort_id', sa.String(length=32), nullable=True),
    sa.Column('findings', sa.Text(), nullable=True),
    sa.Column('diagnosis', sa.String(length=300), nullable=True),
    sa.Column('treatment', sa.Text(), nullable=True),
    sa.Column('follow_up_on', sa.Date(), nullable=True),
    sa.Column('cost', sa.BigInteger(), nullable=True),
    sa.Column('paper', sa.String(length=64), nullable=True),
    sa.Column('stay_days', sa.Integer(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_medical_visit_child_id_child')),
    sa.ForeignKeyConstraint(['escort_id'], ['staff.id'], name=op.f('fk_medical_visit_escort_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_medical_visit'))
    )
    with op.batch_alter_table('medical_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_medical_visit_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_medical_visit_escort_id'), ['escort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_medical_visit_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('medication_order',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('drug', sa.String(length=100), nullable=True),
    sa.Column('strength', sa.String(length=60), nullable=True),
    sa.Column('dose', sa.Float(), nullable=True),
    sa.Column('dose_unit', sa.String(length=40), nullable=True),
    sa.Column('route', sa.String(length=40), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('instructions', sa.String(length=200), nullable=True),
    sa.Column('frequency', sa.String(length=40), nullable=True),
    sa.Column('own_times', sa.String(length=80), nullable=True),
    sa.Column('starts_at', sa.DateTime(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('minimum_hours', sa.Float(), nullable=True),
    sa.Column('maximum_a_day', sa.Integer(), nullable=True),
    sa.Column('prescriber', sa.String(length=100), nullable=True),
    sa.Column('watched', sa.String(length=40), nullable=False),
    sa.Column('double_check', sa.Boolean(), nullable=False),
    sa.Column('weight_kg', sa.Float(), nullable=True),
    sa.Column('weighed_on', sa.Date(), nullable=True),
    sa.Column('paper', sa.String(length=64), nullable=True),
    sa.Column('stopped_at', sa.DateTime(), nullable=True),
    sa.Column('stop_reason', sa.String(length=200), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_medication_order_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_medication_order'))
    )
    with op.batch_alter_table('medication_order', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_medication_order_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_medication_order_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('nursing_record',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('shift', sa.String(length=40), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=True),
    sa.Column('unit_id', sa.String(length=32), nullable=True),
    sa.Column('carer_id', sa.String(length=32), nullable=True),
    sa.Column('usual', sa.Boolean(), nullable=False),
    sa.Column('extra', sa.Boolean(), nullable=False),
    sa.Column('temperature', sa.Float(), nullable=True),
    sa.Column('temperature_site', sa.String(length=40), nullable=True),
    sa.Column('feeding', sa.String(length=40), nullable=True),
    sa.Column('appetite', sa.String(length=40), nullable=True),
    sa.Column('feed_ml', sa.Integer(), nullable=True),
    sa.Column('fluid_ml', sa.Integer(), nullable=True),
    sa.Column('sleep', sa.String(length=40), nullable=True),
    sa.Column('sleep_hours', sa.Float(), nullable=True),
    sa.Column('mood', sa.String(length=40), nullable=True),
    sa.Column('stools', sa.Integer(), nullable=True),
    sa.Column('stool', sa.String(length=40), nullable=True),
    sa.Column('urine_times', sa.Integer(), nullable=True),
    sa.Column('urine', sa.String(length=40), nullable=True),
    sa.Column('vomiting', sa.Integer(), nullable=True),
    sa.Column('skin', sa.String(length=40), nullable=True),
    sa.Column('bath', sa.String(length=40), nullable=True),
    sa.Column('turned', sa.Integer(), nullable=True),
    sa.Column('seizures', sa.Integer(), nullable=True),
    sa.Column('seizure_minutes', sa.Float(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['carer_id'], ['staff.id'], name=op.f('fk_nursing_record_carer_id_staff')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_nursing_record_child_id_child')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_nursing_record_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nursing_record'))
    )
    with op.batch_alter_table('nursing_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_nursing_record_carer_id'), ['carer_id'], unique=False)
        batch_op.create_index('ix_nursing_record_child_at', ['child_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_nursing_record_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_nursing_record_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_nursing_record_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index('uq_nursing_record_shift', ['child_id', 'day', 'shift'], unique=True, sqlite_where=sa.text("NOT extra AND deleted_at IS NULL AND state <> 'void' AND supersedes_id IS NULL"), postgresql_where=sa.text("NOT extra AND deleted_at IS NULL AND state <> 'void' AND supersedes_id IS NULL"))

    op.create_table('placement',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('unit_id', sa.String(length=32), nullable=True),
    sa.Column('bed', sa.String(length=20), nullable=True),
    sa.Column('place', sa.String(length=200), nullable=True),
    sa.Column('carer', sa.String(length=100), nullable=True),
    sa.Column('telephone', sa.String(length=40), nullable=True),
    sa.Column('expected_back_on', sa.Date(), nullable=True),
    sa.Column('departure', sa.String(length=40), nullable=True),
    sa.Column('destination', sa.String(length=200), nullable=True),
    sa.Column('document', sa.String(length=100), nullable=True),
    sa.Column('scan', sa.String(length=64), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_placement_child_id_child')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_placement_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement'))
    )
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_placement_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_placement_starts_on'), ['starts_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_placement_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_placement_unit_id'), ['unit_id'], unique=False)

    op.create_table('readiness_rating',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('domain', sa.String(length=40), nullable=True),
    sa.Column('rated_on', sa.Date(), nullable=True),
    sa.Column('staff_level', sa.Integer(), nullable=True),
    sa.Column('own_level', sa.Integer(), nullable=True),
    sa.Column('evidence', sa.Text(), nullable=True),
    sa.Column('target_level', sa.Integer(), nullable=True),
    sa.Column('target_on', sa.Date(), nullable=True),
    sa.Column('measure', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_readiness_rating_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_readiness_rating'))
    )
    with op.batch_alter_table('readiness_rating', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_readiness_rating_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_readiness_rating_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('schooling',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('school', sa.String(length=100), nullable=True),
    sa.Column('stage', sa.String(length=40), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('grade', sa.Integer(), nullable=True),
    sa.Column('class_name', sa.String(length=40), nullable=True),
    sa.Column('student_number', sa.String(length=30), nullable=True),
    sa.Column('class_teacher', sa.String(length=60), nullable=True),
    sa.Column('telephone', sa.String(length=40), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('ending', sa.String(length=40), nullable=True),
    sa.Column('teacher_id', sa.String(length=32), nullable=True),
    sa.Column('has_iep', sa.Boolean(), nullable=True),
    sa.Column('supports', sa.Text(), nullable=True),
    sa.Column('triggers', sa.Text(), nullable=True),
    sa.Column('paper', sa.String(length=64), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_schooling_child_id_child')),
    sa.ForeignKeyConstraint(['teacher_id'], ['staff.id'], name=op.f('fk_schooling_teacher_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_schooling'))
    )
    with op.batch_alter_table('schooling', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_schooling_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_schooling_starts_on'), ['starts_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_schooling_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_schooling_teacher_id'), ['teacher_id'], unique=False)

    op.create_table('sibling',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('relation', sa.String(length=40), nullable=True),
    sa.Column('other_id', sa.String(length=32), nullable=True),
    sa.Column('name', sa.String(length=100), nullable=True),
    sa.Column('lives', sa.String(length=200), nullable=True),
    sa.Column('together', sa.Boolean(), nullable=True),
    sa.Column('contact', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_sibling_child_id_child')),
    sa.ForeignKeyConstraint(['other_id'], ['child.id'], name=op.f('fk_sibling_other_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sibling'))
    )
    with op.batch_alter_table('sibling', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sibling_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sibling_other_id'), ['other_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sibling_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('social_case',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('subject', sa.String(length=120), nullable=True),
    sa.Column('stage', sa.String(length=40), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=True),
    sa.Column('worker_id', sa.String(length=32), nullable=True),
    sa.Column('source', sa.String(length=100), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('needs', sa.Text(), nullable=True),
    sa.Column('strengths', sa.Text(), nullable=True),
    sa.Column('permanence', sa.String(length=40), nullable=True),
    sa.Column('aims', sa.Text(), nullable=True),
    sa.Column('plan', sa.Text(), nullable=True),
    sa.Column('asked', sa.String(length=40), nullable=True),
    sa.Column('child_view', sa.Text(), nullable=True),
    sa.Column('runaway', sa.String(length=40), nullable=True),
    sa.Column('self_harm', sa.String(length=40), nullable=True),
    sa.Column('harm_by_others', sa.String(length=40), nullable=True),
    sa.Column('risk_plan', sa.Text(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('result', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_social_case_child_id_child')),
    sa.ForeignKeyConstraint(['worker_id'], ['staff.id'], name=op.f('fk_social_case_worker_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_social_case'))
    )
    with op.batch_alter_table('social_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_social_case_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_social_case_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_social_case_worker_id'), ['worker_id'], unique=False)

    op.create_table('therapy_session',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('therapy', sa.String(length=40), nullable=True),
    sa.Column('form', sa.String(length=40), nullable=False),
    sa.Column('therapist_id', sa.String(length=32), nullable=False),
    sa.Column('room_id', sa.String(length=32), nullable=True),
    sa.Column('equipment_id', sa.String(length=32), nullable=True),
    sa.Column('starts_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('sitting_id', sa.String(length=32), nullable=False),
    sa.Column('series_id', sa.String(length=32), nullable=True),
    sa.Column('makes_up_id', sa.String(length=32), nullable=True),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('minutes_missed', sa.Integer(), nullable=True),
    sa.Column('attendance_note', sa.String(length=200), nullable=True),
    sa.Column('witness_id', sa.String(length=32), nullable=True),
    sa.Column('goals', sa.JSON(), nullable=True),
    sa.Column('goal_notes', sa.JSON(), nullable=True),
    sa.Column('response', sa.String(length=40), nullable=True),
    sa.Column('result', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('signed_late', sa.Boolean(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.CheckConstraint("form = 'group' OR sitting_id = id OR supersedes_id IS NOT NULL", name=op.f('ck_therapy_session_sitting')),
    sa.CheckConstraint('date(starts_at) = date(ends_at)', name=op.f('ck_therapy_session_one_day')),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_therapy_session_order')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_therapy_session_child_id_child')),
    sa.ForeignKeyConstraint(['equipment_id'], ['equipment.id'], name=op.f('fk_therapy_session_equipment_id_equipment')),
    sa.ForeignKeyConstraint(['makes_up_id'], ['therapy_session.id'], name=op.f('fk_therapy_session_makes_up_id_therapy_session')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_therapy_session_room_id_room')),
    sa.ForeignKeyConstraint(['therapist_id'], ['staff.id'], name=op.f('fk_therapy_session_therapist_id_staff')),
    sa.ForeignKeyConstraint(['witness_id'], ['staff.id'], name=op.f('fk_therapy_session_witness_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_therapy_session'))
    )
    with op.batch_alter_table('therapy_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_therapy_session_child_id'), ['child_id'], unique=False)
        batch_op.create_index('ix_therapy_session_child_time', ['child_id', 'starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_therapy_session_equipment_id'), ['equipment_id'], unique=False)
        batch_op.create_index('ix_therapy_session_equipment_time', ['equipment_id', 'starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_therapy_session_makes_up_id'), ['makes_up_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_therapy_session_room_id'), ['room_id'], unique=False)
        batch_op.create_index('ix_therapy_session_room_time', ['room_id', 'starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_therapy_session_series_id'), ['series_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_therapy_session_sitting_id'), ['sitting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_therapy_session_starts_at'), ['starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_therapy_session_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_therapy_session_therapist_id'), ['therapist_id'], unique=False)
        batch_op.create_index('ix_therapy_session_therapist_time', ['therapist_id', 'starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_therapy_session_witness_id'), ['witness_id'], unique=False)

    op.create_table('transition_plan',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=True),
    sa.Column('worker_id', sa.String(length=32), nullable=True),
    sa.Column('track', sa.String(length=40), nullable=True),
    sa.Column('second_track', sa.String(length=40), nullable=True),
    sa.Column('studying', sa.Boolean(), nullable=True),
    sa.Column('school_ends_on', sa.Date(), nullable=True),
    sa.Column('aims', sa.Text(), nullable=True),
    sa.Column('work_ability', sa.String(length=40), nullable=True),
    sa.Column('capacity', sa.String(length=40), nullable=True),
    sa.Column('self_care', sa.String(length=40), nullable=True),
    sa.Column('health', sa.Text(), nullable=True),
    sa.Column('assessed_on', sa.Date(), nullable=True),
    sa.Column('housing', sa.Text(), nullable=True),
    sa.Column('livelihood', sa.Text(), nullable=True),
    sa.Column('support', sa.Text(), nullable=True),
    sa.Column('grant', sa.BigInteger(), nullable=True),
    sa.Column('own_wish', sa.Text(), nullable=True),
    sa.Column('disagreement', sa.Text(), nullable=True),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('approval_number', sa.String(length=60), nullable=True),
    sa.Column('approved_on', sa.Date(), nullable=True),
    sa.Column('approval_scan', sa.String(length=64), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_transition_plan_child_id_child')),
    sa.ForeignKeyConstraint(['worker_id'], ['staff.id'], name=op.f('fk_transition_plan_worker_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transition_plan'))
    )
    with op.batch_alter_table('transition_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_transition_plan_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_transition_plan_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_transition_plan_worker_id'), ['worker_id'], unique=False)

    op.create_table('transition_step',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('code', sa.String(length=40), nullable=True),
    sa.Column('opens_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('statutory', sa.Boolean(), nullable=True),
    sa.Column('source', sa.String(length=200), nullable=True),
    sa.Column('worker_id', sa.String(length=32), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('result', sa.Text(), nullable=True),
    sa.Column('proof', sa.String(length=64), nullable=True),
    sa.Column('not_needed', sa.Boolean(), nullable=True),
    sa.Column('not_needed_reason', sa.String(length=200), nullable=True),
    sa.Column('slot', sa.String(length=80), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_transition_step_child_id_child')),
    sa.ForeignKeyConstraint(['worker_id'], ['staff.id'], name=op.f('fk_transition_step_worker_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transition_step')),
    sa.UniqueConstraint('slot', name=op.f('uq_transition_step_slot'))
    )
    with op.batch_alter_table('transition_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_transition_step_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_transition_step_due_on'), ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_transition_step_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_transition_step_worker_id'), ['worker_id'], unique=False)

    op.create_table('vaccine_dose',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('vaccine', sa.String(length=40), nullable=True),
    sa.Column('outcome', sa.String(length=40), nullable=False),
    sa.Column('given_on', sa.Date(), nullable=True),
    sa.Column('dose_number', sa.Integer(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('batch', sa.String(length=40), nullable=True),
    sa.Column('manufacturer', sa.String(length=100), nullable=True),
    sa.Column('site', sa.String(length=40), nullable=True),
    sa.Column('clinic', sa.String(length=100), nullable=True),
    sa.Column('own_expense', sa.Boolean(), nullable=True),
    sa.Column('reaction', sa.String(length=40), nullable=True),
    sa.Column('reaction_note', sa.String(length=200), nullable=True),
    sa.Column('paper', sa.String(length=64), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_vaccine_dose_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vaccine_dose'))
    )
    with op.batch_alter_table('vaccine_dose', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_vaccine_dose_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_vaccine_dose_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('admission_paper',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('admission_id', sa.String(length=32), nullable=True),
    sa.Column('paper', sa.String(length=40), nullable=True),
    sa.Column('name', sa.String(length=100), nullable=True),
    sa.Column('needed', sa.Boolean(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('number', sa.String(length=60), nullable=True),
    sa.Column('pages', sa.Integer(), nullable=True),
    sa.Column('scan', sa.String(length=64), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['admission_id'], ['admission.id'], name=op.f('fk_admission_paper_admission_id_admission')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_admission_paper_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_admission_paper'))
    )
    with op.batch_alter_table('admission_paper', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_admission_paper_admission_id'), ['admission_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_admission_paper_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_admission_paper_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('contact_note',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('case_id', sa.String(length=32), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('way', sa.String(length=40), nullable=True),
    sa.Column('with_whom', sa.String(length=120), nullable=True),
    sa.Column('worker_id', sa.String(length=32), nullable=True),
    sa.Column('purpose', sa.String(length=160), nullable=True),
    sa.Column('course', sa.Text(), nullable=True),
    sa.Column('child_words', sa.Text(), nullable=True),
    sa.Column('result', sa.Text(), nullable=True),
    sa.Column('next_step', sa.String(length=200), nullable=True),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['social_case.id'], name=op.f('fk_contact_note_case_id_social_case')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_contact_note_child_id_child')),
    sa.ForeignKeyConstraint(['worker_id'], ['staff.id'], name=op.f('fk_contact_note_worker_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_note'))
    )
    with op.batch_alter_table('contact_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_note_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_note_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_note_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_note_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_note_worker_id'), ['worker_id'], unique=False)

    op.create_table('dose',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('order_id', sa.String(length=32), nullable=True),
    sa.Column('due_at', sa.DateTime(), nullable=True),
    sa.Column('outcome', sa.String(length=40), nullable=True),
    sa.Column('given_at', sa.DateTime(), nullable=True),
    sa.Column('amount', sa.Float(), nullable=True),
    sa.Column('giver_id', sa.String(length=32), nullable=True),
    sa.Column('checker_id', sa.String(length=32), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('effect', sa.String(length=40), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['checker_id'], ['staff.id'], name=op.f('fk_dose_checker_id_staff')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_dose_child_id_child')),
    sa.ForeignKeyConstraint(['giver_id'], ['staff.id'], name=op.f('fk_dose_giver_id_staff')),
    sa.ForeignKeyConstraint(['order_id'], ['medication_order.id'], name=op.f('fk_dose_order_id_medication_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dose'))
    )
    with op.batch_alter_table('dose', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dose_checker_id'), ['checker_id'], unique=False)
        batch_op.create_index('ix_dose_child_due', ['child_id', 'due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_dose_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dose_giver_id'), ['giver_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dose_order_id'), ['order_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dose_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index('uq_dose_order_due', ['order_id', 'due_at'], unique=True, sqlite_where=sa.text("deleted_at IS NULL AND state <> 'void' AND supersedes_id IS NULL"), postgresql_where=sa.text("deleted_at IS NULL AND state <> 'void' AND supersedes_id IS NULL"))

    op.create_table('rehabilitation_plan',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('lead_id', sa.String(length=32), nullable=True),
    sa.Column('assessment_id', sa.String(length=32), nullable=True),
    sa.Column('diagnosis', sa.String(length=300), nullable=True),
    sa.Column('findings', sa.Text(), nullable=True),
    sa.Column('strengths', sa.Text(), nullable=True),
    sa.Column('methods', sa.Text(), nullable=True),
    sa.Column('at_home', sa.Text(), nullable=True),
    sa.Column('heard', sa.Text(), nullable=True),
    sa.Column('contraindications', sa.JSON(), nullable=True),
    sa.Column('precautions', sa.Text(), nullable=True),
    sa.Column('outcome', sa.String(length=40), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('evaluation', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_rehabilitation_plan_assessment_id_assessment')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_rehabilitation_plan_child_id_child')),
    sa.ForeignKeyConstraint(['lead_id'], ['staff.id'], name=op.f('fk_rehabilitation_plan_lead_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rehabilitation_plan'))
    )
    with op.batch_alter_table('rehabilitation_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rehabilitation_plan_assessment_id'), ['assessment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rehabilitation_plan_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rehabilitation_plan_lead_id'), ['lead_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rehabilitation_plan_review_on'), ['review_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_rehabilitation_plan_starts_on'), ['starts_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_rehabilitation_plan_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('term_review',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('goal_id', sa.String(length=32), nullable=True),
    sa.Column('school_term', sa.String(length=40), nullable=True),
    sa.Column('reviewed_on', sa.Date(), nullable=True),
    sa.Column('rating', sa.String(length=40), nullable=True),
    sa.Column('evidence', sa.Text(), nullable=True),
    sa.Column('next_step', sa.Text(), nullable=True),
    sa.Column('reviewer_id', sa.String(length=32), nullable=True),
    sa.Column('present', sa.String(length=200), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_term_review_child_id_child')),
    sa.ForeignKeyConstraint(['goal_id'], ['iep_goal.id'], name=op.f('fk_term_review_goal_id_iep_goal')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['staff.id'], name=op.f('fk_term_review_reviewer_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_term_review'))
    )
    with op.batch_alter_table('term_review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_term_review_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_term_review_goal_id'), ['goal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_term_review_reviewer_id'), ['reviewer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_term_review_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('planned_therapy',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('plan_id', sa.String(length=32), nullable=True),
    sa.Column('therapy', sa.String(length=40), nullable=True),
    sa.Column('sessions_a_week', sa.Integer(), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('form', sa.String(length=40), nullable=True),
    sa.Column('therapist_id', sa.String(length=32), nullable=True),
    sa.Column('half', sa.String(length=40), nullable=True),
    sa.Column('priority', sa.Integer(), nullable=True),
    sa.Column('equipment_id', sa.String(length=32), nullable=True),
    sa.Column('method', sa.String(length=300), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_planned_therapy_child_id_child')),
    sa.ForeignKeyConstraint(['equipment_id'], ['equipment.id'], name=op.f('fk_planned_therapy_equipment_id_equipment')),
    sa.ForeignKeyConstraint(['plan_id'], ['rehabilitation_plan.id'], name=op.f('fk_planned_therapy_plan_id_rehabilitation_plan')),
    sa.ForeignKeyConstraint(['therapist_id'], ['staff.id'], name=op.f('fk_planned_therapy_therapist_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_planned_therapy'))
    )
    with op.batch_alter_table('planned_therapy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_planned_therapy_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_planned_therapy_equipment_id'), ['equipment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_planned_therapy_plan_id'), ['plan_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_planned_therapy_supersedes_id'), ['supersedes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_planned_therapy_therapist_id'), ['therapist_id'], unique=False)

    op.create_table('rehabilitation_goal',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('plan_id', sa.String(length=32), nullable=True),
    sa.Column('parent_id', sa.String(length=32), nullable=True),
    sa.Column('term', sa.String(length=40), nullable=True),
    sa.Column('therapy', sa.String(length=40), nullable=True),
    sa.Column('text', sa.String(length=300), nullable=True),
    sa.Column('baseline', sa.String(length=300), nullable=True),
    sa.Column('criterion', sa.String(length=300), nullable=True),
    sa.Column('method', sa.String(length=300), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('weight', sa.Integer(), nullable=True),
    sa.Column('first_rating', sa.String(length=40), nullable=True),
    sa.Column('rating', sa.String(length=40), nullable=True),
    sa.Column('rated_on', sa.Date(), nullable=True),
    sa.Column('ratings', sa.JSON(), nullable=True),
    sa.Column('status', sa.String(length=40), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('recorded_by', sa.String(length=100), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('supersedes_id', sa.String(length=32), nullable=True),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=100), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_rehabilitation_goal_child_id_child')),
    sa.ForeignKeyConstraint(['parent_id'], ['rehabilitation_goal.id'], name=op.f('fk_rehabilitation_goal_parent_id_rehabilitation_goal')),
    sa.ForeignKeyConstraint(['plan_id'], ['rehabilitation_plan.id'], name=op.f('fk_rehabilitation_goal_plan_id_rehabilitation_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rehabilitation_goal'))
    )
    with op.batch_alter_table('rehabilitation_goal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rehabilitation_goal_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rehabilitation_goal_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rehabilitation_goal_plan_id'), ['plan_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rehabilitation_goal_supersedes_id'), ['supersedes_id'], unique=False)

    # ### end Alembic commands ###
    for dialect, statement in STATEMENTS:
        if op.get_bind().dialect.name == dialect:
            op.get_bind().exec_driver_sql(statement)
