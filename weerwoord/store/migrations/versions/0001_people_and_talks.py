"""People, their talks and the turns of these."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender", sa.String(255), nullable=False, unique=True),
        sa.Column("pseudonym", sa.String(16), nullable=False, unique=True),
        sa.Column("code_hash", sa.String(64), unique=True),
        sa.Column("coach_may_read", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("seen_at", sa.Float, nullable=False),
    )
    op.create_table(
        "talk",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(32), nullable=False, unique=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("partner", sa.String(64), nullable=False),
        sa.Column("disposition", sa.String(16), nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("started_at", sa.Float, nullable=False),
        sa.Column("ended_at", sa.Float),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("stopped", sa.Boolean, nullable=False),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("hints", sa.Integer, nullable=False),
        sa.Column("goal", sa.SmallInteger, nullable=False),
        sa.Column("reschedule", sa.SmallInteger, nullable=False),
        sa.Column("pitch", sa.SmallInteger, nullable=False),
        sa.Column("pitfalls", sa.JSON, nullable=False),
        sa.Column("opening", sa.Text, nullable=False),
        sa.Column("start", sa.JSON, nullable=False),
    )
    op.create_index("talk_of_person", "talk", ["person_id", "id"])
    op.create_table(
        "turn",
        sa.Column("talk_id", sa.Integer, sa.ForeignKey("talk.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("retried", sa.Boolean, nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
    )
