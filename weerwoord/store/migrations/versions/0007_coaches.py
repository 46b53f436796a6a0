"""Coaches, their groups, what they read, their reviews, and an index to search by words."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TALK = ("talk.id", "CASCADE")
COACH = ("coach.id", "CASCADE")
GROUP = ("coach_group.id", "CASCADE")
PERSON = ("person.id", "CASCADE")


def _reference(name: str, to: tuple[str, str], **how: bool) -> sa.Column:
    return sa.Column(name, sa.Integer, sa.ForeignKey(to[0], ondelete=to[1]), **how)


def upgrade() -> None:
    op.create_table(
        "coach",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("name_key", sa.String(64), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    op.create_table(
        "coach_session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _reference("coach_id", COACH, nullable=False, index=True),
        sa.Column("hide_names", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("seen_at", sa.Float, nullable=False),
    )
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account", sa.String(64), nullable=False, index=True),
        sa.Column("address", sa.String(64), nullable=False, index=True),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "coach_group",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    op.create_table(
        "group_coach",
        _reference("group_id", GROUP, primary_key=True, autoincrement=False),
        _reference("coach_id", COACH, primary_key=True, autoincrement=False, index=True),
    )
    op.create_table(
        "membership",
        _reference("person_id", PERSON, primary_key=True, autoincrement=False),
        _reference("group_id", GROUP, nullable=False, index=True),
        sa.Column("joined_at", sa.Float, nullable=False),
    )
    op.create_table(
        "talk_read",
        _reference("coach_id", COACH, primary_key=True, autoincrement=False),
        _reference("talk_id", TALK, primary_key=True, autoincrement=False, index=True),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        _reference("coach_id", COACH, nullable=False, index=True),
        _reference("talk_id", TALK, nullable=False, index=True),
        sa.Column("action", sa.String(16), nullable=False),
    )
    op.create_table(
        "review",
        _reference("talk_id", TALK, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        _reference("coach_id", COACH, primary_key=True, autoincrement=False, index=True),
        sa.Column("judged", sa.JSON, nullable=False),
        sa.Column("elements", sa.JSON, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "remark",
        _reference("talk_id", TALK, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        _reference("coach_id", COACH, primary_key=True, autoincrement=False, index=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "exercise",
        sa.Column("id", sa.Integer, primary_key=True),
        _reference("group_id", GROUP, nullable=False, index=True),
        sa.Column("partner", sa.String(64)),
        sa.Column("disposition", sa.String(16)),
        sa.Column("criterion", sa.String(16), nullable=False),
        sa.Column("due_at", sa.Float, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    chosen_by = ["disposition", "goal", "reschedule", "pitch", "turns", "started_at", "partner", "outcome"]
    op.create_index("talk_for_coaches", "talk", ["person_id", "id", *chosen_by])
    if op.get_bind().dialect.name == "sqlite":
        _search_in_sqlite()
    else:
        op.execute(
            "CREATE INDEX turn_search ON turn USING gin (to_tsvector('simple'::regconfig, reply || ' ' || line))"
        )


def _search_in_sqlite() -> None:
    number = "{row}.talk_id * 1048576 + {row}.number"
    put = f"INSERT INTO turn_search (rowid, said) VALUES ({number}, {{row}}.reply || ' ' || {{row}}.line);"
    take = (
        "INSERT INTO turn_search (turn_search, rowid, said) "
        f"VALUES ('delete', {number}, {{row}}.reply || ' ' || {{row}}.line);"
    )
    new, old = put.format(row="new"), take.format(row="old")
    # the words only (content=''): the texts themselves stand in the table `turn`
    op.execute(
        "CREATE VIRTUAL TABLE turn_search USING fts5"
        "(said, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2')"
    )
    op.execute(f"CREATE TRIGGER turn_search_in AFTER INSERT ON turn BEGIN {new} END")
    op.execute(f"CREATE TRIGGER turn_search_out AFTER DELETE ON turn BEGIN {old} END")
    op.execute(f"CREATE TRIGGER turn_search_up AFTER UPDATE OF reply, line ON turn BEGIN {old} {new} END")
    op.execute(
        "INSERT INTO turn_search (rowid, said) SELECT talk_id * 1048576 + number, reply || ' ' || line FROM turn"
    )
