"""The talks of an export, read from the store a page at a time, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from weerwoord.judge import Finding, Judgement
from weerwoord.privacy.pseudonyms import Pseudonyms, Replaced, scenario_names
from weerwoord.scenario import scenarios
from weerwoord.store.database import Database
from weerwoord.store.tables import PERSON, TALK, TURN
from weerwoord.store.talks import TalkSummary, summary_of, transcript_of
from weerwoord.transcript import Transcript, Turn

PAGE = 100  # talks in memory at once


@dataclass(frozen=True)
class ExportedTalk:
    """One talk of an export.

    Attributes:
        person: what others call whose talk it is.
        summary: what it came to.
        transcript: all of it.
    """

    person: str
    summary: TalkSummary
    transcript: Transcript


@dataclass(frozen=True)
class Selection:
    """Which talks; what is None selects all.

    Attributes:
        key: of one talk.
        person: pseudonym.
        sender: the secret number of somebody who exports his own talks.
        partner: identifier of the scenario.
        since: started at this moment or later, seconds since 1970.
        until: started before this moment, seconds since 1970.
        shared: only of people who let a coach read along.
    """

    key: str | None = None
    person: str | None = None
    sender: str | None = None
    partner: str | None = None
    since: float | None = None
    until: float | None = None
    shared: bool = True

    def where(self) -> list[Any]:
        """The conditions, for a query over talks and people."""
        equal = {TALK.c.key: self.key, PERSON.c.pseudonym: self.person, PERSON.c.sender: self.sender}
        conditions = [column == value for column, value in {**equal, TALK.c.partner: self.partner}.items() if value]
        if self.since is not None:
            conditions.append(TALK.c.started_at >= self.since)
        if self.until is not None:
            conditions.append(TALK.c.started_at < self.until)
        if self.shared:
            conditions.append(PERSON.c.coach_may_read)
        return conditions


def count(database: Database, where: Sequence[Any]) -> int:
    """How many talks fulfil these conditions.

    Raises:
        StoreError: the database cannot be read; so does `talks`.
    """
    wanted = sa.select(sa.func.count()).select_from(TALK.join(PERSON)).where(*where)
    with database.reading() as connection:
        return int(connection.execute(wanted).scalar_one())


def talks(database: Database, where: Sequence[Any]) -> Iterator[ExportedTalk]:
    """The talks that fulfil these conditions, those of one person together, the oldest first.

    Args:
        database: of the store.
        where: conditions over `talk` and `person`, such as `Selection.where`.
    """
    order = (TALK.c.person_id, TALK.c.id)
    wanted = sa.select(TALK, PERSON.c.pseudonym).join(PERSON).where(*where).order_by(*order).limit(PAGE)
    last: tuple[int, int] | None = None
    while True:
        page = wanted if last is None else wanted.where(sa.tuple_(*order) > last)
        with database.reading() as connection:
            rows = connection.execute(page).mappings().all()
            ids = [row["id"] for row in rows]
            of_talks = sa.select(TURN).where(TURN.c.talk_id.in_(ids)).order_by(TURN.c.talk_id, TURN.c.number)
            turns = {id_: list(some) for id_, some in groupby(connection.execute(of_talks), lambda t: t.talk_id)}
        for row in rows:
            yield ExportedTalk(row["pseudonym"], summary_of(row), transcript_of(row, turns.get(row["id"], ())))
        if len(rows) < PAGE:
            return
        last = (rows[-1]["person_id"], rows[-1]["id"])


def pseudonymised(exported: Iterator[ExportedTalk]) -> Iterator[ExportedTalk]:
    """The same talks with the personal data in the replies replaced, the same for all talks of one person."""
    names = {name: scenario_names(scenario) for name, scenario in scenarios().items()}
    for _, of_person in groupby(exported, lambda talk: talk.person):
        pseudonyms = Pseudonyms()
        for talk in of_person:
            pseudonyms.keep = names.get(talk.summary.partner, frozenset())
            yield replace(talk, transcript=without_names(talk.transcript, pseudonyms))


def without_names(transcript: Transcript, pseudonyms: Pseudonyms) -> Transcript:
    """A talk with the personal data in the replies replaced; what counted moves along.

    The partner's lines are the scenario's; only an opening may be what the user remembers of a talk of his own.
    """
    pseudonyms.learn((transcript.opening, *(turn.reply for turn in transcript.turns)))
    opening = pseudonyms.replace(transcript.opening).text
    turns = (_turn_without_names(turn, pseudonyms) for turn in transcript.turns)
    heard = {transcript.opening: opening}
    turns = (replace(turn, heard=heard.get(turn.heard, turn.heard)) for turn in turns)
    return replace(transcript, opening=opening, turns=tuple(turns))


def _turn_without_names(turn: Turn, pseudonyms: Pseudonyms) -> Turn:
    reply = pseudonyms.replace(turn.reply)
    judgement = Judgement(
        found=tuple(_moved(finding, reply) for finding in turn.judgement.found),
        doubtful=tuple(_moved(finding, reply) for finding in turn.judgement.doubtful),
    )
    return replace(turn, reply=reply.text, judgement=judgement)


def _moved(finding: Finding, reply: Replaced) -> Finding:
    start, end = reply.place(finding.start, finding.end)
    return replace(finding, start=start, end=end)
