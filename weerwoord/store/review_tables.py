"""The tables of the coach site: who coaches whom, what was read, and what a coach made of it."""

from __future__ import annotations

import sqlalchemy as sa

from weerwoord.store.tables import METADATA

COACH = sa.Table(
    "coach",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("name_key", sa.String(64), nullable=False, unique=True),  # the name without capitals
    sa.Column("password_hash", sa.String(255)),  # none: no longer a coach, but his reviews stay
    sa.Column("created_at", sa.Float, nullable=False),
)

COACH_SESSION = sa.Table(
    "coach_session",
    METADATA,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("coach_id", sa.ForeignKey("coach.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("hide_names", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
)

LOGIN_ATTEMPT = sa.Table(
    "login_attempt",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account", sa.String(64), nullable=False, index=True),  # hash of the name that was typed
    sa.Column("address", sa.String(64), nullable=False, index=True),  # hash of the network address
    sa.Column("at", sa.Float, nullable=False),
)

COACH_GROUP = sa.Table(
    "coach_group",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("code", sa.String(16), nullable=False, unique=True),  # to join; opens nothing to read
    sa.Column("created_at", sa.Float, nullable=False),
)

GROUP_COACH = sa.Table(
    "group_coach",
    METADATA,
    sa.Column("group_id", sa.ForeignKey("coach_group.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("coach_id", sa.ForeignKey("coach.id", ondelete="CASCADE"), primary_key=True, index=True),
)

MEMBERSHIP = sa.Table(
    "membership",
    METADATA,
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),  # one group a person
    sa.Column("group_id", sa.ForeignKey("coach_group.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("joined_at", sa.Float, nullable=False),
)

TALK_READ = sa.Table(
    "talk_read",
    METADATA,
    sa.Column("coach_id", sa.ForeignKey("coach.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("talk_id", sa.ForeignKey("talk.id", ondelete="CASCADE"), primary_key=True, index=True),
    sa.Column("at", sa.Float, nullable=False),
)

AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("coach_id", sa.ForeignKey("coach.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("talk_id", sa.ForeignKey("talk.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("action", sa.String(16), nullable=False),  # `read` or `export`
)

REVIEW = sa.Table(
    "review",
    METADATA,
    sa.Column("talk_id", sa.ForeignKey("talk.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),  # of the turn, as in the table `turn`
    sa.Column("coach_id", sa.ForeignKey("coach.id", ondelete="CASCADE"), primary_key=True, index=True),
    sa.Column("judged", sa.JSON, nullable=False),  # elements the judge had found
    sa.Column("elements", sa.JSON, nullable=False),  # elements there are, says the coach
    sa.Column("at", sa.Float, nullable=False),
)

REMARK = sa.Table(
    "remark",
    METADATA,
    sa.Column("talk_id", sa.ForeignKey("talk.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),  # of the turn; 0: the whole talk
    sa.Column("coach_id", sa.ForeignKey("coach.id", ondelete="CASCADE"), primary_key=True, index=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)

EXERCISE = sa.Table(
    "exercise",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("group_id", sa.ForeignKey("coach_group.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("partner", sa.String(64)),  # none: any
    sa.Column("disposition", sa.String(16)),  # none: any
    sa.Column("criterion", sa.String(16), nullable=False),
    sa.Column("due_at", sa.Float, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
)

# Words in what was said. SQLite: an index of its own (FTS5), kept up by triggers, whose rows are numbered
# talk_id * TURNS + number; PostgreSQL: an index on an expression.
SEARCH = sa.table("turn_search", sa.column("rowid"))
TURNS = 2**20  # more than a talk can have
