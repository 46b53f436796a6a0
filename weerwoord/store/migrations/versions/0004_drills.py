"""Who practises in the terminal, the cards of the drills and the answers to them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "terminal_user",
        sa.Column("name", sa.String(255), primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    )
    op.create_index("ix_terminal_user_person_id", "terminal_user", ["person_id"])
    op.create_table(
        "card",
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("focus", sa.String(64), primary_key=True),
        sa.Column("partner", sa.String(64), primary_key=True),
        sa.Column("line", sa.String(1000), primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_table(
        "drill",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("focus", sa.String(64), nullable=False),
        sa.Column("partner", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("pitfalls", sa.JSON, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
    )
    op.create_index("drill_of_person", "drill", ["person_id", "id"])
