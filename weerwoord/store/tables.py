"""The tables, as the newest migration leaves them. Moments are seconds since 1970, UTC."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

PERSON = sa.Table(
    "person",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender", sa.String(255), nullable=False, unique=True),  # the secret number of the conversation
    sa.Column("pseudonym", sa.String(16), nullable=False, unique=True),
    sa.Column("code_hash", sa.String(64), unique=True),  # of the code to come back with
    sa.Column("coach_may_read", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
)

TALK = sa.Table(
    "talk",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(32), nullable=False, unique=True),  # its name outside; cannot be guessed
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("partner", sa.String(64), nullable=False),
    sa.Column("disposition", sa.String(16), nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("started_at", sa.Float, nullable=False),
    sa.Column("ended_at", sa.Float),
    sa.Column("outcome", sa.String(16), nullable=False),  # what stands, while it goes on
    sa.Column("stopped", sa.Boolean, nullable=False),
    sa.Column("turns", sa.Integer, nullable=False),  # that stand
    sa.Column("hints", sa.Integer, nullable=False),
    sa.Column("goal", sa.SmallInteger, nullable=False),  # 0 absent, 1 partial, 2 clear; so are the next two
    sa.Column("reschedule", sa.SmallInteger, nullable=False),
    sa.Column("pitch", sa.SmallInteger, nullable=False),
    sa.Column("pitfalls", sa.JSON, nullable=False),
    sa.Column("opening", sa.Text, nullable=False),
    sa.Column("start", sa.JSON, nullable=False),
    sa.Index("talk_of_person", "person_id", "id"),
)

TURN = sa.Table(
    "turn",
    METADATA,
    sa.Column("talk_id", sa.ForeignKey("talk.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),  # in the order played, from 1
    sa.Column("retried", sa.Boolean, nullable=False),
    sa.Column("reply", sa.Text, nullable=False),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),  # the whole turn, `weerwoord.transcript.Turn.as_dict`
)

ANSWER = sa.Table(
    "answer",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    sa.Column("message", sa.String(64), nullable=False),  # the id that the browser gave the message
    sa.Column("replies", sa.JSON, nullable=False),  # as they went out
    sa.Column("created_at", sa.Float, nullable=False),
    sa.UniqueConstraint("person_id", "message", name="answer_once"),
)
