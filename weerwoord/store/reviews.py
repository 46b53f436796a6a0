"""What coaches read and what they make of it. Every road to a talk goes through `readable`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from weerwoord.practice import helping_criterion
from weerwoord.rubric import VERDICTS
from weerwoord.situations import DISPOSITIONS
from weerwoord.store.coaches import Coach
from weerwoord.store.database import Database, now
from weerwoord.store.review_tables import (
    AUDIT,
    COACH,
    COACH_GROUP,
    GROUP_COACH,
    MEMBERSHIP,
    REMARK,
    REVIEW,
    SEARCH,
    TALK_READ,
    TURNS,
)
from weerwoord.store.tables import PERSON, TALK, TURN
from weerwoord.store.talks import Talks, TalkSummary, summary_of
from weerwoord.transcript import Transcript

PAGE = 50  # talks
MAX_REMARK = 2000  # characters
WHOLE_TALK = 0  # the number of a remark that is about no turn in particular
ORDERS = ("first", "newest", "oldest", "person", "partner")
_MAX_WORDS = 10  # of a search
_MAX_ID = 2**31 - 1


@dataclass(frozen=True)
class Wanted:
    """Which talks a coach wants to see, and in which order; what is None or empty does not matter.

    Attributes:
        words: all of them in one turn, the last letters may be missing.
        person: a pseudonym.
        group: number of a group.
        partner: identifier of a scenario.
        disposition: the hidden truth about the partner.
        outcome: how it ended.
        criterion: identifier of a criterion, see `verdict`.
        verdict: what the talk came to on that criterion.
        pitfall: identifier of an element that was stepped in.
        since: seconds since 1970.
        until: seconds since 1970.
        unread: only what this coach has not read.
        order: one of `ORDERS`; `first` is unread before read, and of these what was missed before what was not.
    """

    words: str = ""
    person: str = ""
    group: int | None = None
    partner: str = ""
    disposition: str = ""
    outcome: str = ""
    criterion: str = ""
    verdict: str = ""
    pitfall: str = ""
    since: float | None = None
    until: float | None = None
    unread: bool = False
    order: str = ORDERS[0]


@dataclass(frozen=True)
class Listed:
    """A talk in the list.

    Attributes:
        talk: what it came to.
        pseudonym: of whose talk it is.
        unread: whether this coach has not read it.
        missed: whether what helps with this partner was not clear.
    """

    talk: TalkSummary
    pseudonym: str
    unread: bool
    missed: bool


@dataclass(frozen=True)
class Page:
    """A page of the list, and where the next one begins ("" when there is none)."""

    talks: tuple[Listed, ...]
    after: str


@dataclass(frozen=True)
class Review:
    """What a coach made of one turn: the elements there are, and those the judge had found."""

    coach: str
    number: int
    elements: frozenset[str]
    judged: frozenset[str]

    @property
    def confirms(self) -> bool:
        """Whether the coach agrees with the judge."""
        return self.elements == self.judged


@dataclass(frozen=True)
class Remark:
    """What a coach wrote at a turn, or about a talk (number 0)."""

    coach: str
    number: int
    text: str
    at: float


@dataclass(frozen=True)
class OpenTalk:
    """A talk that a coach may read, with what coaches made of it. Reviews and remarks are by number of the turn."""

    talk: TalkSummary
    pseudonym: str
    group: str
    transcript: Transcript
    reviews: tuple[Review, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Reading:
    """An entry of the audit trail: who opened or exported whose talk, and when."""

    at: float
    coach: str
    action: str
    pseudonym: str
    key: str


@dataclass(frozen=True)
class Correction:
    """A review with the words it is about.

    Attributes:
        coach: number of the coach.
        person: number of whose talk it is.
        talk: number of the talk.
        number: of the turn.
        partner: identifier of the scenario.
        heard: the line that was answered.
        reply: what the user said; empty when it is no longer kept.
        judged: elements the judge had found.
        elements: elements there are, says the coach.
        at: seconds since 1970.
    """

    coach: int
    person: int
    talk: int
    number: int
    partner: str
    heard: str
    reply: str
    judged: frozenset[str]
    elements: frozenset[str]
    at: float


def readable(coach: Coach) -> Any:
    """The one rule of access: the owner let coaches read, and is in a group of this coach now."""
    mine = (
        sa.select(PERSON.c.id)
        .join(MEMBERSHIP)
        .join(GROUP_COACH, GROUP_COACH.c.group_id == MEMBERSHIP.c.group_id)
        .where(GROUP_COACH.c.coach_id == coach.id, PERSON.c.coach_may_read)
    )
    return TALK.c.person_id.in_(mine) & (TALK.c.turns > 0)


def _missed() -> Any:
    """Whether what helps with the partner's disposition was not clear."""
    helped = sa.case(
        *((TALK.c.disposition == d, TALK.c[helping_criterion(d)]) for d in DISPOSITIONS), else_=VERDICTS.index("clear")
    )
    return helped < VERDICTS.index("clear")


