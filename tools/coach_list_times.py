"""Time the list of the coach site over many talks: python tools/coach_list_times.py URL [--talks 100000].

Fills an empty database (`sqlite:////tmp/big.db`, `postgresql://…`) with 2,000 people in 40 groups and six turns a talk,
or measures one that is filled already. One coach has 39 groups, another the 25 people of the last one.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from typing import Any

import sqlalchemy as sa

from weerwoord.judge import Finding, Judgement
from weerwoord.partner import start
from weerwoord.practice import take_turn
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios
from weerwoord.situations import DISPOSITIONS, OUTCOMES
from weerwoord.store import Store
from weerwoord.store.coaches import Coach
from weerwoord.store.review_tables import MEMBERSHIP, TALK_READ
from weerwoord.store.reviews import ORDERS, Wanted
from weerwoord.store.tables import PERSON, TALK, TURN
from weerwoord.transcript import Transcript

PEOPLE, SMALL, GROUPS, TURNS = 2000, 25, 39, 6
BEGIN, BETWEEN = 1.7e9, 300.0  # seconds since 1970 of the first talk, seconds to the next
BATCH = 5000
RARE = "kruimelburg"  # in one talk of a batch
RUNS = 5


def _coach(kept: Store, name: str) -> Coach:
    found = kept.coaches.get(name)
    assert found is not None
    return found


def fill(kept: Store, count: int) -> None:
    """Write talks, all at once."""
    draw = random.Random(1)
    for name in ("all", "few"):
        kept.coaches.add(name, "a long password")
    groups = [kept.groups.create(_coach(kept, "all"), f"group {n}") for n in range(GROUPS)]
    small = kept.groups.create(_coach(kept, "few"), "small")
    words = [word for s in scenarios().values() for line in s.examples.values() for word in line.split()]
    partner = next(iter(scenarios().values()))
    first = start(partner, "mistaken", 7, None)
    found = Judgement((Finding("not_applying", 0.9, 0, 8),))
    turn = take_turn(Transcript(first.state, first.line), "Ik zoek geen baan.", found, partner, rubric())
    with kept.database.writing() as connection:
        people = [
            {"sender": f"s{n}", "pseudonym": f"P{n:05d}", "coach_may_read": draw.random() < 0.8} for n in range(PEOPLE)
        ]
        connection.execute(sa.insert(PERSON), [{**p, "created_at": BEGIN, "seen_at": BEGIN} for p in people])
        ids = list(connection.execute(sa.select(PERSON.c.id).order_by(PERSON.c.id)).scalars())
        joined = [
            {"person_id": p, "group_id": small if n < SMALL else groups[n % GROUPS], "joined_at": BEGIN}
            for n, p in enumerate(ids)
        ]
        connection.execute(sa.insert(MEMBERSHIP), joined)
        for low in range(0, count, BATCH):
            talks: list[dict[str, Any]] = []
            turns: list[dict[str, Any]] = []
            for n in range(low, min(count, low + BATCH)):
                verdicts = {criterion: draw.randrange(3) for criterion in rubric().criteria}
                talks.append(
                    {
                        "id": n + 1,
                        "key": f"key{n:012d}",
                        "person_id": draw.choice(ids),
                        "channel": "rest",
                        "partner": draw.choice(list(scenarios())),
                        "disposition": draw.choice(DISPOSITIONS),
                        "seed": n,
                        "started_at": BEGIN + n * BETWEEN,
                        "ended_at": BEGIN + (n + 1) * BETWEEN,
                        "outcome": draw.choice(OUTCOMES),
                        "stopped": False,
                        "turns": TURNS,
                        "hints": 0,
                        "pitfalls": draw.choice([[], [], ["ask_for_job"]]),
                        "opening": first.line,
                        "start": first.state.as_dict(),
                        **verdicts,
                    }
                )
                for number in range(1, TURNS + 1):
                    said = " ".join(draw.choices(words, k=20)) + (f" {RARE}" if n == low else "")
                    row = {"talk_id": n + 1, "number": number, "retried": False, "reply": said, "line": turn.line}
                    turns.append({**row, "data": turn.as_dict()})
            connection.execute(sa.insert(TALK), talks)
            connection.execute(sa.insert(TURN), turns)
    analyse(kept)


def analyse(kept: Store) -> None:
    """What PostgreSQL does by itself after a while."""
    if not kept.database.is_sqlite:
        with kept.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("ANALYZE"))


def show(kept: Store, coach: Coach, label: str, wanted: Wanted, after: str = "") -> None:
    """Print the median of some runs, and the processor time of this process."""
    took, used = [], []
    for _ in range(RUNS):
        begin, cpu = time.perf_counter(), time.process_time()
        kept.reviews.page(coach, wanted, after)
        took.append(1000 * (time.perf_counter() - begin))
        used.append(1000 * (time.process_time() - cpu))
    print(
        f"{coach.name:4} {label:28} {statistics.median(took):7.0f} ms {statistics.median(used):6.0f} ms cpu", flush=True
    )


def measure(kept: Store) -> None:
    """Time the list as each of the coaches sees it."""
    for name in ("all", "few"):
        coach = _coach(kept, name)
        for order in ORDERS:
            after = ""
            for _ in range(4):
                after = kept.reviews.page(coach, Wanted(order=order), after).after
            show(kept, coach, f"{order}, first page", Wanted(order=order))
            show(kept, coach, f"{order}, fifth page", Wanted(order=order), after)
        show(kept, coach, "search, a rare word", Wanted(words=RARE))
        show(kept, coach, "search, a common word", Wanted(words="ik"))
        show(kept, coach, "one partner", Wanted(partner=next(iter(scenarios()))))
        show(kept, coach, "pitfall and outcome", Wanted(pitfall="ask_for_job", outcome="dismissed"))
        show(kept, coach, "nothing in these dates", Wanted(since=1, until=2))
        with kept.database.writing() as connection:
            read = sa.select(sa.literal(coach.id, sa.Integer), TALK.c.id, sa.literal(1.0, sa.Float))
            connection.execute(sa.insert(TALK_READ).from_select(["coach_id", "talk_id", "at"], read))
        analyse(kept)
        show(kept, coach, "first, when all is read", Wanted())
        with kept.database.writing() as connection:
            connection.execute(sa.delete(TALK_READ).where(TALK_READ.c.coach_id == coach.id))


def main() -> None:
    """Fill when empty, and measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("url")
    options.add_argument("--talks", type=int, default=100_000)
    given = options.parse_args()
    kept = Store(given.url)
    if not kept.coaches.any():
        fill(kept, given.talks)
    measure(kept)


if __name__ == "__main__":
    main()
