"""Talks: what is kept of them is what was said, and what it came to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.talks import CLEAR_GOAL
from tests.talks import records as _records
from weerwoord.partner import PartnerState
from weerwoord.scenario import Scenario, scenarios
from weerwoord.store import Store
from weerwoord.transcript import from_records


@pytest.fixture
def ruud() -> Scenario:
    return scenarios()["ruud"]


def test_a_talk_comes_back_as_it_was(kept: Store, ruud: Scenario) -> None:
    records = _records(ruud, ("Ik zoek Kruimelburg.", ()), ("Ik kom niet solliciteren.", CLEAR_GOAL))
    key = kept.talks.keep("me", "rest", records)
    assert key is not None and re.fullmatch("[0-9a-f]{32}", key)  # no option in a shell, no formula in a sheet
    assert kept.talks.transcript(key) == from_records(records)
    assert kept.talks.owner(key) == "me"
    (summary,) = kept.talks.of("me")
    assert summary == kept.talks.summary(key)
    assert (summary.partner, summary.disposition, summary.seed, summary.channel) == ("ruud", "mistaken", 7, "rest")
    assert (summary.turns, summary.hints, summary.outcome, summary.ended_at) == (2, 2, "opened", None)
    assert summary.verdicts == {"goal": "clear", "reschedule": "absent", "pitch": "absent"}


def test_turn_by_turn_is_the_same_as_at_once(kept: Store, ruud: Scenario) -> None:
    records = _records(ruud, ("Heeft u werk?", ("ask_for_job",)), ("Informatie graag.", CLEAR_GOAL))
    keys = {kept.talks.keep("me", "rest", [record]) for record in records}
    assert len(keys) == 1
    assert kept.talks.transcript(str(keys.pop())) == from_records(records)
    assert kept.talks.of("me")[0].pitfalls == ("ask_for_job",)


@pytest.mark.parametrize("number", [1, 2])
def test_a_turn_taken_back_stays_but_counts_no_more(kept: Store, ruud: Scenario, number: int) -> None:
    records = [*_records(ruud, ("Dag.", ("greet",)), ("Ik kom voor advies.", CLEAR_GOAL)), {"try_again": number}]
    key = str(kept.talks.keep("me", "rest", records))
    summary, talk = kept.talks.summary(key), kept.talks.transcript(key)
    assert summary is not None and talk is not None
    assert talk == from_records(records)
    assert summary.turns == number - 1 and summary.verdicts["goal"] == "absent" and summary.outcome == "abandoned"


def test_stopping_is_kept_and_taking_back_goes_on(kept: Store, ruud: Scenario) -> None:
    records = [*_records(ruud, ("Dag.", ("greet",))), {"stopped": True}]
    key = str(kept.talks.keep("me", "rest", records))
    stopped = kept.talks.summary(key)
    assert stopped is not None and stopped.stopped and stopped.ended_at is not None
    kept.talks.keep("me", "rest", [{"try_again": 1}])
    going_on = kept.talks.summary(key)
    assert going_on is not None and not going_on.stopped and going_on.ended_at is None


def test_talks_are_listed_by_person_the_newest_first_in_pages(kept: Store, ruud: Scenario) -> None:
    keys = [str(kept.talks.keep("me", "rest", _records(ruud))) for _ in range(5)]
    kept.talks.keep("other", "rest", _records(ruud))
    assert [t.key for t in kept.talks.of("me")] == keys[::-1]
    first = kept.talks.of("me", limit=2)
    assert [t.key for t in (*first, *kept.talks.of("me", before=first[-1].key))] == keys[::-1]


def test_what_belongs_to_no_talk_is_left(kept: Store, ruud: Scenario) -> None:
    assert kept.talks.keep("me", "rest", _records(ruud, ("Dag.", ()))[1:]) is None
    assert kept.talks.of("me") == () and kept.talks.transcript("unknown") is None and kept.talks.owner("x") is None


def test_forgetting_takes_every_word_from_the_database_and_its_files(
    kept: Store, ruud: Scenario, tmp_path: Path
) -> None:
    kept.talks.keep("me", "rest", _records(ruud, ("Groeten uit Kruimelburg.", ())))
    other = str(kept.talks.keep("other", "rest", _records(ruud, ("Dag.", ()))))
    assert kept.people.forget("me")
    assert kept.people.get("me") is None and kept.talks.of("me") == ()
    assert kept.talks.transcript(other) is not None
    with kept.database.reading() as connection:
        left = connection.execute(sa.text("SELECT count(*) FROM turn WHERE reply LIKE '%Kruimelburg%'")).scalar()
    assert left == 0
    for file in tmp_path.glob("kept.db*"):
        assert b"Kruimelburg" not in file.read_bytes(), file.name


def test_a_state_survives(kept: Store, ruud: Scenario) -> None:
    records = _records(ruud, ("Dag.", ("greet",)))
    talk = kept.talks.transcript(str(kept.talks.keep("me", "rest", records)))
    assert talk is not None and talk.state == PartnerState.from_dict(records[1]["turn"]["after"])