def _unread(coach: Coach) -> Any:
    read = sa.select(TALK_READ.c.talk_id).where(TALK_READ.c.coach_id == coach.id, TALK_READ.c.talk_id == TALK.c.id)
    return ~read.correlate(TALK).exists()


class Reviews:
    """The talks in a database as coaches see them. To a coach who may not read a talk, it is not there.

    Raises:
        StoreError: the database cannot be used; so do all methods.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._talks = Talks(database)

    def page(self, coach: Coach, wanted: Wanted, after: str = "", limit: int = PAGE) -> Page:
        """A page of the talks this coach may read.

        Args:
            coach: who reads.
            wanted: which talks, in which order.
            after: where the page before ended (`Page.after`); anything else begins at the start.
            limit: how many.
        """
        unread, missed = _unread(coach), _missed()
        where = self.conditions(coach, wanted)
        lanes = [sa.true()]
        if wanted.order == "first":
            lanes = [unread & missed, unread & ~missed, ~unread & missed, ~unread & ~missed]
        lane, number, value = _cursor(after, len(lanes))
        found: list[tuple[int, Any]] = []
        with self._database.reading() as connection:
            for i in range(lane, len(lanes)):
                begins = [] if number is None or i > lane else [_behind(wanted.order, number, value)]
                # numbers only: these come from an index that is far smaller than the talks
                numbers = sa.select(TALK.c.id)
                if wanted.order == "person":
                    numbers = numbers.join(PERSON)
                numbers = numbers.where(*where, lanes[i], *begins).order_by(*_order(wanted.order))
                numbers = numbers.limit(limit + 1 - len(found))
                ids = list(connection.execute(numbers).scalars())
                select = (
                    sa.select(TALK, PERSON.c.pseudonym, unread.label("unread"), missed.label("missed"))
                    .join(PERSON)
                    .where(TALK.c.id.in_(ids))
                )
                rows = {row["id"]: row for row in connection.execute(select).mappings()}
                found += [(i, rows[id_]) for id_ in ids]
                if len(found) > limit:
                    break
        shown = found[:limit]
        listed = tuple(
            Listed(summary_of(row), row["pseudonym"], bool(row["unread"]), bool(row["missed"])) for _, row in shown
        )
        more = len(found) > limit
        return Page(listed, _cursor_after(wanted.order, *shown[-1]) if more else "")

    def conditions(self, coach: Coach, wanted: Wanted) -> list[Any]:
        """Which talks these are, for a query over talks; never more than this coach may read."""
        return [readable(coach), *self._chosen(coach, wanted)]

    def note_export(self, coach: Coach, wanted: Wanted) -> None:
        """Keep in the audit trail that all these talks leave the program."""
        talks = sa.select(
            sa.literal(now(), sa.Float), sa.literal(coach.id, sa.Integer), TALK.c.id, sa.literal("export", sa.String)
        ).where(*self.conditions(coach, wanted))
        columns = ["at", "coach_id", "talk_id", "action"]
        with self._database.writing() as connection:
            connection.execute(sa.insert(AUDIT).from_select(columns, talks))

    def _chosen(self, coach: Coach, wanted: Wanted) -> Iterator[Any]:
        for name in ("partner", "disposition", "outcome"):
            if value := getattr(wanted, name):
                yield TALK.c[name] == value
        if wanted.person:
            yield TALK.c.person_id.in_(sa.select(PERSON.c.id).where(PERSON.c.pseudonym == wanted.person))
        if wanted.group is not None:
            members = sa.select(MEMBERSHIP.c.person_id).where(MEMBERSHIP.c.group_id == wanted.group)
            yield TALK.c.person_id.in_(members)
        if wanted.criterion and wanted.verdict in VERDICTS:
            yield TALK.c[wanted.criterion] == VERDICTS.index(wanted.verdict)
        if wanted.pitfall:
            yield sa.cast(TALK.c.pitfalls, sa.Text).contains(f'"{wanted.pitfall}"', autoescape=True)
        if wanted.since is not None:
            yield TALK.c.started_at >= wanted.since
        if wanted.until is not None:
            yield TALK.c.started_at < wanted.until
        if wanted.unread:
            yield _unread(coach)
        if wanted.words.strip():
            yield self._says(wanted.words)

    def _says(self, words: str) -> Any:
        parts = re.findall(r"[^\W_]+", words)[:_MAX_WORDS]
        if not parts:
            return sa.false()
        if self._database.is_sqlite:
            match = sa.text("turn_search MATCH :words").bindparams(words=" AND ".join(f'"{p}"*' for p in parts))
            return TALK.c.id.in_(sa.select(SEARCH.c.rowid.op("/")(TURNS)).where(match))
        # the same expression as the index has, or it is not used
        said = sa.func.to_tsvector(
            sa.text("'simple'::regconfig"), TURN.c.reply.op("||")(sa.text("' '")).op("||")(TURN.c.line)
        )
        query = sa.func.to_tsquery(sa.text("'simple'::regconfig"), " & ".join(f"'{p}':*" for p in parts))
        return TALK.c.id.in_(sa.select(TURN.c.talk_id).where(said.op("@@")(query)))

    def _reach(self, connection: Connection, coach: Coach, key: str) -> int | None:
        """The number of a talk this coach may read."""
        found: int | None = connection.execute(sa.select(TALK.c.id).where(TALK.c.key == key, readable(coach))).scalar()
        return found

    def open(self, coach: Coach, key: str, action: str = "read") -> OpenTalk | None:
        """A talk to read; that it was opened is kept in the audit trail.

        Args:
            coach: who reads.
            key: of the talk.
            action: `read`, or `export` when it leaves the program.

        Returns:
            None when there is no such talk, or this coach may not read it.
        """
        with self._database.writing() as connection:
            talk = self._reach(connection, coach, key)
            if talk is None:
                return None
            moment = now()
            connection.execute(sa.insert(AUDIT).values(at=moment, coach_id=coach.id, talk_id=talk, action=action))
            read = {"coach_id": coach.id, "talk_id": talk, "at": moment}
            self._database.insert_new(connection, TALK_READ, read)
        return self._opened(key)

    def look(self, coach: Coach, key: str) -> OpenTalk | None:
        """The same as `open` for a talk that is open on the screen already; leaves no trace."""
        with self._database.reading() as connection:
            talk = self._reach(connection, coach, key)
        return None if talk is None else self._opened(key)

    def _opened(self, key: str) -> OpenTalk | None:
        transcript, summary = self._talks.transcript(key), self._talks.summary(key)
        if transcript is None or summary is None:
            return None
        of_talk = sa.select(TALK.c.id).where(TALK.c.key == key).scalar_subquery()
        with self._database.reading() as connection:
            owner = connection.execute(
                sa.select(PERSON.c.pseudonym, COACH_GROUP.c.name)
                .select_from(TALK.join(PERSON).outerjoin(MEMBERSHIP).outerjoin(COACH_GROUP))
                .where(TALK.c.key == key)
            ).one()
            reviews = connection.execute(
                sa.select(REVIEW, COACH.c.name).join(COACH).where(REVIEW.c.talk_id == of_talk).order_by(REVIEW.c.at)
            ).all()
            remarks = self._remarks(connection, of_talk)
        return OpenTalk(
            talk=summary,
            pseudonym=owner.pseudonym,
            group=owner.name or "",
            transcript=transcript,
            reviews=tuple(Review(r.name, r.number, frozenset(r.elements), frozenset(r.judged)) for r in reviews),
            remarks=remarks,
        )

    @staticmethod
    def _remarks(connection: Connection, of_talk: Any) -> tuple[Remark, ...]:
        wanted = (
            sa.select(REMARK, COACH.c.name)
            .join(COACH)
            .where(REMARK.c.talk_id == of_talk, REMARK.c.text != "")  # emptied when its time is past
            .order_by(REMARK.c.number, REMARK.c.at)
        )
        return tuple(Remark(r.name, r.number, r.text, r.at) for r in connection.execute(wanted))

    def review(self, coach: Coach, key: str, number: int, elements: frozenset[str] | None) -> bool:
        """Keep what a coach made of a turn, in the place of what he made of it before.

        Args:
            coach: who reviews.
            key: of the talk.
            number: of the turn, in the order played.
            elements: those there are; None when the judge is right.

        Returns:
            Whether there is such a turn that he may read.
        """
        with self._database.writing() as connection:
            talk = self._reach(connection, coach, key)
            data = connection.execute(
                sa.select(TURN.c.data).where(TURN.c.talk_id == talk, TURN.c.number == number)
            ).scalar()
            if talk is None or data is None:
                return False
            judged = {f["element"] for f in data["judgement"]["elements"]}
            values = {"judged": sorted(judged), "elements": sorted(judged if elements is None else elements)}
            self._put(connection, REVIEW, (talk, number, coach.id), {**values, "at": now()})
        return True

    def unreview(self, coach: Coach, key: str, number: int) -> bool:
        """Take back what a coach made of a turn; see `review`."""
        return self._take(coach, key, number, REVIEW)

    def remark(self, coach: Coach, key: str, number: int, text: str) -> bool:
        """Keep what a coach has to say, in the place of what he said there before; nothing takes it away.

        Args:
            coach: who writes.
            key: of the talk.
            number: of the turn, or `WHOLE_TALK`.
            text: for the job-seeker to read.

        Returns:
            Whether there is such a turn that he may read.
        """
        if not text:
            return self._take(coach, key, number, REMARK)
        with self._database.writing() as connection:
            talk = self._reach(connection, coach, key)
            turn = sa.select(TURN.c.number).where(TURN.c.talk_id == talk, TURN.c.number == number)
            if talk is None or (number != WHOLE_TALK and connection.execute(turn).first() is None):
                return False
            self._put(connection, REMARK, (talk, number, coach.id), {"text": text, "at": now()})
        return True

    def _put(self, connection: Connection, table: sa.Table, place: tuple[int, int, int], values: Any) -> None:
        at = dict(zip(("talk_id", "number", "coach_id"), place))
        if not self._database.insert_new(connection, table, {**at, **values}):
            same = sa.and_(*(table.c[name] == value for name, value in at.items()))
            connection.execute(sa.update(table).where(same).values(**values))

    def _take(self, coach: Coach, key: str, number: int, table: sa.Table) -> bool:
        with self._database.writing() as connection:
            talk = self._reach(connection, coach, key)
            if talk is None:
                return False
            mine = (table.c.talk_id == talk) & (table.c.number == number) & (table.c.coach_id == coach.id)
            connection.execute(sa.delete(table).where(mine))
        return True

    def remarks_for(self, sender: str, key: str) -> tuple[Remark, ...]:
        """What coaches wrote at a talk, for its owner; empty for anybody else."""
        mine = sa.select(TALK.c.id).join(PERSON).where(TALK.c.key == key, PERSON.c.sender == sender)
        with self._database.reading() as connection:
            return self._remarks(connection, mine.scalar_subquery())

    def readings(self, coach: Coach, limit: int = PAGE) -> tuple[Reading, ...]:
        """Who opened which talk of the groups of this coach, the newest first."""
        return self._readings(readable(coach), limit)

    def readings_for(self, sender: str, limit: int = PAGE) -> tuple[Reading, ...]:
        """Who opened which talk of this person, the newest first."""
        mine = TALK.c.person_id.in_(sa.select(PERSON.c.id).where(PERSON.c.sender == sender))
        return self._readings(mine, limit)

    def _readings(self, whose: Any, limit: int) -> tuple[Reading, ...]:
        wanted = (
            sa.select(AUDIT.c.at, COACH.c.name, AUDIT.c.action, PERSON.c.pseudonym, TALK.c.key)
            .select_from(AUDIT.join(COACH).join(TALK).join(PERSON))
            .where(whose)
            .order_by(AUDIT.c.id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return tuple(Reading(*row) for row in connection.execute(wanted))

    def corrections(self) -> Iterator[Correction]:
        """Every review of a talk whose owner still lets coaches read, in the order made."""
        wanted = (
            sa.select(REVIEW, TALK.c.person_id, TALK.c.partner, TURN.c.data, TURN.c.reply)
            .select_from(
                REVIEW.join(TALK)
                .join(PERSON)
                .join(TURN, (TURN.c.talk_id == REVIEW.c.talk_id) & (TURN.c.number == REVIEW.c.number))
            )
            .where(PERSON.c.coach_may_read)
            .order_by(REVIEW.c.at)
        )
        with self._database.reading() as connection:
            for row in connection.execute(wanted):
                data: Mapping[str, Any] = row.data or {}
                yield Correction(
                    coach=row.coach_id,
                    person=row.person_id,
                    talk=row.talk_id,
                    number=row.number,
                    partner=row.partner,
                    heard=str(data.get("heard") or ""),
                    reply=row.reply,
                    judged=frozenset(row.judged),
                    elements=frozenset(row.elements),
                    at=row.at,
                )


def _order(order: str) -> tuple[Any, ...]:
    newest = TALK.c.id.desc()
    orders: dict[str, tuple[Any, ...]] = {
        "oldest": (TALK.c.id,),
        "person": (PERSON.c.pseudonym, newest),
        "partner": (TALK.c.partner, newest),
    }
    return orders.get(order, (newest,))


def _behind(order: str, number: int, value: str) -> Any:
    """What comes after a talk in the list; its number breaks ties."""
    if order == "oldest":
        return TALK.c.id > number
    column = {"person": PERSON.c.pseudonym, "partner": TALK.c.partner}.get(order)
    if column is None:
        return TALK.c.id < number
    return (column > value) | ((column == value) & (TALK.c.id < number))


def _cursor_after(order: str, lane: int, row: Mapping[str, Any]) -> str:
    value = {"person": "pseudonym", "partner": "partner"}.get(order)
    return f"{lane}.{row['id']}.{row[value] if value else ''}"


def _cursor(after: str, lanes: int) -> tuple[int, int | None, str]:
    """Lane, number and value of where a page ended; the start for anything else."""
    found = re.fullmatch(r"(\d)\.(\d{1,10})\.([\w-]{0,64})", after, re.ASCII)
    if found is None or int(found[1]) >= lanes or int(found[2]) > _MAX_ID:
        return 0, None, ""
    return int(found[1]), int(found[2]), found[3]
