"""Coaches log in with a password that is kept well, and not by guessing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.talks import coach
from weerwoord.store import Store, coaches
from weerwoord.store.coaches import NameTakenError, TooManyAttemptsError
from weerwoord.store.review_tables import COACH, COACH_SESSION

PASSWORD = "a long password"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What time it is; add to it to let time pass."""
    moment = [1_000_000.0]
    monkeypatch.setattr(coaches, "now", lambda: moment[0])
    return moment


def test_there_is_nobody_at_first(kept: Store) -> None:
    assert not kept.coaches.any() and kept.coaches.all() == ()
    assert kept.coaches.log_in("admin", "admin", "here") is None


def test_only_hashes_of_password_and_session_are_kept(kept: Store) -> None:
    coach(kept, "Els")
    token = kept.coaches.log_in("els ", PASSWORD, "here")
    assert token is not None
    with kept.database.reading() as connection:
        everything = str(
            connection.execute(sa.select(COACH)).all() + connection.execute(sa.select(COACH_SESSION)).all()
        )
    assert "$argon2id$" in everything and PASSWORD not in everything and token not in everything
    session = kept.coaches.session(token)
    assert session is not None and session.coach.name == "Els"
    assert kept.coaches.session(token + "x") is None


def test_a_name_is_taken_whatever_its_capitals(kept: Store) -> None:
    coach(kept, "Els de Vries")
    with pytest.raises(NameTakenError):
        kept.coaches.add("els  DE vries", PASSWORD)


def test_a_session_ends_when_nothing_happens_and_after_a_day(kept: Store, clock: list[float]) -> None:
    coach(kept, "Els")
    token = str(kept.coaches.log_in("Els", PASSWORD, "here"))
    for _ in range(int(coaches.LONGEST / coaches.IDLE * 2) - 1):
        clock[0] += coaches.IDLE / 2
        assert kept.coaches.session(token) is not None
    clock[0] += coaches.IDLE / 2 + 1
    assert kept.coaches.session(token) is None  # busy all day, yet it ends
    idle = str(kept.coaches.log_in("Els", PASSWORD, "here"))
    clock[0] += coaches.IDLE + 1
    assert kept.coaches.session(idle) is None


def test_wrong_passwords_shut_the_account_for_a_while(kept: Store, clock: list[float]) -> None:
    coach(kept, "Els")
    for n in range(coaches.MAX_OF_ACCOUNT):
        assert kept.coaches.log_in("Els", "wrong", f"address {n}") is None
    with pytest.raises(TooManyAttemptsError):
        kept.coaches.log_in("ELS", PASSWORD, "another address")
    with pytest.raises(TooManyAttemptsError):  # it stands in the database, so another process knows it too
        Store(kept.database.engine.url.render_as_string(hide_password=False)).coaches.log_in("Els", PASSWORD, "there")
    clock[0] += coaches.WINDOW + 1
    assert kept.coaches.log_in("Els", PASSWORD, "here") is not None


def test_one_address_cannot_try_all_accounts(kept: Store, clock: list[float]) -> None:
    coach(kept, "Els")
    for n in range(coaches.MAX_OF_ADDRESS):
        kept.coaches.log_in(f"name {n}", "wrong", "here")
    with pytest.raises(TooManyAttemptsError):
        kept.coaches.log_in("Els", PASSWORD, "here")
    assert kept.coaches.log_in("Els", PASSWORD, "there") is not None


def test_a_right_password_does_not_count(kept: Store, clock: list[float]) -> None:
    coach(kept, "Els")
    for _ in range(coaches.MAX_OF_ACCOUNT + 1):
        assert kept.coaches.log_in("Els", PASSWORD, "here") is not None


def test_an_unknown_name_takes_a_hash_too(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []
    monkeypatch.setattr(coaches, "fits", lambda password, kept_hash: bool(asked.append(kept_hash)))
    kept.coaches.log_in("nobody", "wrong", "here")
    assert asked == [None]


def test_log_out_here_and_everywhere(kept: Store) -> None:
    coach(kept, "Els")
    coach(kept, "Bert")
    one, two, three = (str(kept.coaches.log_in("Els", PASSWORD, "here")) for _ in range(3))
    other = str(kept.coaches.log_in("Bert", PASSWORD, "here"))
    first, second = kept.coaches.session(one), kept.coaches.session(two)
    assert first is not None and second is not None
    kept.coaches.log_out(first)
    assert kept.coaches.session(one) is None and kept.coaches.session(two) is not None
    kept.coaches.log_out(second, everywhere=True)
    assert kept.coaches.session(two) is None and kept.coaches.session(three) is None
    assert kept.coaches.session(other) is not None


def test_a_new_password_or_the_end_of_an_account_ends_its_sessions(kept: Store) -> None:
    els = coach(kept, "Els")
    token = str(kept.coaches.log_in("Els", PASSWORD, "here"))
    kept.coaches.set_password(els, "another password")
    assert kept.coaches.session(token) is None and kept.coaches.log_in("Els", PASSWORD, "here") is None
    token = str(kept.coaches.log_in("Els", "another password", "here"))
    kept.coaches.remove(els)
    assert kept.coaches.session(token) is None and kept.coaches.log_in("Els", "another password", "here") is None
    assert not kept.coaches.any()
    kept.coaches.add("Els", PASSWORD)
    assert kept.coaches.log_in("Els", PASSWORD, "here") is not None
