"""Whole conversations over HTTP with the servers of `make run`: what is said decides how they go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.servers import Browser, card
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios

GREETING = "Goedemiddag, fijn dat ik even langs mag komen."
GOAL = "Ik kom niet om te solliciteren. Ik wil graag {uw} advies, want ik ben me nog aan het oriënteren."
HALF_GOAL = "Nee hoor, ik kom niet om te solliciteren."
OTHER_HALF = "Ik wil graag weten wat het werk inhoudt en ik hoop op {uw} advies."
MOMENT = "Ik zie dat {u} het druk {heeft}. Zullen we een andere afspraak maken, bijvoorbeeld dinsdag om tien uur?"
UNDERSTANDING = "Ik zie dat {u} het heel druk {heeft}."
OFFER = "Zullen we dan een andere afspraak maken?"
PITCH = (
    "Ik ben Joris en ik heb tien jaar administratie gedaan. {Uw} werk boeit me al jaren, daarom spreekt deze "
    "organisatie me aan. Els raadde me aan met {u} te praten, want {u} {weet} hier heel veel van."
)
START_OF_PITCH = "Ik ben Joris en ik heb tien jaar administratie gedaan."
QUESTION = "Hoe ziet een werkdag er bij {u} uit?"
CONTACT = "{Kent} {u} iemand anders met wie ik ook eens kan praten?"
BYE = "Dank {u} wel voor {uw} tijd. Tot ziens."
JOB = "Kan ik hier solliciteren? Ik heb mijn cv bij me."
GIVE_IN = "Oké, dan ga ik wel naar P&O."
ANGRY = "Ik vind dit heel onbeschoft van {u}, wat een waardeloze manier van doen."
SORRY = "Sorry, sorry, ik ben vast alleen maar lastig, het spijt me zo."

U = {"u": "u", "uw": "uw", "Uw": "Uw", "heeft": "heeft", "weet": "weet", "Kent": "Kent"}
JE = {"u": "je", "uw": "je", "Uw": "Je", "heeft": "hebt", "weet": "weet", "Kent": "Ken"}


@dataclass(frozen=True)
class Talk:
    """A conversation: each reply with the situation it brings the partner into, and how it all ends."""

    name: str
    partner: str
    disposition: str
    turns: tuple[tuple[str, str], ...]
    phase: str
    outcome: str | None
    clear: frozenset[str]  # criteria that are clear in the end

    def __str__(self) -> str:
        return f"{self.disposition}: {self.name}"


def talk(name: str, partner: str, disposition: str, *turns: tuple[str, str], ends: str, clear: str = "") -> Talk:
    ended = ends not in ("brush_off", "wavering", "open")
    return Talk(name, partner, disposition, turns, "ended" if ended else ends, ends if ended else None, _set(clear))


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


TALKS = (
    talk(
        "the goal opens, questions are answered, a colleague is named, and he leaves well",
        "ruud",
        "mistaken",
        (GOAL, "goal_won"),
        (QUESTION, "fact"),
        (CONTACT, "contact_given"),
        (BYE, "farewell_opened"),
        ends="opened",
        clear="goal",
    ),
    talk(
        "another moment and a pitch sound like an application, giving in ends it",
        "fatima",
        "mistaken",
        (MOMENT, "reschedule_pointless"),
        (PITCH, "pitch_candidate"),
        (GIVE_IN, "gave_in"),
        ends="dismissed",
        clear="reschedule pitch",
    ),
    talk(
        "after asking for a job the goal still opens, in two halves",
        "marjan",
        "mistaken",
        (JOB, "job_asked"),
        (HALF_GOAL, "goal_partial"),
        (OTHER_HALF, "goal_won"),
        (BYE, "farewell_opened"),
        ends="opened",
        clear="goal",
    ),
    talk(
        "another moment is agreed at once",
        "ruud",
        "pressed",
        (MOMENT, "reschedule_agreed_moment"),
        ends="appointment",
        clear="reschedule",
    ),
    talk(
        "a pitch and a goal please him, but he has to go; seeing his hurry is not enough",
        "fatima",
        "pressed",
        (PITCH, "pitch_time"),
        (GOAL, "goal_time"),
        (UNDERSTANDING, "reschedule_partial"),
        ends="wavering",
        clear="pitch goal",
    ),
    talk(
        "after asking for a job another moment, in two steps, still gives an appointment",
        "marjan",
        "pressed",
        (JOB, "job_asked"),
        (UNDERSTANDING, "reschedule_partial"),
        (OFFER, "reschedule_agreed"),
        ends="appointment",
        clear="reschedule",
    ),
    talk(
        "a pitch catches his interest and he answers",
        "ruud",
        "reluctant",
        (PITCH, "pitch_won"),
        (QUESTION, "fact"),
        (BYE, "farewell_opened"),
        ends="opened",
        clear="pitch",
    ),
    talk(
        "another moment is refused, apologies annoy, a goal alone does not win him",
        "fatima",
        "reluctant",
        (MOMENT, "reschedule_refused"),
        (SORRY, "apologised"),
        (GOAL, "goal_interest"),
        ends="wavering",
        clear="reschedule goal",
    ),
    talk(
        "after a reproach and half a pitch the whole pitch still wins him",
        "marjan",
        "reluctant",
        (ANGRY, "reproached"),
        (START_OF_PITCH, "pitch_partial"),
        (PITCH, "pitch_won"),
        (BYE, "farewell_opened"),
        ends="opened",
        clear="pitch",
    ),
    talk(
        "nothing wins him: saying it well once and leaving well is the success",
        "ruud",
        "unwinnable",
        (GOAL, "goal_cold"),
        (BYE, "farewell_dignity"),
        ends="kept_dignity",
        clear="goal",
    ),
    talk(
        "a reproach ends it at once",
        "fatima",
        "unwinnable",
        (ANGRY, "reproach_end"),
        ends="dismissed",
    ),
    talk(
        "begging is not made good by a polite goodbye",
        "marjan",
        "unwinnable",
        (JOB, "job_asked"),
        (GOAL, "goal_cold"),
        (BYE, "farewell_dismissed"),
        ends="dismissed",
        clear="goal",
    ),
)


def lines_for(partner: str, situation: str, moment: str = "dinsdag om tien uur") -> list[str]:
    """Every line the scenario has for a situation, as it is spoken."""
    scenario = scenarios()[partner]
    if situation == "fact":
        return [f.answer for f in scenario.facts if f.id == "day"]
    return [
        line.format(moment=moment, colleague=scenario.colleague.name)
        for lines in scenario.lines[situation].values()
        for line in lines
    ]


@pytest.mark.parametrize("played", TALKS, ids=str)
def test_a_talk_goes_as_what_was_said(browser: Browser, played: Talk) -> None:
    scenario = scenarios()[played.partner]
    words = U if scenario.address == "u" else JE
    replies = [reply.format(**words) for reply, _ in played.turns]
    opening = browser.start(played.partner, played.disposition)
    first = card(opening, "partner")
    assert first is not None and first["line"] in scenario.openings[played.disposition]  # type: ignore[index]
    assert any(scenario.briefing in r.get("text", "") for r in opening)

    heard = [first["line"]]
    for reply, (_, situation) in zip(replies, played.turns):
        answered = browser.say(reply)
        told = card(answered, "partner")
        slots = browser.slots()
        assert slots["record"]["turn"]["situation"] == situation, (reply, told)
        assert told is not None and told["line"] == slots["line"]
        assert told["line"].startswith(tuple(lines_for(played.partner, situation))), situation
        assert told["line"] not in heard  # never the same line twice
        heard.append(told["line"])
        for name in ("phase", "interest", "patience", "outcome"):
            assert told[name] == slots[name], name

    slots = browser.slots()
    assert (slots["partner"], slots["disposition"], slots["seed"]) == (played.partner, played.disposition, 7)
    assert (slots["phase"], slots["outcome"]) == (played.phase, played.outcome)
    check_debrief(card(answered, "debrief"), played, replies, heard)


def check_debrief(told: dict[str, Any] | None, played: Talk, replies: list[str], heard: list[str]) -> None:
    """The debrief is there when the talk has ended, and quotes nothing but the user's own words."""
    if played.outcome is None:
        assert told is None
        return
    assert told is not None
    rules, scenario = rubric(), scenarios()[played.partner]
    assert told["partner"] == scenario.full_name and told["outcome"] == played.outcome
    assert told["next_step"] == rules.outcomes[played.outcome].next.format(**scenario.pronouns)
    assert told["truth"] == rules.dispositions[played.disposition].truth.format(**scenario.pronouns)  # type: ignore[index]
    assert {c["id"] for c in told["criteria"] if c["verdict"] == "clear"} == played.clear
    for criterion in told["criteria"]:
        assert bool(criterion["missing"]) == (criterion["verdict"] != "clear")
        assert criterion["example"] == scenario.examples[criterion["id"]]
        assert not (criterion["verdict"] == "absent" and criterion["quotes"])
    quotes = [q for c in told["criteria"] for q in c["quotes"]]
    quotes += [p["quote"] for p in told["pitfalls"]] + told["good"] + told["doubtful"]
    assert quotes and all(q["words"] and q["words"] in replies[q["turn"] - 1] for q in quotes)
    timeline = told["timeline"]
    assert [m["reply"] for m in timeline] == replies
    assert [m["heard"] for m in timeline] == heard[:-1] and [m["line"] for m in timeline] == heard[1:]
    assert all(m["thought"] for m in timeline)


