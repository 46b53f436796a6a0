"""Talks to keep in a test, without a judge: each reply comes with the elements that were found in it."""

from __future__ import annotations

from typing import Any

from weerwoord.judge import Finding, Judgement
from weerwoord.partner import start
from weerwoord.practice import take_turn
from weerwoord.rubric import rubric
from weerwoord.scenario import Scenario, scenarios
from weerwoord.situations import Disposition
from weerwoord.store import Store
from weerwoord.store.coaches import Coach
from weerwoord.transcript import Transcript

CLEAR_GOAL = ("not_applying", "information_advice")


def records(
    partner: Scenario, *replies: tuple[str, tuple[str, ...]], disposition: Disposition = "mistaken"
) -> list[dict[str, Any]]:
    """The records of a talk with replies that were found to do this."""
    reaction = start(partner, disposition, 7, None)
    talk = Transcript(reaction.state, reaction.line)
    kept: list[dict[str, Any]] = [{"start": reaction.state.as_dict(), "opening": reaction.line}]
    for reply, elements in replies:
        found = Judgement(found=tuple(Finding(e, 0.9, 0, len(reply)) for e in elements))
        turn = take_turn(talk, reply, found, partner, rubric(), hints=1)
        talk = talk.with_turn(turn)
        kept.append({"turn": turn.as_dict()})
    return kept


def alike(*replies: str, partner: str = "ruud", elements: tuple[str, ...] = ("who_i_am",)) -> list[dict[str, Any]]:
    """The records of a talk in which every reply does the same."""
    return records(scenarios()[partner], *((reply, elements) for reply in replies))


def held(
    store: Store,
    sender: str,
    *replies: tuple[str, tuple[str, ...]],
    partner: str = "ruud",
    disposition: Disposition = "mistaken",
) -> str:
    """Keep a talk that somebody held; returns its key."""
    said = replies or (("Ik kom niet solliciteren, ik wil uw advies.", CLEAR_GOAL),)
    key = store.talks.keep(sender, "rest", records(scenarios()[partner], *said, disposition=disposition))
    assert key is not None
    return key


def consent(store: Store, sender: str, given: bool = True) -> None:
    """Let coaches read, or not."""
    with store.database.writing() as connection:
        store.people.seen(connection, sender)
        store.people.set_consent(connection, sender, given)


def coach(store: Store, name: str, password: str = "a long password") -> Coach:
    """A new coach."""
    store.coaches.add(name, password)
    made = store.coaches.get(name)
    assert made is not None
    return made


def group(store: Store, of: Coach, *senders: str, name: str = "Maandag") -> int:
    """A new group of a coach with these people, who let coaches read."""
    number = store.groups.create(of, name)
    made = store.groups.get(of, number or 0)
    assert made is not None
    for sender in senders:
        store.groups.join(sender, made.code)
        consent(store, sender)
    return made.id
