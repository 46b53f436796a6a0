"""Drills and the names of the terminal in the database, on SQLite and PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from weerwoord.partner import start
from weerwoord.scenario import scenarios
from weerwoord.store import Drilled, Store
from weerwoord.store.tables import CARD, DRILL, PERSON, TERMINAL_USER

DRILLED = Drilled(1764000000.0, "goal", "ruud", "partial", ("reproach",), 3.2)
KEY, OTHER = ("goal", "ruud", "Er zijn geen banen."), ("pitch", "fatima", "Wat kom je doen?")


def _begun(kept: Store, sender: str, channel: str) -> str:
    reaction = start(scenarios()["ruud"], "pressed", 1)
    key = kept.talks.keep(sender, channel, [{"start": reaction.state.as_dict(), "opening": reaction.line}])
    assert key is not None
    return key


def test_a_card_takes_the_place_of_the_earlier_one_and_answers_add_up(kept: Store) -> None:
    kept.drills.keep("me", DRILLED, {KEY: "een", OTHER: "nul"})
    kept.drills.keep("me", DRILLED, {KEY: "twee"})
    assert kept.drills.cards("me") == {KEY: "twee", OTHER: "nul"}
    assert kept.drills.of("me") == (DRILLED, DRILLED)
    assert kept.drills.cards("you") == {} and kept.drills.of("you") == ()


def test_a_name_is_one_person_whose_number_cannot_be_guessed(kept: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        senders = set(pool.map(kept.terminals.sender, ["sam"] * 8))
    assert len(senders) == 1
    sender = senders.pop()
    assert "sam" not in sender and kept.terminals.sender("kim") != sender
    with kept.database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(PERSON)).scalar_one() == 2


def test_linking_brings_everything_together(kept: Store) -> None:
    code = kept.people.new_code("page")
    page, mine = _begun(kept, "page", "rest"), kept.terminals.sender("sam")
    kept.drills.keep("page", DRILLED, {KEY: "van de pagina"})
    kept.drills.keep(mine, DRILLED, {KEY: "van hier", OTHER: "van hier"})
    here = _begun(kept, mine, "terminal")
    person = kept.people.by_code(code.lower())
    assert person is not None
    for _ in range(2):  # twice does no harm
        kept.terminals.link("sam", person.sender)
    assert kept.terminals.sender("sam") == "page" and kept.people.get(mine) is None
    assert {t.key for t in kept.talks.of("page")} == {page, here}
    assert kept.drills.cards("page") == {KEY: "van de pagina", OTHER: "van hier"}
    assert len(kept.drills.of("page")) == 2


def test_what_goes_on_elsewhere_is_another_talk(kept: Store) -> None:
    page, here, second = (_begun(kept, "me", channel) for channel in ("rest", "terminal", "terminal"))
    assert kept.talks.keep("me", "rest", [{"stopped": True}]) == page
    assert kept.talks.keep("me", "terminal", [{"stopped": True}], here) == here
    stopped = {t.key for t in kept.talks.of("me") if t.stopped}
    assert stopped == {page, here} and second not in stopped
    assert kept.talks.keep("you", "terminal", [{"stopped": True}], second) is None  # of somebody else


def test_forgetting_takes_every_row_along(kept: Store) -> None:
    sender = kept.terminals.sender("sam")
    kept.drills.keep(sender, DRILLED, {KEY: "een"})
    assert kept.people.forget(sender)
    with kept.database.reading() as connection:
        for table in (TERMINAL_USER, CARD, DRILL, PERSON):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0