def test_there_are_three_talks_for_each_disposition() -> None:
    counts = {d: sum(t.disposition == d for t in TALKS) for d in rubric().dispositions}
    assert set(counts.values()) == {3}


def test_hint_try_again_and_stop(browser: Browser) -> None:
    browser.start("ruud", "mistaken")
    assert "Hint:" in browser.say("geef me een hint")[0]["text"]
    before = browser.slots()["talk_state"]
    browser.say(JOB.format(**U))
    assert browser.slots()["talk_state"] != before
    browser.say("opnieuw")
    assert browser.slots()["talk_state"] == before
    told = card(browser.say("stop"), "debrief")
    assert told is not None and told["outcome"] == browser.slots()["outcome"] == "abandoned"
    assert [m["retried"] for m in told["timeline"]] == [True]  # the first attempt stays in the transcript


def test_another_turn_can_be_tried_again_afterwards(browser: Browser) -> None:
    browser.start("ruud", "mistaken")
    browser.say(JOB.format(**U))
    browser.say(GIVE_IN)
    assert browser.slots()["outcome"] == "dismissed"
    browser.press('/try_again{"turn": 1}')
    assert browser.slots()["phase"] == "brush_off" and browser.slots()["talk_state"]["turn"] == 0
    browser.say(GOAL.format(**U))
    assert browser.slots()["phase"] == "open"


