"""Whole conversations with the trained assistant, actions in the process, on a database of its own."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

GOAL = "Ik kom niet om te solliciteren, ik wil graag uw advies omdat ik me nog aan het oriënteren ben."
MOMENT = "Ik zie dat u het druk heeft. Zullen we een andere afspraak maken, bijvoorbeeld dinsdag om tien uur?"
PITCH = (
    "Ik ben Joris en ik heb tien jaar administratie gedaan. Criminaliteit heeft me altijd geboeid, daarom spreekt uw "
    "dienst me aan. Els raadde me aan met u te praten, want u weet hier veel van. Mag ik u een paar vragen stellen?"
)
BYE = "Dank u wel voor uw tijd. Tot ziens."
JOB = "Heeft u geen baan voor mij? Ik kan mijn cv achterlaten."
GIVE_IN = "Oké, dan ga ik wel naar P&O."
ANGRY = "Ik vind dit heel onbeschoft van u, wat een waardeloze manier van doen."


class Assistant:
    """Sends messages to the assistant as a channel would."""

    def __init__(self, database: Path) -> None:
        os.environ["WEERWOORD_DATABASE"] = str(database)
        from weerwoord.runtime.assistant import load_agent
        from weerwoord.settings import settings

        settings.cache_clear()  # other tests may have read the settings before

        self.database = database
        self.loop = asyncio.new_event_loop()
        self.agent = self.loop.run_until_complete(load_agent())

    def say(self, sender: str, *messages: str) -> list[dict[str, Any]]:
        replies: list[dict[str, Any]] = []
        for message in messages:
            replies = self.loop.run_until_complete(self.agent.handle_text(message, sender_id=sender)) or []
        return replies

    def slots(self, sender: str) -> dict[str, Any]:
        tracker = self.loop.run_until_complete(self.agent.tracker_store.retrieve(sender))
        return dict(tracker.current_slot_values())


@pytest.fixture(scope="module")
def assistant(trained_model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    yield Assistant(tmp_path_factory.mktemp("talks") / "talks.db")


def begin(assistant: Assistant, sender: str, disposition: str) -> None:
    assistant.say(sender, f'/start_practice{{"partner": "ruud", "disposition": "{disposition}", "seed": 7}}')


@pytest.mark.parametrize(
    ("disposition", "replies", "outcome", "phase"),
    [
        ("mistaken", [GOAL, BYE], "opened", "ended"),
        ("mistaken", [MOMENT, PITCH], None, None),
        ("mistaken", [JOB, GOAL], None, "open"),
        ("pressed", [MOMENT], "appointment", "ended"),
        ("pressed", [PITCH], None, "wavering"),
        ("pressed", [JOB, MOMENT], "appointment", "ended"),
        ("reluctant", [PITCH], None, "open"),
        ("reluctant", [MOMENT], None, "brush_off"),
        ("reluctant", [MOMENT, PITCH, BYE], "opened", "ended"),
        ("unwinnable", [GOAL, BYE], "kept_dignity", "ended"),
        ("unwinnable", [ANGRY], "dismissed", "ended"),
        ("unwinnable", [GIVE_IN], "dismissed", "ended"),
    ],
)
def test_a_talk_goes_as_what_was_said(
    assistant: Assistant, disposition: str, replies: list[str], outcome: str | None, phase: str | None
) -> None:
    sender = f"{disposition}-{hash(tuple(replies))}"
    begin(assistant, sender, disposition)
    last = assistant.say(sender, *replies)
    slots = assistant.slots(sender)
    assert slots["outcome"] == outcome
    assert phase is None or slots["phase"] == phase
    card = next(r["custom"] for r in last if r.get("custom", {}).get("type") == "partner")
    assert card["phase"] == slots["phase"] and card["outcome"] == outcome
    if outcome:
        assert any(r.get("custom", {}).get("type") == "debrief" for r in last)


def test_hint_try_again_and_stop(assistant: Assistant) -> None:
    begin(assistant, "controls", "mistaken")
    assert "Hint:" in assistant.say("controls", "geef me een hint")[0]["text"]
    before = assistant.slots("controls")["talk_state"]
    assistant.say("controls", JOB)
    assert assistant.slots("controls")["talk_state"] != before
    assistant.say("controls", "opnieuw")
    assert assistant.slots("controls")["talk_state"] == before
    last = assistant.say("controls", "stop")
    assert assistant.slots("controls")["outcome"] == "abandoned"
    assert any(r.get("custom", {}).get("type") == "debrief" for r in last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "😀" * 10_000,
        "<img src=x onerror=alert(1)>",
        "x" * 2001,
        "\x00\x01\x02",
        "ich möchte bitte gehen",
        "/nergens",
    ],
)
def test_odd_messages_leave_the_talk_standing(assistant: Assistant, text: str) -> None:
    sender = f"odd-{len(text)}-{text[:3]!r}"
    begin(assistant, sender, "mistaken")
    assistant.say(sender, text)
    assert assistant.say(sender, GOAL)
    assert assistant.slots(sender)["phase"] == "open"


def test_an_experience_is_told_shown_and_practised(assistant: Assistant) -> None:
    sender = "experience"
    assistant.say(sender, "/share_experience", "Ik had een gesprek bij een bank.", "“Ik heb geen tijd voor u.”")
    told = assistant.say(sender, "Hij had het druk.", "Ik zei niets en ging weg.", "Ik zou een afspraak maken.")
    card = next(r["custom"] for r in told if r.get("custom", {}).get("type") == "experience")
    assert "Ik had een gesprek bij een bank." in card["text"] and card["mailto"].startswith("mailto:")
    opening = assistant.say(sender, "/practise_own")
    assert "Ik heb geen tijd voor u." in [r.get("text") for r in opening]


def test_deleting_leaves_nothing_in_the_file(assistant: Assistant) -> None:
    begin(assistant, "forget", "mistaken")
    assistant.say("forget", "Mijn naam is Zwaantje Kruimelburg.")
    assert b"Kruimelburg" in assistant.database.read_bytes()
    assistant.say("forget", "/delete_my_data", '/delete_my_data{"confirmed": true}')
    with sqlite3.connect(assistant.database) as db:
        assert db.execute("select count(*) from events where sender_id = 'forget'").fetchone() == (0,)
    assert b"Kruimelburg" not in assistant.database.read_bytes()
