"""The tables, as the newest migration leaves them. Moments are seconds since 1970, UTC."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()
WORDS = {"words": True}  # a JSON column with what somebody said; every Text column is taken for one

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
    # all that the list of coaches chooses and orders by, so that it need not read the talks themselves
    sa.Index(
        "talk_for_coaches",
        "person_id",
        "id",
        "disposition",
        "goal",
        "reschedule",
        "pitch",
        "turns",
        "started_at",
        "partner",
        "outcome",
    ),
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
    sa.Column("replies", sa.JSON, nullable=False, info=WORDS),  # as they went out
    sa.Column("created_at", sa.Float, nullable=False),
    sa.UniqueConstraint("person_id", "message", name="answer_once"),
)

# what the user adds to a talk
PREPARATION = sa.Table(
    "preparation",
    METADATA,
    sa.Column("talk_id", sa.ForeignKey("talk.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("data", sa.JSON, nullable=False, info=WORDS),  # texts by field, `weerwoord.store.additions.FIELDS`
)

MEANT = sa.Table(
    "meant",
    METADATA,
    sa.Column("talk_id", sa.ForeignKey("talk.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("turn", sa.Integer, primary_key=True, autoincrement=False),  # of the debrief
    sa.Column("element", sa.String(32), primary_key=True),
    sa.Column("meant", sa.Boolean, nullable=False),
)

TERMINAL_USER = sa.Table(
    "terminal_user",
    METADATA,
    sa.Column("name", sa.String(255), primary_key=True),  # on this computer, or as given with `--user`
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
)

CARD = sa.Table(
    "card",
    METADATA,
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("focus", sa.String(64), primary_key=True),
    sa.Column("partner", sa.String(64), primary_key=True),
    sa.Column("line", sa.String(1000), primary_key=True),
    sa.Column("state", sa.Text, nullable=False),  # a card of the library that plans drills, as its JSON
)

DRILL = sa.Table(
    "drill",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("focus", sa.String(64), nullable=False),
    sa.Column("partner", sa.String(64), nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("pitfalls", sa.JSON, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Index("drill_of_person", "person_id", "id"),
)