def test_the_same_partner_again_and_another_one(browser: Browser) -> None:
    browser.start("fatima", "unwinnable")
    browser.say(ANGRY.format(**JE))
    again = card(browser.press("/same_partner"), "partner")
    assert again is not None and again["partner"] == "fatima" and again["turn"] == 0
    buttons = browser.press("/choose_partner")[0]["buttons"]
    assert {b["payload"] for b in buttons} == {f'/start_practice{{"partner": "{name}"}}' for name in scenarios()}


def test_consent_is_asked_kept_and_changed(browser: Browser) -> None:
    assert browser.press("/session_start")[1]["buttons"][1]["payload"] == '/consent{"coach_may_read": true}'
    assert browser.slots()["coach_may_read"] is False  # also without an answer
    browser.press('/consent{"coach_may_read": true}')
    assert browser.slots()["coach_may_read"] is True
    browser.start("ruud", "mistaken")
    asked = browser.say("Mijn coach mag niet meer meelezen.")
    assert asked[0]["buttons"] and browser.slots()["coach_may_read"] is True
    browser.say("nee")
    assert browser.slots()["coach_may_read"] is False and browser.slots()["phase"] == "brush_off"


def test_a_plain_yes_answers_the_question_of_consent(browser: Browser) -> None:
    browser.press("/session_start")
    browser.say("ja")
    assert browser.slots()["coach_may_read"] is True


def test_asking_for_the_start_again_keeps_the_talk(browser: Browser) -> None:
    browser.start("ruud", "mistaken")
    browser.say(GREETING)
    before = browser.slots()["talk_state"]
    browser.http.post("/api/messages", json={"text": "/session_start", "payload": True})
    assert browser.slots()["talk_state"] == before
    told = card(browser.press("/stop"), "debrief")
    assert told is not None and [m["reply"] for m in told["timeline"]] == [GREETING]


def test_a_partner_is_chosen_by_name(browser: Browser) -> None:
    opening = card(browser.say("ik wil oefenen met Marjan"), "partner")
    assert opening is not None and opening["partner"] == "marjan"


def test_an_experience_is_told_shown_and_practised(browser: Browser) -> None:
    browser.press("/share_experience")
    browser.say("Ik had een gesprek bij een bank.")
    browser.say("“Ik heb geen tijd voor u.”")
    browser.say("Hij had het druk.")
    browser.say("Ik zei niets en ging weg.")
    told = card(browser.say("Ik zou een afspraak maken."), "experience")
    assert told is not None and "Ik had een gesprek bij een bank." in told["text"]
    assert told["mailto"].startswith("mailto:")
    opening = card(browser.press("/practise_own"), "partner")
    assert opening is not None and opening["line"] == "Ik heb geen tijd voor u."


def test_deleting_leaves_nothing_in_the_file(browser: Browser, servers: Any) -> None:
    browser.start("ruud", "mistaken")
    browser.say("Mijn naam is Zwaantje Kruimelburg.")
    assert b"Kruimelburg" in _words(servers)
    browser.press("/delete_my_data")
    browser.press('/delete_my_data{"confirmed": true}')
    assert b"Kruimelburg" not in _words(servers)
    assert browser.http.get("/api/history").json() == {"messages": []}


def _words(servers: Any) -> bytes:
    """Everything in the database: its file and the log beside it."""
    return b"".join(file.read_bytes() for file in servers.database.parent.glob(f"{servers.database.name}*"))
