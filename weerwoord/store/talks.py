"""Talks as they are kept: a row a talk with what it came to, a row a turn with all of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from weerwoord.partner import PartnerState
from weerwoord.rubric import VERDICTS, Verdict, rubric
from weerwoord.store.database import Database, now
from weerwoord.store.people import People
from weerwoord.store.tables import PERSON, TALK, TURN
from weerwoord.transcript import Transcript, Turn

# As hexadecimal digits: a key that began with a hyphen would be an option in a shell, and a formula in a sheet.
KEY_BYTES = 16

# what every turn needs; to put a statement together takes longer than to run it
_OWN = sa.select(TALK.c.id, TALK.c.key).where(
    TALK.c.person_id == sa.bindparam("person"), TALK.c.channel == sa.bindparam("channel")
)
_LAST = _OWN.order_by(TALK.c.id.desc()).limit(1)
_TURNS = sa.select(sa.func.count()).select_from(TURN).where(TURN.c.talk_id == sa.bindparam("talk"))
_ADD = sa.insert(TURN)
_GOES_ON = (
    sa.update(TALK)
    .where(TALK.c.id == sa.bindparam("talk"))
    .values(turns=TALK.c.turns + 1, hints=TALK.c.hints + sa.bindparam("asked"))
)


@dataclass(frozen=True)
class TalkSummary:
    """What a talk came to.

    Attributes:
        key: its name outside; cannot be guessed.
        channel: where it was held: `rest` (the page), `cmdline` (Rasa's shell) or `terminal`.
        partner: identifier of the scenario.
        disposition: the hidden truth about him.
        seed: made his choices repeatable.
        started_at: seconds since 1970.
        ended_at: the same, or None while it goes on.
        outcome: how it ended, or what stands now.
        stopped: whether the user stopped it.
        turns: turns that stand.
        hints: hints asked.
        verdicts: of each criterion, over the whole talk.
        pitfalls: stepped in, in order, each once.
    """

    key: str
    channel: str
    partner: str
    disposition: str
    seed: int
    started_at: float
    ended_at: float | None
    outcome: str
    stopped: bool
    turns: int
    hints: int
    verdicts: Mapping[str, Verdict]
    pitfalls: tuple[str, ...]


def summary_of(row: Mapping[str, Any]) -> TalkSummary:
    """What a row of the table says."""
    plain = ("key", "channel", "partner", "disposition", "seed", "started_at", "ended_at", "outcome")
    return TalkSummary(
        **{name: row[name] for name in (*plain, "stopped", "turns", "hints")},
        verdicts={criterion: VERDICTS[row[criterion]] for criterion in rubric().criteria},
        pitfalls=tuple(row["pitfalls"]),
    )


def _worth(state: PartnerState) -> dict[str, Any]:
    """What a talk has come to with this state."""
    verdicts = rubric().verdicts(state.said)
    return {
        "outcome": state.outcome_now,
        "pitfalls": list(dict.fromkeys(state.pitfalls)),
        **{criterion: VERDICTS.index(verdict) for criterion, verdict in verdicts.items()},
    }


class Talks:
    """The talks in a database.

    Raises:
        StoreError: the database cannot be used; so do all methods.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._people = People(database)

    def keep(
        self, sender: str, channel: str, records: Iterable[Mapping[str, Any]], talk: str | None = None
    ) -> str | None:
        """Keep what happened in a talk.

        Args:
            sender: the secret number of who talks.
            channel: where, see `TalkSummary`.
            records: see `weerwoord.transcript.from_records`.
            talk: key of the talk that they belong to, until one of them is a start; his last one there by default.

        Returns:
            Key of the talk, None when there is none.
        """
        with self._database.writing() as connection:
            return self.write(connection, sender, channel, records, talk)

    def write(
        self,
        connection: Connection,
        sender: str,
        channel: str,
        records: Iterable[Mapping[str, Any]],
        key: str | None = None,
    ) -> str | None:
        """The same as `keep`, in a transaction of somebody else."""
        person = self._people.seen(connection, sender)
        own = {"person": person, "channel": channel}  # one that goes on elsewhere at the same time is not meant
        talk = connection.execute(_LAST if key is None else _OWN.where(TALK.c.key == key), own).first()
        for record in records:
            if "start" in record:
                self._begin(connection, person, channel, record)
                talk = connection.execute(_LAST, own).first()
            elif talk is not None:
                self._go_on(connection, talk.id, record)
        return str(talk.key) if talk is not None else None

    def _begin(self, connection: Connection, person: int, channel: str, record: Mapping[str, Any]) -> None:
        state = PartnerState.from_dict(record["start"])
        connection.execute(
            sa.insert(TALK).values(
                key=secrets.token_hex(KEY_BYTES),
                person_id=person,
                channel=channel,
                partner=state.partner,
                disposition=state.disposition,
                seed=state.seed,
                started_at=now(),
                stopped=False,
                turns=0,
                hints=0,
                opening=record["opening"],
                start=record["start"],
                **_worth(state),
            )
        )

    def _go_on(self, connection: Connection, talk: int, record: Mapping[str, Any]) -> None:
        if "turn" in record:
            self._add(connection, talk, Turn.from_dict(record["turn"]), record["turn"])
        elif "try_again" in record:
            self._take_back(connection, talk, record["try_again"])
        elif record.get("stopped"):
            connection.execute(sa.update(TALK).where(TALK.c.id == talk).values(stopped=True, ended_at=now()))

    def _add(self, connection: Connection, talk: int, turn: Turn, data: Mapping[str, Any]) -> None:
        number = connection.execute(_TURNS, {"talk": talk}).scalar_one() + 1
        row = {"talk_id": talk, "number": number, "retried": False, "reply": turn.reply, "line": turn.line}
        connection.execute(_ADD, {**row, "data": data})
        ended_at = now() if turn.after.phase == "ended" else None
        connection.execute(_GOES_ON, {"talk": talk, "asked": turn.hints, "ended_at": ended_at, **_worth(turn.after)})

    def _take_back(self, connection: Connection, talk: int, number: int) -> None:
        standing = sa.select(TURN).where(TURN.c.talk_id == talk, TURN.c.retried.is_(False)).order_by(TURN.c.number)
        rows = connection.execute(standing).all()
        back = [row.number for row in rows[number - 1 :]]
        connection.execute(sa.update(TURN).where(TURN.c.talk_id == talk, TURN.c.number.in_(back)).values(retried=True))
        if number > 1:
            state = Turn.from_dict(rows[number - 2].data).after
        else:
            start = connection.execute(sa.select(TALK.c.start).where(TALK.c.id == talk)).scalar_one()
            state = PartnerState.from_dict(start)
        values = {"turns": number - 1, "stopped": False, "ended_at": None, **_worth(state)}
        connection.execute(sa.update(TALK).where(TALK.c.id == talk).values(**values))

    def of(self, sender: str, before: str | None = None, limit: int = 50) -> tuple[TalkSummary, ...]:
        """The talks of somebody, the newest first.

        Args:
            sender: his secret number.
            before: key of a talk; only older ones.
            limit: how many at most.
        """
        wanted = sa.select(TALK).join(PERSON).where(PERSON.c.sender == sender)
        if before is not None:
            wanted = wanted.where(TALK.c.id < sa.select(TALK.c.id).where(TALK.c.key == before).scalar_subquery())
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(TALK.c.id.desc()).limit(limit)).mappings().all()
        return tuple(summary_of(row) for row in rows)

    def summary(self, key: str) -> TalkSummary | None:
        """What a talk came to."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(TALK).where(TALK.c.key == key)).mappings().first()
        return summary_of(row) if row else None

    def owner(self, key: str) -> str | None:
        """The secret number of whose talk it is."""
        wanted = sa.select(PERSON.c.sender).join(TALK).where(TALK.c.key == key)
        with self._database.reading() as connection:
            found: str | None = connection.execute(wanted).scalar()
        return found

    def transcript(self, key: str) -> Transcript | None:
        """A whole talk."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(TALK).where(TALK.c.key == key)).mappings().first()
            if row is None:
                return None
            turns = connection.execute(sa.select(TURN).where(TURN.c.talk_id == row["id"]).order_by(TURN.c.number)).all()
        return transcript_of(row, turns)


def transcript_of(row: Any, turns: Iterable[Any]) -> Transcript:
    """A whole talk, from its row and those of its turns, in their order."""
    return Transcript(
        start=PartnerState.from_dict(row["start"]),
        opening=row["opening"],
        turns=tuple(Turn.from_dict({**turn.data, "retried": turn.retried}) for turn in turns),
        stopped=row["stopped"],
    )
